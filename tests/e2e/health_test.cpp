// A real Chromium that runs and is of no use: it is noticed, and replaced.

#include "cdp/transport/proc.hpp"

#include "tests/e2e/harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

/// As by default, in less time.
void impatient(config& how) {
  how.pulse.ping_every = 1s;
  how.pulse.ping_within = 1s;
}

struct Health : testing::Test {
  live_daemon berth{impatient};
  client::connection me = berth.connect();

  pid_t chrome() {
    return static_cast<pid_t>(berth.look().browsers[0].pid);
  }

  bool hears(const std::string& change) {
    return berth.log()
      .wait([&](const event& x) {
        return x.kind == event_kind::browser_changed
               && x.detail.starts_with(change);
      })
      .has_value();
  }

  /// Which start new renderers.
  void kill_zygotes() {
    auto group = chrome();
    for (auto pid : cdp::all_processes()) {
      // It writes all of its words as one.
      auto words = cdp::command_line(pid);
      if (::getpgid(pid) == group
          && std::ranges::any_of(words, [](const std::string& x) {
               return x.find("--type=zygote") != std::string::npos;
             }))
        ::kill(pid, SIGKILL);
    }
  }
};

} // namespace

TEST_F(Health, B3_AChromeThatIsStoppedIsReplaced) {
  auto tab = must(me.acquire());
  ASSERT_TRUE(tab.navigate("data:text/html,<title>here</title>"));
  auto before = chrome();
  ::kill(before, SIGSTOP);
  ASSERT_TRUE(hears("silent"));
  ASSERT_TRUE(hears("given up"));
  ASSERT_TRUE(berth.log().wait([](const event& x) {
    return x.kind == event_kind::browser_down
           && x.detail.find("answered nothing") != std::string::npos;
  }));
  auto another = must(me.acquire());
  EXPECT_NE(chrome(), before);
  EXPECT_EQ(cdp::identify(before), "");
  auto lost = tab.evaluate("1");
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, errc::tab_lost);
  EXPECT_EQ(lost.error().cause, loss_cause::browser_gone);
  ASSERT_TRUE(tab.recover());
  EXPECT_EQ(must(tab.evaluate("document.title")).value, "\"here\"");
}

/// What was asked of it is answered in time, and nothing of it stays.
TEST_F(Health, B3_WhoAsksAStoppedChromeForATabIsToldWhatWasNotDone) {
  ::kill(chrome(), SIGSTOP);
  auto refused = me.acquire();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::browser_unavailable);
  EXPECT_EQ(berth.look().leases.size(), 0u);
  EXPECT_TRUE(me.acquire());
}

/// It was stopped for less than two questions.
TEST_F(Health, B4_AChromeThatGoesOnIsNotReplaced) {
  auto tab = must(me.acquire());
  auto before = chrome();
  ::kill(before, SIGSTOP);
  bool silent = hears("silent");
  ::kill(before, SIGCONT);
  ASSERT_TRUE(silent);
  ASSERT_TRUE(hears("answers again"));
  EXPECT_EQ(must(tab.evaluate("1")).value, "1");
  EXPECT_EQ(chrome(), before);
}

TEST_F(Health, B3_AChromeThatCanStartNoRendererIsReplaced) {
  auto is_given_up = [](const event& x) {
    return x.kind == event_kind::browser_changed
           && x.detail.starts_with("given up: Its last 3 new tabs crashed");
  };
  pid_t before = 0;
  std::vector<client::tab> had;
  // At times Chrome ends by itself without them: then the next one is asked.
  for (int round = 0;
       round < 10 && std::ranges::none_of(berth.log().all(), is_given_up);
       ++round) {
    before = chrome();
    kill_zygotes();
    for (int i = 0; i < 10 && chrome() == before; ++i)
      if (auto made = me.acquire())
        had.push_back(std::move(*made));
  }
  ASSERT_TRUE(berth.log().wait(is_given_up));
  ASSERT_TRUE(berth.log().wait([&](const event& x) {
    return x.kind == event_kind::browser_up && x.number > 0 && chrome() != 0;
  }));
  auto tab = must(me.acquire());
  EXPECT_EQ(must(tab.evaluate("1 + 1")).value, "2");
  EXPECT_NE(chrome(), before);
}

} // namespace berth::tests
