#include "actors/client.hpp"

#include "actors/errors.hpp"
#include "actors/lease_registry.hpp"
#include "actors/log_health.hpp"
#include "actors/runtime.hpp"

#include <algorithm>
#include <unistd.h>

namespace berth::actors {

namespace {

using namespace std::chrono_literals;

using self_ptr = client_shell::stateful_pointer<client_state>;

/// For what needs nobody but the daemon's own actors.
constexpr duration short_patience = 10s;

/// Leases whose tab a client remembers; others are looked up anew.
constexpr size_t tabs_max = 64;

void remember(self_ptr self, lease_id which, const tab_actor& tab) {
  auto& [with, tabs, used, winding_down, status_now, status_next] = self->state;
  if (tabs.insert_or_assign(which, tab).second) {
    used.push_back(which);
    self->monitor(tab);
  }
  if (used.size() > tabs_max) {
    self->demonitor(tabs.at(used.front()).address());
    tabs.erase(used.front());
    used.pop_front();
  }
}

/// A tab ends with its lease, and may be forgotten by then. The agent, or the
/// crew that knew it, ends us.
void lost_sight(self_ptr self, const caf::down_msg& down) {
  auto& [with, tabs, used, winding_down, status_now, status_next] = self->state;
  for (auto& [which, tab] : tabs)
    if (tab.address() == down.source) {
      std::erase(used, which);
      tabs.erase(which);
      return;
    }
  if (down.source == with.who.watcher.address()
      || down.source == with.with.registry.address())
    self->quit(down.reason);
}

/// Hands the command to the tab, which answers the agent itself. Who shows no
/// credential does not even hear whether there is such a lease.
template <class Command>
caf::result<answer> forward(self_ptr self, Command& x) {
  auto& [with, tabs, used, winding_down, status_now, status_next] = self->state;
  if (!proves(with.key, x.to.lease))
    return to_error(wrong_credential(x.to.lease.ref));
  auto which = x.to.lease.ref;
  x.to.lease = which; // The proof goes no further.
  if (x.to.target) {
    auto promise = self->make_response_promise<answer>();
    self
      ->request(with.with.fleet, short_patience,
                find_popup{which.lease, x.to.target})
      .then(
        [promise, x](const tab_actor& tab) mutable {
          promise.delegate(tab, std::move(x));
        },
        [promise](caf::error& why) mutable {
          promise.deliver(why);
        });
    return promise;
  }
  if (auto i = tabs.find(which.lease); i != tabs.end())
    return self->delegate(i->second, std::move(x));
  auto promise = self->make_response_promise<answer>();
  self->request(with.with.registry, short_patience, find_tab{which})
    .then(
      [self, promise, x](const opened_lease& found) mutable {
        remember(self, x.to.lease.ref.lease, found.tab);
        promise.delegate(found.tab, std::move(x));
      },
      [promise](caf::error& why) mutable {
        promise.deliver(why);
      });
  return promise;
}

template <class Command>
auto forwards(self_ptr self) {
  return [self](Command& x) {
    return forward(self, x);
  };
}

/// What its holder wants of a lease, if it shows that it is the holder.
template <class Answer, class Request>
caf::result<Answer> to_registry(self_ptr self, Request& x) {
  if (!proves(self->state.with.key, x.lease))
    return to_error(wrong_credential(x.lease.ref));
  x.lease = x.lease.ref; // The proof goes no further.
  return self->delegate(self->state.with.with.registry, std::move(x));
}

caf::error about_to_end() {
  return to_error(fail(errc::stopping, "The daemon is about to end."));
}

/// Hands the request to the sessions, in this client's name.
template <class Request>
auto goes_to_sessions(self_ptr self) {
  return [self](Request& x) {
    auto& with = self->state.with;
    if constexpr (requires { x.by; })
      x.by = with.by;
    return self->delegate(with.with.sessions, std::move(x));
  };
}

/// The same for what a daemon that ends would not see the end of.
template <class Answer, class Request>
auto begins_in_sessions(self_ptr self) {
  return [self](Request& x) -> caf::result<Answer> {
    if (self->state.winding_down)
      return about_to_end();
    return goes_to_sessions<Request>(self)(x);
  };
}

caf::result<grant> get_berth(self_ptr self, acquire x) {
  if (self->state.winding_down)
    return about_to_end();
  auto& with = self->state.with;
  x.by = with.by;
  if (x.key.value.empty() || x.key.value.size() > 64)
    return to_error(
      fail(errc::invalid_argument, "'key' must have 1 to 64 characters."));
  x.wait = std::max(x.wait, duration{0});
  auto promise = self->make_response_promise<grant>();
  auto patience = std::min(x.wait, with.how.admission.wait_max)
                  + open_lease_within(with.how) + 2 * patience_margin;
  self->request(with.with.admission, patience, std::move(x))
    .then(
      [self, promise](opened_lease& made) mutable {
        auto which = made.lease.lease.ref;
        remember(self, which.lease, made.tab);
        made.lease.lease = prove(self->state.with.key, which);
        promise.deliver(std::move(made.lease));
      },
      [self, promise](caf::error& why) mutable {
        bool dropped = self->state.winding_down
                       && to_failure(why).code == errc::client_gone;
        promise.deliver(dropped ? about_to_end() : why);
      });
  return promise;
}

/// No new work; and whoever waits for a berth would wait in vain.
void wind_up(self_ptr self) {
  self->state.winding_down = true;
  auto& with = self->state.with;
  self->send(with.with.admission, drop_client{with.by.client});
}

/// A name that is none is better refused now than by its first run.
caf::result<session_view> open_talk(self_ptr self, open_session& x) {
  if (!x.browser)
    return begins_in_sessions<session_view, open_session>(self)(x);
  auto promise = self->make_response_promise<session_view>();
  auto& with = self->state.with;
  x.by = with.by;
  self->request(with.with.fleet, short_patience, get_browsers{})
    .then(
      [promise, x, self,
       sessions = with.with.sessions](const browser_list& all) mutable {
        if (self->state.winding_down)
          promise.deliver(about_to_end());
        else if (std::ranges::find(all.browsers, x.browser, &browser_view::name)
                 == all.browsers.end())
          promise.deliver(to_error(no_such_browser(x.browser)));
        else
          promise.delegate(sessions, std::move(x));
      },
      [promise](caf::error& why) mutable {
        promise.deliver(std::move(why));
      });
  return promise;
}

/// Asks everybody, one after the other, and puts it together. One at a time for
/// each client: what it asks meanwhile is answered by the next one at once.
class status_round {
public:
  static caf::result<status> ask(self_ptr self) {
    auto promise = self->make_response_promise<status>();
    auto& state = self->state;
    state.status_next.push_back(promise);
    if (state.status_now.empty())
      begin(self);
    return promise;
  }

private:
  using round_ptr = std::shared_ptr<status_round>;

  static void begin(self_ptr self) {
    self->state.status_now.swap(self->state.status_next);
    auto round = std::make_shared<status_round>();
    round->self_ = self;
    auto& with = self->state.with;
    auto& x = round->result_;
    x.version = berth::version();
    x.pid = ::getpid();
    x.epoch = with.with.epoch;
    x.uptime = self->clock().now() - with.started;
    round->ask_fleet(round);
  }

  template <class Answer>
  static void end(self_ptr self, const Answer& x) {
    for (auto& promise : std::exchange(self->state.status_now, {}))
      promise.deliver(x);
    if (!self->state.status_next.empty())
      begin(self);
  }

  const crew& crew_of() const {
    return self_->state.with.with;
  }

  auto give_up() {
    return [self = self_](const caf::error& why) {
      end(self, why);
    };
  }

  void ask_fleet(const round_ptr& round) {
    self_->request(crew_of().fleet, short_patience, get_browsers{})
      .then(
        [round](browser_list& x) {
          round->result_.browsers = std::move(x.browsers);
          round->keep_endpoints_from_agents();
          round->ask_registry(round);
        },
        give_up());
  }

  void ask_registry(const round_ptr& round) {
    self_->request(crew_of().registry, short_patience, get_leases{})
      .then(
        [round](lease_list& x) {
          round->result_.leases = std::move(x.leases);
          round->result_.clients = x.clients;
          round->ask_admission(round);
        },
        give_up());
  }

  void ask_admission(const round_ptr& round) {
    self_->request(crew_of().admission, short_patience, get_queue{})
      .then(
        [round](queue_view& x) {
          round->result_.slots = x.active;
          round->take(x.browsers);
          round->result_.keys = std::move(x.keys);
          round->result_.tickets = std::move(x.tickets);
          round->ask_recorder(round);
        },
        give_up());
  }

  void ask_recorder(const round_ptr& round) {
    self_->request(crew_of().recorder, short_patience, get_journal{})
      .then(
        [round](std::string& trouble) {
          round->result_.journal_trouble = std::move(trouble);
          round->result_.log_trouble = log_trouble();
          end(round->self_, round->result_);
        },
        give_up());
  }

  /// Chrome's own port has no authentication: who knows it has every tab.
  void keep_endpoints_from_agents() {
    if (!may(self_->state.with.by.rights, verb::change_browser))
      for (auto& one : result_.browsers)
        one.endpoint.clear();
  }

  void take(const std::vector<browser_load>& loads) {
    for (auto& one : result_.browsers)
      for (const auto& x : loads)
        if (x.name == one.name) {
          one.slots = x.slots;
          one.slots_max = x.slots_max;
          one.tabs_max = x.tabs_max;
          one.waiting = x.waiting;
          result_.slots_max += x.slots_max;
          result_.tabs_max += x.tabs_max;
        }
  }

  self_ptr self_ = nullptr;
  status result_;
};

} // namespace

client_shell::behavior_type client(self_ptr self, const client_start& with) {
  self->state.with = with;
  self->monitor(with.who.watcher);
  self->monitor(with.with.registry);
  self->set_down_handler([self](const caf::down_msg& down) {
    lost_sight(self, down);
  });
  auto& crew = self->state.with.with;
  caf::anon_send(crew.recorder,
                 watch{with.who.watcher, with.by, with.who.wants});
  return {
    [self](const acquire& x) {
      return get_berth(self, x);
    },
    [self](renew_lease& x) {
      return to_registry<duration>(self, x);
    },
    [self](release_lease& x) {
      return to_registry<void>(self, x);
    },
    [self](cancel_ticket& x) {
      x.by = self->state.with.by;
      return self->delegate(self->state.with.with.admission, x);
    },
    [self](const get_status&) {
      return status_round::ask(self);
    },
    forwards<navigate>(self),
    forwards<evaluate>(self),
    forwards<click>(self),
    forwards<type_text>(self),
    forwards<wait_for>(self),
    forwards<screenshot>(self),
    forwards<snapshot>(self),
    forwards<upload>(self),
    forwards<set_download_directory>(self),
    forwards<call_cdp>(self),
    forwards<recover_tab>(self),
    forwards<describe_tab>(self),
    [self](open_session& x) {
      return open_talk(self, x);
    },
    begins_in_sessions<run_view, send_prompt>(self),
    goes_to_sessions<poll_run>(self),
    goes_to_sessions<stop_run>(self),
    goes_to_sessions<switch_provider>(self),
    goes_to_sessions<reattach_session>(self),
    goes_to_sessions<close_session>(self),
    goes_to_sessions<show_session>(self),
    goes_to_sessions<list_sessions>(self),
    [self](const watch_session& x) {
      auto& me = self->state.with;
      return self->delegate(me.with.sessions,
                            follow_session{me.who.watcher, x.session});
    },
    [self](wind_down) {
      wind_up(self);
    },
    [self](const goodbye&) -> caf::result<void> {
      auto& me = self->state.with;
      self->send(me.with.registry, drop_client{me.by.client, true});
      self->quit();
      return caf::unit;
    },
  };
}

} // namespace berth::actors
