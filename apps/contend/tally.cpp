#include "apps/contend/tally.hpp"

#include "protocol/session.hpp"

#include <algorithm>

namespace berth::apps::contend {

using namespace protocol;

namespace {

/// So many are kept for people to read; all are counted.
constexpr size_t mistakes_kept = 20;

constexpr int by_sigkill = 128 + 9;

bool is_refusal(errc code) {
  return code == errc::capacity || code == errc::queue_full
         || code == errc::ticket_expired;
}

} // namespace

// -- what we do ---------------------------------------------------------------

void tally::join(const std::string& name, size_t seat, bool by_cli,
                 duration at) {
  agent_record x;
  x.name = name;
  x.seat = seat;
  x.by_cli = by_cli;
  x.from = at;
  agents_[name] = all_.agents.size();
  all_.agents.push_back(std::move(x));
}

void tally::strike(fault what, const std::string& whom, const target_id& target,
                   duration at) {
  auto number = all_.strikes.size();
  all_.strikes.push_back({what, at, whom, target, std::nullopt, false});
  if (what != fault::kill_agent && what != fault::stop_agent)
    return;
  auto who = find(whom);
  if (!who)
    return;
  who->killed |= what == fault::kill_agent;
  who->stopped |= what == fault::stop_agent;
  for (auto& [lease, i] : open_)
    if (auto& x = all_.holdings[i]; x.agent == agents_[whom] && !x.ended)
      x.strike = number;
}

void tally::leave(const std::string& name, int exit, duration at) {
  auto who = find(name);
  if (!who)
    return;
  who->exit = exit;
  who->to = at;
  if (exit == by_sigkill)
    saw(at, [&](const strike_record& x) {
      return x.what == fault::kill_agent && x.whom == name;
    });
}

// -- what we are told ---------------------------------------------------------

void tally::begin_epoch(duration at) {
  ++all_.crews;
  saw(at, [](const strike_record& x) {
    return x.what == fault::kill_daemon;
  });
  // Nobody is left who could take an agent for dead, and the next daemon sees a
  // crash only of a tab that it still finds.
  for (auto& x : all_.strikes)
    x.moot |= !x.seen
              && (x.what == fault::stop_agent || x.what == fault::crash_page);
  tickets_.clear();
  queue_changed(at);
  std::vector<slot_id> free;
  for (auto& [slot, lane] : lanes_)
    if (std::ranges::none_of(open_, [&](auto& x) {
          auto& held = all_.holdings[x.second];
          return held.slot == slot && !held.ended;
        }))
      free.push_back(slot);
  for (auto slot : free)
    finish(slot, at);
}

void tally::hear(const event& x) {
  all_.last = std::max(all_.last, x.at);
  switch (x.kind) {
    case event_kind::client_joined:
      clients_[x.client] = x.detail;
      break;
    case event_kind::client_left:
      saw(x.at, [&](const strike_record& y) {
        return y.what == fault::stop_agent && y.whom == x.detail;
      });
      break;
    case event_kind::ticket_issued:
      tickets_[x.ticket] = x.client;
      queue_changed(x.at);
      break;
    case event_kind::ticket_ended:
      tickets_.erase(x.ticket);
      queue_changed(x.at);
      break;
    case event_kind::slot_granted:
      tickets_.erase(x.ticket);
      queue_changed(x.at);
      begin(x);
      break;
    case event_kind::lease_granted:
    case event_kind::lease_bound:
    case event_kind::lease_ended:
      note_lease(x);
      break;
    case event_kind::slot_returned:
      finish(x.slot, x.at);
      break;
    case event_kind::tab_lost:
      note_loss(x);
      break;
    case event_kind::tab_recovered:
      note_recovery(x);
      break;
    case event_kind::browser_down:
      saw(x.at, [](const strike_record& y) {
        return y.what == fault::kill_chromium;
      });
      break;
    case event_kind::events_missed:
      all_.events_missed += std::strtoull(x.detail.c_str(), nullptr, 10);
      break;
    default:
      break;
  }
}

void tally::hear(const agent_line& x) {
  auto who = find(x.agent);
  if (!who)
    return;
  switch (x.says) {
    case saying::granted:
      ++who->turns;
      told_[x.lease.lease] = agents_[x.agent];
      if (auto held = open_holding(x.lease.lease))
        held->agent = agents_[x.agent];
      break;
    case saying::did:
      who->commands += x.commands;
      break;
    case saying::failed:
      note_failure(*who, x.why);
      break;
    case saying::mistaken:
      ++who->wrong;
      if (all_.mistakes.size() < mistakes_kept)
        all_.mistakes.push_back({x.agent, x.expected, x.got});
      break;
    case saying::released:
      break;
  }
}

void tally::begin(const event& x) {
  size_t lane = 0;
  auto taken = [&] {
    return std::ranges::any_of(lanes_, [&](auto& y) {
      return y.second == lane;
    });
  };
  while (taken())
    ++lane;
  lanes_[x.slot] = lane;
  all_.tabs_most = std::max(all_.tabs_most, lanes_.size());
}

void tally::note_lease(const event& x) {
  if (x.kind == event_kind::lease_granted) {
    holding made;
    made.lease = x.lease;
    made.slot = x.slot;
    made.agent = owner_of(x);
    made.talk = bool{session_of(x.client)};
    made.lane = lanes_[x.slot];
    made.from = x.at;
    open_[x.lease] = all_.holdings.size();
    all_.holdings.push_back(std::move(made));
    return;
  }
  auto held = open_holding(x.lease);
  if (!held)
    return;
  held->target = {x.target};
  if (x.kind != event_kind::lease_ended)
    return;
  held->ended = x.at;
  held->reason = x.detail;
  for (auto& y : all_.strikes)
    y.moot
      |= y.what == fault::crash_page && !y.seen && y.target.value == x.target;
  // It gave it back in the last moment.
  if (x.detail == to_string(end_reason::released))
    held->strike.reset();
  if (!held->outages.empty() && !held->outages.back().to)
    held->outages.back().to = x.at;
}

void tally::finish(slot_id slot, duration at) {
  lanes_.erase(slot);
  auto i = std::ranges::find_if(open_, [&](auto& y) {
    return all_.holdings[y.second].slot == slot;
  });
  if (i == open_.end())
    return;
  auto& held = all_.holdings[i->second];
  held.to = at;
  if (held.strike) {
    auto& why = all_.strikes[*held.strike];
    all_.reclaims.push_back(
      {why.what, all_.agents[*held.agent].by_cli, at - why.at});
  }
  told_.erase(i->first);
  open_.erase(i);
}

void tally::note_loss(const event& x) {
  ++all_.tabs_lost;
  auto held = open_holding(x.lease);
  // The next daemon says it once more of a tab that it does not find.
  if (held && (held->outages.empty() || held->outages.back().to))
    held->outages.push_back({x.at, std::nullopt});
  if (x.cause == loss_cause::crashed)
    saw(x.at, [&](const strike_record& y) {
      return y.what == fault::crash_page && y.target.value == x.target;
    });
  else // Its whole Chromium was killed before the crash was told.
    for (auto& y : all_.strikes)
      y.moot
        |= y.what == fault::crash_page && !y.seen && y.target.value == x.target;
}

void tally::note_recovery(const event& x) {
  ++all_.recoveries;
  if (auto held = open_holding(x.lease)) {
    held->target = {x.target};
    if (!held->outages.empty())
      held->outages.back().to = x.at;
  }
}

void tally::note_failure(agent_record& who, const failure& why) {
  ++all_.failures[why.code];
  who.refusals += is_refusal(why.code);
  if (!explained(who, why.code))
    all_.unexplained.push_back(who.name + ": " + to_string(why.code) + ": "
                               + why.what);
}

/// Whether something that we did may have led to it.
bool tally::explained(const agent_record& who, errc code) const {
  auto struck = [&](std::initializer_list<fault> any) {
    return std::ranges::any_of(all_.strikes, [&](const strike_record& x) {
      return std::ranges::count(any, x.what) > 0;
    });
  };
  switch (code) {
    case errc::tab_lost:
    case errc::browser_unavailable:
      return struck({fault::crash_page, fault::kill_chromium});
    case errc::unreachable:
    case errc::cut_off:
      return who.stopped || struck({fault::kill_daemon});
    case errc::lease_gone:
    case errc::client_gone:
      return who.stopped;
    default:
      return is_refusal(code);
  }
}

// -- looking ------------------------------------------------------------------

const holding* tally::held_by(const std::string& agent) const {
  auto i = agents_.find(agent);
  if (i == agents_.end())
    return nullptr;
  for (auto& [lease, at] : open_)
    if (auto& x = all_.holdings[at]; x.agent == i->second && !x.ended)
      return &x;
  return nullptr;
}

const holding* tally::find(lease_id which) const {
  auto i = open_.find(which);
  return i == open_.end() ? nullptr : &all_.holdings[i->second];
}

bool tally::waits(const std::string& agent) const {
  return std::ranges::any_of(tickets_, [&](auto& x) {
    auto i = clients_.find(x.second);
    return i != clients_.end() && i->second == agent;
  });
}

agent_record* tally::find(const std::string& name) {
  auto i = agents_.find(name);
  return i == agents_.end() ? nullptr : &all_.agents[i->second];
}

holding* tally::open_holding(lease_id which) {
  auto i = open_.find(which);
  return i == open_.end() ? nullptr : &all_.holdings[i->second];
}

/// Client-held: its connection's name. Session-held: whoever said so.
std::optional<size_t> tally::owner_of(const event& x) const {
  if (auto i = told_.find(x.lease); i != told_.end())
    return i->second;
  if (auto i = clients_.find(x.client); i != clients_.end())
    if (auto j = agents_.find(i->second); j != agents_.end())
      return j->second;
  return std::nullopt;
}

void tally::queue_changed(duration at) {
  if (all_.queue.empty() || all_.queue.back().waiting != tickets_.size())
    all_.queue.push_back({at, tickets_.size()});
}

template <class Meant>
void tally::saw(duration at, Meant is_meant) {
  for (auto& x : all_.strikes)
    if (!x.seen && is_meant(x)) {
      x.seen = at;
      return;
    }
}

} // namespace berth::apps::contend
