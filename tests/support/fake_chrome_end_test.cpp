// How a fake Chrome ends, stops, and is followed by another.

#include "tests/support/fake_chrome_user.hpp"

namespace berth::tests {

namespace {

class FakeChromesEnd : public FakeChrome {};

TEST_P(FakeChromesEnd, BeginsAnewForTheNextOneWhenItIsStopped) {
  open();
  navigate("http://a/");
  hub_.send("Browser.close");
  chrome_.halt();
  hub_.let_go();
  hub next{chrome_};
  wait();
  next.attach_to_all();
  wait(1min);
  EXPECT_TRUE(next.up);
  EXPECT_TRUE(next.ends.empty());
  EXPECT_TRUE(next.events("Page.lifecycleEvent").empty());
  EXPECT_EQ(chrome_.pages().size(), 1u);
}

TEST_P(FakeChromesEnd, IsReplacedWhenItStopsBeforeItIsTakenOver) {
  open();
  hub_.let_go();
  hub next{chrome_};
  chrome_.halt();
  wait(1min);
  EXPECT_TRUE(next.up);
  EXPECT_EQ(chrome_.pages().size(), 1u);
}

TEST_P(FakeChromesEnd, DoesNotStartWhenItIsStoppedMeanwhile) {
  chrome_.die();
  wait();
  hub next{chrome_};
  chrome_.halt();
  wait(1min);
  EXPECT_FALSE(next.up);
  EXPECT_EQ(next.ends, std::vector{cdp::chrome_end::not_started});
}

TEST_P(FakeChromesEnd, EndsOnceAndAnswersNothingAfterwards) {
  auto asked = hub_.send("Browser.getVersion");
  chrome_.die();
  chrome_.die();
  wait();
  EXPECT_EQ(hub_.ends, std::vector{cdp::chrome_end::connection_lost});
  auto late = hub_.send("Browser.getVersion");
  wait();
  EXPECT_LE(hub_.answers(asked).size(), 1u);
  EXPECT_TRUE(hub_.answers(late).empty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, FakeChromesEnd,
                         testing::Range<uint64_t>(1, 21));

} // namespace

} // namespace berth::tests
