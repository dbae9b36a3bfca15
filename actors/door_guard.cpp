#include "actors/door_guard.hpp"

#include "actors/wire_words.hpp"

#include <caf/all.hpp>
#include <caf/io/basp_broker.hpp>

#include <algorithm>
#include <spdlog/spdlog.h>

namespace berth::actors {

namespace {

namespace net = caf::io::network;

using protocol::frame_header;
using protocol::frame_kind;
using protocol::receiver;
using protocol::wire_verdict;

/// Room for what is read at once: as the gate says, but of a large message.
constexpr size_t read_small = size_t{16} << 10;
constexpr size_t read_large = size_t{256} << 10;

std::string_view text_of(const std::vector<char>& bytes) {
  return {bytes.data(), bytes.size()};
}

} // namespace

// -- all of them --------------------------------------------------------------

door_guard::door_guard(door_rules x) : rules{std::move(x)} {
  rules.book->on_change = [this] {
    look_again();
  };
}

door_guard::~door_guard() {
  rules.book->on_change = nullptr;
}

bool door_guard::admit(uint32_t uid) {
  if (std::ranges::find(rules.uids, uid) == rules.uids.end())
    return false;
  if (all_.size() < rules.connections_max)
    return true;
  guarded_scribe* oldest = nullptr;
  for (auto* one : all_)
    if (one->deadline() && (!oldest || one->since() < oldest->since()))
      oldest = one;
  if (oldest)
    oldest->turn_out();
  return oldest != nullptr;
}

void door_guard::enter(guarded_scribe* who) {
  all_.insert(who);
  look_again();
}

void door_guard::leave(guarded_scribe* who) {
  all_.erase(who);
}

void door_guard::look_again() {
  std::optional<clock::time_point> first;
  for (auto* one : all_)
    if (auto until = one->deadline(); until && (!first || *until < *first))
      first = until;
  if (first && set_alarm)
    set_alarm(std::max<protocol::duration>(*first - clock::now(),
                                           protocol::duration{1}));
}

void door_guard::turn_out_late() {
  auto now = clock::now();
  auto late = all_; // Who is turned out leaves.
  for (auto* one : late)
    if (auto until = one->deadline(); until && *until <= now)
      one->turn_out();
  look_again();
}

void door_guard::turn_out_all() {
  auto everyone = all_; // Who is turned out leaves.
  for (auto* one : everyone)
    one->turn_out();
}

void door_guard::turn_out_hoarders() {
  while (unfinished > rules.unfinished_max && !all_.empty())
    (*std::ranges::max_element(all_, {}, &guarded_scribe::unfinished))
      ->turn_out();
  while (unread > rules.unread_max && !all_.empty())
    (*std::ranges::max_element(all_, {}, &guarded_scribe::unread))->turn_out();
}

// -- one of them --------------------------------------------------------------

guarded_scribe::guarded_scribe(net::default_multiplexer& backend,
                               net::native_socket fd,
                               std::shared_ptr<door_guard> door, peer who)
  : scribe_impl(backend, fd),
    door_(std::move(door)),
    who_(who),
    gate_(door_->rules.node, door_->rules.wire) {
  stream_.ack_writes(true);
  door_->enter(this);
}

guarded_scribe::~guarded_scribe() {
  turn_out();
  if (node_)
    door_->rules.book->forget(node_);
}

void guarded_scribe::turn_out() {
  if (std::exchange(gone_, true))
    return;
  door_->leave(this);
  door_->unfinished -= frame_.size();
  door_->unread -= std::exchange(unread_, 0);
  std::vector<char>{}.swap(frame_);
  net::shutdown_both(stream_.fd());
}

void guarded_scribe::turn_out_for(wire_verdict why) {
  spdlog::debug("a peer of user {} sent {}", who_.uid,
                protocol::to_string(why));
  turn_out();
}

/// CAF says goodbye and waits for the other side, however long.
void guarded_scribe::graceful_shutdown() {
  if (!closing_)
    closing_ = clock::now();
  door_->look_again();
  scribe_impl::graceful_shutdown();
}

std::optional<guarded_scribe::clock::time_point>
guarded_scribe::deadline() const {
  auto& rules = door_->rules;
  if (closing_)
    return *closing_ + rules.patience.handshake;
  if (node_ && rules.book->is_welcome(node_))
    return std::nullopt;
  auto idle = node_ ? rules.book->idle_since(node_) : std::nullopt;
  if (idle)
    return *idle + rules.patience.welcome;
  return hello_ ? *hello_ + rules.patience.welcome
                : since_ + rules.patience.handshake;
}

// -- what it sends ------------------------------------------------------------

void guarded_scribe::configure_read(caf::io::receive_policy::config) {
  if (!std::exchange(launched_once_, true))
    scribe_impl::configure_read(caf::io::receive_policy::at_most(read_small));
}

std::vector<char>& guarded_scribe::rd_buf() {
  return inbox_;
}

bool guarded_scribe::consume(caf::execution_unit* context, const void* bytes,
                             size_t size) {
  if (detached()) // CAF let go of it before its loop did.
    return false;
  auto first = static_cast<const char*>(bytes);
  auto last = first + size;
  auto take = [&](std::vector<char>& to, size_t wanted) {
    auto count
      = std::min(wanted - to.size(), static_cast<size_t>(last - first));
    to.insert(to.end(), first, first + count);
    first += count;
    return to.size() == wanted;
  };
  while (first != last && !gone_ && !detached()) {
    if (head_.size() < frame_header::size) {
      if (take(head_, frame_header::size) && !take_header(context))
        return false;
      continue;
    }
    auto before = frame_.size();
    bool whole = take(frame_, header_.payload);
    door_->unfinished += frame_.size() - before;
    if (whole && !take_frame(context))
      return false;
  }
  if (door_->unfinished > door_->rules.unfinished_max)
    door_->turn_out_hoarders();
  read_on();
  return !detached();
}

/// Room is made as the bytes come, not as they are announced.
void guarded_scribe::read_on() {
  bool much = head_.size() == frame_header::size
              && header_.payload - frame_.size() > read_large;
  stream_.configure_read(
    caf::io::receive_policy::at_most(much ? read_large : gate_.portion()));
}

bool guarded_scribe::take_header(caf::execution_unit* context) {
  header_ = protocol::read_header(text_of(head_));
  auto verdict = gate_.announce(header_);
  if (protocol::closes(verdict)) {
    turn_out_for(verdict);
    return true;
  }
  return header_.payload > 0 || take_frame(context);
}

/// False: CAF wants no more of it.
bool guarded_scribe::take_frame(caf::execution_unit* context) {
  auto verdict = judge();
  door_->unfinished -= frame_.size();
  std::vector<char> frame;
  frame.swap(frame_);
  auto head = std::exchange(head_, {});
  if (protocol::closes(verdict)) {
    turn_out_for(verdict);
    return true;
  }
  if (verdict == wire_verdict::ignore)
    return true;
  if (!hand_over(context, head)
      || (!frame.empty() && !hand_over(context, frame)))
    return false;
  if (header_.kind == frame_kind::client_handshake)
    dismiss_greeter();
  // Its room is used again, unless it is large.
  if (frame.capacity() <= read_small && frame_.empty() && !gone_) {
    frame.clear();
    frame_.swap(frame);
  }
  return true;
}

bool guarded_scribe::hand_over(caf::execution_unit* context,
                               std::vector<char>& bytes) {
  inbox_.swap(bytes);
  bool goes_on = scribe_impl::consume(context, inbox_.data(), inbox_.size());
  inbox_.swap(bytes);
  return goes_on;
}

wire_verdict guarded_scribe::judge() {
  auto payload = text_of(frame_);
  switch (header_.kind) {
    case frame_kind::client_handshake:
      return judge_handshake(payload);
    case frame_kind::message:
      return judge_message(payload);
    case frame_kind::monitor:
      return gate_.monitor(header_, payload,
                           receiver_of(header_.dest) != receiver::other);
    case frame_kind::down:
      return gate_.down(
        header_, payload,
        is_error(protocol::wire_gate::after_nodes(payload), *gate_.peer()));
    default:
      return wire_verdict::pass; // A heartbeat.
  }
}

wire_verdict guarded_scribe::judge_handshake(std::string_view payload) {
  caf::node_id node;
  caf::binary_deserializer source{nullptr, payload.data(), payload.size()};
  if (source(node) || !node)
    return wire_verdict::no_handshake;
  auto broker = static_cast<caf::io::basp_broker*>(parent());
  if (!broker)
    return wire_verdict::no_handshake;
  // CAF may not have seen yet that the last one is gone.
  bool taken = door_->rules.book->find(node).has_value()
               || broker->instance.tbl().lookup_direct(node);
  auto verdict = gate_.shake_hands(payload, taken);
  if (verdict == wire_verdict::pass) {
    door_->rules.book->note(node, who_);
    node_ = node;
  }
  return verdict;
}

wire_verdict guarded_scribe::judge_message(std::string_view payload) {
  auto whom = receiver_of(header_.dest);
  auto head = protocol::read_message_head(payload);
  bool answers = header_.data >> 63 != 0;
  bool sound = head
               && (answers ? is_answer(*head, *gate_.peer())
                           : is_request(whom, *head, *gate_.peer()));
  auto verdict = gate_.message(header_, whom, sound);
  // Whatever passes to the front door is a hello, or as good as one.
  if (verdict == wire_verdict::pass && whom == receiver::front_door
      && !hello_) {
    hello_ = clock::now();
    door_->look_again();
  }
  return verdict;
}

receiver guarded_scribe::receiver_of(uint64_t actor) const {
  if (actor == door_->rules.front_door)
    return receiver::front_door;
  if (greeter_ != 0 && actor == greeter_)
    return receiver::greeter;
  if (node_ && door_->rules.book->is_client(node_, actor))
    return receiver::own_client;
  return node_ && door_->rules.book->is_desk(node_, actor) ? receiver::own_desk
                                                           : receiver::other;
}

/// CAF keeps one for each node that it ever met. What the peer answers to it
/// is of no use here.
void guarded_scribe::dismiss_greeter() {
  auto broker = static_cast<caf::io::basp_broker*>(parent());
  if (!broker)
    return;
  auto i = broker->spawn_servers.find(node_);
  if (i == broker->spawn_servers.end())
    return;
  greeter_ = i->second.id();
  caf::anon_send_exit(i->second, caf::exit_reason::user_shutdown);
  broker->spawn_servers.erase(i);
}

// -- what it is sent ----------------------------------------------------------

std::vector<char>& guarded_scribe::wr_buf() {
  auto& result = scribe_impl::wr_buf();
  if (!writes_)
    writes_ = result.size();
  return result;
}

void guarded_scribe::flush() {
  auto& written = scribe_impl::wr_buf();
  auto at = std::exchange(writes_, std::nullopt).value_or(written.size());
  auto added = written.size() - std::min(at, written.size());
  while (at + frame_header::size <= written.size()) {
    auto head
      = protocol::read_header({written.data() + at, frame_header::size});
    gate_.sent(head);
    at += frame_header::size + head.payload;
  }
  scribe_impl::flush();
  count_unread(unread_ + added);
}

/// CAF's own would tell its broker, which has no use for it.
void guarded_scribe::data_transferred(caf::execution_unit*, size_t,
                                      size_t remaining) {
  count_unread(remaining);
}

/// The buffer says little: CAF empties it as soon as it begins to write.
void guarded_scribe::count_unread(size_t bytes) {
  if (gone_)
    return;
  door_->unread -= unread_;
  unread_ = bytes;
  door_->unread += unread_;
  if (door_->unread > door_->rules.unread_max)
    door_->turn_out_hoarders();
}

} // namespace berth::actors
