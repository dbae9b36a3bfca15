#include "protocol/types.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace berth::protocol {

namespace {

struct unit {
  std::string_view name;
  duration length;
};

using namespace std::chrono_literals;

constexpr std::array<unit, 5> units{
  {{"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}, {"us", 1us}}};

/// The longest that can be said: about 100 years.
constexpr duration duration_max = std::chrono::hours{24 * 365 * 100};

std::optional<uint64_t> take_number(std::string_view& text) {
  uint64_t result = 0;
  auto [end, failed]
    = std::from_chars(text.data(), text.data() + text.size(), result);
  if (failed != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return result;
}

bool take(std::string_view& text, char what) {
  if (text.empty() || text.front() != what)
    return false;
  text.remove_prefix(1);
  return true;
}

/// The unit at the start; the longest name counts (`ms`, not `m`).
std::optional<duration> take_unit(std::string_view& text) {
  std::optional<unit> found;
  for (const auto& x : units)
    if (text.starts_with(x.name)
        && (!found || x.name.size() > found->name.size()))
      found = x;
  if (!found)
    return std::nullopt;
  text.remove_prefix(found->name.size());
  return found->length;
}

/// Begins with a digit: the library would read a sign, `inf` and `nan`, too.
std::optional<double> take_decimal(std::string_view& text) {
  if (text.empty() || text.front() < '0' || text.front() > '9')
    return std::nullopt;
  double result = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(),
                                       result, std::chars_format::fixed);
  if (failed != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return result;
}

} // namespace

std::string to_string(fencing_token x) {
  return std::to_string(x.epoch) + "." + std::to_string(x.sequence);
}

std::string to_string(lease_ref x) {
  return std::to_string(x.lease.value) + ":" + to_string(x.token);
}

std::optional<lease_ref> parse_lease_ref(std::string_view text) {
  auto all = text;
  auto lease = take_number(text);
  if (!lease || !take(text, ':'))
    return std::nullopt;
  auto epoch = take_number(text);
  if (!epoch || !take(text, '.'))
    return std::nullopt;
  auto sequence = take_number(text);
  if (!sequence || !text.empty())
    return std::nullopt;
  lease_ref result{{*lease}, {*epoch, *sequence}};
  // One spelling each: `07:1.9` would be a second name of the same right.
  if (to_string(result) != all)
    return std::nullopt;
  return result;
}

std::string to_string(duration x) {
  if (x < duration{0}) {
    // The smallest number has no counterpart.
    auto text = to_string(-std::max(x, -duration::max()));
    return text == "0s" ? text : "-" + text;
  }
  std::string result;
  int parts = 0;
  for (const auto& [name, length] : units) {
    auto count = x / length;
    if (count == 0 && parts == 0)
      continue;
    x -= count * length;
    if (count > 0)
      result += (result.empty() ? "" : " ") + std::to_string(count)
                + std::string{name};
    if (++parts == 2)
      break;
  }
  return result.empty() ? "0s" : result;
}

std::optional<duration> parse_duration(std::string_view text) {
  duration result{0};
  auto shortest = duration::max();
  do {
    auto count = take_decimal(text);
    if (!count)
      return std::nullopt;
    bool bare = text.empty() && shortest == duration::max();
    auto length = bare ? std::optional<duration>{1s} : take_unit(text);
    // Longer units come first, each once.
    if (!length || *length >= shortest)
      return std::nullopt;
    shortest = *length;
    auto part = std::round(*count * static_cast<double>(length->count()));
    if (part > static_cast<double>((duration_max - result).count()))
      return std::nullopt;
    result += duration{static_cast<duration::rep>(part)};
    if (take(text, ' ') && text.empty())
      return std::nullopt;
  } while (!text.empty());
  return result;
}

} // namespace berth::protocol
