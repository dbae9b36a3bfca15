// What agents do with sessions in stories, and the pages that stories play.

#include "scenarios/story.hpp"

namespace berth::scenarios {

namespace {

session_id session_in(const std::string& text) {
  return {text.empty() ? 0 : std::stoull(text)};
}

run_id run_in(const std::string& text) {
  return {text.empty() ? 0 : std::stoull(text)};
}

std::string run_words(const run_view& x) {
  return to_words(x);
}

std::string session_words(const session_view& x) {
  return to_words(x);
}

} // namespace

// -- agents -------------------------------------------------------------------

void story::open_session(person& who, words& line) {
  browser_name home{line.after("in")};
  ask<session_view>(who, protocol::open_session{{}, line.next(), home},
                    session_words);
}

void story::prompt(person& who, words& line, wait_until until) {
  send_prompt what;
  what.until = until;
  what.session = session_in(line.after("of"));
  what.wait = line.time_after("within");
  what.delay = line.time_after("after");
  what.timeout = line.time_after("lasting");
  what.interrupt = line.take("instead");
  what.background = line.take("later");
  what.what.text = line.next();
  ask<run_view>(who, std::move(what), run_words);
}

void story::send(person& who, words& line) {
  prompt(who, line, wait_until::accepted);
}

void story::query(person& who, words& line) {
  prompt(who, line, wait_until::done);
}

void story::poll(person& who, words& line) {
  poll_run what;
  what.session = session_in(line.after("of"));
  what.wait = line.time_after("for");
  what.run = run_in(line.next());
  ask<run_view>(who, what, run_words);
}

void story::stop(person& who, words& line) {
  auto where = session_in(line.after("of"));
  ask<run_view>(who, stop_run{run_in(line.next()), where}, run_words);
}

void story::switch_provider(person& who, words& line) {
  auto where = session_in(line.after("of"));
  ask<session_view>(who, protocol::switch_provider{line.after("to"), where},
                    session_words);
}

void story::watch(person& who, words& line) {
  ask<session_view>(who, watch_session{session_in(line.after("of"))},
                    session_words);
}

void story::show(person& who, words& line) {
  ask<session_view>(who, show_session{session_in(line.after("of"))},
                    session_words);
}

void story::reattach(person& who, words& line) {
  ask<session_view>(who, reattach_session{session_in(line.after("of"))},
                    session_words);
}

void story::close(person& who, words& line) {
  ask<session_view>(who, close_session{session_in(line.after("of"))},
                    session_words);
}

// -- pages --------------------------------------------------------------------

bool story::play_page(words& line) {
  daemon();
  auto where = session_in(line.after("of"));
  if (!where)
    where = {1};
  auto verb = line.next();
  auto& does = pages_.of(where);
  if (verb == "dies")
    pages_.kill(where);
  else if (verb == "can")
    does = {};
  else if (verb != "cannot")
    return see_in_page(where, verb, line);
  else if (auto what = line.next(); what == "send")
    does.sends = false;
  else if (what == "stop")
    does.stops = false;
  else if (what == "recover")
    does.recovers = false;
  else
    return false;
  return true;
}

bool story::see_in_page(session_id where, const std::string& verb,
                        words& line) {
  if (verb == "shows")
    pages_.see(where, prompt_seen{});
  else if (verb == "misses")
    pages_.see(where, prompt_missing{});
  else if (verb == "comes")
    pages_.see(where, tab_back{});
  else if (verb == "writes")
    pages_.see(where, answer_seen{std::stoull(line.next())});
  else if (verb == "answers")
    pages_.see(where, answer_done{line.next()});
  else if (verb == "fails")
    pages_.see(
      where, page_failed{fail(parse_errc(line.next()).value_or(errc::internal),
                              "The page says so.")});
  else if (verb == "ends")
    pages_.see(where, page_ended{});
  else if (verb == "lives")
    pages_.see(where, run_alive{});
  else if (verb == "loses")
    pages_.see(where, protocol::tab_gone{loss_cause::crashed});
  else if (verb == "has") {
    auto why = fail(errc::capacity, "All tabs are taken.");
    why.retry_after = std::chrono::minutes{10};
    pages_.see(where, tab_refused{why});
  } else if (verb == "gets")
    caf::anon_send(pages_.session(where), actors::line_left{});
  else
    return false;
  return true;
}

/// What the pages were told to do since the last line.
void story::report_pages() {
  for (auto where : pages_.known()) {
    auto& acts = pages_.acts(where);
    auto& told = acts_told_[where];
    auto name = where == session_id{1} ? std::string{"page"}
                                       : "page-" + std::to_string(where.value);
    for (; told < acts.size(); ++told)
      told_ << name << ": " << to_words(acts[told]) << '\n';
  }
}

} // namespace berth::scenarios
