#include "cdp/send_window.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace berth::cdp;
using namespace std::chrono_literals;

namespace {

constexpr send_window::party alice = 1, bob = 2, carol = 3;

class send_window_test : public testing::Test {
public:
  bool put(send_window::party whose, std::string text, uint64_t id = 0,
           std::string session = "S") {
    outgoing what{std::move(text), id, std::move(session)};
    return window.put(whose, what, now);
  }

  /// All that may be written now, one letter each.
  std::string written() {
    std::string result;
    while (auto text = window.next(now))
      result += text->front();
    return result;
  }

  void answer(send_window::party whose, uint64_t id, size_t bytes = 10) {
    window.heard(whose, id, bytes, now);
  }

  /// Answers so many calls of a party at once.
  void earn(send_window::party whose, size_t calls) {
    for (uint64_t id = 1000; id < 1000 + calls; ++id) {
      put(whose, "x", id);
      written();
      answer(whose, id);
    }
  }

  static send_window::limits small() {
    send_window::limits result;
    result.calls_first = 2;
    result.calls_max = 4;
    result.patience = 50ms;
    result.patience_max = 150ms;
    result.heavy = 100;
    result.pause_per_byte = 1ms;
    result.presence = 1s;
    result.waiting_max = 500;
    return result;
  }

  const std::string heavy = std::string(200, 'h');
  send_window window{small()};
  send_window::time now{1h};
};

} // namespace

TEST_F(send_window_test, LetsPartiesTakeTurns) {
  put(alice, "a");
  put(alice, "b");
  put(bob, "1");
  put(carol, "x");
  put(bob, "2");
  EXPECT_EQ(written(), "a1xb2");
}

TEST_F(send_window_test, LetsBerthsOwnOvertake) {
  put(alice, "a");
  for (auto text : {"1", "2", "3", "4", "5", "6"})
    put(send_window::berth, text);
  EXPECT_EQ(window.due(now), now);
  EXPECT_EQ(written(), "123456a");
  EXPECT_EQ(window.due(now), std::nullopt);
}

TEST_F(send_window_test, HasFewCallsOfAStrangerUnderWay) {
  for (uint64_t id : {1, 2, 3, 4})
    put(alice, std::to_string(id), id);
  put(bob, "b");
  EXPECT_EQ(written(), "1b2");
  answer(alice, 2);
  EXPECT_EQ(written(), "34");
  put(alice, "5", 5);
  put(alice, "6", 6);
  answer(alice, 9); // Nobody asked.
  EXPECT_EQ(written(), "");
  answer(alice, 1);
  EXPECT_EQ(written(), "56");
}

TEST_F(send_window_test, HasNoMoreCallsUnderWayThanItsLimit) {
  earn(alice, 20);
  for (uint64_t id : {1, 2, 3, 4, 5})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "1234");
}

TEST_F(send_window_test, LetsOneMoreThroughWhenNoAnswerComes) {
  for (uint64_t id : {1, 2, 3, 4})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "12");
  EXPECT_EQ(window.due(now), now + 50ms);
  now += 49ms;
  EXPECT_EQ(written(), "");
  now += 1ms;
  EXPECT_EQ(written(), "3");
  EXPECT_EQ(window.due(now), now + 100ms); // Twice as long each time,
  now += 100ms;
  EXPECT_EQ(written(), "4");
  EXPECT_EQ(window.due(now), std::nullopt);
  for (uint64_t id : {5, 6, 7})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(window.due(now), now + 150ms); // up to a limit,
  now += 150ms;
  EXPECT_EQ(written(), "5");
  answer(alice, 5); // until Chrome answers.
  EXPECT_EQ(written(), "67");
  put(alice, "8", 8);
  EXPECT_EQ(window.due(now), now + 50ms);
}

TEST_F(send_window_test, PausesAfterAHeavyAnswerBesideOthers) {
  put(alice, "a", 1);
  put(bob, "b", 2);
  EXPECT_EQ(written(), "ab");
  answer(alice, 1, 200);
  put(alice, "c", 3);
  put(bob, "d", 4);
  EXPECT_EQ(written(), "d");
  EXPECT_EQ(window.due(now), now + 200ms);
  now += 199ms;
  EXPECT_EQ(written(), "");
  now += 1ms;
  EXPECT_EQ(written(), "c");
}

TEST_F(send_window_test, PausesNobodyWhoIsAlone) {
  put(bob, "b", 2);
  written();
  now += 1s;
  put(alice, "a", 1);
  written();
  answer(alice, 1, 200);
  put(alice, "c", 3);
  EXPECT_EQ(written(), "c");
  // Somebody comes.
  answer(alice, 3, 5000);
  put(bob, "d", 4);
  put(alice, "e", 5);
  EXPECT_EQ(written(), "d");
  EXPECT_EQ(window.due(now), now + 1s); // And may go again.
  now += 1s;
  EXPECT_EQ(written(), "e");
}

TEST_F(send_window_test, PausesAfterAHeavyCommand) {
  put(bob, "b", 9);
  put(alice, heavy, 1);
  put(alice, heavy, 2);
  put(alice, "a", 3);
  EXPECT_EQ(written(), "hb");
  answer(alice, 1);
  EXPECT_EQ(written(), "");
  now += 200ms;
  EXPECT_EQ(written(), "h");
}

TEST_F(send_window_test, IsPaidForHeavyOnesOneAfterTheOther) {
  put(alice, "a", 1);
  put(bob, "b", 2);
  put(carol, "c", 3);
  written();
  answer(alice, 1, 200);
  answer(bob, 2, 300);
  put(alice, "d", 4);
  put(bob, "e", 5);
  put(carol, "f", 6);
  EXPECT_EQ(written(), "f");
  now += 200ms;
  EXPECT_EQ(written(), "d");
  now += 299ms;
  EXPECT_EQ(written(), "");
  now += 1ms;
  EXPECT_EQ(written(), "e");
}

TEST_F(send_window_test, HasOneCallUnderWayOfWhoWasHeavy) {
  earn(alice, 20);
  put(alice, "a", 1);
  written();
  answer(alice, 1, 200);
  for (uint64_t id : {2, 3, 4, 5})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "2");
  now += 149ms;
  EXPECT_EQ(written(), "");
  now += 1ms; // It may wait for what the next one does.
  EXPECT_EQ(written(), "3");
  answer(alice, 3);
  EXPECT_EQ(written(), "45");
}

TEST_F(send_window_test, TakesNoMoreThanItsLimit) {
  EXPECT_TRUE(put(alice, std::string(700, 'l'))); // There is nothing else.
  EXPECT_FALSE(put(alice, "a"));
  EXPECT_TRUE(put(bob, std::string(250, 'b')));
  EXPECT_TRUE(put(bob, std::string(250, 'c')));
  outgoing what{"d", 7, "S"};
  EXPECT_FALSE(window.put(bob, what, now));
  EXPECT_EQ(what.text, "d");
  EXPECT_EQ(what.id, 7u);
  EXPECT_TRUE(put(carol, "e"));
  EXPECT_TRUE(put(send_window::berth, std::string(300, 'x')));
  EXPECT_FALSE(put(send_window::berth, std::string(201, 'y')));
  EXPECT_EQ(written(), "xlbe");
  EXPECT_TRUE(put(bob, "d"));
  EXPECT_TRUE(put(send_window::berth, std::string(500, 'y')));
}

TEST_F(send_window_test, WithdrawsWhatIsOfASessionThatIsOver) {
  put(alice, "1", 1, "main");
  put(alice, "2", 2, "popup");
  put(alice, "3", 3, "main");
  put(alice, "4", 4, "popup");
  EXPECT_EQ(written(), "12");
  window.withdraw("popup", now);
  EXPECT_EQ(written(), "3");
  EXPECT_EQ(written(), "");
  put(alice, std::string(250, 'x'), 5, "popup");
  put(alice, std::string(250, 'y'), 6, "popup");
  window.withdraw("popup", now);
  EXPECT_TRUE(put(alice, std::string(450, 'z'), 7, "main"));
}

TEST_F(send_window_test, ForgetsWhoIsGone) {
  earn(alice, 20);
  window.withdraw("S", now);
  for (uint64_t id : {1, 2, 3})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "12"); // A stranger again.
}

TEST_F(send_window_test, ForgetsNobodysPause) {
  put(bob, "b", 2);
  put(alice, "a", 1);
  written();
  answer(alice, 1, 900);
  window.withdraw("S", now);
  put(bob, "c", 3);
  put(alice, "d", 4);
  EXPECT_EQ(written(), "c");
}
