#include "protocol/printable.hpp"

#include <array>
#include <cstdint>
#include <limits>

namespace berth::protocol {

namespace {

struct code_point {
  std::uint32_t value = 0;
  std::size_t size = 0; ///< 0: the bytes are no UTF-8.
};

struct range {
  std::uint32_t first, last;
};

/// What a terminal may obey, or what hides or reorders other text.
constexpr std::array<range, 9> unfit{{{0x00, 0x1f},
                                      {0x7f, 0x9f},
                                      {0x61c, 0x61c},
                                      {0x200e, 0x200f},
                                      {0x2028, 0x202e},
                                      {0x2066, 0x206f},
                                      {0xfeff, 0xfeff},
                                      {0xfff9, 0xfffb},
                                      {0xe0000, 0xe007f}}};

constexpr std::string_view cut_mark = "...";

bool is_unfit(std::uint32_t x) {
  for (const auto& r : unfit)
    if (x >= r.first && x <= r.last)
      return true;
  return false;
}

std::uint32_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

/// The first one. No overlong forms, no surrogates, nothing over U+10FFFF.
code_point decode(std::string_view text) {
  auto lead = byte_at(text, 0);
  if (lead < 0x80)
    return {lead, 1};
  std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size)
    return {};
  auto value = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(text, i) & 0xc0) != 0x80)
      return {};
    value = (value << 6) | (byte_at(text, i) & 0x3f);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < least[size] || value > 0x10ffff || surrogate)
    return {};
  return {value, size};
}

std::string hex(std::uint32_t x, int digits) {
  std::string result;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    result += "0123456789abcdef"[(x >> shift) & 0xf];
  return result;
}

std::string escape(std::uint32_t x) {
  switch (x) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      if (x < 0x80)
        return "\\x" + hex(x, 2);
      return x > 0xffff ? "\\U" + hex(x, 8) : "\\u" + hex(x, 4);
  }
}

bool stays(std::uint32_t x, text_shape shape) {
  if (!is_unfit(x))
    return true;
  return shape == text_shape::block && (x == '\n' || x == '\t');
}

std::string
make_fit(std::string_view text, text_shape shape, std::size_t most) {
  std::string result;
  std::size_t good = 0; // So much of the result leaves room for the mark.
  while (!text.empty()) {
    auto next = decode(text);
    std::string shown;
    if (next.size == 0) {
      shown = "\\x" + hex(byte_at(text, 0), 2);
      next.size = 1;
    } else if (shape == text_shape::block && text.substr(0, 2) == "\r\n") {
      // nop: the line end that follows is enough
    } else if (stays(next.value, shape)) {
      shown = text.substr(0, next.size);
    } else {
      shown = escape(next.value);
    }
    if (result.size() + shown.size() > most) {
      result.resize(good);
      return result.append(cut_mark);
    }
    result += shown;
    if (result.size() + cut_mark.size() <= most)
      good = result.size();
    text.remove_prefix(next.size);
  }
  return result;
}

} // namespace

std::string printable(std::string_view text, text_shape shape) {
  return make_fit(text, shape, std::numeric_limits<std::size_t>::max() / 2);
}

std::string printable(std::string_view text, std::size_t bytes_max) {
  return make_fit(text, text_shape::line, bytes_max);
}

} // namespace berth::protocol
