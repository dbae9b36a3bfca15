#include "protocol/session.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

using namespace berth::protocol;

namespace {

/// The names of all values up to this one; each but once.
template <class Enum>
std::set<std::string> names_to(Enum last) {
  std::set<std::string> result;
  for (uint8_t i = 0; i <= static_cast<uint8_t>(last); ++i)
    EXPECT_TRUE(result.insert(to_string(static_cast<Enum>(i))).second);
  return result;
}

} // namespace

TEST(Session, NamesEveryState) {
  EXPECT_FALSE(names_to(session_state::closed).contains("unknown"));
  EXPECT_STREQ(to_string(session_state::confirming), "confirming");
  EXPECT_STREQ(to_string(session_state::timed_out), "timed_out");
  EXPECT_STREQ(to_string(static_cast<session_state>(255)), "unknown");
}

TEST(Session, NamesEveryReasonToHoldARun) {
  EXPECT_FALSE(names_to(hold_reason::capacity).contains("unknown"));
  EXPECT_STREQ(to_string(hold_reason::not_ended), "not_ended");
  EXPECT_STREQ(to_string(hold_reason::not_due), "not_due");
  EXPECT_STREQ(to_string(static_cast<hold_reason>(255)), "unknown");
}

TEST(Session, KnowsWhichStatesAreFinal) {
  for (auto x : {session_state::fresh, session_state::queued,
                 session_state::sending, session_state::confirming,
                 session_state::polling, session_state::stopping})
    EXPECT_FALSE(is_final(x)) << to_string(x);
  for (auto x : {session_state::complete, session_state::timed_out,
                 session_state::failed, session_state::interrupted,
                 session_state::closed})
    EXPECT_TRUE(is_final(x)) << to_string(x);
}

TEST(Session, TellsItsHoldersFromClients) {
  EXPECT_EQ(session_of(holder_of({7}, 1)), session_id{7});
  EXPECT_EQ(session_of(holder_of({1'000'000'000}, 3)),
            session_id{1'000'000'000});
  EXPECT_NE(holder_of({7}, 1), holder_of({7}, 2));
  EXPECT_EQ(session_of({7}), session_id{});
}
