#include "protocol/principal.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

using namespace berth::protocol;

namespace {

constexpr rights_kind agent = rights_kind::agent;
constexpr rights_kind operator_ = rights_kind::operator_;

/// Who may do it: every verb there is, each with its line.
const std::map<verb, std::pair<bool, bool>> table{
  // verb                 agent  operator
  {verb::acquire, {true, true}},         {verb::drive, {true, true}},
  {verb::converse, {true, true}},        {verb::look, {true, true}},
  {verb::hear_own, {true, true}},        {verb::hear_all, {false, true}},
  {verb::read_events, {false, true}},    {verb::revoke, {false, true}},
  {verb::change_browser, {false, true}}, {verb::add_browser, {false, true}},
};

} // namespace

TEST(Principal, S1_MayDoWhatTheTableSays) {
  ASSERT_EQ(table.size(), verb_count);
  for (auto& [what, who] : table) {
    EXPECT_EQ(may(agent, what), who.first) << to_string(what);
    EXPECT_EQ(may(operator_, what), who.second) << to_string(what);
  }
}

TEST(Principal, S1_AValueThatIsNoVerbIsAllowedToNobody) {
  EXPECT_FALSE(may(operator_, static_cast<verb>(verb_count)));
}

TEST(Principal, S1_IsAnAgentUnlessItsDoorSaysOtherwise) {
  EXPECT_EQ(principal{}.rights, agent);
  EXPECT_EQ(principal{client_id{7}}.rights, agent);
  EXPECT_EQ(principal{client_id{7}}.client, client_id{7});
}

TEST(Principal, HasAWordForEverything) {
  EXPECT_STREQ(to_string(agent), "agent");
  EXPECT_STREQ(to_string(operator_), "operator");
  EXPECT_STREQ(to_string(door_kind::caf), "caf");
  EXPECT_STREQ(to_string(door_kind::library), "library");
  for (size_t i = 0; i < verb_count; ++i)
    EXPECT_STRNE(to_string(static_cast<verb>(i)), "do this");
}
