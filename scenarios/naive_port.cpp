#include "scenarios/naive_port.hpp"

#include "actors/errors.hpp"

namespace berth::scenarios {

namespace {

using namespace protocol;
using namespace std::chrono_literals;

constexpr duration answer_max = 1min;
constexpr duration until_restart = 1s;

} // namespace

void naive_port_state::launch() {
  link = make_chrome();
  link->start(listener());
}

cdp::chrome_listener naive_port_state::listener() {
  auto tell = [this, me = caf::actor_cast<caf::actor>(self)](auto what) {
    caf::anon_send(me, next_step{std::move(what)});
  };
  return {
    [=, this](const cdp::chrome_started&) {
      tell([this] {
        calls.connect(link, {});
      });
    },
    [=, this](const cdp::frame_ptr& x) {
      tell([this, x] {
        calls.hear(x);
      });
    },
    [=, this](const cdp::chrome_ended&) {
      tell([this] {
        ended();
      });
    },
  };
}

void naive_port_state::ended() {
  std::exchange(calls, {}).abandon(
    fail(errc::browser_unavailable, "Chrome has ended."));
  self->delayed_send(self, until_restart, next_step{[this] {
                       launch();
                     }});
}

caf::result<std::string> naive_port_state::call(const port_call& x) {
  auto now = self->clock().now();
  auto promise = self->make_response_promise<std::string>();
  // Whoever asked has given up long ago.
  calls.expire(now);
  calls.send({x.method, x.params, x.session, now + answer_max},
             [promise](const actors::reply& got) mutable {
               if (got.ok())
                 promise.deliver(std::string{got.result()});
               else
                 promise.deliver(actors::to_error(*got.why));
             });
  return promise;
}

naive_port_shell::behavior_type
naive_port(naive_port_shell::stateful_pointer<naive_port_state> self,
           const cdp::chrome_factory& make_chrome) {
  self->state.make_chrome = make_chrome;
  self->state.launch();
  return {
    [self](const port_call& x) {
      return self->state.call(x);
    },
    [](const next_step& x) {
      x.what();
    },
  };
}

} // namespace berth::scenarios
