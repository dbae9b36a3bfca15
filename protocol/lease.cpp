#include "protocol/lease.hpp"

namespace berth::protocol {

const char* to_string(holder_kind x) {
  return x == holder_kind::client ? "client" : "session";
}

const char* to_string(profile_kind x) {
  return x == profile_kind::shared ? "shared" : "isolated";
}

const char* to_string(lease_state x) {
  switch (x) {
    case lease_state::opening:
      return "opening";
    case lease_state::bound:
      return "bound";
    case lease_state::closing:
      return "closing";
  }
  return "unknown";
}

const char* to_string(end_reason x) {
  switch (x) {
    case end_reason::released:
      return "released";
    case end_reason::expired:
      return "expired";
    case end_reason::client_gone:
      return "client_gone";
    case end_reason::revoked:
      return "revoked";
    case end_reason::not_opened:
      return "not_opened";
    case end_reason::failed:
      return "failed";
    case end_reason::daemon_gone:
      return "daemon_gone";
  }
  return "unknown";
}

} // namespace berth::protocol
