#include "actors/guarded_door.hpp"

#include "actors/interfaces.hpp"

#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman_actor_impl.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>
#include <caf/io/network/scribe_impl.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <sys/timerfd.h>
#include <unistd.h>

// Everything here but `publish_guarded` and `doorkeeper` runs on the one
// thread of CAF's multiplexer.

namespace berth::actors {

namespace {

namespace net = caf::io::network;

using clock = std::chrono::steady_clock;
using protocol::duration;

/// More than any handshake needs.
constexpr size_t handshake_max = size_t{64} << 10;

struct door_rules {
  size_t message_max = 0;
  size_t connections_max = 0;
  duration patience{};
};

/// Rings on the multiplexer's thread, once for each `set`.
class alarm_bell : public net::event_handler {
public:
  alarm_bell(net::default_multiplexer& backend, std::function<void()> ring)
    : event_handler(
      backend, ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      ring_(std::move(ring)) {
    // nop
  }

  /// The multiplexer knows `self` by its address until it lets go of it.
  void start(std::shared_ptr<alarm_bell> self) {
    self_ = std::move(self);
    activate();
  }

  void stop() {
    ring_ = nullptr;
    if (self_)
      passivate();
  }

  void set(duration from_now) {
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(from_now);
    itimerspec when{};
    when.it_value.tv_sec = seconds.count();
    // Zero would switch it off.
    when.it_value.tv_nsec = std::max<decltype(when.it_value.tv_nsec)>(
      1, (from_now - seconds).count());
    ::timerfd_settime(fd(), 0, &when, nullptr);
  }

  void handle_event(net::operation) override {
    uint64_t times = 0;
    if (::read(fd(), &times, sizeof times) == sizeof times && ring_)
      ring_();
  }

  void removed_from_loop(net::operation) override {
    self_.reset();
  }

  void graceful_shutdown() override {
    stop();
  }

private:
  std::function<void()> ring_;
  std::shared_ptr<alarm_bell> self_;
};

class guarded_scribe;

/// Who is at the door. Invariant: `inside` counts the connections that were
/// not turned out, the strangers among them; the bell is set for the oldest.
class guard {
public:
  struct stranger {
    guarded_scribe* who;
    clock::time_point until;
  };

  using place = std::list<stranger>::iterator;

  explicit guard(door_rules x) : rules(x) {
    // nop
  }

  /// Makes room if it can. False: the door is full of honest clients.
  bool admit();

  void leave() {
    --inside_;
  }

  /// It is turned out unless `forget` comes in time.
  place watch(guarded_scribe* who);

  void forget(place where) {
    strangers_.erase(where);
  }

  void turn_out_late();

  const door_rules rules;
  std::shared_ptr<alarm_bell> bell;

private:
  void set_bell();

  std::list<stranger> strangers_; ///< In the order of `until`.
  size_t inside_ = 0;
};

/// One connection. CAF asks it for a header, then for the payload that the
/// header announced, and so on: each `configure_read` within a `consume`
/// changes from one to the other.
class guarded_scribe : public net::scribe_impl {
public:
  guarded_scribe(net::default_multiplexer& backend, net::native_socket fd,
                 std::shared_ptr<guard> door)
    : scribe_impl(backend, fd), door_(std::move(door)) {
    watched_ = door_->watch(this);
  }

  ~guarded_scribe() override {
    if (watched_)
      door_->forget(*watched_);
    if (inside_)
      door_->leave();
  }

  void configure_read(caf::io::receive_policy::config what) override {
    awaits_payload_ = consuming_ && !awaits_payload_;
    auto most = known_ ? door_->rules.message_max : handshake_max;
    if (awaits_payload_ && what.second > most) {
      turn_out();
      what = caf::io::receive_policy::exactly(caf::io::basp::header_size);
    }
    scribe_impl::configure_read(what);
  }

  bool consume(caf::execution_unit* context, const void* bytes,
               size_t size) override {
    auto first = static_cast<const uint8_t*>(bytes);
    if (!known_ && !awaits_payload_
        && *first != uint8_t(caf::io::basp::message_type::client_handshake))
      turn_out();
    consuming_ = true;
    auto result = scribe_impl::consume(context, bytes, size);
    consuming_ = false;
    if (!known_ && !awaits_payload_ && inside_ && !closing_)
      become_known();
    return result;
  }

  /// CAF says goodbye and waits for the other side, however long.
  void graceful_shutdown() override {
    closing_ = true;
    if (!watched_ && inside_)
      watched_ = door_->watch(this);
    scribe_impl::graceful_shutdown();
  }

  /// CAF reads the end of the stream next, and cleans up as it always does.
  void turn_out() {
    if (watched_)
      door_->forget(*watched_);
    watched_.reset();
    if (std::exchange(inside_, false))
      door_->leave();
    net::shutdown_both(stream_.fd());
  }

private:
  void become_known() {
    known_ = true;
    door_->forget(*watched_);
    watched_.reset();
  }

  std::shared_ptr<guard> door_;
  std::optional<guard::place> watched_;
  bool inside_ = true;
  bool known_ = false; ///< Its handshake was complete.
  bool closing_ = false;
  bool consuming_ = false;
  bool awaits_payload_ = false;
};

bool guard::admit() {
  if (inside_ >= rules.connections_max) {
    if (strangers_.empty())
      return false;
    strangers_.front().who->turn_out();
  }
  ++inside_;
  return true;
}

guard::place guard::watch(guarded_scribe* who) {
  strangers_.push_back({who, clock::now() + rules.patience});
  if (strangers_.size() == 1)
    set_bell();
  return std::prev(strangers_.end());
}

void guard::set_bell() {
  if (bell && !strangers_.empty())
    bell->set(
      std::max<duration>(strangers_.front().until - clock::now(), duration{1}));
}

void guard::turn_out_late() {
  auto now = clock::now();
  while (!strangers_.empty() && strangers_.front().until <= now)
    strangers_.front().who->turn_out();
  set_bell();
}

class guarded_doorman : public net::doorman_impl {
public:
  guarded_doorman(net::default_multiplexer& backend, net::native_socket fd,
                  door_rules rules)
    : doorman_impl(backend, fd), door_(std::make_shared<guard>(rules)) {
    // nop
  }

  ~guarded_doorman() override {
    close();
  }

  void launch() override {
    door_->bell
      = std::make_shared<alarm_bell>(acceptor_.backend(), [door = door_.get()] {
          door->turn_out_late();
        });
    door_->bell->start(door_->bell);
    doorman_impl::launch();
  }

  bool new_connection() override {
    auto& backend = acceptor_.backend();
    auto fd = acceptor_.accepted_socket();
    if (detached() || !door_->admit()) {
      net::close_socket(fd);
      return !detached();
    }
    auto made = caf::make_counted<guarded_scribe>(backend, fd, door_);
    auto handle = made->hdl();
    parent()->add_scribe(std::move(made));
    return doorman::new_connection(&backend, handle);
  }

  void graceful_shutdown() override {
    close();
    doorman_impl::graceful_shutdown();
  }

private:
  /// The bell would keep the multiplexer running.
  void close() {
    if (auto bell = std::exchange(door_->bell, nullptr))
      bell->stop();
  }

  std::shared_ptr<guard> door_;
};

/// CAF's own publisher, with another kind of door. Lives for one `publish`.
class doorkeeper : public caf::io::middleman_actor_impl {
public:
  doorkeeper(caf::actor_config& config, caf::actor broker, door_rules rules,
             std::shared_ptr<held_port> held)
    : middleman_actor_impl(config, std::move(broker)),
      rules_(rules),
      held_(std::move(held)) {
    // nop
  }

protected:
  caf::expected<caf::io::doorman_ptr>
  open(uint16_t port, const char* host, bool reuse) override {
    auto backend = dynamic_cast<net::default_multiplexer*>(
      &system().middleman().backend());
    if (!backend)
      return caf::sec::feature_disabled;
    auto fd = held_ ? caf::expected<net::native_socket>{held_->release()}
                    : net::new_tcp_acceptor_impl(port, host, reuse);
    if (!fd)
      return std::move(fd.error());
    return caf::io::doorman_ptr{
      caf::make_counted<guarded_doorman>(*backend, *fd, rules_)};
  }

private:
  door_rules rules_;
  std::shared_ptr<held_port> held_; ///< None: a port is to be opened.
};

} // namespace

caf::expected<uint16_t>
publish_guarded(caf::actor_system& system, caf::strong_actor_ptr whom,
                std::set<std::string> signatures,
                const protocol::door_limits& how, duration patience,
                std::shared_ptr<held_port> held) {
  door_rules rules{how.message_max, how.clients_max + spare_connections,
                   patience};
  auto& network = system.middleman();
  auto broker = network.named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  // Detached as CAF's own: names are looked up, which may take a while.
  auto keeper = caf::actor_cast<caf::io::middleman_actor>(
    system.spawn<doorkeeper, caf::detached + caf::hidden>(broker, rules,
                                                          std::move(held)));
  caf::expected<uint16_t> result{caf::sec::cannot_open_port};
  caf::scoped_actor self{system};
  self
    ->request(keeper, std::chrono::seconds{10}, caf::publish_atom::value,
              how.port, std::move(whom), std::move(signatures), how.host, true)
    .receive(
      [&](uint16_t port) {
        result = port;
      },
      [&](caf::error& why) {
        result = std::move(why);
      });
  self->send_exit(keeper, caf::exit_reason::user_shutdown);
  return result;
}

} // namespace berth::actors
