#include "protocol/outcome.hpp"

#include <gtest/gtest.h>

#include <memory>

using namespace berth::protocol;

namespace {

outcome<int> half(int x) {
  if (x % 2 != 0)
    return fail(errc::invalid_argument, "It is odd.");
  return x / 2;
}

outcome<void> check(int x) {
  if (x % 2 != 0)
    return fail(errc::invalid_argument, "It is odd.");
  return {};
}

} // namespace

TEST(Outcome, HoldsTheValue) {
  auto x = half(8);
  ASSERT_TRUE(x);
  EXPECT_TRUE(x.ok());
  EXPECT_EQ(*x, 4);
  EXPECT_EQ(x.value(), 4);
}

TEST(Outcome, HoldsTheFailure) {
  const auto x = half(7);
  ASSERT_FALSE(x);
  EXPECT_FALSE(x.ok());
  EXPECT_EQ(x.error(), fail(errc::invalid_argument, "It is odd."));
}

TEST(Outcome, ShowsItsValueAlsoIfItIsConst) {
  const outcome<std::string> x{std::string{"abc"}};
  EXPECT_EQ(*x, "abc");
  EXPECT_EQ(x.value(), "abc");
  EXPECT_EQ(x->size(), 3u);
}

TEST(Outcome, LetsItsValueBeChanged) {
  outcome<std::string> x{std::string{"abc"}};
  x->push_back('d');
  *x += "e";
  x.value() += "f";
  EXPECT_EQ(*x, "abcdef");
}

TEST(Outcome, HandsOutAValueThatCannotBeCopied) {
  outcome<std::unique_ptr<int>> x{std::make_unique<int>(5)};
  auto mine = *std::move(x);
  EXPECT_EQ(*mine, 5);
  outcome<std::unique_ptr<int>> y{std::move(mine)};
  EXPECT_EQ(*std::move(y).value(), 5);
}

TEST(Outcome, OfNothingIsOkOrAFailure) {
  EXPECT_TRUE(check(2));
  EXPECT_TRUE(check(2).ok());
  check(2).value();
  auto x = check(3);
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::invalid_argument);
}

TEST(OutcomeDeathTest, EndsTheProgramIfWhatIsNotThereIsLookedAt) {
  auto good = half(8);
  auto bad = half(7);
  EXPECT_DEATH((void)good.error(), "");
  EXPECT_DEATH((void)*bad, "");
  EXPECT_DEATH(check(3).value(), "");
}

TEST(OutcomeDeathTest, EndsTheProgramIfAFailureSaysOk) {
  EXPECT_DEATH((void)outcome<int>{failure{}}, "");
  EXPECT_DEATH((void)outcome<void>{failure{}}, "");
}
