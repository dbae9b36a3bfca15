// Speaks CAF's wire to the gate of the door: the input is a list of frames,
// most of them nearly right. What passes must be what CAF can read, whole.

#include "actors/interfaces.hpp"
#include "actors/wire_words.hpp"

#include "tests/fuzz/target.hpp"

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/scoped_execution_unit.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace {

using namespace berth;
using namespace berth::protocol;

constexpr uint64_t front_door = 4;
constexpr uint64_t own_client = 5;
constexpr uint64_t normal = uint64_t{1} << 60;

void must(bool x) {
  if (!x)
    std::abort();
}

node_name node(char which) {
  node_name result;
  result.fill(which);
  for (size_t i = 0; i < 8; ++i)
    result[i] = static_cast<char>(atom_of("default") >> (56 - 8 * i));
  return result;
}

const auto ours = node('o');
const auto theirs = node('t');

std::string_view text(const node_name& x) {
  return {x.data(), x.size()};
}

/// Never ends: CAF drops its logger twice when a system outlives the locals of
/// the thread that made it.
caf::actor_system& vocabulary() {
  static auto& system = []() -> caf::actor_system& {
    auto config = new caf::actor_system_config;
    config->add_message_types<caf::id_block::berth>();
    config->set("scheduler.max-threads", size_t{1});
    return *new caf::actor_system{*config};
  }();
  return system;
}

/// Takes bytes from the front of the input; zeros when there are none left.
class feed {
public:
  explicit feed(std::string_view bytes) : left_{bytes} {
    // nop
  }

  bool is_empty() const {
    return left_.empty();
  }

  uint8_t byte() {
    if (left_.empty())
      return 0;
    auto result = static_cast<uint8_t>(left_.front());
    left_.remove_prefix(1);
    return result;
  }

  std::string_view bytes(size_t count) {
    auto result = left_.substr(0, count);
    left_.remove_prefix(result.size());
    return result;
  }

private:
  std::string_view left_;
};

/// Small numbers are likely; sometimes it is any one.
uint64_t pick(feed& from) {
  auto choice = from.byte();
  if (choice < 192)
    return choice % 12;
  uint64_t result = 0;
  for (int i = 0; i < 8; ++i)
    result = result << 8 | from.byte();
  return result;
}

frame_header next_header(feed& from) {
  frame_header x;
  x.kind = static_cast<frame_kind>(from.byte() % 9);
  auto odd = from.byte();
  x.flags = static_cast<uint8_t>(odd < 200 ? 0 : odd % 4);
  x.padding = odd == 255 ? 1 : 0;
  x.source = pick(from);
  x.dest = pick(from);
  x.data = pick(from);
  if (x.kind == frame_kind::message) {
    x.data = normal | (x.data & 0xFF) | (odd & 1 ? uint64_t{1} << 63 : 0);
  } else if (odd < 220) {
    x.data = 0;
    if (x.kind == frame_kind::monitor || x.kind == frame_kind::heartbeat
        || x.kind == frame_kind::client_handshake)
      x.source = 0;
    if (x.kind != frame_kind::monitor)
      x.dest = 0;
  }
  return x;
}

/// Frames that have nodes in them mostly have the right ones.
std::string next_payload(feed& from, const frame_header& x) {
  std::string result;
  auto odd = from.byte();
  auto size = size_t{from.byte()} << 8 | from.byte();
  if (odd < 200) {
    if (x.kind == frame_kind::client_handshake)
      return std::string{text(theirs)};
    if (x.kind == frame_kind::monitor)
      return std::string{text(theirs)} + std::string{text(ours)};
    if (x.kind == frame_kind::down)
      result = std::string{text(theirs)} + std::string{text(ours)};
    if (x.kind == frame_kind::heartbeat)
      return result;
    if (x.kind == frame_kind::message)
      result.assign(3, '\0');
  }
  result += from.bytes(size);
  return result;
}

receiver receiver_of(uint64_t actor) {
  return actor == front_door   ? receiver::front_door
         : actor == own_client ? receiver::own_client
                               : receiver::other;
}

/// But for a hello: it has the handle of a remote actor, which needs a network.
void caf_can_read(std::string_view payload) {
  if (payload.find("berth::actors::hello") != std::string_view::npos)
    return;
  caf::scoped_execution_unit context{&vocabulary()};
  caf::binary_deserializer source{&context, payload.data() + 1,
                                  payload.size() - 1};
  caf::message read;
  must(!source(read));
  must(source.remaining() == 0);
}

wire_verdict judge_message(wire_gate& gate, const frame_header& x,
                           std::string_view payload) {
  auto whom = receiver_of(x.dest);
  auto head = read_message_head(payload);
  bool answers = x.data >> 63 != 0;
  bool sound = head
               && (answers ? actors::is_answer(*head, theirs)
                           : actors::is_request(whom, *head, theirs));
  auto verdict = gate.message(x, whom, sound);
  if (verdict == wire_verdict::pass) {
    must(sound && (answers || whom != receiver::other));
    caf_can_read(payload);
  }
  return verdict;
}

wire_verdict
judge(wire_gate& gate, const frame_header& x, std::string_view payload) {
  switch (x.kind) {
    case frame_kind::client_handshake:
      return gate.shake_hands(payload, false);
    case frame_kind::monitor:
      return gate.monitor(x, payload, receiver_of(x.dest) != receiver::other);
    case frame_kind::down:
      return gate.down(
        x, payload, actors::is_error(wire_gate::after_nodes(payload), theirs));
    case frame_kind::message:
      return judge_message(gate, x, payload);
    default:
      must(x.kind == frame_kind::heartbeat);
      return wire_verdict::pass;
  }
}

} // namespace

namespace berth::fuzz {

void try_input(std::string_view text) {
  feed from{text};
  wire_gate gate{ours, {}};
  while (!from.is_empty()) {
    auto x = next_header(from);
    if (from.byte() % 8 == 0) {
      gate.sent(x); // The daemon does.
      continue;
    }
    auto payload = next_payload(from, x);
    x.payload = static_cast<uint32_t>(payload.size());
    bool known = gate.peer().has_value();
    auto verdict = gate.announce(x);
    if (!closes(verdict))
      verdict = judge(gate, x, payload);
    must(known || closes(verdict) || gate.peer().has_value());
    if (closes(verdict))
      return; // The connection is closed.
  }
}

} // namespace berth::fuzz
