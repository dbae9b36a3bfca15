// Promise B4 in a real Chrome: who makes it work hard keeps the others' tabs
// waiting no longer than that work takes.

#include "tests/e2e/tabs.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace berth::tests {

namespace {

using milliseconds = std::chrono::duration<double, std::milli>;
using std::chrono::steady_clock;

constexpr size_t heavy = size_t{8} << 20;

struct Neighbours : Tabs {
  /// Of many small commands in this tab.
  static steady_clock::duration median(client::tab& tab) {
    std::vector<steady_clock::duration> took;
    for (int i = 0; i < 201; ++i) {
      auto begun = steady_clock::now();
      EXPECT_EQ(must(tab.evaluate("1")).value, "1");
      took.push_back(steady_clock::now() - begun);
    }
    std::ranges::nth_element(took, took.begin() + 100);
    return took[100];
  }

  /// Several at once, one after the other, until it is over. Each is done.
  void expect_hardly_delayed(const std::function<void(client::tab&)>& work) {
    auto busy = open();
    auto quiet = open();
    auto calm = median(quiet);
    std::atomic<bool> over = false;
    std::atomic<int> done = 0;
    std::vector<std::thread> workers;
    for (int i = 0; i < 6; ++i) // What waits has a limit.
      workers.emplace_back([&] {
        while (!over) {
          work(busy);
          ++done;
        }
      });
    while (done == 0)
      std::this_thread::yield();
    auto beside = median(quiet);
    EXPECT_TRUE(me.acquire()) << "A new tab can be had meanwhile.";
    over = true;
    for (auto& x : workers)
      x.join();
    std::printf("a command takes %.2f ms, beside heavy ones %.2f ms; %d done\n",
                milliseconds{calm}.count(), milliseconds{beside}.count(),
                done.load());
    EXPECT_LE(beside, 10 * calm);
  }
};

} // namespace

TEST_F(Neighbours, B4_AreHardlyDelayedByHeavyAnswers) {
  expect_hardly_delayed([](client::tab& busy) {
    auto got = busy.evaluate("'x'.repeat(" + std::to_string(heavy) + ")");
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->value.size(), heavy + 2);
  });
}

TEST_F(Neighbours, B4_AreHardlyDelayedByHeavyCommands) {
  expect_hardly_delayed([](client::tab& busy) {
    auto got = busy.evaluate("/*" + std::string(heavy, 'x') + "*/ 2");
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->value, "2");
  });
}

/// The daemon reads it on the one thread that serves everybody.
TEST_F(Neighbours, B4_DoNotWaitForAnEndlessOutline) {
  auto tab = open();
  ASSERT_TRUE(tab.navigate("data:text/html,<p>little"));
  ASSERT_TRUE(tab.evaluate("document.body.innerHTML = "
                           "'<button>one of many</button>'.repeat(60000); 1"));
  EXPECT_EQ(code_of(tab.run(snapshot{{}, snapshot_kind::accessibility})),
            errc::answer_too_large);
  EXPECT_TRUE(tab.run(snapshot{{}, snapshot_kind::text}));
}

/// However many commands wait behind one that hangs, the tab's own calls do
/// not: it ends that script, and is not taken for lost.
TEST_F(Neighbours, B4_LoseNoTabThatHasMuchToDo) {
  auto tab = open();
  auto quiet = open();
  ASSERT_TRUE(tab.evaluate("window.mine = 42"));
  auto try_for = [&](std::chrono::milliseconds time, std::string script) {
    evaluate what;
    what.expression = std::move(script);
    EXPECT_EQ(code_of(tab.run(within(time, what))), errc::deadline_exceeded);
  };
  std::vector<std::thread> workers;
  workers.emplace_back([&] {
    try_for(std::chrono::seconds{1},
            "/*" + std::string(size_t{2} << 20, 'x') + "*/ for (;;);");
  });
  for (int i = 0; i < 20; ++i)
    workers.emplace_back([&] {
      try_for(std::chrono::milliseconds{300}, "new Promise(() => {})");
    });
  for (auto& x : workers)
    x.join();
  EXPECT_EQ(must(quiet.evaluate("1")).value, "1");
  EXPECT_EQ(must(tab.evaluate("window.mine")).value, "42");
}

} // namespace berth::tests
