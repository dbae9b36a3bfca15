#include "journal/audit_tail.hpp"
#include "tests/journal/scratch.hpp"

namespace berth::tests {

namespace {

struct AuditTail : scratch {
  static std::vector<std::string> seen(audit_tail& tail) {
    std::vector<std::string> result;
    auto read = tail.read();
    for (auto& x : *read)
      result.push_back(std::to_string(x.serial) + " of epoch "
                       + std::to_string(x.epoch));
    return result;
  }
};

} // namespace

TEST_F(AuditTail, TellsEachEventOnceFromOneDaemonToTheNext) {
  using all = std::vector<std::string>;
  auto first = open();
  ASSERT_TRUE(first->begin_epoch(0, {}));
  ASSERT_TRUE(first->append(1, {granted(4)}));
  auto tail = audit_tail::open(how.path);
  ASSERT_TRUE(tail) << tail.error().what;
  EXPECT_EQ(seen(*tail), all{"1 of epoch 1"});
  EXPECT_EQ(seen(*tail), all{});
  ASSERT_TRUE(first->append(1, {granted(5)}));
  EXPECT_EQ(seen(*tail), all{"2 of epoch 1"});
  first.reset();
  auto next = open();
  ASSERT_TRUE(next->begin_epoch(1, {}));
  ASSERT_TRUE(next->append(2, {granted(6)}));
  auto told = seen(*tail); // The last words of the first one, too.
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.front(), "3 of epoch 1");
  EXPECT_EQ(told.back(), std::to_string(told.size() + 2) + " of epoch 2");
}

TEST_F(AuditTail, NeedsAJournal) {
  auto tail = audit_tail::open(how.path);
  ASSERT_FALSE(tail);
  EXPECT_EQ(tail.error().code, errc::journal_failed) << tail.error().what;
}

} // namespace berth::tests
