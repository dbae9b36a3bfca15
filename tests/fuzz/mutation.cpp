#include "tests/fuzz/mutation.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace berth::fuzz {

namespace {

using namespace std::string_view_literals;

constexpr size_t size_max = size_t{1} << 20;

constexpr std::array numbers{"0"sv,
                             "-1"sv,
                             "-0"sv,
                             "1e999"sv,
                             "-1e999"sv,
                             "1e-999"sv,
                             "0.5"sv,
                             "9223372036854775807"sv,
                             "9223372036854775808"sv,
                             "-9223372036854775808"sv,
                             "18446744073709551615"sv,
                             "18446744073709551616"sv,
                             "4294967296"sv,
                             "99999999999999999999999999999999"sv,
                             "292y"sv,
                             "876000h"sv,
                             "9223372036s"sv,
                             "9223372037s"sv,
                             "1h1h"sv,
                             "0x10"sv,
                             "1e5"sv,
                             "NaN"sv};

constexpr std::array texts{""sv,
                           "\\ud800"sv,
                           "\\udc00"sv,
                           "\\ud800\\ud800"sv,
                           "\\u0000"sv,
                           "\0"sv,
                           "\xff"sv,
                           "\xed\xa0\x80"sv,
                           "\xf4\x90\x80\x80"sv,
                           "\xc0\x80"sv,
                           "\\"sv,
                           "\\\""sv,
                           "\r\n"sv,
                           "\x1b[31m"sv,
                           "null"sv,
                           "true"sv,
                           "{}"sv,
                           "[]"sv,
                           "id"sv,
                           "method"sv,
                           "sessionId"sv,
                           "params"sv,
                           "result"sv,
                           "__proto__"sv};

/// Where a run of characters that belong together begins and ends.
template <class Belongs>
std::pair<size_t, size_t>
run_at(const std::string& in, size_t at, Belongs belongs) {
  while (at < in.size() && !belongs(in[at]))
    ++at;
  auto begin = at;
  while (begin > 0 && belongs(in[begin - 1]))
    --begin;
  while (at < in.size() && belongs(in[at]))
    ++at;
  return {begin, at - begin};
}

bool is_digit(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == 'e';
}

} // namespace

/// An LCG: what the standard library draws is the library's own business.
uint64_t mutator::draw(uint64_t below) {
  state_ = state_ * 6364136223846793005u + 1442695040888963407u;
  return below == 0 ? 0 : (state_ >> 33) % below;
}

size_t mutator::place(const std::string& in) {
  return static_cast<size_t>(draw(in.size() + 1));
}

std::string mutator::next(std::span<const std::string> corpus) {
  std::string result;
  if (!corpus.empty())
    result = corpus[draw(corpus.size())];
  for (auto left = 1 + draw(4); left > 0; --left)
    change(result, corpus);
  result.resize(std::min(result.size(), size_max));
  return result;
}

void mutator::change(std::string& what, std::span<const std::string> corpus) {
  switch (draw(8)) {
    case 0:
    case 1:
      return change_number(what);
    case 2:
    case 3:
      return change_text(what);
    case 4:
      return nest(what);
    case 5:
      return repeat_part(what);
    case 6:
      if (!corpus.empty())
        splice(what, corpus[draw(corpus.size())]);
      return;
    default:
      return change_bytes(what);
  }
}

void mutator::change_bytes(std::string& what) {
  auto at = place(what);
  switch (draw(4)) {
    case 0: // Cut off.
      what.resize(at);
      return;
    case 1: // Left out.
      what.erase(at, 1 + draw(16));
      return;
    case 2:
      what.insert(at, 1, static_cast<char>(draw(256)));
      return;
    default:
      if (at < what.size())
        what[at] = static_cast<char>(what[at] ^ (1 << draw(8)));
  }
}

void mutator::change_number(std::string& what) {
  auto [begin, size] = run_at(what, place(what), is_digit);
  what.replace(begin, size, numbers[draw(numbers.size())]);
}

/// All of what stands between two quotes, or one thing more in it.
void mutator::change_text(std::string& what) {
  auto [begin, size] = run_at(what, place(what), [](char c) {
    return c != '"';
  });
  auto text = texts[draw(texts.size())];
  if (draw(2) == 0)
    what.replace(begin, size, text);
  else
    what.insert(begin + draw(size + 1), text);
}

void mutator::nest(std::string& what) {
  auto at = place(what);
  auto deep = draw(4) == 0 ? 20000 + draw(80000) : 1 + draw(40);
  bool lists = draw(2) == 0;
  std::string open, close;
  for (uint64_t i = 0; i < deep; ++i) {
    open += lists ? "[" : "{\"a\":";
    close += lists ? ']' : '}';
  }
  if (draw(3) == 0)
    close.clear();
  auto [begin, size] = run_at(what, at, is_digit);
  what.replace(begin, size, open + "1" + close);
}

/// A key, a line, an element is there twice, or very often.
void mutator::repeat_part(std::string& what) {
  auto separator = draw(2) == 0 ? ',' : '\n';
  auto [begin, size] = run_at(what, place(what), [=](char c) {
    return c != separator;
  });
  auto part = separator + what.substr(begin, size);
  auto often = draw(8) == 0 ? draw(1000) : 1 + draw(3);
  std::string more;
  while (often-- > 0 && more.size() < size_max / 4)
    more += part;
  what.insert(begin + size, more);
}

void mutator::splice(std::string& what, const std::string& other) {
  auto from = place(other);
  auto part = other.substr(from, draw(other.size() - from + 1));
  what.replace(place(what), draw(64), part);
}

} // namespace berth::fuzz
