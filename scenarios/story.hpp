// Stories: texts of what agents do and what they are told, played against the
// real actors in the world and retold word for word.
//
//     given admission.per_key = 1      a setting, before anything else
//     alice acquires web               an act; whoever is named first joins
//     alice: granted 1:1.1             what she is told: checked
//     bob acquires web within 1m
//     and carol acquires web           at the same instant as the line above
//     wait 30s                         time passes; each act takes a second
//
// Agents acquire, renew, release, go to, evaluate, click, recover, cancel, ask
// for status, say goodbye and come back; `with 1:1.1` shows another lease than
// their last one. `alice's process dies`; `alice's tab crashes`, closes, stops,
// clings, loses its driver, opens URL, ctrl-clicks URL; `Chrome dies`, stops,
// goes on, bears only dead tabs, refuses to start once, never answers METHOD;
// `the disk refuses once`; `the front door fails`; `the daemon is killed`, and
// the next one comes; `Chrome counts` its tabs.
//
// `given browsers a b c` has several, the first of which is meant if none is
// named: `acquires web in b`, `opens chatgpt in b`, `Chrome b dies`; and agents
// drain, undrain, restart, remove and add them by name.
//
// They open chatgpt or gemini, send and query a prompt (`instead`, `later`,
// `after 1h`, `within 10m`, `lasting 90m`), poll, stop, switch, watch, show,
// reattach and close; `of 2` names the session, a number the run. There a page
// is played by the story: `page: begins run 1` is what it is told to do; `the
// page shows the prompt`, misses it, writes 12, answers TEXT, fails CODE, ends,
// lives, loses its tab, comes back, has no tab, dies; `the page cannot send`,
// stop, recover; `the page can` again.

#pragma once

#include "scenarios/story_words.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/scripted_pages.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace berth::scenarios {

class story {
public:
  /// Retells `text`, with what agents are told today.
  std::string tell(const std::string& text);

private:
  /// Something asked and not yet answered. Empty: still pending.
  using open_question = std::function<std::optional<std::string>()>;

  struct person {
    explicit person(tests::guest x) : self{std::move(x)} {
      // nop
    }

    tests::guest self;
    grant held; ///< What was granted last.
    ticket_id ticket;
    size_t heard = 0; ///< How much of what was heard is told already.
    std::vector<open_question> open;
  };

  /// The words of one line, read from the left; `with 1:1.1` and its like may
  /// stand anywhere.
  struct words {
    std::vector<std::string> left;

    std::string next();
    bool take(const std::string& flag);
    std::string after(const std::string& keyword);
    duration time_after(const std::string& keyword);
  };

  using handler = void (story::*)(person&, words&);

  static const std::map<std::string, handler>& verbs();

  void play(const std::string& line);
  void set(words& line);
  bool play_chrome(words& line);
  bool play_disk(words& line);
  void play_person(const std::string& name, words& line);
  bool happen(person& whom, const std::string& what, words& line);
  bool happen_to_tab(person& whom, words& line);
  void lose_driver(person& whom);

  void acquire(person& who, words& line);
  void renew(person& who, words& line);
  void release(person& who, words& line);
  void go(person& who, words& line);
  void evaluate(person& who, words& line);
  void click(person& who, words& line);
  void recover(person& who, words& line);
  void cancel(person& who, words& line);
  void ask_status(person& who, words& line);
  void say_goodbye(person& who, words& line);
  void come_back(person& who, words& line);
  void revoke(person& who, words& line);
  void drain(person& who, words& line);
  void undrain(person& who, words& line);
  void restart(person& who, words& line);
  void remove(person& who, words& line);
  void add(person& who, words& line);
  void change(person& who, words& line, browser_change what);

  // -- sessions: story_sessions.cpp
  void open_session(person& who, words& line);
  void send(person& who, words& line);
  void query(person& who, words& line);
  void poll(person& who, words& line);
  void stop(person& who, words& line);
  void switch_provider(person& who, words& line);
  void watch(person& who, words& line);
  void show(person& who, words& line);
  void reattach(person& who, words& line);
  void close(person& who, words& line);
  void prompt(person& who, words& line, wait_until until);
  bool play_page(words& line);
  bool see_in_page(session_id where, const std::string& verb, words& line);
  void report_pages();

  /// Asks, and says what came of it in `told`'s words.
  template <class T, class Request, class Told>
  void ask(person& who, Request what, Told told);

  addressee to(const person& who, words& line);
  lease_credential ref(const person& who, words& line);

  void pass(duration by);
  void report();
  void not_understood(const std::string& line);

  tests::daemon& daemon();
  person& find(const std::string& who);

  std::ostringstream told_;
  config how_;
  tests::world world_{1};
  tests::scripted_pages pages_{world_};
  std::map<session_id, size_t> acts_told_;
  std::unique_ptr<tests::daemon> daemon_; ///< Born when it is first needed.
  std::vector<std::string> order_;        ///< Of appearance.
  std::map<std::string, person> people_;
  size_t journal_read_ = 0;
};

template <class T, class Request, class Told>
void story::ask(person& who, Request what, Told told) {
  if (!who.self.joined()) {
    told_ << "story: " << who.self.name() << " is not there\n";
    return;
  }
  auto answered = who.self.ask<T>(std::move(what));
  who.open.push_back([answered, told]() -> std::optional<std::string> {
    if (answered->pending())
      return std::nullopt;
    return answered->why ? to_words(*answered->why) : told(*answered->value);
  });
}

/// Plays the files. Says which of them came out differently, and how; with
/// `update` it writes them anew instead. True if all came out as written.
bool play_stories(const std::vector<std::string>& files, bool update);

} // namespace berth::scenarios
