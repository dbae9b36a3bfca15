#include "cdp/base64.hpp"

#include <array>
#include <cstdint>

namespace berth::cdp {

namespace {

constexpr uint8_t no_digit = 255;

constexpr std::string_view alphabet
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<uint8_t, 256> make_digits() {
  std::array<uint8_t, 256> result{};
  result.fill(no_digit);
  for (size_t i = 0; i < alphabet.size(); ++i)
    result[static_cast<unsigned char>(alphabet[i])] = static_cast<uint8_t>(i);
  return result;
}

constexpr auto digits = make_digits();

} // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && padding < text.size()
         && text[text.size() - 1 - padding] == '=')
    ++padding;
  std::string result;
  result.reserve(text.size() / 4 * 3);
  auto last = text.size() - padding;
  uint32_t bits = 0;
  for (size_t i = 0; i < last; ++i) {
    auto digit = digits[static_cast<unsigned char>(text[i])];
    if (digit == no_digit)
      return std::nullopt;
    bits = bits << 6 | digit;
    if (i % 4 == 3) {
      result.push_back(static_cast<char>(bits >> 16 & 0xff));
      result.push_back(static_cast<char>(bits >> 8 & 0xff));
      result.push_back(static_cast<char>(bits & 0xff));
      bits = 0;
    }
  }
  if (padding == 1) {
    result.push_back(static_cast<char>(bits >> 10 & 0xff));
    result.push_back(static_cast<char>(bits >> 2 & 0xff));
  } else if (padding == 2)
    result.push_back(static_cast<char>(bits >> 4 & 0xff));
  return result;
}

std::string encode_base64(std::string_view bytes) {
  std::string result;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (size_t j = i; j < i + 3; ++j)
      three = three << 8
              | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0u);
    for (size_t j = 0; j < 4; ++j)
      result
        += j <= bytes.size() - i ? alphabet[three >> (18 - 6 * j) & 63] : '=';
  }
  return result;
}

} // namespace berth::cdp
