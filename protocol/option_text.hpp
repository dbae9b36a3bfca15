// How settings are read and written as text: one way for each kind. Only for
// the table of all settings.

#pragma once

#include "protocol/config.hpp"

#include <charconv>
#include <functional>
#include <limits>
#include <utility>

namespace berth::protocol::detail {

/// How a setting is read and written as text. `set` returns what is wrong.
struct access {
  std::function<std::string(const config&)> get;
  std::function<std::optional<std::string>(config&, std::string_view)> set;
};

struct setting {
  option what;
  access how;
};

inline std::optional<uint64_t> to_number(std::string_view text) {
  uint64_t result = 0;
  auto end = text.data() + text.size();
  auto got = std::from_chars(text.data(), end, result);
  if (text.empty() || got.ec != std::errc{} || got.ptr != end)
    return std::nullopt;
  return result;
}

/// `16MiB`, `64KiB`, `1GiB` or a bare number of bytes.
inline std::optional<uint64_t> to_bytes(std::string_view text) {
  for (auto [unit, shift] :
       {std::pair{"KiB", 10}, std::pair{"MiB", 20}, std::pair{"GiB", 30}})
    if (text.ends_with(unit)) {
      auto count = to_number(text.substr(0, text.size() - 3));
      if (!count || *count > (uint64_t{1} << 20))
        return std::nullopt;
      return *count << shift;
    }
  return to_number(text);
}

inline std::string from_bytes(uint64_t x) {
  for (auto [unit, shift] :
       {std::pair{"GiB", 30}, std::pair{"MiB", 20}, std::pair{"KiB", 10}})
    if (x > 0 && x % (uint64_t{1} << shift) == 0)
      return std::to_string(x >> shift) + unit;
  return std::to_string(x);
}

inline std::optional<std::string>
wrong(std::string_view text, const char* wanted) {
  return "'" + std::string{text} + "' is not " + wanted + ".";
}

template <class Field>
access count(Field field) {
  return {[=](const config& x) {
            return std::to_string(field(const_cast<config&>(x)));
          },
          [=](config& x, std::string_view text) -> std::optional<std::string> {
            using type = std::remove_reference_t<decltype(field(x))>;
            constexpr uint64_t most = std::numeric_limits<type>::max();
            auto number = to_number(text);
            if (!number)
              return wrong(text, "a whole number such as 7");
            if (*number > most)
              return "'" + std::string{text} + "' is over "
                     + std::to_string(most) + '.';
            field(x) = static_cast<type>(*number);
            return std::nullopt;
          }};
}

template <class Field>
access bytes(Field field) {
  return {[=](const config& x) {
            return from_bytes(field(const_cast<config&>(x)));
          },
          [=](config& x, std::string_view text) -> std::optional<std::string> {
            auto number = to_bytes(text);
            if (!number)
              return wrong(text, "a size such as 16MiB");
            field(x) = static_cast<size_t>(*number);
            return std::nullopt;
          }};
}

template <class Field>
access time(Field field) {
  return {[=](const config& x) {
            auto text = to_string(field(const_cast<config&>(x)));
            std::erase(text, ' ');
            return text;
          },
          [=](config& x, std::string_view text) -> std::optional<std::string> {
            auto read = parse_duration(text);
            if (!read)
              return wrong(text, "a time such as 30s, 1m30s or 250ms");
            field(x) = *read;
            return std::nullopt;
          }};
}

template <class Field>
access word(Field field) {
  return {[=](const config& x) {
            return field(const_cast<config&>(x));
          },
          [=](config& x, std::string_view text) -> std::optional<std::string> {
            field(x) = std::string{text};
            return std::nullopt;
          }};
}

template <class Field>
access yes_no(Field field) {
  return {[=](const config& x) -> std::string {
            return field(const_cast<config&>(x)) ? "true" : "false";
          },
          [=](config& x, std::string_view text) -> std::optional<std::string> {
            bool yes = text == "true" || text == "yes" || text == "1";
            if (!yes && text != "false" && text != "no" && text != "0")
              return wrong(text, "true or false");
            field(x) = yes;
            return std::nullopt;
          }};
}

inline std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> result;
  while (!text.empty()) {
    auto end = std::min(text.find(at), text.size());
    if (end > 0)
      result.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

} // namespace berth::protocol::detail
