#include "actors/session_registry.hpp"

#include "actors/errors.hpp"
#include "actors/patience.hpp"
#include "actors/session.hpp"

#include <memory>

namespace berth::actors {

namespace {

using self_ptr
  = session_registry_shell::stateful_pointer<session_registry_state>;

/// Of the daemon's own actors, which answer at once.
constexpr duration patience = std::chrono::seconds{10};

constexpr duration look_again_after = std::chrono::seconds{1};

/// Why there can be no conversation with this provider; `ok` if there can.
failure refusal(self_ptr self, const std::string& provider) {
  auto& known = self->state.with.how.session.times.of_provider;
  if (known.contains(provider))
    return {};
  auto why = fail(errc::provider_unknown,
                  "There is no profile of '" + provider + "'; there is");
  if (known.empty())
    why.what += " none";
  for (const char* before = " "; const auto& [name, times] : known)
    why.what += std::exchange(before, ", ") + name;
  why.what += '.';
  return why;
}

void begin(self_ptr self, session_row row) {
  auto& with = self->state.with;
  auto id = row.id;
  auto made
    = self->spawn(session, session_start{std::move(row), with.how.session,
                                         with.recorder, self, with.make_page});
  self->monitor(made);
  self->state.sessions.emplace(id, made);
}

/// Whoever hears of it finds it again, whatever happens.
caf::result<session_view> open(self_ptr self, const open_session& x) {
  if (auto why = refusal(self, x.provider); why.code != errc::ok)
    return to_error(why);
  auto id = self->state.open.open();
  if (!id)
    return to_error(id.error());
  event told;
  told.kind = event_kind::session_opened;
  told.session = *id;
  told.client = x.by.client;
  told.key = x.provider;
  told.browser = x.browser.value;
  auto promise = self->make_response_promise<session_view>();
  self
    ->request(self->state.with.recorder, recorder_patience,
              record{{std::move(told)}})
    .then(
      [self, promise, id = *id, provider = x.provider,
       home = x.browser]() mutable {
        session_row row;
        row.id = id;
        row.provider = provider;
        row.browser = home;
        row.used = self->clock().now();
        begin(self, std::move(row));
        promise.delegate(self->state.sessions.at(id), show_session{id});
      },
      [self, promise, id = *id](caf::error& why) mutable {
        self->state.open.close(id);
        promise.deliver(std::move(why));
      });
  return promise;
}

failure recovering() {
  auto why = fail(errc::session_busy,
                  "The session recovers from an internal failure.");
  why.retry_after = look_again_after;
  return why;
}

/// The one that is meant: zero is the only one that there is. One that nobody
/// was told of yet is not there.
outcome<std::pair<session_id, session_actor>>
find(self_ptr self, session_id named) {
  auto which = self->state.open.find(named);
  if (!which)
    return which.error();
  auto whom = self->state.sessions.find(*which);
  if (whom == self->state.sessions.end())
    return self->state.accidents.contains(*which)
             ? recovering()
             : session_directory::unknown(*which);
  return std::pair<session_id, session_actor>{*whom};
}

/// Hands the request to the session that is meant, which answers itself.
template <class Answer, class Request>
caf::result<Answer> pass_on(self_ptr self, Request& x) {
  auto meant = find(self, x.session);
  if (!meant)
    return to_error(meant.error());
  x.session = meant->first;
  return self->delegate(meant->second, std::move(x));
}

template <class Answer, class Request>
auto passes_on(self_ptr self) {
  return [self](Request& x) {
    return pass_on<Answer>(self, x);
  };
}

/// First it hears what happens, then it sees what it happens to: no gap.
caf::result<session_view> follow(self_ptr self, const follow_session& x) {
  auto meant = find(self, x.session);
  if (!meant)
    return to_error(meant.error());
  auto promise = self->make_response_promise<session_view>();
  self
    ->request(self->state.with.recorder, patience,
              watch_also{x.watcher, meant->first})
    .then(
      [promise, id = meant->first, whom = meant->second]() mutable {
        promise.delegate(whom, show_session{id});
      },
      [promise](caf::error& why) mutable {
        promise.deliver(std::move(why));
      });
  return promise;
}

/// Asks all sessions at once, and answers when the last one has. One that ends
/// meanwhile is left out.
caf::result<session_list> list(self_ptr self) {
  struct round {
    size_t left = 0;
    std::map<session_id, session_view> seen;
  };
  auto promise = self->make_response_promise<session_list>();
  auto all = std::make_shared<round>();
  auto done = [promise, all]() mutable {
    if (--all->left > 0)
      return;
    session_list result;
    for (auto& [id, x] : all->seen)
      result.sessions.push_back(std::move(x));
    promise.deliver(std::move(result));
  };
  all->left = self->state.sessions.size() + 1;
  for (auto& [id, whom] : self->state.sessions)
    self->request(whom, patience, show_session{id})
      .then(
        [all, done](session_view& x) mutable {
          all->seen.emplace(x.session, std::move(x));
          done();
        },
        [done](const caf::error&) mutable {
          done();
        });
  done();
  return promise;
}

/// All requests that were passed on before are answered before it ends.
void end(self_ptr self, session_id which) {
  auto& state = self->state;
  auto entry = state.sessions.extract(which);
  if (!entry)
    return;
  state.open.close(which);
  state.accidents.erase(which);
  self->demonitor(entry.mapped().address());
  self->send_exit(entry.mapped(), caf::exit_reason::user_shutdown);
}

// -- accidents ----------------------------------------------------------------

void forget(self_ptr self, session_id which) {
  self->state.accidents.erase(which);
  self->state.open.close(which);
}

/// There is nothing that it could go on with, or it falls again and again.
void give_up(self_ptr self, session_id which, const failure& why) {
  event told;
  told.kind = event_kind::session_closed;
  told.session = which;
  told.detail = "an internal failure: " + why.what;
  caf::anon_send(self->state.with.recorder, record{{std::move(told)}});
  forget(self, which);
}

void arm(self_ptr self) {
  std::optional<timestamp> due;
  for (const auto& [id, x] : self->state.accidents)
    due = earlier(due, x.again);
  self->state.alarm.arm(self, due);
}

/// What it was about to write down when it fell is written first, so that it
/// begins with all of it. A disk that fails is asked again.
void start_again(self_ptr self, session_id which) {
  auto& with = self->state.with;
  self->state.accidents.at(which).again.reset();
  auto failed = [self, which](const caf::error&) {
    self->state.accidents.at(which).again
      = self->clock().now() + look_again_after;
    arm(self);
  };
  self->request(with.recorder, recorder_patience, record{})
    .then(
      [self, which, failed] {
        self
          ->request(self->state.with.recaller, recorder_patience,
                    recall_session{which})
          .then(
            [self, which](recalled_session& x) {
              if (x.row)
                begin(self, std::move(*x.row));
              else
                forget(self, which); // It was closed just before.
            },
            failed);
      },
      failed);
}

/// A session that ends by itself had an accident.
void lose(self_ptr self, const caf::down_msg& down) {
  auto& state = self->state;
  auto i = std::ranges::find_if(state.sessions, [&](const auto& x) {
    return x.second.address() == down.source;
  });
  if (i == state.sessions.end())
    return;
  auto id = i->first;
  state.sessions.erase(i);
  auto& fallen = state.accidents
                   .try_emplace(id,
                                session_registry_state::accident{
                                  restart_budget{state.with.how.restart}, {}})
                   .first->second;
  auto now = self->clock().now();
  auto wait = state.with.recaller ? fallen.budget.spend(now) : std::nullopt;
  if (!wait) {
    give_up(self, id, to_failure(down.reason));
    return;
  }
  fallen.again = now + *wait;
  arm(self);
}

void wake(self_ptr self) {
  auto& state = self->state;
  auto now = self->clock().now();
  state.alarm.rang(now);
  for (auto& [id, x] : state.accidents)
    if (x.again && *x.again <= now)
      start_again(self, id);
  arm(self);
}

template <class Message>
void tell_all(self_ptr self, const Message& x) {
  for (auto& [id, whom] : self->state.sessions)
    self->send(whom, x);
}

} // namespace

session_registry_shell::behavior_type
session_registry(self_ptr self, const session_registry_start& with) {
  self->state.with = with;
  // Without it no session that fell begins again: the crew goes with it.
  if (with.recaller)
    self->link_to(with.recaller);
  std::set<session_id> there;
  for (const auto& [id, row] : with.kept)
    there.insert(id);
  self->state.open
    = session_directory{with.how.sessions, with.last, std::move(there)};
  for (auto& [id, row] : self->state.with.kept)
    begin(self, std::move(row));
  self->state.with.kept.clear();
  self->set_down_handler([self](const caf::down_msg& down) {
    lose(self, down);
  });
  return {
    [self](const open_session& x) {
      return open(self, x);
    },
    passes_on<run_view, send_prompt>(self),
    passes_on<run_view, poll_run>(self),
    passes_on<run_view, stop_run>(self),
    [self](switch_provider& x) -> caf::result<session_view> {
      if (auto why = refusal(self, x.provider); why.code != errc::ok)
        return to_error(why);
      return pass_on<session_view>(self, x);
    },
    passes_on<session_view, reattach_session>(self),
    passes_on<session_view, close_session>(self),
    passes_on<session_view, show_session>(self),
    [self](const list_sessions&) {
      return list(self);
    },
    [self](const follow_session& x) {
      return follow(self, x);
    },
    [self](const drop_client& x) {
      tell_all(self, x);
    },
    [self](const session_over& x) {
      end(self, x.session);
    },
    [self](wake_atom) {
      wake(self);
    },
  };
}

} // namespace berth::actors
