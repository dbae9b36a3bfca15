#include "actors/guarded_door.hpp"

#include "actors/door_guard.hpp"
#include "actors/socket_owner.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman_actor_impl.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>
#include <caf/io/network/scribe_impl.hpp>

#include <algorithm>
#include <memory>
#include <sys/timerfd.h>
#include <unistd.h>

// Everything here but `publish_guarded` and `doorkeeper` runs on the one
// thread of CAF's multiplexer.

namespace berth::actors {

namespace {

namespace net = caf::io::network;

using protocol::duration;

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

class guarded_doorman : public net::doorman_impl {
public:
  guarded_doorman(net::default_multiplexer& backend, net::native_socket fd,
                  door_rules rules)
    : doorman_impl(backend, fd),
      door_(std::make_shared<door_guard>(std::move(rules))) {
    // nop
  }

  ~guarded_doorman() override {
    close(true);
  }

  void launch() override {
    bell_
      = std::make_shared<alarm_bell>(acceptor_.backend(), [door = door_.get()] {
          door->turn_out_late();
        });
    bell_->start(bell_);
    door_->set_alarm = [bell = bell_.get()](duration from_now) {
      bell->set(from_now);
    };
    doorman_impl::launch();
  }

  bool new_connection() override {
    auto& backend = acceptor_.backend();
    auto fd = acceptor_.accepted_socket();
    auto who = owner_of_peer(fd);
    if (detached() || !who || !door_->admit(who->uid)) {
      net::close_socket(fd);
      return !detached();
    }
    auto made = caf::make_counted<guarded_scribe>(backend, fd, door_, *who);
    auto handle = made->hdl();
    parent()->add_scribe(std::move(made));
    return doorman::new_connection(&backend, handle);
  }

  void graceful_shutdown() override {
    // With its system each connection ends as well, once all is written.
    close(!parent()
          || !parent()->getf(caf::abstract_actor::is_shutting_down_flag));
    doorman_impl::graceful_shutdown();
  }

private:
  /// Who is in spoke to an actor that is not there any more, and would be taken
  /// for somebody else at the next door. The bell would keep the multiplexer
  /// running.
  void close(bool turns_out) {
    if (!std::exchange(open_, false))
      return;
    if (turns_out)
      door_->turn_out_all();
    door_->set_alarm = nullptr;
    if (auto bell = std::exchange(bell_, nullptr))
      bell->stop();
  }

  std::shared_ptr<door_guard> door_;
  std::shared_ptr<alarm_bell> bell_;
  bool open_ = true;
};

/// CAF's own publisher, with another kind of door. Lives for one `publish`.
class doorkeeper : public caf::io::middleman_actor_impl {
public:
  doorkeeper(caf::actor_config& config, caf::actor broker, door_rules rules,
             std::shared_ptr<held_port> held)
    : middleman_actor_impl(config, std::move(broker)),
      rules_(std::move(rules)),
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

/// As CAF writes it.
protocol::node_name name_of(caf::node_id node) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  protocol::node_name result{};
  if (!sink(node) && bytes.size() == result.size())
    std::ranges::copy(bytes, result.begin());
  return result;
}

} // namespace

caf::expected<uint16_t>
publish_guarded(caf::actor_system& system, caf::strong_actor_ptr whom,
                std::set<std::string> signatures,
                const protocol::door_limits& how,
                std::shared_ptr<peer_book> book, door_patience patience,
                std::shared_ptr<held_port> held) {
  door_rules rules;
  rules.connections_max = how.clients_max + spare_connections;
  rules.patience = patience;
  rules.uids = how.uids;
  rules.uids.push_back(0);
  rules.uids.push_back(::geteuid());
  rules.book = book ? std::move(book) : std::make_shared<peer_book>();
  rules.front_door = whom->id();
  rules.node = name_of(system.node());
  rules.wire.message_max = how.message_max;
  rules.unfinished_max = unfinished_messages * how.message_max;
  rules.unread_max = unread_messages * how.message_max;
  auto& network = system.middleman();
  auto broker = network.named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  // Detached as CAF's own: names are looked up, which may take a while.
  auto keeper = caf::actor_cast<caf::io::middleman_actor>(
    system.spawn<doorkeeper, caf::detached + caf::hidden>(
      broker, std::move(rules), std::move(held)));
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
