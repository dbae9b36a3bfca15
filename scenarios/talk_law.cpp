#include "scenarios/talk_law.hpp"

#include <algorithm>

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;

/// The journal may be so much later than what it tells of.
constexpr duration told_within = reap_within;

/// A run that waits for nothing but its turn starts within that.
constexpr duration start_within = 1s + told_within;

/// And within that a run that found no tab tries again, if it has to.
constexpr duration capacity_patience = 10min;

bool is_background(const send_prompt& x) {
  return x.background || x.delay > duration{0};
}

std::string name_of(session_id where, run_id which) {
  return "run " + std::to_string(which.value) + " of session "
         + std::to_string(where.value);
}

std::string name_of(const event& x) {
  return name_of(x.session, x.run);
}

} // namespace

talk_law::talk_law(const scene& where, const config& how, complainer complain,
                   patience not_before)
  : where_{where},
    how_{how},
    complain_{std::move(complain)},
    not_before_{std::move(not_before)} {
  // nop
}

void talk_law::begin_epoch(timestamp at) {
  begun_ = at;
  for (auto& [id, x] : talks_)
    x.moved = std::max(x.moved, at);
}

bool talk_law::is_late(timestamp due) const {
  auto start = std::max(due, begun_ + start_within);
  return not_before_(start, start_within) < where_.world.now();
}

// -- what agents did and were told --------------------------------------------

void talk_law::asks(const send_prompt& x) {
  auto [i, fresh] = prompts_.try_emplace(x.what.text);
  ++i->second.times;
  if (!fresh)
    return;
  i->second.how = x;
  i->second.asked = where_.world.now();
}

void talk_law::accepted(const run_view& x, const std::string& text) {
  run_key which{x.session, x.run};
  if (texts_.emplace(which, text).second)
    prompts_.at(text).runs.push_back(which);
}

void talk_law::told(const run_view& x) {
  auto text = texts_.find({x.session, x.run});
  if (x.state == session_state::complete && text != texts_.end())
    a_complete_answer_is_whole(x, text->second);
  what_was_told_stays_true(x);
}

void talk_law::told(const session_view& x) {
  auto name = "session " + std::to_string(x.session.value);
  auto& most = how_.session;
  if (x.waiting > most.waiters_max)
    complain_(promise::queue, name + " has " + std::to_string(x.waiting)
                                + " calls waiting, of at most "
                                + std::to_string(most.waiters_max));
  if (x.runs.size() > most.runs_kept_max + x.queued + 1)
    complain_(promise::queue,
              name + " keeps " + std::to_string(x.runs.size()) + " runs");
}

void talk_law::missed(session_id which) {
  missed_.emplace(which, where_.world.now());
}

// -- looking ------------------------------------------------------------------

std::optional<session_id> talk_law::draw_open(tests::world& world) const {
  if (talks_.empty())
    return std::nullopt;
  return std::next(talks_.begin(),
                   static_cast<ptrdiff_t>(world.draw(uint64_t{talks_.size()})))
    ->first;
}

size_t talk_law::under_way() const {
  size_t result = 0;
  for (auto& [id, x] : talks_)
    result += x.runs.size();
  return result;
}

const talk_law::prompt_row*
talk_law::prompt_of(session_id where, run_id which) const {
  auto i = texts_.find({where, which});
  return i == texts_.end() ? nullptr : &prompts_.at(i->second);
}

// -- over the journal ---------------------------------------------------------

void talk_law::read(const tests::logged_event& x) {
  auto& what = x.what;
  if (what.kind == event_kind::session_opened) {
    ++conversations_;
    talks_[what.session].moved = x.at;
    return;
  }
  // A tab that does not close takes a place that nobody else can have.
  if (what.kind == event_kind::target_orphaned)
    for (auto& [id, here] : talks_)
      here.blocked = x.at;
  auto i = talks_.find(what.session);
  if (i == talks_.end())
    return;
  i->second.moved = x.at;
  if (what.kind == event_kind::session_closed)
    talks_.erase(i);
  else if (what.run)
    read(x, i->second);
}

void talk_law::read(const tests::logged_event& x, talk& here) {
  auto& what = x.what;
  auto [i, fresh] = here.runs.try_emplace(what.run);
  auto& run = i->second;
  if (fresh)
    run.accepted = x.at;
  switch (what.kind) {
    case event_kind::run_queued:
      run.queued = true;
      run.hold = what.detail;
      if (run.hold == to_string(hold_reason::capacity))
        here.blocked = x.at;
      queues_stay_within_their_limits(here, what);
      break;
    case event_kind::run_started:
      one_run_has_a_session(here, what);
      a_run_that_is_over_never_starts(what);
      no_run_starts_before_it_is_due(x);
      runs_start_in_their_order(here, what);
      here.owner = what.run;
      run.queued = run.yields = false;
      run.deadline = x.at + what.estimate;
      break;
    case event_kind::run_yielding:
      run.yields = true;
      ++yields_[{what.session, what.run}];
      break;
    case event_kind::run_settled:
      a_result_never_changes(what);
      no_run_ends_with_its_client(what);
      run.over = true;
      if (here.owner != what.run)
        here.runs.erase(what.run);
      break;
    case event_kind::run_ended:
      one_run_has_a_session(here, what);
      here.owner = {};
      if (run.over)
        here.runs.erase(what.run);
      break;
    default:
      break;
  }
}

/// At most one at any time, and the next only after that has ended.
void talk_law::one_run_has_a_session(const talk& here, const event& x) {
  bool starts = x.kind == event_kind::run_started;
  if (starts && here.owner)
    complain_(promise::order, name_of(x) + " started while run "
                                + std::to_string(here.owner.value) + " had it");
  if (!starts && here.owner != x.run)
    complain_(promise::order, name_of(x) + " ended without having it");
}

void talk_law::a_run_that_is_over_never_starts(const event& x) {
  if (auto i = results_.find({x.session, x.run}); i != results_.end())
    complain_(promise::background,
              name_of(x) + " started after it was " + i->second);
}

void talk_law::no_run_starts_before_it_is_due(const tests::logged_event& x) {
  auto prompt = prompt_of(x.what.session, x.what.run);
  if (prompt && x.at < prompt->asked + prompt->how.delay)
    complain_(promise::background, name_of(x.what) + " started too early");
}

/// Interactive ones as they came, and before all background ones.
void talk_law::runs_start_in_their_order(const talk& here, const event& x) {
  auto mine = prompt_of(x.session, x.run);
  if (!mine || mine->how.interrupt)
    return;
  for (auto& [id, other] : here.runs) {
    auto theirs = prompt_of(x.session, id);
    if (!theirs || !other.queued || is_background(theirs->how))
      continue;
    if (is_background(mine->how))
      complain_(promise::background, name_of(x)
                                       + " started before interactive run "
                                       + std::to_string(id.value));
    else if (id < x.run)
      complain_(promise::order,
                name_of(x) + " started before run " + std::to_string(id.value));
  }
}

/// Whoever sent it may die: only who stops it, takes its place or closes the
/// session interrupts a run.
void talk_law::no_run_ends_with_its_client(const event& x) {
  const std::string interrupted = to_string(session_state::interrupted);
  if (x.detail.rfind(interrupted, 0) != 0)
    return;
  for (auto why :
       {errc::run_stopped, errc::run_superseded, errc::session_closed})
    if (x.detail == interrupted + ", " + to_string(why))
      return;
  complain_(promise::queue, name_of(x) + " was " + x.detail);
}

void talk_law::a_result_never_changes(const event& x) {
  auto [i, fresh] = results_.emplace(run_key{x.session, x.run}, x.detail);
  if (!fresh)
    complain_(promise::order,
              name_of(x) + " was " + i->second + ", and then " + x.detail);
}

/// In each line one may be too many: the run that came back.
void talk_law::queues_stay_within_their_limits(const talk& here,
                                               const event& x) {
  auto& most = how_.session.queue;
  auto queued = std::ranges::count_if(here.runs, [](const auto& run) {
    return run.second.queued;
  });
  if (size_t(queued) > most.interactive_max + most.background_max + 2)
    complain_(promise::queue, name_of(x) + " is one of "
                                + std::to_string(queued) + " that wait");
}

// -- over what the site took --------------------------------------------------

/// But for background runs, which are sent again after they gave way.
void talk_law::a_prompt_is_sent_once(const tests::taken_prompt& x) {
  auto& row = prompts_[x.text];
  ++row.taken;
  if (is_background(row.how) && row.runs.size() < row.times)
    return; // Who knows how often those gave way that nobody was told of yet.
  auto allowed = row.times;
  for (auto& which : row.runs)
    if (auto i = yields_.find(which); i != yields_.end())
      allowed += i->second;
  if (row.taken > allowed)
    complain_(promise::order, "'" + x.text + "' was sent "
                                + std::to_string(row.taken) + " times");
}

void talk_law::a_prompt_waits_for_the_last_answer(
  const tests::taken_prompt& x) {
  if (x.interrupts)
    complain_(promise::interrupt,
              "'" + x.text + "' was sent while an answer was coming");
}

// -- over what agents are told ------------------------------------------------

void talk_law::a_complete_answer_is_whole(const run_view& x,
                                          const std::string& prompt) {
  if (where_.daemon.site().gave(prompt, x.answer))
    return;
  auto own = x.answer.find("'" + prompt + "'") != std::string::npos;
  complain_(own ? promise::truth : promise::scope,
            name_of(x.session, x.run)
              + (own ? " is complete with a part of its answer: "
                     : " is complete with another's answer: ")
              + x.answer);
}

/// A view from before the end may arrive after it.
void talk_law::what_was_told_stays_true(const run_view& x) {
  auto i = told_.find({x.session, x.run});
  if (i == told_.end()) {
    if (is_final(x.state))
      told_.emplace(run_key{x.session, x.run}, x);
    return;
  }
  auto& before = i->second;
  bool older = !is_final(x.state) && x.elapsed <= before.elapsed;
  if (!older && (x.state != before.state || x.answer != before.answer))
    complain_(promise::order, name_of(x.session, x.run) + " was "
                                + to_string(before.state) + ", and then "
                                + to_string(x.state));
}

// -- over all of it -----------------------------------------------------------

void talk_law::check() {
  auto now = where_.world.now();
  auto& site = where_.daemon.site().taken();
  // The journal may be late to say why.
  for (; taken_ < site.size() && site[taken_].at + told_within <= now;
       ++taken_) {
    a_prompt_is_sent_once(site[taken_]);
    a_prompt_waits_for_the_last_answer(site[taken_]);
  }
  for (auto& [id, x] : talks_) {
    a_run_ends_by_its_deadline(id, x);
    whoever_waits_is_served(id, x);
  }
  no_session_is_lost();
}

/// The disk may be late in writing down its end.
void talk_law::no_session_is_lost() {
  std::erase_if(missed_, [&](const auto& x) {
    auto& [which, since] = x;
    if (!is_late(since + told_within))
      return false;
    if (talks_.contains(which))
      complain_(promise::durable, "session " + std::to_string(which.value)
                                    + " has not ended, and is unknown");
    return true;
  });
}

/// First its result is certain; then what works for it in the page has ended,
/// or the lease of its tab.
void talk_law::a_run_ends_by_its_deadline(session_id which, const talk& x) {
  if (!x.owner)
    return;
  auto& run = x.runs.at(x.owner);
  auto& times = how_.session.times;
  auto settles = run.deadline + start_within;
  // After a sleep both are due, and yet one comes after the other.
  auto ends = std::max(settles + times.grace + times.silence,
                       not_before_(settles, start_within) + start_within);
  if (!run.over && !run.yields && is_late(settles))
    complain_(promise::deadline,
              name_of(which, x.owner) + " has no result by its deadline");
  if (is_late(ends))
    complain_(promise::deadline, name_of(which, x.owner) + " does not end");
}

/// As soon as the run before it has ended, there is a tab, and it is due.
void talk_law::whoever_waits_is_served(session_id which, const talk& x) {
  if (x.owner)
    return;
  auto since = std::max(x.moved, x.blocked + capacity_patience);
  for (auto& [id, run] : x.runs) {
    auto prompt = prompt_of(which, id);
    if (!run.queued || (!prompt && run.hold == to_string(hold_reason::not_due)))
      continue;
    auto due = run.accepted + (prompt ? prompt->how.delay : duration{0});
    auto start = std::max(since, due) + start_within;
    if (is_late(start))
      complain_(promise::queue, name_of(which, id) + " waits for nothing");
  }
}

void talk_law::nothing_is_left() {
  for (auto& [id, x] : talks_)
    complain_(promise::queue,
              "session " + std::to_string(id.value) + " is left in the end");
}

} // namespace berth::scenarios
