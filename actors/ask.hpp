// The answer of an actor, for a thread that is none.

#pragma once

#include "actors/errors.hpp"
#include "protocol/outcome.hpp"

#include <caf/all.hpp>

#include <future>
#include <memory>
#include <utility>

namespace berth::actors {

/// Also answered when `whom` ends: what it had promised to answer is not.
template <class T, class Handle, class Request>
std::future<protocol::outcome<T>> ask(caf::actor_system& system, Handle whom,
                                      protocol::duration within, Request what) {
  auto answer = std::make_shared<std::promise<protocol::outcome<T>>>();
  system.spawn([=](caf::event_based_actor* self) {
    auto tell = [=](protocol::outcome<T> x) {
      answer->set_value(std::move(x));
      self->quit();
    };
    self->monitor(whom);
    self->set_down_handler([=](const caf::down_msg& down) {
      tell(to_failure(down.reason));
    });
    self->request(whom, within, what)
      .then(
        [=](const T& x) {
          tell(x);
        },
        [=](const caf::error& why) {
          tell(to_failure(why));
        });
  });
  return answer->get_future();
}

} // namespace berth::actors
