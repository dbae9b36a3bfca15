#include "actors/tab.hpp"

#include "actors/errors.hpp"

#include <utility>

namespace berth::actors {

namespace {

using namespace std::chrono_literals;

/// The holder's activity is told this many times per ttl.
constexpr int reports_per_ttl = 8;
constexpr duration report_period_min = 100ms;

size_t size_of(const auto&) {
  return 0;
}

size_t size_of(const navigate& x) {
  return x.url.size();
}

size_t size_of(const evaluate& x) {
  return x.expression.size();
}

size_t size_of(const click& x) {
  return x.selector.size();
}

size_t size_of(const wait_for& x) {
  return x.what.size();
}

size_t size_of(const upload& x) {
  size_t result = x.selector.size();
  for (const auto& path : x.paths)
    result += path.size();
  return result;
}

size_t size_of(const set_download_directory& x) {
  return x.path.size();
}

size_t size_of(const type_text& x) {
  return x.selector.size() + x.text.size();
}

size_t size_of(const watch_page& x) {
  return x.script.size();
}

size_t size_of(const ask_watched& x) {
  return x.expression.size();
}

size_t size_of(const call_cdp& x) {
  return x.method.size() + x.params.size();
}

/// Checks the command, and runs it if it passes.
template <class Command>
auto obey(tab_state& state) {
  return [&state](const Command& x) -> caf::result<answer> {
    constexpr bool only_looks = std::is_same_v<Command, describe_tab>;
    auto whose = state.begin(x.to, size_of(x));
    auto result = whose->promise;
    bool usable = state.lost == loss_cause::none && !state.restoring;
    if (!usable && !only_looks)
      state.finish(whose, state.loss());
    if (!state.over(whose))
      state.run(x, whose);
    state.arm();
    return result;
  };
}

} // namespace

tab_state::~tab_state() {
  auto why = loss();
  why.what = "What drove the tab failed; another takes its place.";
  why.cause = loss_cause::driver_gone;
  finish_all(why);
  if (closed.code == errc::ok && watched)
    caf::anon_send(watched->watcher,
                   page_lost{{with.lease.id, with.lease.token}, why});
}

timestamp tab_state::now() const {
  return self->clock().now();
}

event tab_state::told(event_kind kind, std::string detail) const {
  event result;
  result.kind = kind;
  result.lease = with.lease.id;
  result.token = with.lease.token;
  result.client = with.lease.client;
  result.key = with.lease.key.value;
  result.target = target.value;
  result.generation = generation;
  result.cause = lost;
  result.browser = with.lease.browser.value;
  result.detail = std::move(detail);
  return result;
}

void tab_state::journal(event_kind kind, std::string detail) {
  caf::anon_send(with.recorder, record{{told(kind, std::move(detail))}});
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
  // What no clock can hold is refused below, and not added to one before.
  auto granted = std::min(within, most.command_max);
  auto x = std::make_shared<operation>();
  x->promise = self->make_response_promise<answer>();
  x->deadline = now() + granted;
  x->number = ++last_number;
  under_way.emplace(x->number, x);
  auto& mine = with.lease;
  if (closed.code != errc::ok)
    finish(x, closed);
  else if (to.lease.ref.lease != mine.id)
    finish(x, fail(errc::lease_gone, "This tab belongs to another lease."));
  else if (to.lease.ref.token != mine.token)
    finish(x, fail(errc::stale_token,
                   to_string(to.lease.ref) + " is not the token in force."));
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
      report = now() + report_period();
  }
  return x;
}

duration tab_state::report_period() const {
  return std::max(with.lease.ttl / reports_per_ttl, report_period_min);
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
  x->promise.deliver(to_error(std::move(why)));
}

void tab_state::finish_all(const failure& why) {
  arrivals.clear();
  for (auto& [number, x] : std::exchange(under_way, {}))
    x->promise.deliver(to_error(why));
}

// -- time ---------------------------------------------------------------------

void tab_state::wake() {
  alarm.rang(now());
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
    missed_deadline = true;
    finish(x, fail(errc::deadline_exceeded,
                   "The command was not done by its deadline."));
  }
  arrive_late();
  if (std::exchange(missed_deadline, false) && !probing && !restoring
      && lost == loss_cause::none && closed.code == errc::ok)
    probe(false);
  if (address_due && *address_due <= now())
    note_address();
  if (report && *report <= now()) {
    // A command under way is a sign of life of its holder, too.
    auto ago = under_way.empty() ? now() - last_command : duration{0};
    self->send(with.registry,
               note_activity{{with.lease.id, with.lease.token}, ago});
    report.reset();
    if (!under_way.empty())
      report = now() + report_period();
  }
  arm();
}

void tab_state::arm() {
  auto due = earlier(earlier(calls.next_deadline(), address_due),
                     earlier(report, end));
  for (const auto& [number, x] : under_way)
    due = earlier(due, x->deadline);
  for (const auto& x : arrivals)
    due = earlier(due, x.patience);
  alarm.arm(self, due);
}

tab_shell::behavior_type tab(tab_state::pointer self, const tab_start& with) {
  auto& state = self->state;
  state.with = with;
  if (!with.popup) { // Of an earlier crew, perhaps.
    state.target = with.lease.target;
    state.generation = with.lease.generation;
    if (!with.lease.url.empty())
      state.url = state.written_url = with.lease.url;
  }
  if (state.target)
    state.traces.lose_track();
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
    obey<watch_page>(state),
    obey<ask_watched>(state),
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
    [&state](const get_traces&) -> caf::result<cdp::page_traces> {
      if (state.lost != loss_cause::none)
        return to_error(state.loss());
      return state.traces;
    },
    [&state](wake_atom) {
      state.wake();
    },
  };
}

} // namespace berth::actors
