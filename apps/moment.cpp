#include "apps/moment.hpp"

namespace berth::apps {

using protocol::duration;

namespace {

bool reads(const std::string& text, const char* format, std::tm& into) {
  auto end = ::strptime(text.c_str(), format, &into);
  return end && *end == '\0';
}

} // namespace

std::optional<duration> until_moment(const std::string& text, std::time_t now) {
  if (text.starts_with('+'))
    return protocol::parse_duration(std::string_view{text}.substr(1));
  std::tm then{};
  ::localtime_r(&now, &then);
  then.tm_sec = 0;
  then.tm_isdst = -1; // That day's own.
  bool of_day = reads(text, "%H:%M", then);
  if (!of_day && !reads(text, "%Y-%m-%dT%H:%M", then))
    return std::nullopt;
  auto moment = std::mktime(&then);
  if (of_day && moment < now) {
    ++then.tm_mday;
    then.tm_isdst = -1;
    moment = std::mktime(&then);
  }
  if (moment < now)
    return std::nullopt;
  return std::chrono::seconds{moment - now};
}

} // namespace berth::apps
