#include "cdp/envelope.hpp"

#include <charconv>
#include <cstring>

namespace berth::cdp {

namespace {

/// Walks over JSON text without building anything. Strings, which make up most
/// of a large frame, are skipped by memchr: about as fast as memory is read.
/// What it skips it does not validate; Chrome wrote it.
class scanner {
public:
  explicit scanner(std::string_view text)
    : at_{text.data()}, end_{text.data() + text.size()} {
    // nop
  }

  void skip_blanks() {
    while (at_ != end_
           && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
      ++at_;
  }

  bool take(char what) {
    skip_blanks();
    if (at_ == end_ || *at_ != what)
      return false;
    ++at_;
    return true;
  }

  bool at_end() {
    skip_blanks();
    return at_ == end_;
  }

  /// The inside of a string, escapes as they stand.
  bool take_string(std::string_view& out) {
    if (!take('"'))
      return false;
    auto start = at_;
    while (at_ != end_) {
      auto left = static_cast<size_t>(end_ - at_);
      auto quote = static_cast<const char*>(std::memchr(at_, '"', left));
      if (!quote)
        return false;
      at_ = quote + 1;
      if (!is_escaped(start, quote)) {
        out = {start, static_cast<size_t>(quote - start)};
        return true;
      }
    }
    return false;
  }

  /// Any value, as it stands.
  bool take_value(std::string_view& out) {
    skip_blanks();
    auto start = at_;
    if (!skip_value())
      return false;
    out = {start, static_cast<size_t>(at_ - start)};
    return true;
  }

private:
  /// An odd number of backslashes before the quote.
  static bool is_escaped(const char* start, const char* quote) {
    size_t count = 0;
    for (auto i = quote; i != start && *(i - 1) == '\\'; --i)
      ++count;
    return count % 2 == 1;
  }

  bool skip_value() {
    if (at_ == end_)
      return false;
    std::string_view ignored;
    if (*at_ == '"')
      return take_string(ignored);
    if (*at_ == '{' || *at_ == '[')
      return skip_nested();
    auto start = at_;
    while (at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ != ']'
           && static_cast<unsigned char>(*at_) > ' ')
      ++at_;
    return at_ != start;
  }

  bool skip_nested() {
    size_t depth = 0;
    std::string_view ignored;
    while (at_ != end_) {
      switch (*at_) {
        case '"':
          if (!take_string(ignored))
            return false;
          continue;
        case '{':
        case '[':
          ++depth;
          break;
        case '}':
        case ']':
          if (--depth == 0) {
            ++at_;
            return true;
          }
          break;
        default:
          break;
      }
      ++at_;
    }
    return false;
  }

  const char* at_;
  const char* end_;
};

/// A string without escapes.
bool to_name(std::string_view raw, std::string_view& out) {
  if (raw.size() < 2 || raw.front() != '"')
    return false;
  out = raw.substr(1, raw.size() - 2);
  return out.find('\\') == std::string_view::npos;
}

bool to_id(std::string_view raw, uint64_t& out) {
  auto end = raw.data() + raw.size();
  auto result = std::from_chars(raw.data(), end, out);
  if (result.ec == std::errc{} && result.ptr == end)
    return true;
  out = 0;
  // A negative one is a number too, if nobody's.
  return !raw.empty() && (raw.front() == '-' || raw == "null");
}

bool read_field(std::string_view key, std::string_view raw, envelope& out) {
  if (key == "id")
    return to_id(raw, out.id);
  if (key == "method")
    return to_name(raw, out.method);
  if (key == "sessionId")
    return to_name(raw, out.session);
  if (key == "params")
    out.params = raw;
  else if (key == "result")
    out.result = raw;
  else if (key == "error")
    out.error = raw;
  return true;
}

bool read_object(scanner& from, envelope& out) {
  if (!from.take('{'))
    return false;
  if (from.take('}'))
    return from.at_end();
  do {
    std::string_view key, raw;
    if (!from.take_string(key) || !from.take(':') || !from.take_value(raw)
        || !read_field(key, raw, out))
      return false;
  } while (from.take(','));
  return from.take('}') && from.at_end();
}

} // namespace

frame::frame(std::string from_chrome) : text{std::move(from_chrome)} {
  readable = read_envelope(text, head);
}

bool read_envelope(std::string_view text, envelope& out) {
  out = {};
  scanner from{text};
  if (read_object(from, out))
    return true;
  out = {};
  return false;
}

} // namespace berth::cdp
