// A daemon with sessions whose pages are played by the test, and two agents.

#pragma once

#include "tests/support/daemon.hpp"
#include "tests/support/scripted_pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace berth::tests {

using namespace std::chrono_literals;

inline const std::string address = "https://chat.example/c/1";

struct SessionWorld : testing::Test {
  explicit SessionWorld(const config& limits = {})
    : how{with_providers(limits)} {
    alice.join();
    bob.join();
    where.settle();
  }

  static config with_providers(config limits) {
    limits.session.times.of_provider = {{"a", {}}, {"b", {}}};
    return limits;
  }

  /// A request that is answered at once.
  template <class T, class Request>
  T now(guest& who, Request what) {
    auto answer = who.ask<T>(std::move(what));
    where.settle();
    EXPECT_FALSE(answer->why) << answer->why->what;
    EXPECT_TRUE(answer->value);
    return answer->value.value_or(T{});
  }

  /// A request that is refused at once.
  template <class T, class Request>
  failure refused(guest& who, Request what) {
    auto answer = who.ask<T>(std::move(what));
    where.settle();
    EXPECT_TRUE(answer->why);
    return answer->why.value_or(failure{});
  }

  session_id open(std::string provider = "a") {
    return now<session_view>(alice, open_session{{}, std::move(provider)})
      .session;
  }

  /// A prompt that would wait its turn.
  static send_prompt words(std::string text, session_id where_to = {}) {
    send_prompt result;
    result.what.text = std::move(text);
    result.wait = 10min;
    result.session = where_to;
    return result;
  }

  static send_prompt query(std::string text, session_id where_to = {}) {
    auto result = words(std::move(text), where_to);
    result.until = wait_until::done;
    return result;
  }

  run_view send(const send_prompt& what) {
    return now<run_view>(alice, what);
  }

  run_view look(run_id which = {}) {
    return now<run_view>(bob, poll_run{{}, {}, which, {}});
  }

  asked<run_view> wait_for(guest& who, run_id which = {}) {
    auto result = who.ask<run_view>(poll_run{{}, {}, which, 1h});
    where.settle();
    return result;
  }

  template <class What>
  void see(What what, session_id which = {1}) {
    pages.see(which, std::move(what));
    where.settle();
  }

  /// Which runs were begun in the page.
  std::vector<uint64_t> begun(session_id which = {1}) const {
    std::vector<uint64_t> result;
    for (const auto& x : pages.all<begin_run>(which))
      result.push_back(x.run.run.value);
    return result;
  }

  size_t journaled(event_kind kind) {
    auto& all = it.journal().entries;
    return static_cast<size_t>(std::ranges::count_if(all, [&](const auto& x) {
      return x.what.kind == kind;
    }));
  }

  config how;
  world where{7};
  scripted_pages pages{where};
  daemon it{where, how, pages.maker()};
  guest alice = it.make_guest({1}, "alice");
  guest bob = it.make_guest({2}, "bob");
};

using numbers = std::vector<uint64_t>;

} // namespace berth::tests
