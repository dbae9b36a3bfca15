// Invariants about how much, and how long.

#include "scenarios/invariants.hpp"

#include <algorithm>

namespace berth::scenarios {

namespace {

/// Of an agent that only renews, in a minute: the busiest of 500 swarms came to
/// 65, half of them to 17 or less.
constexpr double calm_max = 100;

std::string of(size_t count, size_t most) {
  return std::to_string(count) + " of at most " + std::to_string(most);
}

} // namespace

/// What was durable lives on, unless the journal says how it ended. Slots of
/// leases that nobody wrote down are free, and nobody waits any more.
void invariants::begin_epoch(uint64_t epoch, timestamp at) {
  epoch_ = epoch;
  begun_ = at;
  slots_.clear();
  of_key_.clear();
  for (auto& x : open_) {
    auto& row = rows_.at(x);
    slots_.emplace(row.slot, row.key);
    ++of_key_[row.key];
  }
  // It may not have written down which tabs it had lost.
  reasons_ = std::max(reasons_, made_.size());
  tickets_.clear();
  parked_.clear();
  talks_.begin_epoch(at);
}

void invariants::the_queue_stays_within_its_limits(client_id newcomer) {
  auto& most = how_.admission;
  if (tickets_.size() > most.waiters_max)
    complain(promise::fair,
             of(tickets_.size(), most.waiters_max) + " are waiting");
  auto own = std::ranges::count(tickets_, newcomer, [](const auto& x) {
    return x.second.client;
  });
  if (size_t(own) > most.waiters_per_client_max)
    complain(promise::fair, of(size_t(own), most.waiters_per_client_max)
                              + " tickets are one client's");
}

void invariants::commands_stay_within_their_limit(const std::string& who,
                                                  size_t count) {
  if (count > how_.tab.in_flight_max)
    complain(promise::truth, of(count, how_.tab.in_flight_max) + " commands of "
                               + who + " are under way");
}

/// However many ask for a lost tab, one is made. The disk may be late in
/// writing down that it was lost; and what was under way when the clock jumped
/// is too late for whoever asked, and is made again.
void invariants::no_more_tabs_are_made_than_asked_for() {
  auto now = where_.world.now();
  bool jumped = not_before({}, reap_within) >= now;
  for (auto& x : where_.daemon.chrome().pages())
    if (!x.anchor && !x.popup && made_.insert(x.id).second && jumped)
      ++reasons_;
  if (made_.size() <= reasons_)
    made_well_ = now;
  else if (not_before(made_well_ + reap_within, reap_within) < now)
    complain(promise::recovery,
             std::to_string(made_.size()) + " tabs were made for "
               + std::to_string(reasons_) + " grants and recoveries");
}

/// With its Chrome, before anybody was told that it was made: it is made again.
void invariants::a_tab_may_die_unseen() {
  auto there = where_.daemon.chrome().pages();
  std::erase_if(made_, [&](const target_id& x) {
    return !holders_.contains(x.value) && !before_.contains(x.value)
           && std::ranges::find(there, x, &tests::page_view::id) == there.end();
  });
}

void invariants::a_parked_tab_is_handed_to_one(const event& x) {
  auto& most = how_.parked;
  if (x.kind == event_kind::browser_up)
    parked_.clear();
  else if (x.kind == event_kind::tab_parked) {
    if (!parked_.emplace(x.target, x.key).second)
      complain(promise::exclusive, x.target + " was parked twice");
    auto own = std::ranges::count(parked_, x.key, [](const auto& tab) {
      return tab.second;
    });
    if (parked_.size() > most.max)
      complain(promise::cap, of(parked_.size(), most.max) + " are parked");
    if (size_t(own) > most.per_key)
      complain(promise::cap,
               of(size_t(own), most.per_key) + " are parked for " + x.key);
  } else if (x.kind == event_kind::tab_unparked) {
    auto tab = parked_.extract(x.target);
    if (!tab || (x.lease && tab.mapped() != x.key))
      complain(promise::exclusive, x.target + " was handed to lease "
                                     + std::to_string(x.lease.value)
                                     + ", and was not parked for " + x.key);
    if (auto last = holders_.extract(x.target))
      before_[x.target].push_back(last.mapped());
  }
}

/// What is looked at now may have been sent before the tab was handed over, and
/// that may have been more than once.
std::optional<lease_ref>
invariants::holder_at(const target_id& target, timestamp at) const {
  std::vector<lease_ref> all;
  if (auto past = before_.find(target.value); past != before_.end())
    all = past->second;
  if (auto now = holders_.find(target.value); now != holders_.end())
    all.push_back(now->second);
  while (all.size() > 1
         && at < rows_.at(all.back()).bound.value_or(timestamp::max()))
    all.pop_back();
  return all.empty() ? std::nullopt : std::optional{all.back()};
}

/// By the word of Chrome, which knows what a tab keeps.
void invariants::no_tab_is_handed_over_soiled() {
  for (auto& x : where_.daemon.chrome().pages())
    if (x.soiled)
      complain(promise::exclusive,
               x.id.value + " was handed over with what another left in it");
}

/// A slot, or the end of its ticket: never nothing.
void invariants::every_waiter_is_done_by_its_deadline() {
  for (auto& [id, x] : tickets_) {
    auto known = connections_.find(x.client);
    auto wait = known == connections_.end() ? actors::page_limits{}.line_max
                                            : known->second.wait;
    auto due = x.issued + wait + reap_within;
    if (not_before(due, reap_within) < where_.world.now())
      complain(promise::fair, "ticket " + std::to_string(id.value)
                                + " waits past its deadline");
  }
}

void invariants::the_dead_are_reaped_in_time() {
  for (auto& lease : open_) {
    auto& row = rows_.at(lease);
    auto who = connections_.find(row.client);
    if (who != connections_.end() && !who->second.lives
        && not_before_return(who->second.reaped_by(), who->second.grace)
             < where_.world.now())
      complain(promise::crash, to_string(lease) + " outlives its dead client");
  }
}

void invariants::silence_ends_a_lease() {
  for (auto& x : open_) {
    auto& row = rows_.at(x);
    if (row.heard_until == timestamp{})
      continue; // Its tab is not there yet: the ttl has not begun.
    auto known = connections_.find(row.client);
    if (known == connections_.end())
      continue; // A session's: it ends with its run.
    auto& holder = known->second;
    auto silent = std::max(row.heard_until, in_use());
    auto due = silent + holder.ttl + holder.grace + reap_within;
    if (not_before_return(due, {}) < where_.world.now())
      complain(promise::slide, to_string(x) + " outlives its holder's silence");
  }
}

/// A timer that piles up is seen here long before it is felt.
void invariants::a_calm_is_quiet(double messages_per_agent_minute) {
  if (messages_per_agent_minute > calm_max)
    complain(promise::truth,
             std::to_string(size_t(messages_per_agent_minute))
               + " messages per agent and minute when all is calm");
}

void invariants::an_empty_house_is_silent(size_t messages) {
  if (messages > 0)
    complain(promise::truth,
             std::to_string(messages) + " messages when nobody was there");
}

/// By the word of Chrome: a lease's pages opened them, and they stay.
void invariants::popups_stay_within_their_limit() {
  std::map<target_id, size_t> of_page;
  for (auto& x : where_.daemon.chrome().pages())
    if (x.popup && x.opener && !asked_to_close_.contains(x.id)
        && ++of_page[x.opener] > how_.target.popups_max)
      complain(promise::cap, x.opener.value + " has "
                               + of(of_page[x.opener], how_.target.popups_max)
                               + " popups");
}

} // namespace berth::scenarios
