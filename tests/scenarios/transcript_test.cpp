// A transcript puts its lines in order, and is silent when nobody listens.

#include "scenarios/transcript.hpp"

#include <gtest/gtest.h>

namespace berth::scenarios {

using namespace std::chrono_literals;

TEST(Transcript, ShowsTheLastLinesInTheOrderOfTheirInstants) {
  transcript it{true};
  protocol::timestamp start;
  auto tell = [&](auto at, std::string words) {
    it.tell(start + at, [&] {
      return words;
    });
  };
  tell(3s, "third");
  tell(1s, "first");
  tell(61s + 204ms, "last");
  tell(2s, "second");
  EXPECT_EQ(it.last(3), "       2.000s  second\n"
                        "       3.000s  third\n"
                        "      61.204s  last\n");
  for (int i = 0; i < 10'000; ++i)
    tell(70s, std::string(1000, 'x'));
  EXPECT_EQ(it.last(2).size(), 2 * (15 + 160 + 4));
}

TEST(Transcript, AsksForNoWordsWhenNobodyListens) {
  transcript it{false};
  it.tell({}, []() -> std::string {
    ADD_FAILURE() << "was asked";
    return {};
  });
  EXPECT_EQ(it.last(10), "");
}

} // namespace berth::scenarios
