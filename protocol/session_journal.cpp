#include "protocol/session_journal.hpp"

#include <set>

namespace berth::protocol {

namespace {

event of_run(event_kind kind, run_id run) {
  event result;
  result.kind = kind;
  result.run = run;
  return result;
}

struct describe_session {
  timestamp now;

  event operator()(const run_queued& x) const {
    auto result = of_run(event_kind::run_queued, x.run);
    result.ahead = x.ahead;
    result.detail = to_string(x.why);
    return result;
  }

  event operator()(const run_started& x) const {
    auto result = of_run(event_kind::run_started, x.run.run);
    result.key = x.provider;
    result.estimate = x.deadline - now;
    return result;
  }

  event operator()(const run_confirmed& x) const {
    return of_run(event_kind::run_confirmed, x.run.run);
  }

  event operator()(const run_progressed& x) const {
    auto result = of_run(event_kind::run_progressed, x.run.run);
    result.length = x.length;
    return result;
  }

  event operator()(const run_adrift& x) const {
    auto result = of_run(event_kind::run_adrift, x.run.run);
    result.cause = x.cause;
    return result;
  }

  event operator()(const run_resumed& x) const {
    return of_run(event_kind::run_resumed, x.run.run);
  }

  event operator()(const run_yielding& x) const {
    return of_run(event_kind::run_yielding, x.run);
  }

  event operator()(const run_settled& x) const {
    auto result = of_run(event_kind::run_settled, x.run);
    result.detail = to_string(x.result);
    if (x.why != errc::ok)
      result.detail += std::string{", "} + to_string(x.why);
    return result;
  }

  event operator()(const run_overdue& x) const {
    return of_run(event_kind::run_overdue, x.run);
  }

  event operator()(const run_ended& x) const {
    return of_run(event_kind::run_ended, x.run);
  }

  event operator()(const provider_switched& x) const {
    auto result = of_run(event_kind::provider_switched, {});
    result.key = x.provider;
    return result;
  }

  event operator()(const session_moved& x) const {
    auto result = of_run(event_kind::session_moved, {});
    result.browser = x.where.value;
    return result;
  }

  event operator()(const session_ended& x) const {
    auto result = of_run(event_kind::session_closed, {});
    result.detail = x.expired ? "nobody used it" : "closed";
    return result;
  }
};

/// The run that an event is about; zero if it is about the session.
struct run_of {
  run_id operator()(const run_progressed&) const {
    return {};
  }

  template <class Event>
  run_id operator()(const Event& x) const {
    if constexpr (requires { x.run.run; })
      return x.run.run;
    else if constexpr (requires { x.run; })
      return x.run;
    else
      return {};
  }
};

} // namespace

event describe(session_id where, const session_event& x, timestamp now) {
  auto result = std::visit(describe_session{now}, x);
  result.session = where;
  return result;
}

journal_rows rows_of(const session_row& now, const session_decision& what) {
  journal_rows result;
  if (what.events.empty() || now.closed)
    return result;
  session_row mine = now;
  mine.runs.clear();
  result.emplace_back(std::move(mine));
  std::set<run_id> told;
  for (const auto& x : what.events)
    if (auto run = now.runs.find(std::visit(run_of{}, x));
        run != now.runs.end() && told.insert(run->first).second)
      result.emplace_back(session_run{now.id, run->second});
  return result;
}

} // namespace berth::protocol
