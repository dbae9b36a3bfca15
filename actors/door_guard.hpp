// Who is at the door, and what each of them sends. All of it runs on the one
// thread of CAF's multiplexer.

#pragma once

#include "actors/guarded_door.hpp"
#include "protocol/wire_gate.hpp"

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/scribe_impl.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace berth::actors {

struct door_rules {
  size_t connections_max = 0;
  door_patience patience;
  std::vector<uint32_t> uids; ///< Who may come in.
  std::shared_ptr<peer_book> book;
  uint64_t front_door = 0;    ///< Its actor's id.
  protocol::node_name node{}; ///< The daemon's own.
  protocol::wire_gate::limits wire;
  size_t unfinished_max = 0; ///< Bytes of messages that are not here yet, of
                             ///< all connections together.
  size_t unread_max = 0;     ///< Bytes that peers do not read, the same.
};

class guarded_scribe;

/// All connections. Invariant: the alarm is set for the earliest deadline of
/// those that have no client.
class door_guard {
public:
  using clock = std::chrono::steady_clock;

  explicit door_guard(door_rules rules);
  ~door_guard();

  /// Makes room if it can. False: the door is full of clients.
  bool admit(uint32_t uid);

  void enter(guarded_scribe* who);
  void leave(guarded_scribe* who);

  /// Its deadline may have changed.
  void look_again();

  /// Of those that waste the most, until the rest is within its limit.
  void turn_out_hoarders();

  void turn_out_late();

  /// The door is closed: nobody watches over them any more.
  void turn_out_all();

  const door_rules rules;
  std::function<void(protocol::duration)> set_alarm;
  size_t unfinished = 0;
  size_t unread = 0;

private:
  std::set<guarded_scribe*> all_;
};

/// One connection. Reads whole frames and has the gate judge them; CAF gets the
/// header and the payload of those that pass, as it asks for them.
class guarded_scribe : public caf::io::network::scribe_impl {
public:
  using clock = door_guard::clock;

  guarded_scribe(caf::io::network::default_multiplexer& backend,
                 caf::io::network::native_socket fd,
                 std::shared_ptr<door_guard> door, peer who);
  ~guarded_scribe() override;

  // -- what CAF calls ---------------------------------------------------------

  void configure_read(caf::io::receive_policy::config what) override;
  bool consume(caf::execution_unit* context, const void* bytes,
               size_t size) override;
  std::vector<char>& rd_buf() override;
  std::vector<char>& wr_buf() override;
  void flush() override;
  void data_transferred(caf::execution_unit* context, size_t written,
                        size_t remaining) override;
  void graceful_shutdown() override;

  // -- what the guard asks ----------------------------------------------------

  /// When it is turned out; none: it has a client.
  std::optional<clock::time_point> deadline() const;

  clock::time_point since() const {
    return since_;
  }

  size_t unfinished() const {
    return frame_.size();
  }

  size_t unread() const {
    return unread_;
  }

  /// CAF reads the end of the stream next, and cleans up as it always does.
  void turn_out();

private:
  /// It sent what closes a connection.
  void turn_out_for(protocol::wire_verdict why);
  bool take_header(caf::execution_unit* context);
  bool take_frame(caf::execution_unit* context);
  bool hand_over(caf::execution_unit* context, std::vector<char>& bytes);
  protocol::wire_verdict judge();
  protocol::wire_verdict judge_handshake(std::string_view payload);
  protocol::wire_verdict judge_message(std::string_view payload);
  protocol::receiver receiver_of(uint64_t actor) const;
  void dismiss_greeter();
  void read_on();
  void count_unread(size_t bytes);

  std::shared_ptr<door_guard> door_;
  const peer who_;
  const clock::time_point since_ = clock::now();
  protocol::wire_gate gate_;
  caf::node_id node_; ///< As it is in the book.
  uint64_t greeter_ = 0;
  std::optional<clock::time_point> hello_; ///< When it said it first.
  bool launched_once_ = false;
  bool gone_ = false;
  std::optional<clock::time_point> closing_; ///< Since CAF said goodbye.
  std::vector<char> head_;                   ///< Of the frame that is read.
  std::vector<char> frame_;
  protocol::frame_header header_;
  std::vector<char> inbox_;      ///< What CAF reads.
  std::optional<size_t> writes_; ///< Where CAF began to write.
  size_t unread_ = 0; ///< What CAF holds until the peer's kernel takes it.
};

} // namespace berth::actors
