// Hints and addresses that come after their page was taken for nobody's.

#include "protocol/target_table.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};
constexpr lease_id alice{1};
const context_id shared{"C0"};

target_seen page(const char* id, const char* url) {
  target_seen result;
  result.id = {id};
  result.type = "page";
  result.url = url;
  result.context = shared;
  return result;
}

struct LateHints : testing::Test {
  target_table table{{.popups_max = 1, .targets_max = 8, .hint_ttl = 3s}};

  void SetUp() override {
    table.expect(alice, {});
    table.see(page("A", "http://a/"), start);
    table.created(alice, {"A"}, start);
  }

  lease_id hint(const char* url, duration after) {
    auto told = table.hint({{"A"}, shared, url}, start + after);
    auto owned = told.empty() ? nullptr : std::get_if<target_owned>(&told[0]);
    return owned && owned->popup ? owned->lease : lease_id{};
  }
};

} // namespace

TEST_F(LateHints, D1_GiveAwayAPageThatCameBefore) {
  table.see(page("P", "http://x/"), start);
  EXPECT_FALSE(table.owner({"P"}));
  EXPECT_EQ(hint("http://x/", 1s), alice);
  EXPECT_EQ(table.owner({"P"}), alice);
  // Once: the next page like it is somebody else's.
  table.see(page("Q", "http://x/"), start + 1s);
  EXPECT_FALSE(table.owner({"Q"}));
}

TEST_F(LateHints, D1_WaitForTheAddressOfTheirPage) {
  EXPECT_FALSE(hint("http://x/", 0s));
  table.see(page("P", ""), start);
  EXPECT_FALSE(table.owner({"P"}));
  table.see(page("P", "http://x/"), start + 1s);
  EXPECT_EQ(table.owner({"P"}), alice);
}

TEST_F(LateHints, LeaveAPageAloneThatIsMuchOlder) {
  table.see(page("P", "http://x/"), start);
  EXPECT_FALSE(hint("http://x/", 3s));
  EXPECT_FALSE(table.owner({"P"}));
}

/// A target never passes from one lease to another.
TEST_F(LateHints, L1_LeaveAPageAloneThatWasSomebodys) {
  constexpr lease_id bob{2};
  table.expect(bob, {});
  table.see(page("B", "http://x/"), start);
  table.created(bob, {"B"}, start);
  table.forget(bob);
  EXPECT_FALSE(hint("http://x/", 1s));
  EXPECT_FALSE(table.owner({"B"}));
}

TEST_F(LateHints, KeepToTheLimitOfPopups) {
  table.see(page("P", "http://x/"), start);
  table.see(page("Q", "http://x/"), start);
  EXPECT_EQ(hint("http://x/", 1s), alice);
  auto told = table.hint({{"A"}, shared, "http://x/"}, start + 1s);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<popup_refused>(told[0]));
}

/// Uncounted, they could be as many as they like.
TEST_F(LateHints, T5_PopupsForWhichThereIsNoRoomAreRefused) {
  for (auto id : {"1", "2", "3", "4", "5", "6", "7"}) {
    auto worker = page(id, "");
    worker.type = "worker";
    table.see(worker, start);
  }
  auto popup = page("P", "http://x/");
  popup.opener = {"A"};
  popup_refused told{{"P"}, alice};
  EXPECT_EQ(table.see(popup, start), (target_events{told}));
  EXPECT_EQ(table.popups(), 0u);
}
