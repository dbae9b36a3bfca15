#include "protocol/request.hpp"

namespace berth::protocol {

const char* to_string(browser_health x) {
  switch (x) {
    case browser_health::starting:
      return "starting";
    case browser_health::ready:
      return "ready";
    case browser_health::waiting:
      return "waiting";
    case browser_health::stopped:
      return "stopped";
  }
  return "unknown";
}

} // namespace berth::protocol
