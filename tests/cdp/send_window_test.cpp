#include "tests/cdp/send_window_of_three.hpp"

using namespace berth::cdp;

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
  EXPECT_EQ(window.due(now), now + 54ms);
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

/// A call that hangs is of no account once its deadline has come.
TEST_F(send_window_test, CountsNoCallThatNobodyWaitsFor) {
  for (uint64_t id : {1, 2, 3})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "12");
  EXPECT_FALSE(window.take_back(1));
  EXPECT_EQ(written(), "3");
}

/// One that was made room for may be answered all the same.
TEST_F(send_window_test, LearnsFromAnAnswerThatComesLate) {
  for (uint64_t id : {1, 2, 3})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "12");
  now += 50ms;
  EXPECT_EQ(written(), "3");
  answer(alice, 1, 1200); // It is not counted any more.
  now += 1200ms;
  answer(alice, 2);
  answer(alice, 3);
  put(alice, "4", 4);
  put(bob, std::string(400, 'h'), 9);
  EXPECT_EQ(written(), "4"); // Which is expected to be heavy, too.
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

TEST_F(send_window_test, ForgetsWhoHasLeft) {
  earn(alice, 20);
  now += 2s;
  window.leave(alice, now);
  for (uint64_t id : {1, 2, 3})
    put(alice, std::to_string(id), id);
  EXPECT_EQ(written(), "12"); // A stranger again.
}

TEST_F(send_window_test, ForgetsNobodyElse) {
  earn(bob, 20);
  earn(carol, 20);
  put(alice, "a", 1);
  written();
  answer(alice, 1, 900);
  now += 500ms; // Alice still pays for it.
  window.leave(alice, now);
  window.leave(carol, now);
  put(alice, "b", 2);
  for (uint64_t id : {1, 2, 3})
    put(bob, std::to_string(id), id);
  put(carol, "c", 3);
  EXPECT_EQ(written(), "1c23"); // Bob, who was silent, has earned it.
}

/// Its tab ended, and others' as well, while it waits for its answer.
TEST_F(send_window_test, KnowsForHowLongAnotherWaits) {
  earn(bob, 4);
  put(bob, "b", 1);
  written();
  now += 1200ms;
  window.withdraw("1", now);
  window.leave(alice, now);
  answer(bob, 1, 900);
  put(alice, "a", 1);
  put(bob, "c", 2);
  EXPECT_EQ(written(), "a"); // Bob is charged.
}
