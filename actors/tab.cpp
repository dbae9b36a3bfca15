#include "actors/tab.hpp"

#include "actors/errors.hpp"
#include "cdp/message.hpp"

#include <utility>

namespace berth::actors {

namespace {

using namespace std::chrono_literals;

/// How long Chrome may take to set a tab up.
constexpr duration setup_patience = 10s;

/// How long a tab whose lease is over goes on saying so.
constexpr duration linger = 1s;

/// The holder's activity is told this many times per ttl.
constexpr int reports_per_ttl = 8;

size_t size_of(const auto&) {
  return 0;
}

size_t size_of(const navigate& x) {
  return x.url.size();
}

size_t size_of(const evaluate& x) {
  return x.expression.size();
}

size_t size_of(const type_text& x) {
  return x.selector.size() + x.text.size();
}

size_t size_of(const call_cdp& x) {
  return x.params.size();
}

/// Checks the command, and runs it if it passes.
template <class Command>
auto obey(tab_state& state) {
  return [&state](const Command& x) -> caf::
                                      result<answer> {
                                        auto whose
                                          = state.begin(x.to, size_of(x));
                                        auto result = whose->promise;
                                        if (!std::is_same_v<Command, describe_tab>
        && (state.lost != loss_cause::none || state.restoring))
                                          state.finish(whose, state.loss());
                                        if (!state.over(whose))
                                          state.run(x, whose);
                                        state.arm();
                                        return result;
                                      };
}

} // namespace

timestamp tab_state::now() const {
  return self->clock().now();
}

void tab_state::journal(event_kind kind, std::string detail) {
  event told;
  told.kind = kind;
  told.lease = with.lease.id;
  told.token = with.lease.token;
  told.client = with.lease.client;
  told.key = with.lease.key.value;
  told.target = target.value;
  told.generation = generation;
  told.cause = lost;
  told.detail = std::move(detail);
  caf::anon_send(with.recorder, record{{std::move(told)}});
}

failure tab_state::loss() const {
  auto result = fail(errc::tab_lost,
                     "The tab is lost: " + std::string{to_string(lost)} + ".");
  result.cause = lost;
  result.generation = generation;
  result.restorable = !with.popup;
  return result;
}

// -- every command ------------------------------------------------------------

tab_state::operation_ptr tab_state::begin(const addressee& to, size_t bytes) {
  auto& most = with.how.tab;
  auto within = to.within > duration{0} ? to.within : most.command_default;
  auto x = std::make_shared<operation>();
  x->promise = self->make_response_promise<answer>();
  x->deadline = now() + within;
  x->number = ++last_number;
  under_way.emplace(x->number, x);
  auto& mine = with.lease;
  if (closed.code != errc::ok)
    finish(x, closed);
  else if (to.lease.lease != mine.id)
    finish(x, fail(errc::lease_gone, "This tab belongs to another lease."));
  else if (to.lease.token != mine.token)
    finish(x, fail(errc::stale_token,
                   to_string(to.lease) + " is not the token in force."));
  else if (within > most.command_max)
    finish(x, fail(errc::invalid_argument,
                   "'within' is " + to_string(within) + "; a command may take "
                     + to_string(most.command_max) + " at most."));
  else if (bytes > most.request_max)
    finish(x, fail(errc::too_large, "The command has " + std::to_string(bytes)
                                      + " bytes; the limit is "
                                      + std::to_string(most.request_max)));
  else if (under_way.size() > most.in_flight_max)
    finish(x, fail(errc::tab_overloaded,
                   std::to_string(most.in_flight_max)
                     + " commands are under way in this tab already."));
  else {
    last_command = now();
    if (!report)
      report = now() + mine.ttl / reports_per_ttl;
  }
  return x;
}

bool tab_state::over(const operation_ptr& x) const {
  return !under_way.contains(x->number);
}

duration tab_state::left(const operation_ptr& x) const {
  return std::max(x->deadline - now(), duration{0});
}

void tab_state::finish(const operation_ptr& x, std::string value) {
  if (under_way.erase(x->number) == 0)
    return;
  if (value.size() > with.how.tab.answer_max)
    x->promise.deliver(to_error(fail(
      errc::answer_too_large,
      "The answer has " + std::to_string(value.size()) + " bytes; the limit is "
        + std::to_string(with.how.tab.answer_max) + ".")));
  else
    x->promise.deliver(answer{std::move(value), target, generation});
}

void tab_state::finish(const operation_ptr& x, failure why) {
  if (under_way.erase(x->number) == 0)
    return;
  missed_deadline |= why.code == errc::deadline_exceeded;
  x->promise.deliver(to_error(std::move(why)));
}

void tab_state::finish_all(const failure& why) {
  arrivals.clear();
  for (auto& [number, x] : std::exchange(under_way, {}))
    x->promise.deliver(to_error(why));
}

// -- life and death -----------------------------------------------------------

/// Everything is sent at once, the resumption last: the page runs nothing
/// before it is set up.
caf::result<void> tab_state::attached(const tab_attached& x) {
  auto promise = self->make_response_promise();
  calls.abandon(loss());
  calls.connect(x.link, x.ids);
  target = x.target;
  attachment = x.attachment;
  loader.clear();
  reached.clear();
  auto set_up = [&](std::string_view method, std::string_view params,
                    cdp_calls::continuation then) {
    calls.send({method, params, attachment.value, now() + setup_patience},
               std::move(then));
  };
  auto ignore = [](const reply&) {};
  set_up("Page.enable", {}, ignore);
  set_up("Page.setLifecycleEventsEnabled", R"({"enabled":true})", ignore);
  set_up("Emulation.setFocusEmulationEnabled", R"({"enabled":true})", ignore);
  set_up("Inspector.enable", {}, ignore);
  set_up("Runtime.runIfWaitingForDebugger", {},
         [promise](const reply& last) mutable {
           if (last.ok())
             promise.deliver(caf::unit);
           else
             promise.deliver(to_error(*last.why));
         });
  if (generation == 0)
    generation = 1;
  arm();
  return promise;
}

void tab_state::gone(const tab_gone& x) {
  if (x.target != target || closed.code != errc::ok
      || (lost != loss_cause::none && !restoring))
    return;
  lost = x.cause;
  auto why = loss();
  if (std::exchange(restoring, false))
    not_recovered(why);
  finish_all(why);
  calls.abandon(why);
  journal(event_kind::tab_lost, url);
}

void tab_state::close(const tab_closed& x) {
  if (closed.code != errc::ok)
    return;
  closed = x.why;
  restoring = false;
  recovering.clear();
  report.reset();
  finish_all(closed);
  calls.abandon(closed);
  // For a moment it still tells why to those who have not heard.
  end = now() + linger;
  arm();
}

// -- recovery -----------------------------------------------------------------

/// One recovery at a time: whoever asks while it runs gets its outcome.
caf::result<answer> tab_state::recover(const recover_tab& x) {
  auto whose = begin(x.to);
  auto result = whose->promise;
  arm();
  if (over(whose))
    return result;
  if (lost == loss_cause::none && !restoring) {
    finish(whose, target.value);
    return result;
  }
  if (with.popup) {
    finish(whose, loss());
    return result;
  }
  recovering.push_back(whose);
  if (std::exchange(restoring, true))
    return result;
  self
    ->request(with.browser, 2 * with.how.tab.open_within,
              recreate_tab{with.lease.id})
    .then(
      [this](const target_id& made) {
        recovered(made);
      },
      [this](const caf::error& why) {
        not_recovered(to_failure(why));
      });
  return result;
}

void tab_state::recovered(const target_id& made) {
  if (!restoring || made != target)
    return;
  ++generation;
  auto& mine = with.lease;
  self
    ->request(with.registry, with.how.tab.open_within,
              bind_lease{{mine.id, mine.token}, target, generation})
    .then(
      [this] {
        if (!std::exchange(restoring, false))
          return;
        lost = loss_cause::none;
        journal(event_kind::tab_recovered, url);
        auto waiting = std::exchange(recovering, {});
        if (url == "about:blank") {
          for (auto& x : waiting)
            finish(x, target.value);
          return;
        }
        go_back(waiting);
        arm();
      },
      [this](const caf::error& why) {
        not_recovered(to_failure(why));
      });
}

/// To where the lost tab was. Whether the page comes up again is for the
/// holder to see: it has a tab in any case.
void tab_state::go_back(const std::vector<operation_ptr>& waiting) {
  auto params = R"({"url":)" + cdp::quote(url) + "}";
  calls.send({"Page.navigate", params, attachment.value,
              now() + with.how.tab.open_within},
             [this, waiting](const reply& got) {
               auto document = cdp::read_text_field(got.result(), "loaderId");
               for (auto& x : waiting)
                 if (document.empty())
                   finish(x, target.value);
                 else
                   arrivals.push_back({x, document, "load", target.value});
               check_arrivals();
             });
}

void tab_state::not_recovered(const failure& why) {
  restoring = false;
  for (auto& x : std::exchange(recovering, {}))
    finish(x, why);
}

// -- time ---------------------------------------------------------------------

/// A deadline passed without a word from the page. Is it busy, or dead? Ask;
/// then stop whatever runs in it and ask once more.
void tab_state::probe(bool second_try) {
  probing = true;
  auto again = [this, second_try](const reply& x) {
    if (x.ok() || lost != loss_cause::none || closed.code != errc::ok) {
      probing = false;
      return;
    }
    if (second_try) {
      probing = false;
      gone({target, loss_cause::unresponsive});
    } else
      probe(true);
  };
  // The first question is a short one: what runs in the page is stopped if it
  // is not answered, so that the tab is of use again.
  auto patience = second_try ? with.how.tab.probe : with.how.tab.probe / 4;
  auto deadline = now() + patience;
  if (second_try)
    calls.send({"Runtime.terminateExecution", {}, attachment.value, deadline},
               [](const reply&) {});
  calls.send(
    {"Runtime.evaluate", R"({"expression":"1"})", attachment.value, deadline},
    again);
  arm();
}

void tab_state::wake() {
  alarm.rang();
  if (end && *end <= now()) {
    self->quit();
    return;
  }
  calls.expire(now());
  for (auto i = under_way.begin(); i != under_way.end();) {
    auto x = (i++)->second;
    if (x->deadline > now())
      continue;
    std::erase(recovering, x);
    std::erase_if(arrivals, [&](auto& a) {
      return a.whose == x;
    });
    finish(x, fail(errc::deadline_exceeded,
                   "The command was not done by its deadline."));
  }
  if (std::exchange(missed_deadline, false) && !probing && !restoring
      && lost == loss_cause::none && closed.code == errc::ok)
    probe(false);
  if (report && *report <= now()) {
    // A command under way is a sign of life of its holder, too.
    auto ago = under_way.empty() ? now() - last_command : duration{0};
    self->send(with.registry,
               note_activity{{with.lease.id, with.lease.token}, ago});
    report.reset();
    if (!under_way.empty())
      report = now() + with.lease.ttl / reports_per_ttl;
  }
  arm();
}

void tab_state::arm() {
  auto due = earlier(calls.next_deadline(), earlier(report, end));
  for (const auto& [number, x] : under_way)
    due = earlier(due, x->deadline);
  alarm.arm(self, due);
}

tab_shell::behavior_type tab(tab_state::pointer self, const tab_start& with) {
  auto& state = self->state;
  state.with = with;
  return {
    obey<navigate>(state),
    obey<evaluate>(state),
    obey<click>(state),
    obey<type_text>(state),
    obey<wait_for>(state),
    obey<screenshot>(state),
    obey<snapshot>(state),
    obey<upload>(state),
    obey<set_download_directory>(state),
    obey<call_cdp>(state),
    [&state](const recover_tab& x) {
      return state.recover(x);
    },
    obey<describe_tab>(state),
    [&state](const tab_attached& x) {
      return state.attached(x);
    },
    [&state](const tab_gone& x) {
      state.gone(x);
    },
    [&state](const cdp::frame_ptr& x) {
      state.hear(x);
    },
    [&state](const tab_closed& x) {
      state.close(x);
    },
    [&state](wake_atom) {
      state.wake();
    },
  };
}

} // namespace berth::actors
