// What an agent asks of the daemon: each request is to be answered once, in
// time, and not with a bug.

#pragma once

#include "scenarios/invariants.hpp"

#include <list>
#include <string>

namespace berth::scenarios {

enum class mood : uint8_t { chaos, peace, calm, farewell };

class inquirer {
public:
  inquirer(const scene& where, invariants& law, tests::guest& self);

  /// If it is sent twice, the first answer comes to `twins`.
  template <class T, class Request>
  tests::asked<T> ask(const char* what, Request request, duration within,
                      std::list<tests::asked<T>>* twins = nullptr);

  /// It must be answered sooner than was said before.
  void hasten(const tests::any_question& which, duration within);

  void check();

  /// Nothing is answered any more on this connection.
  void forget();

  /// The next request is sent twice.
  void stutter();

  /// Commands under way need not be answered: the agent's own end of the
  /// connection would say that they are late.
  void forgive_commands();

  template <class Words>
  void tell(Words words) const {
    where_.tell([&] {
      return self_.name() + ' ' + words();
    });
  }

private:
  struct open_question {
    const char* what;
    timestamp due;
    duration within; ///< From when it arrives, which the clock may jump over.
    std::shared_ptr<const tests::any_question> asked;
    bool of_tab = false;   ///< A tab answers it.
    bool told = false;     ///< That it was answered.
    bool forgiven = false; ///< It may stay without an answer.
  };

  bool check(open_question& x);
  void tell_answer(const open_question& x);

  scene where_;
  invariants& law_;
  tests::guest& self_;
  bool stutters_ = false;
  std::list<open_question> questions_;
};

/// How much later than its own deadline an answer may come: the daemon looks
/// up whose tab it is before the deadline begins.
inline constexpr duration answer_slack = std::chrono::seconds{15};

template <class T, class Request>
tests::asked<T>
inquirer::ask(const char* what, Request request, duration within,
              std::list<tests::asked<T>>* twins) {
  tell([&] {
    return std::string{"asks: "} + what;
  });
  auto ask_once = [&] {
    auto asked = self_.ask<T>(request);
    auto most = within + answer_slack;
    questions_.push_back({what, where_.world.now() + most, most, asked,
                          std::is_same_v<T, answer>});
    return asked;
  };
  if (std::exchange(stutters_, false)) {
    auto twin = ask_once();
    if (twins)
      twins->push_back(std::move(twin));
  }
  return ask_once();
}

} // namespace berth::scenarios
