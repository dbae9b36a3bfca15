// CAF for a host that has none: an actor system on threads of its own, and in
// it a mooring.

#pragma once

#include "actors/remote/mooring.hpp"
#include "actors/wire.hpp"

#include <functional>
#include <future>
#include <thread>

namespace berth::client {

struct errand;

/// Asks in the name of threads that are no actors. Such a thread must not use
/// a `scoped_actor`, or spawn: it would hold on to the system's logger for as
/// long as the thread lives, and the system's destructor waits for that.
using clerk_actor = caf::typed_actor<caf::reacts_to<errand>>;

struct errand {
  std::function<void(clerk_actor::pointer)> run;
};

class engine {
public:
  /// Throws what the system throws: no threads, no sockets are left.
  engine(actors::pulse how, mooring_options what);

  /// Does not wait long for a thread that is in a connect that hangs.
  ~engine();

  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  const mooring_actor& mooring() const {
    return crew_.mooring;
  }

  /// The clerk does it, later; after `stop` it is forgotten.
  void run(std::function<void(clerk_actor::pointer)> what);

  /// The actors end. More than once does no harm.
  void stop();

private:
  struct crew {
    mooring_actor mooring;
    clerk_actor clerk;
  };

  static void serve(actors::pulse how, mooring_options what,
                    std::promise<crew>& ready, std::future<void> over);

  crew crew_;
  std::promise<void> over_;
  std::future<void> ended_;
  std::thread thread_; ///< Makes the system, and destroys it.
};

} // namespace berth::client

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::client::errand)
