// What a naive client does with conversations: it looks at the row, then acts,
// then writes the row back as it has it, whatever others wrote meanwhile.

#include "scenarios/naive_client.hpp"

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr duration poll_every = 1s;
constexpr duration run_time_max = 10min;

const std::string start_page = "http://talk/";

bool is_busy(const naive_talk& x) {
  return x.state == session_state::polling;
}

} // namespace

// -- sessions -----------------------------------------------------------------

outcome<session_view> naive_client_state::open_talk(const open_session& x) {
  naive_talk made;
  made.id = {++with.disk->ids};
  made.provider = x.provider;
  with.disk->talks[made.id] = made;
  note(event_kind::session_opened, made);
  return show_talk(made.id);
}

outcome<naive_talk> naive_client_state::find_talk(session_id which) const {
  auto i = with.disk->talks.find(which);
  if (i == with.disk->talks.end())
    return fail(errc::session_unknown, "There is no file of this session.");
  return i->second;
}

outcome<session_view> naive_client_state::show_talk(session_id which) {
  auto talk = find_talk(which);
  if (!talk)
    return talk.error();
  session_view result;
  result.session = which;
  result.provider = talk->provider;
  result.state = talk->state;
  result.url = talk->url;
  return result;
}

outcome<session_view>
naive_client_state::switch_talk(const switch_provider& x) {
  if (auto i = with.disk->talks.find(x.session); i != with.disk->talks.end())
    i->second.provider = x.provider;
  return show_talk(x.session);
}

outcome<session_view> naive_client_state::close_talk(session_id which) {
  auto result = show_talk(which);
  if (auto talk = find_talk(which)) {
    with.disk->talks.erase(which);
    note(event_kind::session_closed, *talk);
  }
  return result;
}

session_list naive_client_state::list_talks() const {
  session_list result;
  for (auto& [id, talk] : with.disk->talks) {
    result.sessions.emplace_back();
    result.sessions.back().session = id;
  }
  return result;
}

// -- runs ---------------------------------------------------------------------

/// Looks whether the session is free, then takes it.
void naive_client_state::send(const send_prompt& x, const told_run& then) {
  auto talk = find_talk(x.session);
  if (!talk)
    then(talk.error());
  else if (is_busy(*talk) && !x.interrupt)
    then(fail(errc::session_busy, "A run is under way."));
  else
    later([=, this] {
      take_over(*talk, x, then);
    });
}

void naive_client_state::take_over(naive_talk talk, const send_prompt& x,
                                   const told_run& then) {
  auto timeout = x.timeout > duration{0} ? x.timeout : run_time_max;
  talk.run = {++with.disk->runs};
  talk.prompt = x.what.text;
  talk.state = session_state::polling;
  talk.answer.clear();
  talk.started = self->clock().now();
  note(event_kind::run_started, talk, timeout);
  auto from = talk.url.empty() ? start_page : talk.url;
  talk.url = with.site->take(from, talk.prompt);
  later([=, this] {
    with.disk->talks[talk.id] = talk;
    if (x.until == wait_until::done)
      follow(talk.id, talk.run, talk.started + timeout, then);
    else
      then(see(talk));
  });
}

void naive_client_state::poll(const poll_run& x, const told_run& then) {
  auto talk = find_talk(x.session);
  if (!talk)
    then(talk.error());
  else if (!talk->run || (x.run && x.run != talk->run))
    then(fail(errc::run_unknown, "The file tells of another run."));
  else
    follow(x.session, talk->run, self->clock().now() + x.wait, then);
}

/// Looks at the page, then writes down what it saw.
void naive_client_state::follow(session_id which, run_id run, timestamp until,
                                const told_run& then) {
  auto talk = find_talk(which);
  if (!talk) {
    then(talk.error());
    return;
  }
  auto seen = look(*talk);
  later([=, this] {
    with.disk->talks[which] = seen;
    if (is_busy(*talk) && !is_busy(seen))
      note_end(seen);
    if (is_busy(seen) && seen.run == run && self->clock().now() < until)
      self->delayed_send(self, poll_every, next_step{[=, this] {
                           follow(which, run, until, then);
                         }});
    else
      then(see(seen));
  });
}

naive_talk naive_client_state::look(naive_talk talk) const {
  if (!is_busy(talk))
    return talk;
  tests::fake_document in;
  in.asked = {{"of", ""}, {"before", -1}, {"prompt", talk.prompt}};
  if (with.site->look(talk.url, in).value("done", false)) {
    talk.state = session_state::complete;
    talk.answer = with.site->answer(talk.url, in).at("text");
    talk.settled = self->clock().now();
  }
  return talk;
}

void naive_client_state::stop(const stop_run& x, const told_run& then) {
  auto talk = find_talk(x.session);
  if (!talk) {
    then(talk.error());
    return;
  }
  if (!is_busy(*talk)) {
    then(fail(errc::run_unknown, "Nothing is under way."));
    return;
  }
  talk->state = session_state::interrupted;
  talk->settled = self->clock().now();
  later([=, this] {
    with.disk->talks[talk->id] = *talk;
    note_end(*talk);
    then(see(*talk));
  });
}

run_view naive_client_state::see(const naive_talk& x) const {
  run_view result;
  result.session = x.id;
  result.run = x.run;
  result.state = x.state;
  result.provider = x.provider;
  result.url = x.url;
  result.elapsed = (is_busy(x) ? self->clock().now() : x.settled) - x.started;
  result.answer = x.answer;
  return result;
}

// -- what an observer sees ----------------------------------------------------

void naive_client_state::note(event_kind what, const naive_talk& talk,
                              duration left) {
  event seen;
  seen.kind = what;
  seen.session = talk.id;
  seen.run = talk.run;
  seen.estimate = left;
  seen.detail = what == event_kind::run_settled ? to_string(talk.state) : "";
  with.journal->entries.push_back({self->clock().now(), std::move(seen)});
}

void naive_client_state::note_end(const naive_talk& talk) {
  note(event_kind::run_settled, talk);
  note(event_kind::run_ended, talk);
}

} // namespace berth::scenarios
