#include "cdp/send_window.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace berth::cdp;
using namespace std::chrono_literals;

namespace {

constexpr send_window::lease_number alice = 1, bob = 2, carol = 3;

class send_window_test : public testing::Test {
public:
  /// Into a session of that lease's own.
  bool put(send_window::lease_number whose, std::string text, uint64_t id = 0) {
    outgoing what{std::move(text), id, std::to_string(whose)};
    return window.put(whose, what, now);
  }

  bool put_own(std::string text) {
    return window.put(text);
  }

  /// All that may be written now, one letter each.
  std::string written() {
    std::string result;
    while (auto text = window.next(now))
      result += text->front();
    return result;
  }

  void answer(send_window::lease_number whose, uint64_t id, size_t bytes = 1) {
    window.heard(whose, id, bytes, now);
  }

  /// Answers so many calls of a lease, one after the other.
  void earn(send_window::lease_number whose, size_t calls) {
    for (uint64_t id = 1000; id < 1000 + calls; ++id) {
      put(whose, "x", id);
      written();
      answer(whose, id);
    }
  }

  /// A byte costs a millisecond, and 100 of them are free.
  static send_window::limits small() {
    send_window::limits result;
    result.calls_first = 2;
    result.calls_max = 4;
    result.calls_all_max = 8;
    result.patience = 50ms;
    result.patience_max = 150ms;
    result.price = 1ms;
    result.credit = 100ms;
    result.debt_max = 3s;
    result.pause_max = 1s;
    result.presence = 1s;
    result.waiting_max = 500;
    result.waiting_all_max = 1000;
    result.waiting_least = 10;
    return result;
  }

  send_window window{small()};
  send_window::time now{1h};
};

} // namespace

TEST_F(send_window_test, LetsLeasesTakeTurns) {
  put(alice, "a");
  put(alice, "b");
  put(bob, "1");
  put(carol, "x");
  put(bob, "2");
  EXPECT_EQ(written(), "a1xb2");
}

TEST_F(send_window_test, LetsBerthsOwnOvertake) {
  for (auto text : {"a", "b", "c"})
    put(alice, text);
  EXPECT_EQ(written(), "ab");
  for (auto text : {"1", "2", "3", "4", "5", "6"})
    EXPECT_TRUE(put_own(text));
  EXPECT_EQ(window.due(now), now);
  EXPECT_EQ(written(), "123456");
  EXPECT_FALSE(put_own(std::string(1001, 'x')));
  EXPECT_TRUE(put_own(std::string(1000, 'x')));
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

TEST_F(send_window_test, HasFewerCallsOfEachUnderWayWhenThereAreMany) {
  for (auto whose : {alice, bob, carol})
    earn(whose, 20);
  for (auto whose : {alice, bob, carol})
    for (uint64_t id : {1, 2, 3, 4})
      put(whose, std::to_string(id), id);
  EXPECT_EQ(written(), "11122233"); // Two more are under way than of each.
  answer(alice, 1);
  answer(bob, 1);
  EXPECT_EQ(written(), "34"); // Of Carol and Alice.
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
  answer(alice, 1, 300);
  put(alice, "c", 3);
  put(bob, "d", 4);
  EXPECT_EQ(written(), "d");
  EXPECT_EQ(window.due(now), now + 300ms); // What a like one will cost.
  now += 299ms;
  EXPECT_EQ(written(), "");
  now += 1ms;
  EXPECT_EQ(written(), "c");
}

TEST_F(send_window_test, ChargesManySmallOnesAsOneLargeOne) {
  earn(alice, 3);
  put(bob, "b", 9);
  for (uint64_t id : {1, 2, 3, 4, 5})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "b1234");
  for (uint64_t id : {1, 2, 3, 4})
    answer(alice, id, 60);
  EXPECT_EQ(written(), "");
  now += 160ms;
  EXPECT_EQ(written(), "5");
}

TEST_F(send_window_test, ChargesACommandAsItDoesAnAnswer) {
  put(bob, "b", 9);
  put(alice, std::string(300, 'h'), 1);
  put(alice, "a", 2);
  EXPECT_EQ(written(), "hb");
  answer(alice, 1);
  EXPECT_EQ(written(), "");
  now += 202ms;
  EXPECT_EQ(written(), "a");
}

TEST_F(send_window_test, LetsNobodyWaitForLong) {
  put(alice, "a", 1);
  put(bob, "b", 2);
  written();
  answer(alice, 1, 1000000);
  put(alice, "c", 3);
  EXPECT_EQ(written(), "");
  now += 1s;
  EXPECT_EQ(written(), "c");
}

TEST_F(send_window_test, PausesNobodyWhoIsAlone) {
  put(bob, "b", 2);
  written();
  now += 1s;
  put(alice, "a", 1);
  written();
  answer(alice, 1, 5000);
  put(alice, "c", 3);
  EXPECT_EQ(written(), "c");
  answer(alice, 3, 5000);
  put(bob, "d", 4); // Somebody comes.
  put(alice, "e", 5);
  EXPECT_EQ(written(), "d");
  EXPECT_EQ(window.due(now), now + 1s);
}

TEST_F(send_window_test, KnowsThatWhoWaitsIsThere) {
  put(bob, "b", 1);
  put(bob, "c", 2);
  put(bob, "d", 3); // Waits, as neither is answered.
  put(alice, "a", 1);
  EXPECT_EQ(written(), "abc");
  now += 5s;
  answer(alice, 1, 5000);
  put(alice, "e", 2);
  EXPECT_EQ(written(), "d"); // Which waited long enough, and Alice not.
  now += 1s;
  EXPECT_EQ(written(), "e");
}

/// Alice's debt is no concern of Bob's.
TEST_F(send_window_test, LetsWhoOwesNothingSendAtOnce) {
  earn(alice, 20);
  put(bob, "b", 9);
  for (uint64_t id : {1, 2, 3, 4})
    put(alice, "a", id);
  written();
  for (uint64_t id : {1, 2, 3, 4})
    answer(alice, id, 100000);
  answer(bob, 9, 90);
  put(bob, "c", 10);
  EXPECT_EQ(written(), "c");
}

TEST_F(send_window_test, LetsThoseWhoOweTakeTurns) {
  put(alice, "a", 1);
  put(bob, "b", 2);
  written();
  answer(alice, 1, 600);
  answer(bob, 2, 600);
  put(alice, "c", 3);
  put(bob, "d", 4);
  EXPECT_EQ(written(), "");
  now += 602ms; // Both have paid, but another is to be expected.
  EXPECT_EQ(written(), "c");
  put(alice, "e", 5);
  answer(alice, 3);
  now += 1ms; // A byte's pause.
  EXPECT_EQ(written(), "d");
  answer(bob, 4, 1900);
  put(bob, "f", 6);
  now += 1s;
  EXPECT_EQ(written(), "e");
  EXPECT_EQ(window.due(now), now + 1300ms); // Or until it is answered.
  answer(alice, 5);
  now += 1ms;
  EXPECT_EQ(written(), "f");
}

TEST_F(send_window_test, ExpectsNoHeavyAnswerForEver) {
  put(bob, "b", 2);
  put(alice, "a", 1);
  written();
  answer(alice, 1, 300);
  now += 300ms; // As the last one was,
  put(bob, "c", 3);
  put(alice, "d", 4);
  EXPECT_EQ(written(), "cd");
  answer(alice, 4);
  now += 200ms;
  put(alice, "e", 5); // or half of it.
  EXPECT_EQ(written(), "e");
  answer(alice, 5);
  answer(bob, 3);
  put(bob, std::string(400, 'h'), 6);
  EXPECT_EQ(window.next(now)->front(), 'h');
  put(alice, "f", 7); // Not heavy any more: it waits for nobody's answer.
  EXPECT_EQ(written(), "f");
}

TEST_F(send_window_test, PausesForACommandThoughItIsAnswered) {
  put(alice, "a", 1);
  put(bob, "b", 2);
  written();
  answer(alice, 1, 1000);
  put(alice, std::string(500, 'h'), 3);
  now += 1s;
  EXPECT_EQ(written(), "h");
  put(alice, "c", 4);
  put(bob, "d", 5);
  answer(alice, 3);
  EXPECT_EQ(written(), "d");
  now += 401ms;
  EXPECT_EQ(written(), "");
  now += 99ms;
  EXPECT_EQ(written(), "c");
}

/// What it costs comes after what it takes to write it.
TEST_F(send_window_test, PausesFromWhenItIsWritten) {
  put(bob, "b", 9);
  put(alice, std::string(300, 'h'), 1);
  put(alice, "a", 2);
  EXPECT_EQ(window.next(now)->front(), 'h');
  now += 250ms; // The link is full for so long.
  EXPECT_EQ(written(), "b");
  answer(alice, 1);
  put(bob, "c", 10);
  EXPECT_EQ(written(), "c");
  now += 200ms;
  EXPECT_EQ(written(), "");
  now += 1ms; // All but the credit is paid.
  EXPECT_EQ(written(), "a");
}

TEST_F(send_window_test, LetsOthersPassWhoOweNothing) {
  put(alice, "a", 1);
  put(bob, "b", 2);
  put(carol, "x", 3);
  written();
  answer(alice, 1, 3000);
  answer(bob, 2, 3000);
  answer(carol, 3);
  now += 1s;
  put(alice, std::string(400, 'c'), 4);
  put(bob, std::string(400, 'd'), 5);
  EXPECT_EQ(window.next(now)->front(), 'c');
  answer(alice, 4);
  now += 700ms; // So long it was written.
  put(carol, "y", 6);
  EXPECT_EQ(written(), "y");
  now += 400ms;
  put(carol, "z", 7);
  EXPECT_EQ(written(), "zd");
  put(alice, "e", 8);
  answer(bob, 5);
  now += 2s; // Who waited for so long lets nobody pass.
  put(carol, "w", 9);
  EXPECT_EQ(window.next(now)->front(), 'e');
}

TEST_F(send_window_test, HasOneCallUnderWayOfWhoOwes) {
  earn(alice, 20);
  put(alice, "a", 1);
  written();
  answer(alice, 1, 3000);
  for (uint64_t id : {2, 3, 4, 5})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "2");
  now += 149ms;
  EXPECT_EQ(written(), "");
  now += 1ms; // It may wait for what the next one does.
  EXPECT_EQ(written(), "3");
}

TEST_F(send_window_test, KeepsNoMoreThanItsLimit) {
  EXPECT_TRUE(put(alice, std::string(700, 'l'))); // There is nothing else.
  EXPECT_FALSE(put(alice, "a"));
  EXPECT_TRUE(put(bob, std::string(290, 'b')));
  EXPECT_FALSE(put(bob, std::string(220, 'c')));
  outgoing what{std::string(11, 'd'), 7, "3"};
  EXPECT_FALSE(window.put(carol, what, now)); // Too much of all together,
  EXPECT_EQ(what.text, std::string(11, 'd'));
  EXPECT_EQ(what.id, 7u);
  EXPECT_TRUE(put(carol, std::string(10, 'e'))); // but that is hardly any.
  EXPECT_FALSE(put(carol, "f"));
  EXPECT_EQ(written(), "le");
  now += 1s;
  EXPECT_EQ(written(), "b");
  EXPECT_TRUE(put(carol, std::string(400, 'f')));
}

TEST_F(send_window_test, TakesBackWhatIsNotSent) {
  for (uint64_t id : {1, 2, 3, 4})
    put(alice, std::string(100, '0' + static_cast<char>(id)), id);
  EXPECT_EQ(window.next(now).value_or("").front(), '1');
  EXPECT_FALSE(window.take_back(1));
  EXPECT_TRUE(window.take_back(3));
  EXPECT_FALSE(window.take_back(3));
  EXPECT_TRUE(put(alice, std::string(300, '5'), 5)); // There is room again.
  EXPECT_FALSE(put(alice, "6", 6));
  answer(alice, 1);
  now += 5s;
  EXPECT_EQ(written(), "2");
  answer(alice, 2);
  now += 5s;
  EXPECT_EQ(written(), "4");
}

TEST_F(send_window_test, WithdrawsWhatIsOfASessionThatIsOver) {
  auto open = [&](const char* session, const char* text, uint64_t id) {
    outgoing what{text, id, session};
    return window.put(alice, what, now);
  };
  open("main", "1", 1);
  open("popup", "2", 2);
  open("main", "3", 3);
  open("popup", "4", 4);
  EXPECT_EQ(written(), "12");
  window.withdraw("popup", now);
  EXPECT_EQ(written(), "3"); // In the place of the call that nobody answers.
  EXPECT_EQ(window.due(now), std::nullopt);
}

TEST_F(send_window_test, ForgetsWhoIsGone) {
  earn(alice, 20);
  now += 2s;
  window.withdraw("1", now);
  for (uint64_t id : {1, 2, 3})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "12"); // A stranger again.
}

TEST_F(send_window_test, ForgetsNobodyElse) {
  earn(bob, 20);
  put(alice, "a", 1);
  written();
  answer(alice, 1, 900);
  window.withdraw("3", now);
  for (uint64_t id : {1, 2, 3})
    put(bob, std::to_string(id), id);
  put(alice, "d", 4);
  EXPECT_EQ(written(), "123"); // Bob has earned it, and Alice still pays.
}
