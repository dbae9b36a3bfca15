#include "protocol/wire_gate.hpp"

#include <algorithm>
#include <cassert>

namespace berth::protocol {

namespace {

constexpr size_t node_size = node_name{}.size();
constexpr size_t atom_size = 8;

constexpr uint8_t is_named = 1;
constexpr uint8_t is_selected = 2;

constexpr uint64_t answers = uint64_t{1} << 63;
constexpr uint64_t is_answered = uint64_t{1} << 62;
constexpr uint64_t category = uint64_t{3} << 60;
constexpr uint64_t normal = uint64_t{1} << 60;
constexpr uint64_t number = normal - 1;

uint64_t read_number(std::string_view bytes) {
  uint64_t result = 0;
  for (char c : bytes)
    result = result << 8 | static_cast<uint8_t>(c);
  return result;
}

node_name read_node(std::string_view bytes) {
  node_name result{};
  std::copy_n(bytes.begin(), node_size, result.begin());
  return result;
}

/// CAF's default kind, of some host.
bool is_node(const node_name& x) {
  std::string_view bytes{x.data(), x.size()};
  return read_number(bytes.substr(0, atom_size)) == atom_of("default")
         && std::any_of(x.begin() + 12, x.end(), [](char c) {
              return c != 0;
            });
}

/// Oldest first: the smallest number.
template <class Set>
void remember(Set& all, typename Set::value_type x, size_t most) {
  all.insert(x);
  if (all.size() > most)
    all.erase(all.begin());
}

} // namespace

frame_header read_header(std::string_view bytes) {
  assert(bytes.size() == frame_header::size);
  frame_header result;
  result.kind = static_cast<frame_kind>(bytes[0]);
  result.padding = static_cast<uint16_t>(read_number(bytes.substr(1, 2)));
  result.flags = static_cast<uint8_t>(bytes[3]);
  result.payload = static_cast<uint32_t>(read_number(bytes.substr(4, 4)));
  result.data = read_number(bytes.substr(8, 8));
  result.source = read_number(bytes.substr(16, 8));
  result.dest = read_number(bytes.substr(24, 8));
  return result;
}

std::optional<message_head> read_message_head(std::string_view payload) {
  // No stages, no number of a type, and then the names' length.
  constexpr size_t start = 3;
  if (payload.size() <= start
      || payload.substr(0, start) != std::string_view{"\0\0\0", start})
    return std::nullopt;
  size_t size = 0;
  size_t at = start;
  for (int shift = 0;; shift += 7) {
    if (at == payload.size() || shift > 21)
      return std::nullopt;
    auto byte = static_cast<uint8_t>(payload[at++]);
    size |= size_t{byte & 0x7Fu} << shift;
    if ((byte & 0x80) == 0)
      break;
  }
  if (size > payload.size() - at)
    return std::nullopt;
  return message_head{payload.substr(at, size), payload.substr(at + size)};
}

const char* to_string(wire_verdict x) {
  switch (x) {
    case wire_verdict::pass:
      return "pass";
    case wire_verdict::ignore:
      return "ignore";
    case wire_verdict::bad_header:
      return "a header that no client sends";
    case wire_verdict::too_large:
      return "a frame that is too large";
    case wire_verdict::no_handshake:
      return "no handshake";
    case wire_verdict::second_handshake:
      return "a second handshake";
    case wire_verdict::taken_node:
      return "the node id of another process";
    case wire_verdict::foreign_node:
      return "a frame in the name of another process";
    case wire_verdict::foreign_actor:
      return "a message for an actor that is not its own";
    case wire_verdict::bad_content:
      return "a message that no client sends";
    case wire_verdict::not_asked:
      return "an answer to no question";
    case wire_verdict::too_many:
      return "too many requests or actors";
  }
  return "?";
}

wire_verdict wire_gate::announce(const frame_header& x) const {
  using enum wire_verdict;
  if (x.padding != 0)
    return bad_header;
  if (!peer_ && x.kind != frame_kind::client_handshake)
    return no_handshake;
  switch (x.kind) {
    case frame_kind::client_handshake:
      if (x.payload != node_size)
        return x.payload > node_size ? too_large : no_handshake;
      if (x.data != 0 || x.source != 0 || x.dest != 0)
        return bad_header;
      if (peer_ && (selected_ || x.flags != is_selected))
        return second_handshake;
      return (x.flags & ~is_selected) == 0 ? pass : bad_header;
    case frame_kind::heartbeat:
      return x.payload == 0 && x.flags == 0 && x.data == 0 && x.source == 0
                 && x.dest == 0
               ? pass
               : bad_header;
    case frame_kind::monitor:
      return x.payload == 2 * node_size && x.flags == 0 && x.data == 0
                 && x.source == 0 && x.dest != 0
               ? pass
               : bad_header;
    case frame_kind::down:
      if (x.payload > how_.small_max)
        return too_large;
      return x.payload > 2 * node_size && x.flags == 0 && x.data == 0
                 && x.source != 0 && x.dest == 0
               ? pass
               : bad_header;
    case frame_kind::message:
      if (x.payload > how_.message_max)
        return too_large;
      if (x.payload == 0 || x.dest == 0 || (x.flags & ~is_named) != 0
          || (x.data & is_answered) != 0 || (x.data & category) != normal)
        return bad_header;
      // CAF asks every node what it can spawn.
      if (x.flags == is_named)
        return x.dest == atom_of("SpawnServ") && x.payload <= how_.small_max
                 ? pass
                 : foreign_actor;
      return pass;
    default: // Whatever is for servers and for nodes in between.
      return bad_header;
  }
}

wire_verdict wire_gate::shake_hands(std::string_view payload, bool taken) {
  assert(payload.size() == node_size);
  auto who = read_node(payload);
  if (peer_) {
    selected_ = true;
    return who == *peer_ ? wire_verdict::ignore : wire_verdict::foreign_node;
  }
  if (!is_node(who))
    return wire_verdict::no_handshake;
  if (taken || who == own_)
    return wire_verdict::taken_node;
  peer_ = who;
  return wire_verdict::pass;
}

wire_verdict wire_gate::monitor(const frame_header& x, std::string_view payload,
                                bool is_known) const {
  if (!is_between_us(payload))
    return wire_verdict::foreign_node;
  return is_known || seen_.contains(x.dest) ? wire_verdict::pass
                                            : wire_verdict::foreign_actor;
}

wire_verdict wire_gate::down(const frame_header& x, std::string_view payload,
                             bool is_sound) {
  if (!is_between_us(payload))
    return wire_verdict::foreign_node;
  if (!is_sound)
    return wire_verdict::bad_content;
  sources_.erase(x.source);
  // Nothing is sent to it any more, answers neither.
  for (auto* waiting : {&requests_, &hellos_})
    waiting->erase(waiting->lower_bound({x.source, 0}),
                   waiting->upper_bound({x.source, ~uint64_t{0}}));
  return wire_verdict::pass;
}

wire_verdict
wire_gate::message(const frame_header& x, receiver whom, bool is_sound) {
  using enum wire_verdict;
  if (x.flags == is_named || whom == receiver::greeter)
    return ignore;
  if ((x.data & answers) != 0)
    return answer(x, is_sound);
  if (whom == receiver::other)
    return foreign_actor;
  if (!is_sound)
    return bad_content;
  bool asks = (x.data & number) != 0;
  if (asks && x.source == 0)
    return bad_header;
  if (x.source != 0)
    sources_.insert(x.source);
  // No asker uses the id of a question twice.
  if (asks && !requests_.emplace(x.source, x.data | answers).second)
    return bad_content;
  if (asks && whom == receiver::front_door)
    hellos_.emplace(x.source, x.data | answers);
  return is_too_much() ? too_many : pass;
}

bool wire_gate::is_too_much() const {
  return sources_.size() > how_.sources_max
         || requests_.size() > how_.requests_max
         || hellos_.size() > how_.hellos_max;
}

wire_verdict wire_gate::answer(const frame_header& x, bool is_sound) {
  auto question = asked_.find({x.dest, x.data});
  if (question == asked_.end())
    return wire_verdict::not_asked;
  if (!is_sound)
    return wire_verdict::bad_content;
  asked_.erase(question);
  if (x.source != 0)
    sources_.insert(x.source);
  return is_too_much() ? wire_verdict::too_many : wire_verdict::pass;
}

void wire_gate::sent(const frame_header& x) {
  if (x.kind != frame_kind::message)
    return;
  bool is_answer = (x.data & answers) != 0;
  // Nobody's as well: CAF bounces what is for an actor that has ended.
  if (is_answer) {
    requests_.erase({x.dest, x.data});
    hellos_.erase({x.dest, x.data});
  }
  if (x.source == 0)
    return;
  remember(seen_, x.source, how_.seen_max);
  if (!is_answer && (x.data & number) != 0)
    remember(asked_, {x.source, x.data | answers}, how_.requests_max);
}

bool wire_gate::is_between_us(std::string_view payload) const {
  return payload.size() >= 2 * node_size && peer_
         && read_node(payload) == *peer_
         && read_node(payload.substr(node_size)) == own_;
}

std::string_view wire_gate::after_nodes(std::string_view payload) {
  return payload.substr(std::min(payload.size(), 2 * node_size));
}

} // namespace berth::protocol
