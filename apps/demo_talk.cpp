#include "apps/demo_talk.hpp"

#include "actors/remote/connection.hpp"

#include <algorithm>
#include <utility>

namespace berth::apps {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

constexpr const char* prompt = "stream 30 every 40; crash; stream 60 every 40";
constexpr duration patience = 60s;

} // namespace

demo_talk::demo_talk(uint16_t port, const fixture::service& site)
  : site_{site}, thread_{[this, port] {
      converse(port);
      over_ = true;
    }} {
  // nop
}

demo_talk::~demo_talk() {
  thread_.join();
}

std::string demo_talk::state() const {
  std::lock_guard guard{mutex_};
  return state_;
}

bool demo_talk::kept() const {
  std::lock_guard guard{mutex_};
  return wrong_.empty();
}

std::string demo_talk::what() const {
  std::lock_guard guard{mutex_};
  return wrong_.empty() ? "a conversation's tab crashed in mid-answer; the "
                          "answer is whole, its prompt was sent once"
                        : wrong_;
}

void demo_talk::become(std::string state) {
  std::lock_guard guard{mutex_};
  state_ = std::move(state);
}

void demo_talk::hear(const event& x) {
  if (x.kind == event_kind::run_started)
    become("opens its tab");
  else if (x.kind == event_kind::run_confirmed)
    become("its prompt was sent");
  else if (x.kind == event_kind::run_progressed)
    become("its answer grows");
  else if (x.kind == event_kind::run_adrift) {
    become("its tab crashed");
    std::lock_guard guard{mutex_};
    ++tabs_lost_;
  } else if (x.kind == event_kind::run_resumed)
    become("goes on in a new tab");
}

void demo_talk::converse(uint16_t port) {
  auto fails = [this](const std::string& why) {
    become("went wrong");
    std::lock_guard guard{mutex_};
    wrong_ = why;
  };
  client::settings where;
  where.port = port;
  where.name = "conversation";
  where.on_event = [this](const event& x) {
    hear(x);
  };
  auto me = client::connection::open(where);
  if (!me)
    return fails(me.error().what);
  auto session = me->open_session("fixture");
  if (!session)
    return fails(session.error().what);
  if (auto heard = me->watch(session->session); !heard)
    return fails(heard.error().what);
  send_prompt what;
  what.session = session->session;
  what.what.text = prompt;
  what.until = wait_until::done;
  what.wait = what.timeout = patience;
  auto got = me->send(std::move(what));
  if (!got || got->state != session_state::complete)
    return fails(got ? got->why.what : got.error().what);
  if (!is_whole(got->url, got->answer))
    return fails("the answer is not whole, or another's");
  auto log = site_.log();
  if (auto times = std::ranges::count(log, prompt,
                                      [](const fixture::received& x) {
                                        return x.what.text;
                                      });
      times != 1)
    return fails("the prompt was sent " + std::to_string(times) + " times");
  if (auto closed = me->close(session->session); !closed)
    return fails(closed.error().what);
  become("answered");
  std::lock_guard guard{mutex_};
  wrong_ = tabs_lost_ > 0 ? "" : "its tab did not crash";
}

bool demo_talk::is_whole(const std::string& url,
                         const std::string& answer) const {
  auto mark = fixture::mark_of(url.substr(url.rfind('/') + 1), prompt);
  return answer.starts_with("[" + mark) && answer.ends_with(mark + "]");
}

} // namespace berth::apps
