// Which frames of a peer on the CAF network may reach CAF.
//
// CAF trusts whoever speaks its protocol: any peer may end, link or address any
// actor, speak for other nodes, and nest what it sends until the stack is used
// up. So each frame is judged before CAF sees a byte of it.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace berth::protocol {

enum class frame_kind : uint8_t {
  server_handshake,
  client_handshake,
  message,
  routed_message,
  monitor,
  down,
  heartbeat,
};

struct frame_header {
  static constexpr size_t size = 32;

  frame_kind kind{};
  uint16_t padding = 0;
  uint8_t flags = 0;
  uint32_t payload = 0;
  uint64_t data = 0; ///< Of a message: its id, and whether it answers.
  uint64_t source = 0;
  uint64_t dest = 0;
};

/// @param bytes Exactly `frame_header::size` of them.
frame_header read_header(std::string_view bytes);

/// A node's id as it is written: what kind it is, a number, a host.
using node_name = std::array<char, 32>;

/// What a message begins with.
struct message_head {
  std::string_view types; ///< `@<>+name+name`.
  std::string_view body;
};

/// None: it passes through other actors first, or is cut off.
std::optional<message_head> read_message_head(std::string_view payload);

/// Why a connection is closed; `pass` and `ignore` do not close it.
enum class wire_verdict {
  pass,
  ignore, ///< Harmless, and not for CAF.
  bad_header,
  too_large,
  no_handshake,     ///< Its first frame is another one, or not sound.
  second_handshake, ///< It has said who it is.
  taken_node,       ///< Somebody else is that, or the daemon itself.
  foreign_node,     ///< It speaks for another one.
  foreign_actor,    ///< Not the front door, and no client of this peer.
  bad_content,      ///< Not of a type that may come here, or not sound.
  not_asked,        ///< It answers what was never asked.
  too_many,         ///< Actors of its own, or requests under way.
};

constexpr bool closes(wire_verdict x) {
  return x != wire_verdict::pass && x != wire_verdict::ignore;
}

/// For tests and the log.
const char* to_string(wire_verdict x);

enum class receiver {
  front_door,
  own_client,
  own_desk, ///< Of an operator.
  greeter,  ///< CAF's own, which asks each new node what it can spawn.
  other,
};

/// What one peer sends, and what it was sent.
///
/// Invariants: nothing passes before its one handshake; no answer passes that
/// was not asked for; each set has a limit.
class wire_gate {
public:
  struct limits {
    size_t message_max = size_t{64} << 20;
    size_t small_max = size_t{64} << 10; ///< All that is no message.
    size_t sources_max = 1024;           ///< Actors of the peer that spoke.
    size_t seen_max = 4096;     ///< Actors of ours that spoke to the peer.
    size_t requests_max = 4096; ///< Under way, to us or from us.
    size_t hellos_max = 128;    ///< Of them, those that the front door has.
    size_t questions_many = 64; ///< From the peer, without an answer.
    size_t portion = size_t{16} << 10; ///< Bytes read at once,
    size_t portion_of_many = 512;      ///< when there are more than those.
  };

  wire_gate(const node_name& own, limits how) : own_{own}, how_{how} {
    // nop
  }

  /// Before room is made for its payload.
  wire_verdict announce(const frame_header& x) const;

  /// Who the peer is, once its handshake has passed.
  const std::optional<node_name>& peer() const {
    return peer_;
  }

  // -- complete frames, which were announced

  /// @param taken There is a peer of that name.
  wire_verdict shake_hands(std::string_view payload, bool taken);

  /// @param is_known The peer may speak to that actor.
  wire_verdict
  monitor(const frame_header& x, std::string_view payload, bool is_known) const;

  /// @param is_sound The reason that follows the two nodes.
  wire_verdict
  down(const frame_header& x, std::string_view payload, bool is_sound);

  /// @param is_sound It is of a type that may come there, and within limits.
  wire_verdict message(const frame_header& x, receiver whom, bool is_sound);

  /// The daemon sends this to the peer. An answer without a source counts, too.
  void sent(const frame_header& x);

  /// How much of the peer is read before others have their turn. Who has asked
  /// so much already that has no answer loses little by coming more often.
  size_t portion() const {
    return requests_.size() > how_.questions_many ? how_.portion_of_many
                                                  : how_.portion;
  }

  /// What is left of `payload` after the two nodes.
  static std::string_view after_nodes(std::string_view payload);

private:
  bool is_between_us(std::string_view payload) const;
  wire_verdict answer(const frame_header& x, bool is_sound);
  bool is_too_much() const;

  node_name own_;
  limits how_;
  std::optional<node_name> peer_;
  bool selected_ = false; ///< It has sent its handshake's one repetition.
  std::set<uint64_t> sources_;
  std::set<uint64_t> seen_;
  /// Who of ours asked, and the answer's id.
  std::set<std::pair<uint64_t, uint64_t>> asked_;
  /// What we have not answered yet: who of the peer asked, and the answer's id.
  std::set<std::pair<uint64_t, uint64_t>> requests_;
  std::set<std::pair<uint64_t, uint64_t>> hellos_; ///< Of the front door.
};

/// CAF's atom: up to ten characters in a number.
constexpr uint64_t atom_of(std::string_view text) {
  uint64_t result = 0xF;
  for (char c : text) {
    uint64_t code = 0;
    if (c >= '0' && c <= '9')
      code = static_cast<uint64_t>(c - '0') + 1;
    else if (c >= 'A' && c <= 'Z')
      code = static_cast<uint64_t>(c - 'A') + 11;
    else if (c == '_')
      code = 37;
    else if (c >= 'a' && c <= 'z')
      code = static_cast<uint64_t>(c - 'a') + 38;
    result = result << 6 | code;
  }
  return result;
}

} // namespace berth::protocol
