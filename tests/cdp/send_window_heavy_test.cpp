#include "tests/cdp/send_window_of_three.hpp"

using namespace berth::cdp;

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
  EXPECT_EQ(window.due(now), now + 2200ms); // Or until it is answered.
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
  now += 12149ms; // Chrome may take four times as long as that cost.
  EXPECT_EQ(written(), "");
  now += 1ms; // It may wait for what the next one does.
  EXPECT_EQ(written(), "3");
}

/// Each owes little, and all of them keep Chrome busy.
TEST_F(send_window_test, HasLessCreditForEachWhenAllOweMuch) {
  auto how = small();
  how.credit_all = 100ms;
  how.credit_least = 10ms;
  window = send_window{how};
  for (auto whose : {alice, bob, carol})
    put(whose, "1", 1);
  EXPECT_EQ(written(), "111");
  answer(carol, 1);
  answer(alice, 1, 60);
  put(alice, "a", 2);
  EXPECT_EQ(written(), "a"); // Its credit is 100 still.
  answer(bob, 1, 60);
  put(alice, "b", 3);
  put(bob, "c", 3);
  put(carol, "d", 3);
  EXPECT_EQ(written(), "d");
  now += 20ms;
  EXPECT_EQ(written(), "");
  now += 40ms;
  EXPECT_EQ(written(), "bc");
}

/// What calls cost is known when they are answered.
TEST_F(send_window_test, HasFewCallsOfStrangersUnderWay) {
  auto how = small();
  how.strangers_max = 2;
  window = send_window{how};
  for (auto whose : {alice, bob, carol})
    put(whose, std::to_string(whose), 1);
  EXPECT_EQ(written(), "12");
  EXPECT_EQ(window.due(now), now + 1s);
  answer(bob, 1);
  EXPECT_EQ(written(), "3");
  put(bob, "b", 2); // It is known by now.
  EXPECT_EQ(written(), "b");
}

/// The others are not to wait for what never comes.
TEST_F(send_window_test, WaitsForNoAnswerOfASessionThatIsOver) {
  begin_heavy();
  now += 1ms;
  EXPECT_EQ(written(), "");
  window.withdraw("1", now);
  EXPECT_EQ(written(), "b");
}

/// Nobody waits for it any more, but Chrome still works for it.
TEST_F(send_window_test, WaitsForAnAnswerThatWasTakenBack) {
  begin_heavy();
  window.take_back(2);
  put(bob, "c", 3);
  now += 1ms;
  EXPECT_EQ(written(), "");
  answer(alice, 2);
  now += 1ms;
  EXPECT_EQ(written(), "c");
}

TEST_F(send_window_test, WaitsForNoLargeAnswerForLong) {
  auto how = small();
  how.answer_max = 1500ms;
  window = send_window{how};
  begin_heavy();
  EXPECT_EQ(window.due(now), now + 1500ms);
}

TEST_F(send_window_test, LooksAgainWhenItIsNotBusyAnyMore) {
  auto how = small();
  how.credit_all = 100ms;
  how.strangers_max = 2;
  how.strangers_busy = 3s;
  window = send_window{how};
  put(alice, "x", 1);
  written();
  answer(alice, 1, 300);
  put(bob, "b", 1);
  put(carol, "c", 1);
  EXPECT_EQ(written(), "b");
  EXPECT_EQ(window.due(now), now + 202ms); // Two bytes were sent, too.
  now += 202ms;
  EXPECT_EQ(written(), "c");
}

/// They may hang, and that is no reason for others to wait for good.
TEST_F(send_window_test, WaitsForNoStrangerForLong) {
  auto how = small();
  how.strangers_max = 1;
  window = send_window{how};
  put(alice, "a", 1);
  put(bob, "b", 1);
  EXPECT_EQ(written(), "a");
  now += 1s;
  EXPECT_EQ(written(), "b");
  put(carol, "c", 1);
  EXPECT_EQ(written(), "");
  now += 1s;
  EXPECT_EQ(written(), "c");
}
