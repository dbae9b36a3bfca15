#include "protocol/journal_state.hpp"

#include "protocol/session_journal.hpp"

#include <algorithm>

namespace berth::protocol {

namespace {

class teller {
public:
  teller(journal_state& state, size_t runs_kept_max, journal_changes& changes)
    : state_{state}, runs_kept_max_{runs_kept_max}, changes_{changes} {
    // nop
  }

  void tell(const event& x, timestamp at) {
    if (x.session)
      tell_session(x, at);
    else if (x.lease)
      tell_lease(x);
    else if (x.client)
      tell_client(x);
    else
      tell_browser(x);
  }

  void operator()(const lease& x) {
    auto& row = state_.leases[x.id];
    auto url = std::move(row.url); // Which only the tab's events tell,
    auto downloads = std::move(row.downloads); // as this.
    row = x;
    row.url = std::move(url);
    row.downloads = std::move(downloads);
    row.deadline = {}; // Of a clock that the next daemon does not have.
    changes_.leases.insert(x.id);
  }

  void operator()(const session_row& x) {
    auto& row = state_.sessions[x.id];
    auto runs = std::move(row.runs);
    row = x;
    row.runs = std::move(runs);
    drop_forgotten(row);
    changes_.sessions.insert(x.id);
  }

  void operator()(const session_run& x) {
    auto session = state_.sessions.find(x.session);
    if (session == state_.sessions.end())
      return; // It was closed in the same entry.
    session->second.runs[x.run.id] = x.run;
    changes_.runs.insert({x.session, x.run.id});
  }

private:
  // -- leases

  void tell_lease(const event& x) {
    switch (x.kind) {
      case event_kind::lease_granted:
      case event_kind::lease_bound: {
        auto& row = state_.leases[x.lease];
        row.id = x.lease;
        row.token = x.token;
        row.client = x.client;
        row.slot = x.slot;
        row.key = {x.key};
        row.target = {x.target};
        row.generation = x.generation;
        row.browser = {x.browser};
        row.state = x.kind == event_kind::lease_bound ? lease_state::bound
                                                      : lease_state::opening;
        break;
      }
      case event_kind::tab_moved:
      case event_kind::downloads_kept: {
        auto row = state_.leases.find(x.lease);
        if (row == state_.leases.end())
          return; // Its lease is over.
        auto& told = x.kind == event_kind::tab_moved ? row->second.url
                                                     : row->second.downloads;
        told = x.detail;
        break;
      }
      case event_kind::lease_ended:
        state_.leases.erase(x.lease);
        break;
      default:
        return;
    }
    changes_.leases.insert(x.lease);
  }

  // -- sessions and their runs

  void tell_session(const event& x, timestamp at) {
    if (x.kind == event_kind::session_opened) {
      close(x.session); // Another epoch's, if there was one.
      state_.last_session = std::max(state_.last_session, x.session);
      auto& row = state_.sessions[x.session];
      row.id = x.session;
      row.provider = x.key;
      row.browser = {x.browser};
      row.used = at;
      changes_.sessions.insert(x.session);
      return;
    }
    auto i = state_.sessions.find(x.session);
    if (i == state_.sessions.end())
      return;
    auto& row = i->second;
    if (x.kind == event_kind::session_closed)
      close(x.session);
    else if (x.kind == event_kind::provider_switched) {
      row.provider = x.key;
      changes_.sessions.insert(row.id);
    } else if (x.kind == event_kind::session_moved) {
      row.browser = {x.browser};
      changes_.sessions.insert(row.id);
    } else if (x.run)
      tell_run(row, x, at);
  }

  void close(session_id which) {
    auto session = state_.sessions.extract(which);
    if (!session)
      return;
    for (const auto& [id, run] : session.mapped().runs)
      changes_.runs.insert({which, id});
    changes_.sessions.insert(which);
  }

  void tell_run(session_row& session, const event& x, timestamp at) {
    auto& run = session.runs[x.run];
    run.id = x.run;
    session.runs_made = std::max(session.runs_made, x.run.value);
    switch (x.kind) {
      case event_kind::run_queued:
        run.state = session_state::queued;
        run.hold = parse_word<hold_reason>(x.detail).value_or(hold_reason{});
        break;
      case event_kind::run_started:
        run.state = session_state::sending;
        run.hold = hold_reason::none;
        run.provider = x.key;
        run.started = at;
        run.deadline = at + x.estimate;
        session.owner = x.run;
        break;
      case event_kind::run_confirmed:
        run.state = session_state::polling;
        break;
      case event_kind::run_progressed:
        run.length = x.length;
        break;
      case event_kind::run_adrift:
        ++run.tabs_lost;
        break;
      case event_kind::run_yielding:
        run.yields = true;
        break;
      case event_kind::run_settled:
        settle(run, x, at);
        if (session.owner != x.run)
          bury(session, x.run);
        break;
      case event_kind::run_ended:
        session.owner = {};
        run.yields = false;
        session.used = at;
        if (run.result)
          bury(session, x.run);
        break;
      default:
        break;
    }
    changes_.runs.insert({session.id, x.run});
    changes_.sessions.insert(session.id);
  }

  /// The detail is a result, and a code unless all is well.
  static void settle(run& x, const event& told, timestamp at) {
    auto comma = std::min(told.detail.find(", "), told.detail.size());
    x.result = parse_word<session_state>(
                 std::string_view{told.detail}.substr(0, comma))
                 .value_or(session_state{});
    x.state = *x.result;
    x.settled = at;
    if (comma < told.detail.size())
      x.why.code
        = parse_errc(told.detail.substr(comma + 2)).value_or(errc::internal);
  }

  void bury(session_row& session, run_id which) {
    if (std::ranges::find(session.over, which) != session.over.end())
      return;
    session.over.push_back(which);
    if (session.over.size() > runs_kept_max_)
      session.over.erase(session.over.begin());
    drop_forgotten(session);
  }

  /// A run that has its result, and is neither the owner nor among those that
  /// are kept when over, is known to nobody.
  void drop_forgotten(session_row& session) {
    std::erase_if(session.runs, [&](const auto& x) {
      bool kept
        = !x.second.result || x.first == session.owner
          || std::ranges::find(session.over, x.first) != session.over.end();
      if (!kept)
        changes_.runs.insert({session.id, x.first});
      return !kept;
    });
  }

  // -- clients and browsers

  void tell_client(const event& x) {
    if (x.kind == event_kind::client_joined)
      state_.clients[x.client] = {x.client, x.detail};
    else if (x.kind == event_kind::client_left)
      state_.clients.erase(x.client);
    else
      return;
    changes_.clients.insert(x.client);
  }

  void tell_browser(const event& x) {
    if (x.kind != event_kind::browser_up && x.kind != event_kind::browser_down)
      return;
    state_.browsers[x.browser]
      = {x.browser, x.kind == event_kind::browser_up, x.detail};
    changes_.browsers.insert(x.browser);
  }

  journal_state& state_;
  size_t runs_kept_max_;
  journal_changes& changes_;
};

} // namespace

void tell(journal_state& state, const journal_entry& what, size_t runs_kept_max,
          journal_changes& changes) {
  teller all{state, runs_kept_max, changes};
  for (const auto& x : what.what)
    all.tell(x, what.at);
  for (const auto& x : what.rows)
    std::visit(all, x);
}

bool is_news(event_kind kind) {
  switch (kind) {
    case event_kind::ticket_issued:
    case event_kind::ticket_ended:
    case event_kind::slot_granted:
    case event_kind::slot_returned:
    case event_kind::popup_opened:
    case event_kind::popup_refused:
    case event_kind::target_orphaned:
    case event_kind::target_closed:
    case event_kind::tab_parked:
    case event_kind::tab_unparked:
    case event_kind::tab_moved:
    case event_kind::browser_changed:
    case event_kind::dialog_answered:
    case event_kind::download_done:
    case event_kind::download_failed:
    case event_kind::client_joined:
    case event_kind::client_left:
    case event_kind::events_missed:
    case event_kind::events_suppressed:
      return true;
    default:
      return false;
  }
}

bool lives_on(const lease& x, const journal_state& left) {
  if (x.state != lease_state::bound)
    return false;
  auto session = session_of(x.client);
  if (!session)
    return true;
  auto i = left.sessions.find(session);
  return i != left.sessions.end() && i->second.owner;
}

void fit(journal_state& left, timestamp now) {
  for (auto& [id, session] : left.sessions) {
    session.used = std::min(session.used, now);
    for (auto& [number, x] : session.runs) {
      // Its deadline keeps its distance.
      if (x.started > now) {
        x.deadline -= x.started - now;
        x.started = now;
      }
      x.settled = std::min(x.settled, now);
    }
  }
}

std::vector<stray_tab> left_astray(const journal_state& left) {
  std::vector<stray_tab> result;
  for (const auto& [id, x] : left.leases)
    if (x.target && !lives_on(x, left))
      result.push_back({x.browser, x.target});
  return result;
}

journal_entry obituary(const journal_state& left, timestamp now) {
  constexpr auto why = "the daemon ended";
  journal_entry result;
  result.at = now;
  auto add = [&](event_kind kind) -> event& {
    auto& x = result.what.emplace_back();
    x.kind = kind;
    return x;
  };
  for (const auto& [id, x] : left.leases)
    if (!lives_on(x, left))
      result.what.push_back(*describe(lease_ended{x, end_reason::daemon_gone}));
  for (const auto& [id, x] : left.clients) {
    auto& gone = add(event_kind::client_left);
    gone.client = id;
    gone.detail = why;
  }
  for (const auto& [name, x] : left.browsers)
    if (x.up) {
      auto& down = add(event_kind::browser_down);
      down.browser = name;
      down.detail = why;
    }
  return result;
}

uint64_t
first_kept(uint64_t first, uint64_t last, uint64_t added, uint64_t audit_max) {
  auto wanted = last >= audit_max ? last - audit_max + 1 : first;
  return std::clamp(wanted, first, first + 2 * added);
}

} // namespace berth::protocol
