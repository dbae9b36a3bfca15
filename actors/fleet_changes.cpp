#include "actors/fleet_changes.hpp"

#include "actors/errors.hpp"

#include <algorithm>
#include <utility>

namespace berth::actors {

namespace {

constexpr duration short_patience = std::chrono::seconds{10};

/// What the next crew is to begin with.
void keep_roster(fleet_ptr self) {
  auto& state = self->state;
  roster now;
  for (const auto& x : state.members)
    if (!x.leaving) {
      now.browsers.push_back(x.how);
      if (x.draining)
        now.draining.insert(x.how.name);
    }
  self->send(state.with.harbour, std::move(now));
}

void journal(fleet_ptr self, const browser_name& which, std::string what) {
  event told;
  told.kind = event_kind::browser_changed;
  told.browser = which.value;
  told.detail = std::move(what);
  caf::anon_send(self->state.with.recorder, record{{std::move(told)}});
}

caf::result<browser_view>
drain(fleet_ptr self, fleet_state::member& whom, bool on) {
  whom.draining = whom.seen.draining = on;
  journal(self, whom.how.name, on ? "drained" : "undrained");
  keep_roster(self);
  tell_admission(self, whom);
  auto promise = self->make_response_promise<browser_view>();
  self->request(whom.browser, short_patience, get_browser{})
    .then(
      [promise, on](browser_view& x) mutable {
        x.draining = on;
        promise.deliver(std::move(x));
      },
      [promise](caf::error& why) mutable {
        promise.deliver(std::move(why));
      });
  return promise;
}

caf::result<browser_view> restart(fleet_ptr self, fleet_state::member& whom) {
  auto promise = self->make_response_promise<browser_view>();
  auto patience = end_patience(whom) + whom.how.start_within + short_patience;
  self->request(whom.browser, patience, restart_chrome{})
    .then(
      [promise, draining = whom.draining](browser_view& x) mutable {
        x.draining = draining;
        promise.deliver(std::move(x));
      },
      [promise](caf::error& why) mutable {
        promise.deliver(std::move(why));
      });
  return promise;
}

/// Its leases are over before its Chrome is.
void retire(fleet_ptr self, const browser_name& which,
            const std::function<void(browser_view)>& then) {
  auto gone = [self, which, then] {
    auto& members = self->state.members;
    auto whom = find_member(self, which);
    if (!whom) { // Somebody else had it removed meanwhile.
      browser_view gone_before;
      gone_before.name = which;
      gone_before.state = browser_health::stopped;
      then(std::move(gone_before));
      return;
    }
    auto view = whom->seen;
    view.state = browser_health::stopped;
    self->send_exit(whom->reaper, caf::exit_reason::user_shutdown);
    std::erase_if(members, [&](const auto& x) {
      return x.how.name == which;
    });
    then(std::move(view));
  };
  auto end_it = [self, which, gone] {
    auto whom = find_member(self, which);
    if (!whom) {
      gone();
      return;
    }
    self->request(whom->browser, end_patience(*whom), stop_browser{})
      .then(gone, [gone](const caf::error&) {
        gone();
      });
  };
  auto& state = self->state;
  if (auto whom = find_member(self, which))
    whom->leaving = true;
  keep_roster(self);
  self->send(state.admission, forget_browser{which});
  self->request(state.registry, short_patience, end_leases{which})
    .then(end_it, [end_it](const caf::error&) {
      end_it();
    });
}

caf::result<browser_view> remove(fleet_ptr self, fleet_state::member& whom) {
  auto& state = self->state;
  auto others = std::ranges::count_if(state.members, [&](const auto& x) {
    return !x.leaving && !x.on_trial && x.how.name != whom.how.name;
  });
  if (others == 0)
    return to_error(fail(errc::invalid_argument,
                         "Browser '" + whom.how.name.value
                           + "' is the last one that is ready: stop the daemon "
                             "instead."));
  auto leases = static_cast<uint64_t>(
    std::ranges::count_if(state.homes, [&](const auto& x) {
      return x.second == whom.how.name;
    }));
  if (leases > 0 && !whom.draining) {
    auto why
      = fail(errc::browser_busy, "Browser '" + whom.how.name.value
                                   + "' is in use by " + std::to_string(leases)
                                   + (leases == 1 ? " lease." : " leases."));
    why.active = leases;
    return to_error(why);
  }
  journal(self, whom.how.name, "removed");
  auto promise = self->make_response_promise<browser_view>();
  retire(self, whom.how.name, [promise](browser_view x) mutable {
    promise.deliver(std::move(x));
  });
  return promise;
}

/// The settings may have been written since the daemon began.
outcome<std::vector<browser_settings>> configured_now(fleet_ptr self) {
  auto& with = self->state.with;
  return with.configured ? with.configured() : browsers_of(with.how);
}

/// What is wrong with one more, in one line; empty: nothing.
std::string mistakes(fleet_ptr self, const browser_settings& how) {
  auto with = self->state.with.how;
  with.browser = how;
  with.more_browsers.clear();
  for (const auto& x : self->state.members)
    with.more_browsers.push_back(x.how);
  std::string result;
  for (const auto& x : validate(with))
    result += (result.empty() ? "" : " ") + x.field + ": " + x.what;
  return result;
}

} // namespace

caf::result<browser_view> change(fleet_ptr self, const change_browser& x) {
  auto whom = find_member(self, x.which);
  if (!whom || whom->leaving || self->state.stopping)
    return to_error(no_such_browser(x.which));
  switch (x.what) {
    case browser_change::drain:
      return drain(self, *whom, true);
    case browser_change::undrain:
      return drain(self, *whom, false);
    case browser_change::restart:
      return restart(self, *whom);
    case browser_change::remove:
      return remove(self, *whom);
  }
  return to_error(fail(errc::invalid_argument, "No such change."));
}

caf::result<browser_view> add(fleet_ptr self, const add_browser& what) {
  auto configured = configured_now(self);
  if (!configured)
    return to_error(configured.error());
  browser_settings how;
  if (auto why = settle(what, *configured, how))
    return to_error(*why);
  if (find_member(self, how.name))
    return to_error(
      fail(errc::invalid_argument,
           "There is a browser '" + how.name.value + "' already."));
  if (auto wrong = mistakes(self, how); !wrong.empty())
    return to_error(fail(errc::invalid_argument, wrong));
  if (auto why = launch(self, how, false))
    return to_error(*why);
  find_member(self, how.name)->on_trial = true;
  journal(self, how.name, "added");
  keep_roster(self);
  auto promise = self->make_response_promise<browser_view>();
  self
    ->request(find_member(self, how.name)->browser,
              how.start_within + short_patience,
              await_browser{how.start_within})
    .then(
      [=, name = how.name](browser_view& x) mutable {
        if (auto whom = find_member(self, name))
          whom->on_trial = false;
        promise.deliver(std::move(x));
      },
      [=, name = how.name](caf::error& why) mutable {
        journal(self, name, "removed: it did not start");
        retire(self, name, [promise, why](const browser_view&) mutable {
          promise.deliver(std::move(why));
        });
      });
  return promise;
}

} // namespace berth::actors
