#include "protocol/event.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

using namespace berth::protocol;

namespace {

lease some_lease() {
  lease x;
  x.id = {7};
  x.token = {1, 9};
  x.client = {3};
  x.key = {"web"};
  x.target = {"T"};
  x.generation = 2;
  return x;
}

} // namespace

TEST(Event, TellsOfALeaseWhatAWatcherNeeds) {
  auto told = describe(lease_event{lease_bound{some_lease()}});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->kind, event_kind::lease_bound);
  EXPECT_EQ(told->lease, lease_id{7});
  EXPECT_EQ(told->token, (fencing_token{1, 9}));
  EXPECT_EQ(told->client, client_id{3});
  EXPECT_EQ(told->target, "T");
  EXPECT_EQ(told->generation, 2u);
}

TEST(Event, TellsWhyALeaseEnded) {
  auto told
    = describe(lease_event{lease_ended{some_lease(), end_reason::expired}});
  EXPECT_EQ(told->detail, "expired");
}

TEST(Event, IsNoneForAMereRenewal) {
  EXPECT_FALSE(describe(lease_event{lease_renewed{some_lease()}}));
}

TEST(Event, TellsOfATicketItsPlace) {
  ticket x;
  x.id = {4};
  x.ahead = 2;
  auto told = describe(admission_event{ticket_issued{x}});
  EXPECT_EQ(told->kind, event_kind::ticket_issued);
  EXPECT_EQ(told->ticket, ticket_id{4});
  EXPECT_EQ(told->ahead, 2u);
}

TEST(Event, ConcernsWhoWantsToHearOfIt) {
  event mine, others;
  mine.kind = others.kind = event_kind::lease_bound;
  mine.client = {1};
  others.client = {2};
  auto over = mine;
  over.kind = event_kind::lease_ended;
  auto heard = [&](interest x) {
    return std::array{concerns(over, {1}, x), concerns(mine, {1}, x),
                      concerns(others, {1}, x)};
  };
  EXPECT_EQ(heard(interest::ends), (std::array{true, false, false}));
  EXPECT_EQ(heard(interest::own), (std::array{true, true, false}));
  EXPECT_EQ(heard(interest::all), (std::array{true, true, true}));
}

TEST(Event, HasANameForEveryKind) {
  std::set<std::string> names;
  auto last = static_cast<uint8_t>(event_kind::tab_unparked);
  for (uint8_t i = 0; i <= last; ++i)
    EXPECT_TRUE(names.insert(to_string(static_cast<event_kind>(i))).second);
  EXPECT_FALSE(names.contains("unknown"));
}
