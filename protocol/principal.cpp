#include "protocol/principal.hpp"

namespace berth::protocol {

const char* to_string(rights_kind x) {
  return x == rights_kind::operator_ ? "operator" : "agent";
}

const char* to_string(door_kind x) {
  switch (x) {
    case door_kind::daemon:
      return "daemon";
    case door_kind::caf:
      return "caf";
    case door_kind::library:
      return "library";
  }
  return "unknown";
}

principal of_daemon() {
  principal result;
  result.rights = rights_kind::operator_;
  return result;
}

const char* to_string(verb x) {
  switch (x) {
    case verb::acquire:
      return "acquire a lease";
    case verb::drive:
      return "drive a tab";
    case verb::converse:
      return "hold a conversation";
    case verb::look:
      return "see the status";
    case verb::hear_own:
      return "hear its own events";
    case verb::hear_all:
      return "hear everybody's events";
    case verb::read_events:
      return "read everybody's events";
    case verb::revoke:
      return "revoke a lease";
    case verb::change_browser:
      return "change a browser";
    case verb::add_browser:
      return "add a browser";
  }
  return "do this";
}

bool may(rights_kind who, verb what) {
  switch (what) {
    case verb::acquire:
    case verb::drive:
    case verb::converse:
    case verb::look:
    case verb::hear_own:
      return true;
    case verb::hear_all:
    case verb::read_events:
    case verb::revoke:
    case verb::change_browser:
    case verb::add_browser:
      return who == rights_kind::operator_;
  }
  return false;
}

} // namespace berth::protocol
