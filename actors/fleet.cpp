#include "actors/fleet.hpp"

#include "actors/browser.hpp"
#include "actors/errors.hpp"
#include "actors/fleet_changes.hpp"
#include "actors/reaper.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace berth::actors {

namespace {

using self_ptr = fleet_shell::stateful_pointer<fleet_state>;
using member = fleet_state::member;

/// Of the daemon's own actors, which answer at once.
constexpr duration short_patience = std::chrono::seconds{5};

member* home_of(self_ptr self, lease_id which) {
  auto i = self->state.homes.find(which);
  return i == self->state.homes.end() ? nullptr : find_member(self, i->second);
}

bool one_is_ready(self_ptr self) {
  return std::ranges::any_of(self->state.members, [](const member& x) {
    return x.seen.state == browser_health::ready;
  });
}

caf::result<opened_tab> open(self_ptr self, const open_tab& x) {
  auto home = find_member(self, x.lease.browser);
  if (!home && !one_is_ready(self)) {
    auto promise = self->make_response_promise<opened_tab>();
    self->state.homeless.emplace_back(x.lease.browser, promise);
    return promise;
  }
  if (!home)
    return to_error(no_such_browser(x.lease.browser));
  self->state.homes[x.lease.id] = x.lease.browser;
  return self->delegate(home->browser, x);
}

caf::result<opened_tab> drive(self_ptr self, const drive_tab& x) {
  if (auto home = home_of(self, x.lease.id))
    return self->delegate(home->browser, x);
  return to_error(fail(errc::lease_gone, "The lease is over."));
}

caf::result<void> close(self_ptr self, const close_tabs& x) {
  auto home = home_of(self, x.lease);
  self->state.homes.erase(x.lease);
  if (!home)
    return caf::unit;
  return self->delegate(home->browser, x);
}

caf::result<tab_actor> find(self_ptr self, const find_popup& x) {
  if (auto home = home_of(self, x.lease))
    return self->delegate(home->browser, x);
  return to_error(
    fail(errc::target_unknown, "Lease " + std::to_string(x.lease.value)
                                 + " has no tab " + x.target.value + "."));
}

// -- how they are -------------------------------------------------------------

/// Nothing is to be hoped for from any of them.
bool all_rest(self_ptr self) {
  return std::ranges::all_of(self->state.members, [](const member& x) {
    return x.seen.state == browser_health::quarantined
           || x.seen.state == browser_health::stopped;
  });
}

/// What a lone browser says of its end; of several, who says what.
failure last_words(self_ptr self) {
  auto& members = self->state.members;
  auto result = fail(errc::browser_unavailable, {});
  for (const auto& x : members) {
    auto who = "Browser '" + x.how.name.value + "': ";
    result.what += (result.what.empty() ? "" : " ")
                   + (members.size() > 1 ? who : "") + x.seen.trouble;
  }
  return result;
}

void note(self_ptr self, const browser_view& x) {
  auto& state = self->state;
  auto whom = find_member(self, x.name);
  if (!whom || whom->leaving || state.stopping)
    return;
  whom->seen = x;
  whom->seen.draining = whom->draining;
  tell_admission(self, *whom);
  if (one_is_ready(self))
    for (auto& [which, whose] : std::exchange(state.homeless, {}))
      whose.deliver(to_error(no_such_browser(which)));
  if (!all_rest(self))
    return;
  auto why = to_error(last_words(self));
  for (auto& promise : state.awaiting)
    if (promise.pending())
      promise.deliver(why);
  self->quit(why);
}

/// Asks all of them at once, and answers when the last one has.
caf::result<browser_list> look(self_ptr self) {
  auto promise = self->make_response_promise<browser_list>();
  struct round {
    std::vector<browser_view> seen;
    size_t left = 0;
  };
  auto all = std::make_shared<round>();
  for (const auto& x : self->state.members)
    all->seen.push_back(x.seen);
  all->left = all->seen.size();
  auto done = [promise, all]() mutable {
    if (--all->left == 0)
      promise.deliver(browser_list{std::move(all->seen)});
  };
  for (size_t i = 0; i < all->seen.size(); ++i) {
    auto& x = self->state.members[i];
    self->request(x.browser, short_patience, get_browser{})
      .then(
        [=, draining = x.draining](browser_view& now) mutable {
          all->seen[i] = std::move(now);
          all->seen[i].draining = draining;
          done();
        },
        [done](const caf::error&) mutable {
          done();
        });
  }
  return promise;
}

/// The first that is ready answers; why none is, the last that gives up.
caf::result<browser_view> await(self_ptr self, duration within) {
  auto promise = self->make_response_promise<browser_view>();
  auto& awaiting = self->state.awaiting;
  std::erase_if(awaiting, [](const auto& x) {
    return !x.pending();
  });
  awaiting.push_back(promise);
  auto left = std::make_shared<size_t>(self->state.members.size());
  for (const auto& x : self->state.members)
    self->request(x.browser, within + short_patience, await_browser{within})
      .then(
        [promise](browser_view& view) mutable {
          if (promise.pending())
            promise.deliver(std::move(view));
        },
        [promise, left](caf::error& why) mutable {
          if (--*left == 0 && promise.pending())
            promise.deliver(std::move(why));
        });
  return promise;
}

// -- the end ------------------------------------------------------------------

caf::result<void> stop(self_ptr self) {
  auto& state = self->state;
  state.stopping = true;
  auto promise = self->make_response_promise();
  auto left = std::make_shared<size_t>(state.members.size());
  auto done = [=]() mutable {
    if (--*left > 0)
      return;
    promise.deliver(caf::unit);
    self->quit();
  };
  for (const auto& x : state.members)
    self->request(x.browser, end_patience(x), stop_browser{})
      .then(done, [done](const caf::error&) mutable {
        done();
      });
  return promise;
}

/// Without one of its own actors nobody could say what became of its tabs.
void lose(self_ptr self, const caf::down_msg& down) {
  auto& state = self->state;
  auto whose = std::ranges::find_if(state.members, [&](const member& x) {
    return x.browser.address() == down.source
           || x.reaper.address() == down.source;
  });
  if (whose != state.members.end() && !whose->leaving && !state.stopping)
    self->quit(down.reason);
}

} // namespace

chrome_maker always(cdp::chrome_factory x) {
  return [x = std::move(x)](const browser_settings&) {
    return outcome<cdp::chrome_factory>{x};
  };
}

fleet_state::~fleet_state() {
  for (auto& x : members) {
    caf::anon_send_exit(x.reaper, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(x.browser, caf::exit_reason::user_shutdown);
  }
}

// -- what fleet_changes.cpp needs, too ----------------------------------------

member* find_member(self_ptr self, const browser_name& which) {
  auto& members = self->state.members;
  auto i = std::ranges::find_if(members, [&](const member& x) {
    return x.how.name == which;
  });
  return i == members.end() ? nullptr : &*i;
}

duration end_patience(const member& x) {
  return 2 * x.how.stop_within + std::chrono::seconds{5};
}

void tell_admission(self_ptr self, const member& x) {
  auto& state = self->state;
  if (state.admission)
    self->send(state.admission, note_standing{x.how, standing_of(x.seen)});
}

std::optional<failure>
launch(self_ptr self, const browser_settings& how, bool draining) {
  auto& with = self->state.with;
  auto make = with.make_chrome(how);
  if (!make)
    return make.error();
  browser_start start{
    *make, config_for(with.how, how), with.recorder,
    with.downloads.empty() ? "" : with.downloads + "/" + how.name.value};
  start.fleet = self;
  for (const auto& x : with.kept)
    if (x.browser == how.name)
      start.kept.push_back(x);
  for (const auto& x : with.astray)
    if (x.browser == how.name)
      start.astray.push_back(x.target);
  member made;
  made.how = how;
  made.draining = made.seen.draining = draining;
  made.seen.name = how.name;
  made.browser = self->spawn(browser, std::move(start));
  made.reaper
    = self->spawn(reaper, reaper_start{with.how, made.browser, with.recorder});
  self->monitor(made.browser);
  self->monitor(made.reaper);
  if (self->state.admission)
    self->send(made.browser, watch_tabs{self->state.admission, {}});
  self->state.members.push_back(std::move(made));
  tell_admission(self, self->state.members.back());
  return std::nullopt;
}

// -----------------------------------------------------------------------------

fleet_shell::behavior_type fleet(self_ptr self, const fleet_start& with) {
  auto& state = self->state;
  state.with = with;
  self->set_down_handler([self](const caf::down_msg& down) {
    lose(self, down);
  });
  for (const auto& x : with.who.browsers)
    if (auto why = launch(self, x, with.who.draining.contains(x.name)))
      self->quit(to_error(*why));
  return {
    [self](const open_tab& x) {
      return open(self, x);
    },
    [self](const drive_tab& x) {
      return drive(self, x);
    },
    [self](const close_tabs& x) {
      return close(self, x);
    },
    [self](const find_popup& x) {
      return find(self, x);
    },
    [self](const watch_tabs& x) {
      self->state.admission = x.whom;
      self->state.registry = x.registry;
      for (auto& one : self->state.members) {
        self->send(one.browser, x);
        tell_admission(self, one);
      }
    },
    [self](const note_browser& x) {
      note(self, x.now);
    },
    [self](const get_browsers&) {
      return look(self);
    },
    [self](const await_browser& x) {
      return await(self, x.within);
    },
    [self](const change_browser& x) {
      return change(self, x);
    },
    [self](const add_browser& x) {
      return add(self, x);
    },
    [self](const stop_browser&) {
      return stop(self);
    },
  };
}

} // namespace berth::actors
