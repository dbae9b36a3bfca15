// A guarded door with a toy behind it. Its gateway refuses every hello, with
// what the hello says of itself, unless a test wants something else.

#pragma once

#include "actors/errors.hpp"
#include "actors/gateway.hpp"
#include "actors/guarded_door.hpp"

#include "tests/actors/caf_node.hpp"

#include <caf/io/all.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace berth::test {

/// More than any machine needs.
inline constexpr auto patience = std::chrono::seconds{30};

inline constexpr size_t megabyte = size_t{1} << 20;

/// How a gateway answers a hello from that node. It is given its own number.
using greeter = std::function<caf::result<actors::welcome>(
  const actors::hello&, const caf::node_id&, uint64_t)>;

inline caf::error refusal(std::string what) {
  return actors::to_error(
    protocol::fail(protocol::errc::client_limit, std::move(what)));
}

inline actors::gateway_shell::behavior_type
toy_gateway(actors::gateway_shell::pointer self, const greeter& greet) {
  return {
    [=](const actors::hello& x) {
      return greet(x, self->current_sender()->node(), self->id());
    },
    [](const protocol::get_health&) {
      return protocol::owner_health{};
    },
    [](const protocol::step_down&) {
      return protocol::owner_health{};
    },
    [](actors::wind_down) {},
    [](const actors::call_roll&) -> caf::result<void> {
      return caf::unit;
    },
  };
}

/// As a client has it.
inline caf::expected<actors::gateway_actor>
reach(caf_node& client, uint16_t port) {
  return client.system->middleman().remote_actor<actors::gateway_actor>(
    "127.0.0.1", port);
}

/// How it refuses a hello of that name; empty if it does not.
inline std::string answer_to(caf_node& client, const actors::gateway_actor& who,
                             const std::string& name) {
  caf::scoped_actor self{*client.system};
  std::string result;
  self
    ->request(who, patience,
              actors::hello{1, actors::client_secret{0, 1}, name, {}})
    .receive([](actors::welcome&) {},
             [&](caf::error& x) {
               result = actors::to_failure(x).what;
             });
  return result;
}

/// Does the client see it go?
template <class Handle>
bool goes_down(caf_node& client, const Handle& who) {
  caf::scoped_actor self{*client.system};
  self->monitor(who);
  bool result = false;
  self->receive(
    [&](caf::down_msg&) {
      result = true;
    },
    caf::after(patience) >> [] {});
  return result;
}

class toy_door {
public:
  toy_door(const greeter& greet, std::shared_ptr<actors::peer_book> book)
    : book_{std::move(book)}, gateway_{node.system->spawn(toy_gateway, greet)} {
    // nop
  }

  ~toy_door() {
    close();
  }

  /// At a free port.
  testing::AssertionResult
  open(protocol::door_limits how, protocol::duration stranger_for = patience) {
    how.port = 0;
    auto opened = publish(how, stranger_for);
    if (!opened)
      return testing::AssertionFailure() << node.system->render(opened.error());
    port = *opened;
    return testing::AssertionSuccess();
  }

  caf::expected<uint16_t> publish(const protocol::door_limits& how,
                                  protocol::duration stranger_for = patience) {
    return actors::publish_guarded(*node.system,
                                   actors::gateway_actor{gateway_}, how, book_,
                                   {stranger_for, std::chrono::seconds{30}});
  }

  void close() {
    if (auto last = std::exchange(gateway_, nullptr))
      caf::anon_send_exit(last, caf::exit_reason::user_shutdown);
  }

  caf_node node;
  uint16_t port = 0;

private:
  std::shared_ptr<actors::peer_book> book_;
  actors::gateway_shell gateway_;
};

} // namespace berth::test
