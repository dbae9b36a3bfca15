#include "cdp/utf8_stream.hpp"

#include <algorithm>
#include <simdjson.h>

namespace berth::cdp {

namespace {

unsigned char byte_at(std::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool continues(unsigned char byte) {
  return (byte & 0xc0) == 0x80;
}

/// How many bytes the character has that begins like this. An impossible
/// beginning is taken for a whole character, which is then found invalid.
size_t length_of(unsigned char first) {
  if (first >= 0xf0 && first <= 0xf4)
    return 4;
  if (first >= 0xe0 && first < 0xf0)
    return 3;
  return first >= 0xc2 && first < 0xe0 ? 2 : 1;
}

/// How many of the last bytes begin a character that is not all there.
size_t unfinished(std::string_view text) {
  auto most = std::min<size_t>(3, text.size());
  for (size_t count = 1; count <= most; ++count) {
    auto byte = byte_at(text, text.size() - count);
    if (!continues(byte))
      return length_of(byte) > count ? count : 0;
  }
  return 0;
}

bool valid(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

/// Whether any missing bytes make it a character: if some do, then the lowest
/// or the highest do.
bool can_begin(std::string_view split) {
  auto lowest = std::string{split};
  auto length = length_of(byte_at(split, 0));
  auto highest = lowest;
  lowest.append(length - split.size(), '\x80');
  highest.append(length - split.size(), '\xbf');
  return valid(lowest) || valid(highest);
}

} // namespace

bool utf8_stream::feed(std::string_view part) {
  while (!split_.empty() && !part.empty()) {
    split_ += part.front();
    part.remove_prefix(1);
    if (split_.size() < length_of(byte_at(split_, 0))) {
      if (!can_begin(split_))
        return false;
      continue;
    }
    if (!valid(split_))
      return false;
    split_.clear();
  }
  if (part.empty())
    return true;
  auto rest = part.substr(part.size() - unfinished(part));
  part.remove_suffix(rest.size());
  if (!valid(part) || (!rest.empty() && !can_begin(rest)))
    return false;
  split_ = rest;
  return true;
}

} // namespace berth::cdp
