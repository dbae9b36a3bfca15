#include "scenarios/invariants.hpp"

#include "scenarios/story_words.hpp"

#include <algorithm>

namespace berth::scenarios {

namespace {

/// The lease that an expression of the swarm's was sent for, if it is one.
std::optional<lease_ref> claim_of(const tests::sent_frame& x) {
  if (x.what.method != "Runtime.evaluate")
    return std::nullopt;
  auto expression = x.what.param("expression");
  return parse_lease_ref(expression.substr(0, expression.find(' ')));
}

/// Agents of the swarm neither type nor click.
bool is_of_conversation(const tests::sent_frame& x) {
  return x.what.method == "Input.insertText"
         || x.what.method == "Input.dispatchMouseEvent"
         || (x.what.method == "Runtime.evaluate"
             && x.what.params.find("berth?.") != std::string::npos);
}

/// Caps are each browser's own.
std::string key_there(const event& x) {
  return x.key + " in " + x.browser;
}

} // namespace

timestamp connection::reaped_by() const {
  return ended ? *ended + grace + reap_within : timestamp{};
}

invariants::invariants(const scene& where, const config& how)
  : where_{where},
    how_{how},
    talks_{where, how,
           [this](promise which, const std::string& what) {
             complain(which, what);
           },
           [this](timestamp x, duration after) {
             return not_before(x, after);
           }} {
  // nop
}

void invariants::complain(promise which, const std::string& what) {
  broken_.emplace(which, what);
  if (complaint_.empty())
    complaint_ = to_string(which) + ": " + what;
}

void invariants::check() {
  auto& journal = where_.daemon.journal();
  for (; read_ < journal.entries.size(); ++read_)
    read(journal.entries[read_]);
  // A crew that fell, or one that has nothing to tell yet.
  if (!journal.open || journal.epoch > epoch_)
    begin_epoch(journal.epoch, where_.world.now());
  for (auto& [name, chrome] : where_.daemon.chromes())
    for (auto& x : chrome->take_sent()) {
      tell(x);
      if (x.what.method == "Target.closeTarget")
        asked_to_close_.insert({x.what.param("targetId")});
      a_command_shows_the_token_in_force(x);
      a_command_comes_before_the_end(x);
      a_conversation_has_a_durable_lease(x);
    }
  // What a fallen crew left astray, and pages that opened while nobody served,
  // are closed by the next one.
  auto settled = not_before(begun_ + settle_within, settle_within);
  if (journal.open && settled < where_.world.now()) {
    there_are_no_more_tabs_than_slots();
    popups_stay_within_their_limit();
  }
  no_more_tabs_are_made_than_asked_for();
  no_tab_is_handed_over_soiled();
  no_lease_vanishes();
  the_dead_are_reaped_in_time();
  silence_ends_a_lease();
  every_waiter_is_done_by_its_deadline();
  talks_.check();
}

// -- what agents did and were told --------------------------------------------

void invariants::joined(client_id who, duration grace, duration ttl) {
  auto& x = connections_[who];
  x.grace = grace;
  x.ttl = ttl;
  x.lives = true;
  x.joined = where_.world.now();
  for (auto& lease : open_)
    if (rows_.at(lease).client == who)
      heard(lease, where_.world.now());
}

void invariants::left(client_id who, bool for_good) {
  auto& x = connections_[who];
  if (for_good)
    x.grace = duration{0};
  if (!std::exchange(x.lives, false))
    return;
  x.ended = where_.world.now();
}

void invariants::waits(client_id who, duration most) {
  auto& x = connections_[who].wait;
  x = std::max(x, most);
}

void invariants::alive(lease_ref which, timestamp until) {
  if (auto i = rows_.find(which); i != rows_.end())
    i->second.alive_until = until;
}

void invariants::heard(lease_ref which, timestamp until) {
  if (auto i = rows_.find(which); i != rows_.end())
    i->second.heard_until = std::max(i->second.heard_until, until);
}

void invariants::recovery_asked() {
  ++reasons_;
}

void invariants::answered(lease_ref which, const answer& x,
                          lease_history::call when) {
  a_generation_is_one_tab(which, x);
  leases_are_linearizable(which, x.target, when);
}

void invariants::granted(const grant& x, lease_history::call when) {
  leases_are_linearizable(x.lease.ref, x.target, when);
}

void invariants::released(lease_ref which, lease_history::call when) {
  history_.released(which, when);
}

void invariants::listed(lease_ref which, const status& all) {
  if (std::ranges::find(all.leases, which.lease, &lease_view::lease)
      == all.leases.end())
    unlisted_.emplace(which, where_.world.now());
}

timestamp invariants::not_before(timestamp x, duration after) const {
  auto woke = where_.world.woke();
  return woke == timestamp{} ? x : std::max(x, woke + after);
}

timestamp invariants::not_before_return(timestamp x, duration grace) const {
  auto back = std::max(how_.lease.return_within, grace) + reap_within;
  return std::max(not_before(x, reap_within), in_use() + back);
}

/// When the tabs of leases that live on were looked for at the latest: only
/// then their time runs.
timestamp invariants::in_use() const {
  auto most = 2 * how_.tab.open_within;
  return not_before(begun_ + most, most);
}

void invariants::tell(const tests::sent_frame& x) {
  where_.tale.tell(x.at, [&] {
    return "Chrome hears: " + x.what.method + ' ' + x.what.params
           + (x.page ? " in " + x.page.value : "");
  });
}

/// Its page side asks for a new tab.
bool invariants::is_loss_of_session(const event& x) const {
  auto row = rows_.find({x.lease, x.token});
  return x.kind == event_kind::tab_lost && row != rows_.end()
         && session_of(row->second.client);
}

// -- over the journal ---------------------------------------------------------

void invariants::read(const tests::logged_event& x) {
  where_.tale.tell(x.at, [&] {
    return "journal: " + journal_line(x.what) + ' ' + x.what.key + ' '
           + x.what.target;
  });
  if (x.what.kind == event_kind::slot_granted || is_loss_of_session(x.what))
    ++reasons_;
  if (x.epoch > epoch_)
    begin_epoch(x.epoch, x.at);
  if (x.epoch < epoch_)
    return; // What the fallen crew had still to say binds nobody.
  if (x.what.kind == event_kind::browser_down)
    a_tab_may_die_unseen();
  tokens_only_grow(x.what);
  a_row_comes_before_its_tab(x);
  a_tab_has_one_holder(x.what);
  a_parked_tab_is_handed_to_one(x.what);
  slots_stay_within_their_caps(x.what);
  a_ticket_ends_once(x);
  a_death_is_its_own_browsers(x);
  no_living_holder_is_reaped(x);
  talks_.read(x);
}

void invariants::tokens_only_grow(const event& x) {
  if (x.kind != event_kind::lease_granted)
    return;
  if (x.token <= last_token_)
    complain(promise::fence, "token " + to_string(x.token)
                               + " was granted after "
                               + to_string(last_token_));
  last_token_ = x.token;
}

void invariants::a_row_comes_before_its_tab(const tests::logged_event& x) {
  auto& what = x.what;
  lease_ref ref{what.lease, what.token};
  auto known = rows_.find(ref);
  auto name = to_string(ref);
  if (what.kind == event_kind::lease_granted) {
    if (known != rows_.end())
      complain(promise::exclusive, name + " was granted twice");
    rows_[ref] = {
      what.client, what.slot, {key_there(what), what.browser}, {}, {}, {}, {}};
    open_.insert(ref);
  } else if (what.kind == event_kind::lease_bound) {
    if (known == rows_.end())
      complain(promise::bind, name + " has a tab and no row");
    heard(ref, x.at);
    if (known != rows_.end() && !known->second.bound)
      known->second.bound = x.at;
  } else if (what.kind == event_kind::lease_ended && known != rows_.end()) {
    if (open_.erase(ref) == 0)
      complain(promise::exclusive, name + " ended twice");
    known->second.ended = x.at;
  }
}

/// One at a time, and for life, unless it is parked in between.
void invariants::a_tab_has_one_holder(const event& x) {
  if (x.kind != event_kind::lease_bound && x.kind != event_kind::popup_opened)
    return;
  lease_ref ref{x.lease, x.token};
  auto [i, fresh] = holders_.emplace(x.target, ref);
  if (!fresh && i->second != ref)
    complain(promise::exclusive, "target " + x.target + " passed from "
                                   + to_string(i->second) + " to "
                                   + to_string(ref));
}

void invariants::slots_stay_within_their_caps(const event& x) {
  auto name = "slot " + std::to_string(x.slot.value);
  if (x.kind == event_kind::slot_granted) {
    if (!slots_.emplace(x.slot, taken_slot{key_there(x), x.browser}).second)
      complain(promise::cap, name + " was granted twice");
    if (++of_key_[key_there(x)] > how_.admission.per_key)
      complain(promise::cap, name + " is over the cap of " + key_there(x));
    if (slots_in(x.browser) > how_.admission.global)
      complain(promise::cap, name + " is over the cap of all keys");
  } else if (x.kind == event_kind::slot_returned) {
    if (slots_.erase(x.slot) == 0)
      complain(promise::cap, name + " came back twice");
    else
      --of_key_[key_there(x)];
  }
}

void invariants::a_ticket_ends_once(const tests::logged_event& x) {
  auto& what = x.what;
  auto name = "ticket " + std::to_string(what.ticket.value);
  if (what.kind == event_kind::ticket_issued) {
    if (!tickets_.emplace(what.ticket, ticket_row{what.client, x.at}).second)
      complain(promise::fair, name + " was issued twice");
    the_queue_stays_within_its_limits(what.client);
  } else if (what.kind == event_kind::ticket_ended
             || (what.kind == event_kind::slot_granted && what.ticket))
    if (tickets_.erase(what.ticket) == 0)
      complain(promise::fair, name + " ended twice");
}

/// Not for silence before its time, nor as dead while it lives.
void invariants::no_living_holder_is_reaped(const tests::logged_event& x) {
  auto& [at, what, epoch] = x;
  lease_ref ref{what.lease, what.token};
  auto i = rows_.find(ref);
  if (what.kind != event_kind::lease_ended || i == rows_.end())
    return;
  auto name = to_string(ref);
  // The disk may be late in writing down an end, never early.
  if (what.detail == "expired" && at < i->second.alive_until)
    complain(promise::slide, name + " expired before its time");
  auto who = connections_.find(i->second.client);
  if (what.detail != "client_gone" || who == connections_.end())
    return;
  auto due = who->second.reaped_by();
  // What nobody was told of goes with the connection that asked for it; what
  // ended before the client came back, a slow disk writes down after that.
  due = std::max(due, who->second.joined + reap_within);
  bool came_back = begun_ <= who->second.joined;
  if (at > not_before(due, reap_within) && who->second.lives && came_back)
    complain(promise::live, name + " was taken from a client that lives");
}

// -- over what agents are told ------------------------------------------------

/// However many ask for a lost tab, all are given the same new one.
void invariants::a_generation_is_one_tab(lease_ref which, const answer& x) {
  auto [i, fresh]
    = generations_.emplace(std::pair{which, x.generation}, x.target);
  if (i->second != x.target)
    complain(promise::recovery, to_string(which)
                                  + " has two tabs of generation "
                                  + std::to_string(x.generation) + ": "
                                  + i->second.value + " and " + x.target.value);
}

void invariants::leases_are_linearizable(lease_ref which, const target_id& tab,
                                         lease_history::call when) {
  auto wrong = history_.held(which, tab, when);
  if (!wrong.empty())
    complain(promise::kept, wrong);
}

// -- over what Chrome was sent ------------------------------------------------

void invariants::a_command_shows_the_token_in_force(
  const tests::sent_frame& x) {
  auto claim = claim_of(x);
  if (!claim || !x.page)
    return;
  auto holder = holder_at(x.page, x.at);
  auto whose = holder ? to_string(*holder) : "nobody";
  if (whose != to_string(*claim))
    complain(promise::fence, "a command of " + to_string(*claim)
                               + " reached a tab of " + whose);
}

void invariants::a_command_comes_before_the_end(const tests::sent_frame& x) {
  auto claim = claim_of(x);
  if (!claim)
    return;
  auto row = rows_.find(*claim);
  if (row != rows_.end() && row->second.ended && *row->second.ended < x.at)
    complain(promise::fence, "a command of " + to_string(*claim)
                               + " was sent after its lease had ended");
}

/// What the page side of a session does in a tab, it does in its own.
void invariants::a_conversation_has_a_durable_lease(
  const tests::sent_frame& x) {
  if (!x.page || !is_of_conversation(x))
    return;
  auto holder = holder_at(x.page, x.at);
  if (!holder) {
    complain(promise::bind, x.page.value + " has a session and no lease");
    return;
  }
  auto& row = rows_.at(*holder);
  if (row.bound && x.at < *row.bound)
    complain(promise::bind,
             to_string(*holder) + " was used before it was durable");
  if (row.ended && *row.ended < x.at)
    complain(promise::fence, to_string(*holder) + " was used after its end");
}

// -- over all of it -----------------------------------------------------------

/// The disk may be late in writing down why it is gone.
void invariants::no_lease_vanishes() {
  for (auto& [lease, since] : unlisted_)
    if (open_.contains(lease)
        && not_before(since + reap_within, reap_within) < where_.world.now())
      complain(promise::kept,
               to_string(lease) + " is not ended, and not on the list");
}

} // namespace berth::scenarios
