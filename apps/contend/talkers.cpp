#include "apps/contend/talkers.hpp"

#include <algorithm>
#include <utility>

namespace berth::apps::contend {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

/// In it a daemon and a Chromium are there again, and an answer is made.
constexpr duration patience = 60s;

bool is_without_daemon(const failure& why) {
  return why.code == errc::unreachable || why.code == errc::cut_off;
}

/// Asks again as long as nobody is there to answer: the same may be asked
/// twice without harm.
template <class Ask>
auto persist(Ask ask) {
  auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto got = ask();
    if (got || !is_without_daemon(got.error())
        || std::chrono::steady_clock::now() >= until)
      return got;
  }
}

/// The whole answer to this prompt, and to no other.
bool answers(const run_view& x, const std::string& prompt) {
  auto mark = fixture::mark_of(x.url.substr(x.url.rfind('/') + 1), prompt);
  return x.answer.starts_with("[" + mark) && x.answer.ends_with(mark + "]");
}

} // namespace

talkers::talkers(size_t count, uint16_t port) : running_{count} {
  for (size_t i = 1; i <= count; ++i)
    threads_.emplace_back([this, port, i] {
      converse(port, i);
      --running_;
    });
}

talkers::~talkers() {
  dismiss();
  for (auto& x : threads_)
    x.join();
}

void talkers::converse(uint16_t port, size_t number) {
  client::settings where;
  where.port = port;
  where.name = "talker-" + std::to_string(number);
  auto me = persist([&] {
    return client::connection::open(where);
  });
  if (!me)
    return note(me.error());
  std::optional<session_id> talk;
  for (uint64_t turn = 1; !dismissed_; ++turn) {
    if (!talk) {
      auto opened = me->open_session("fixture");
      if (!opened) {
        note(opened.error());
        continue;
      }
      talk = opened->session;
      note(&talk_figures::sessions);
    }
    take_turn(*me, *talk,
              "say " + std::to_string(number) + "/" + std::to_string(turn)
                + "; stream 6 every 30");
    auto still = persist([&] {
      return me->show(*talk);
    });
    if (!still && still.error().code == errc::session_unknown) {
      note(&talk_figures::lost);
      talk.reset();
    }
  }
  if (!talk)
    return;
  auto closed = persist([&] {
    return me->close(*talk);
  });
  if (!closed)
    note(closed.error());
}

/// Whoever is not answered asks what became of it.
void talkers::take_turn(client::connection& me, session_id where,
                        const std::string& prompt) {
  send_prompt what;
  what.session = where;
  what.what.text = prompt;
  what.until = wait_until::done;
  what.wait = what.timeout = patience;
  auto got = me.send(std::move(what));
  bool unheard = !got && is_without_daemon(got.error());
  if (unheard) {
    poll_run last;
    last.session = where;
    last.wait = patience;
    got = persist([&] {
      return me.poll(last);
    });
  }
  if (!got)
    return note(got.error());
  if (got->state != session_state::complete)
    return note(got->why);
  if (answers(*got, prompt))
    return note(&talk_figures::turns);
  // Then the last run is the one before: this prompt never reached the daemon.
  note(unheard ? &talk_figures::unsent : &talk_figures::wrong);
}

void talkers::note(uint64_t talk_figures::*what) {
  std::lock_guard guard{mutex_};
  ++(seen_.*what);
}

void talkers::note(const failure& why) {
  std::lock_guard guard{mutex_};
  ++seen_.failures[why.code];
}

talk_figures talkers::count(const fixture::service& site) const {
  std::lock_guard guard{mutex_};
  auto result = seen_;
  std::map<std::string, uint64_t> taken;
  for (const auto& x : site.log())
    if (x.result == fixture::fate::taken)
      result.doubled += ++taken[x.what.text] == 2;
  return result;
}

} // namespace berth::apps::contend
