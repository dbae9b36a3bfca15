#include "scenarios/talker.hpp"

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr duration answer_time = 5s;

/// Of a call that goes on until the run ends, however many are before it.
constexpr duration patience_max = 3h;

constexpr size_t calls_max = 5;
constexpr size_t known_max = 8;

/// More than any session may have waiting.
constexpr size_t flood_size = 100;

/// Takes out of the list what was answered.
template <class T>
std::list<T> take_answered(std::list<T>& from) {
  std::list<T> result;
  for (auto i = from.begin(); i != from.end();) {
    auto next = std::next(i);
    if (!i->got->pending())
      result.splice(result.end(), from, i);
    i = next;
  }
  return result;
}

} // namespace

talker::talker(const scene& where, invariants& law, inquirer& asks,
               std::string name)
  : where_{where}, law_{law}, asks_{asks}, name_{std::move(name)} {
  // nop
}

bool talker::chance(double p) {
  return where_.world.chance(p);
}

duration talker::draw(duration most) {
  return where_.world.draw(most);
}

void talker::turn(mood how) {
  take_calls();
  take_errands();
  take_list();
  if (how == mood::calm)
    return;
  if (how == mood::farewell) {
    end_all();
    return;
  }
  if (!now_)
    find_talk(how);
  else if (calls_.size() >= calls_max || !errands_.empty())
    return;
  else if (how == mood::chaos) {
    if (chance(0.4))
      say_anything();
  } else if (calls_.empty() && !is_content())
    query();
}

/// Once it was served in peace it rests, so that there is an end.
bool talker::is_content() {
  if (!before_peace_)
    before_peace_ = served_;
  return served_ > *before_peace_;
}

bool talker::over() const {
  return own_.empty() && calls_.empty() && errands_.empty() && !listing_;
}

void talker::forget() {
  calls_.clear();
  errands_.clear();
  twins_.clear();
  listing_.reset();
}

void talker::flood() {
  if (!now_)
    return;
  for (size_t i = 0; i < flood_size; ++i)
    if (chance(0.5)) {
      send_prompt x;
      x.background = chance(0.5);
      x.wait = draw(10s);
      send(x);
    } else
      poll();
}

// -- what it does -------------------------------------------------------------

void talker::find_talk(mood how) {
  if (!errands_.empty())
    return;
  auto known = law_.talks().draw_open(where_.world);
  if (known && chance(how == mood::chaos ? 0.3 : 0.5)) {
    now_ = *known;
    run_errand("reattachment", reattach_session{now_});
  } else
    open();
}

void talker::open() {
  std::list<tests::asked<session_view>> twins;
  open_session x;
  x.provider = chance(0.5) ? "talk" : "chat";
  errands_.push_back(
    {{}, false, asks_.ask<session_view>("session", x, answer_time, &twins)});
  for (auto& twin : twins)
    errands_.push_back({{}, false, std::move(twin)});
}

void talker::say_anything() {
  auto what = where_.world.draw(uint64_t{100});
  send_prompt x;
  x.wait = chance(0.5) ? duration{0} : draw(2min);
  x.until = static_cast<wait_until>(where_.world.draw(uint64_t{3}));
  if (what < 30)
    send(x);
  else if (what < 38) {
    x.interrupt = true;
    send(x);
  } else if (what < 48) {
    x.background = true;
    send(x);
  } else if (what < 53) {
    x.delay = 1ms + draw(1min);
    send(x);
  } else if (what < 73)
    poll();
  else if (what < 83)
    stop();
  else if (what < 86)
    run_errand("switch", switch_provider{chance(0.5) ? "talk" : "chat", now_});
  else if (what < 89)
    run_errand("reattachment", reattach_session{now_});
  else if (what < 92)
    run_errand("look", show_session{now_});
  else if (what < 94 && !listing_)
    listing_ = asks_.ask<session_list>("list", list_sessions{}, 15s);
  else if (what < 97)
    now_ = {}; // Whoever is in it goes on.
  else
    close(now_);
}

std::string talker::next_text() {
  return "Question " + std::to_string(++texts_) + " of " + name_ + ".";
}

void talker::send(send_prompt x) {
  x.session = now_;
  x.what.text = next_text();
  if (chance(0.8))
    x.timeout = 20s + draw(2min);
  bool bounded
    = x.wait > duration{0} && !x.background && !x.interrupt && !x.delay.count();
  auto within = answer_time;
  if (x.until != wait_until::accepted)
    within = bounded ? x.wait + (x.timeout.count() ? x.timeout : 10min)
                     : patience_max;
  law_.talks().asks(x);
  auto got = asks_.ask<run_view>("prompt", x, within, &twins_);
  for (auto& twin : std::exchange(twins_, {})) {
    law_.talks().asks(x);
    calls_.push_back({x.what.text, now_, std::move(twin)});
  }
  calls_.push_back({x.what.text, now_, std::move(got)});
}

void talker::query() {
  send_prompt x;
  x.until = wait_until::done;
  x.wait = 10min;
  send(x);
}

void talker::poll() {
  poll_run x;
  x.session = now_;
  x.wait = chance(0.5) ? duration{0} : draw(1min);
  if (!known_.empty() && chance(0.7)) {
    auto& which = known_[where_.world.draw(uint64_t{known_.size()})];
    x.session = which.where;
    x.run = which.run;
  }
  calls_.push_back(
    {{}, x.session, asks_.ask<run_view>("poll", x, answer_time + x.wait)});
}

void talker::stop() {
  stop_run x;
  x.session = now_;
  if (!known_.empty() && chance(0.7)) {
    auto& which = known_[where_.world.draw(uint64_t{known_.size()})];
    x.session = which.where;
    x.run = which.run;
  }
  calls_.push_back(
    {{}, x.session, asks_.ask<run_view>("stop", x, answer_time)});
}

template <class Request>
void talker::run_errand(const char* what, Request x, bool closes) {
  auto got = asks_.ask<session_view>(what, x, answer_time);
  errands_.push_back({x.session, closes, std::move(got)});
}

void talker::close(session_id which) {
  run_errand("close", close_session{which}, true);
}

/// Its own, and where it waits for something still.
void talker::end_all() {
  if (!errands_.empty())
    return;
  auto left = own_;
  for (auto& x : calls_)
    left.insert(x.where);
  for (auto x : left)
    close(x);
}

// -- what it is told ----------------------------------------------------------

void talker::take_calls() {
  for (auto& x : take_answered(calls_))
    take_call(x);
}

void talker::take_call(const call& x) {
  if (auto& why = x.got->why) {
    was_refused(x.where, why->code);
    return;
  }
  auto& view = *x.got->value;
  if (!x.text.empty()) {
    law_.talks().accepted(view, x.text);
    known_.push_back({x.where, view.run, x.text});
    if (known_.size() > known_max)
      known_.pop_front();
    served_ += view.state == session_state::complete;
  }
  law_.talks().told(view);
}

void talker::take_errands() {
  for (auto& x : take_answered(errands_))
    take_errand(x);
}

void talker::take_errand(const errand& x) {
  if (auto& why = x.got->why) {
    was_refused(x.where, why->code);
    return;
  }
  auto& view = *x.got->value;
  law_.talks().told(view);
  if (x.closes)
    is_gone(x.where);
  else if (!x.where) {
    own_.insert(view.session);
    if (!now_)
      now_ = view.session;
  }
}

void talker::take_list() {
  if (!listing_ || listing_->pending())
    return;
  if (auto got = std::exchange(listing_, nullptr); got->value)
    for (auto& x : got->value->sessions)
      law_.talks().told(x);
}

void talker::was_refused(session_id where, errc why) {
  if (why == errc::session_unknown)
    law_.talks().missed(where);
  if (why == errc::session_unknown || why == errc::session_closed)
    is_gone(where);
}

/// Whatever waits for it is told so at once.
void talker::is_gone(session_id which) {
  own_.erase(which);
  if (now_ == which)
    now_ = {};
  for (auto& x : calls_)
    if (x.where == which)
      asks_.hasten(*x.got, answer_time);
}

} // namespace berth::scenarios
