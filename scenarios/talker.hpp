// What an agent does with conversations: it opens them or joins those of
// others, sends, waits, looks, stops, switches, comes back and closes.

#pragma once

#include "scenarios/inquirer.hpp"

#include <set>

namespace berth::scenarios {

class talker {
public:
  talker(const scene& where, invariants& law, inquirer& asks, std::string name);

  /// Takes what was answered since the last turn, and does the next thing.
  void turn(mood how);

  /// How many whole answers it was told.
  size_t served() const {
    return served_;
  }

  /// It has no conversation, and waits for nothing.
  bool over() const;

  /// Nothing of what it asked is answered any more.
  void forget();

  /// Far more prompts and looks than may wait.
  void flood();

private:
  struct call {
    std::string text; ///< The prompt; empty: it sends none.
    session_id where;
    tests::asked<run_view> got;
  };

  struct known_run {
    session_id where;
    run_id run;
    std::string text;
  };

  /// A conversation is opened, shown, changed or closed.
  struct errand {
    session_id where; ///< Zero: a new one.
    bool closes = false;
    tests::asked<session_view> got;
  };

  bool is_content();
  void find_talk(mood how);
  void open();
  void say_anything();
  void send(send_prompt x);
  void query();
  void poll();
  void stop();
  void close(session_id which);
  void end_all();
  template <class Request>
  void run_errand(const char* what, Request x, bool closes = false);
  void take_calls();
  void take_call(const call& x);
  void take_errands();
  void take_errand(const errand& x);
  void take_list();
  void was_refused(session_id where, errc why);
  void is_gone(session_id which);
  bool chance(double p);
  duration draw(duration most);
  std::string next_text();

  scene where_;
  invariants& law_;
  inquirer& asks_;
  std::string name_;
  session_id now_; ///< Where it talks. Zero: nowhere.
  std::set<session_id> own_;
  std::list<call> calls_;
  std::list<errand> errands_;
  std::list<tests::asked<run_view>> twins_; ///< Of the prompt just sent.
  std::deque<known_run> known_;
  tests::asked<session_list> listing_;
  uint64_t texts_ = 0;
  size_t served_ = 0;
  std::optional<size_t> before_peace_;
};

} // namespace berth::scenarios
