#include "actors/steward.hpp"

#include "actors/errors.hpp"

#include <spdlog/spdlog.h>
#include <type_traits>
#include <unistd.h>

namespace berth::actors {

namespace {

using self_ptr = steward_shell::stateful_pointer<steward_state>;

constexpr duration look_every = std::chrono::seconds{1};

/// Shorter than the fleet's with its browsers: one that does not answer is
/// missed through the fleet.
constexpr duration patience = std::chrono::seconds{4};

/// The supervisor waits for the disk when it begins an epoch.
constexpr duration disk_patience = std::chrono::seconds{30};

owner_health health_now(self_ptr self) {
  auto& state = self->state;
  auto now = self->clock().now();
  auto result = state.health;
  result.up = now - state.started;
  result.down = state.down_since ? now - *state.down_since : duration{0};
  return result;
}

void note_chrome(self_ptr self, browser_health x) {
  auto& state = self->state;
  state.health.chrome = x;
  if (x == browser_health::ready)
    state.down_since.reset();
  else if (!state.down_since)
    state.down_since = self->clock().now();
}

// -- who answers --------------------------------------------------------------

template <class Answer>
struct hearer {
  using type = std::function<void(const Answer&)>;
};

template <>
struct hearer<void> {
  using type = std::function<void()>;
};

/// Any answer will do, a refusal, too. The dead are their supervisor's.
template <class Answer, class Handle, class Request, class Fails>
void call_on(self_ptr self, const std::string& who, const Handle& whom,
             Request what, Fails fails, typename hearer<Answer>::type then = {},
             duration within = patience) {
  if (!whom || !self->state.asked.insert(who).second)
    return;
  auto here
    = [self, who, then, round = self->state.replaced](const auto&... answer) {
        if (round != self->state.replaced)
          return; // Of those who are not there any more.
        self->state.asked.erase(who);
        self->state.present.answered(who);
        if constexpr (std::is_invocable_v<decltype(then), decltype(answer)...>)
          if (then)
            then(answer...);
      };
  typename hearer<Answer>::type answered = here;
  self->request(whom, within, std::move(what))
    .then(answered, [=, round = self->state.replaced](const caf::error& why) {
      if (round != self->state.replaced)
        return;
      if (why != caf::sec::request_timeout) {
        here();
        return;
      }
      self->state.asked.erase(who);
      if (self->state.present.missed(who))
        fails(fail(errc::internal,
                   "The " + who + " did not answer "
                     + std::to_string(self->state.present.misses(who))
                     + " questions in a row, each within " + to_string(within)
                     + "."));
    });
}

/// All of them answer at once, whatever they wait for: the recorder, too, while
/// its writer waits for a disk. Those that one client or one lease waits for
/// are not asked, as that one has a deadline: sessions, pages, tabs, clients.
void call_the_roll(self_ptr self, const crew& x) {
  auto replace = [self](failure why) {
    self->state.present.replaced();
    self->state.asked.clear();
    ++self->state.replaced;
    self->send(self->state.with.harbour, replace_crew{std::move(why)});
  };
  call_on<browser_list>(self, "fleet", x.fleet, get_browsers{}, replace);
  call_on<lease_list>(self, "lease registry", x.registry, get_leases{},
                      replace);
  call_on<queue_view>(self, "admission", x.admission, get_queue{}, replace);
  call_on<events>(self, "recorder", x.recorder, get_recent{0}, replace);
  // Of a session that there is not: so that no session has to answer.
  call_on<session_view>(self, "session registry", x.sessions,
                        show_session{session_id{~uint64_t{0}}}, replace);
}

/// The front door has another gateway made. Nobody could do that in its place:
/// if it does not answer itself, the daemon ends.
void call_at_the_door(self_ptr self) {
  auto replace = [self](const failure& why) {
    spdlog::error("{}", why.what);
    self->state.present.answered("gateway");
    self->send(self->state.with.door, replace_door{});
  };
  call_on<gateway_shell>(
    self, "front door", self->state.with.door, get_gateway{},
    [self](failure why) {
      self->quit(to_error(std::move(why)));
    },
    [self, replace](const gateway_shell& x) {
      call_on<void>(self, "gateway", x, call_roll{}, replace);
    });
}

/// Asks the crew how Chrome is. A crew that does not answer has none.
void look(self_ptr self, const std::function<void()>& then) {
  auto failed = [=](const caf::error&) {
    note_chrome(self, browser_health::waiting);
    then();
  };
  self->request(self->state.with.harbour, patience, get_crew{})
    .then(
      [=](const crew& x) {
        self->state.health.epoch = x.epoch;
        call_the_roll(self, x);
        self->request(x.fleet, patience, get_browsers{})
          .then(
            [=](const browser_list& all) {
              auto& view = best_of(all.browsers);
              note_chrome(self, view.state);
              self->state.with.note(view);
              then();
            },
            failed);
      },
      failed);
}

void look_again(self_ptr self) {
  auto& state = self->state;
  if (!state.with.owns()) {
    self->quit(to_error(
      fail(errc::journal_fenced,
           "Another daemon has taken over the state directory meanwhile.")));
    return;
  }
  if (!std::exchange(state.asking, true))
    look(self, [self] {
      self->state.asking = false;
    });
  call_on<crew>(
    self, "supervisor", state.with.harbour, get_crew{},
    [self](failure why) {
      self->quit(to_error(std::move(why)));
    },
    {}, disk_patience);
  call_at_the_door(self);
  self->delayed_send(self, look_every, wake_atom_v);
}

caf::result<owner_health> tell(self_ptr self) {
  auto promise = self->make_response_promise<owner_health>();
  look(self, [=]() mutable {
    promise.deliver(health_now(self));
  });
  return promise;
}

caf::result<owner_health> give_way(self_ptr self) {
  auto promise = self->make_response_promise<owner_health>();
  look(self, [=]() mutable {
    auto health = health_now(self);
    if (!agrees_to_step_down(health)) {
      promise.deliver(health);
      return;
    }
    health.stopping = true;
    promise.deliver(health);
    self->quit(to_error(fail(errc::browser_unavailable,
                             "It has stepped down: Chrome was not ready for "
                               + to_string(health.down)
                               + ", and another daemon is to serve.")));
  });
  return promise;
}

} // namespace

steward_shell::behavior_type steward(self_ptr self, const steward_start& with) {
  auto& state = self->state;
  state.with = with;
  state.started = self->clock().now();
  state.health.pid = ::getpid();
  state.health.grace = with.grace;
  state.health.chrome = browser_health::ready;
  look_again(self);
  return {
    [self](const get_health&) {
      return tell(self);
    },
    [self](const step_down&) {
      return give_way(self);
    },
    [self](const wind_down&) {
      self->state.health.stopping = true;
    },
    [self](wake_atom) {
      look_again(self);
    },
  };
}

} // namespace berth::actors
