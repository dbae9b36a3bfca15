#include "protocol/failure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace berth::protocol;

namespace {

/// Every code, `ok` too.
std::vector<errc> codes() {
  std::vector<errc> result;
  for (size_t i = 0; i < errc_count; ++i)
    result.push_back(static_cast<errc>(i));
  return result;
}

/// A sentence for a person: it fits two lines of a terminal.
bool is_sentence(std::string_view x) {
  return x.size() > 4 && x.size() < 160 && x.front() >= 'A' && x.front() <= 'Z';
}

} // namespace

TEST(Failure, NamesEachCodeOnce) {
  std::set<std::string> names;
  for (auto x : codes())
    EXPECT_TRUE(names.insert(to_string(x)).second) << to_string(x);
}

TEST(Failure, ReadsEveryNameItWrites) {
  for (auto x : codes())
    EXPECT_EQ(parse_errc(to_string(x)), x) << to_string(x);
}

TEST(Failure, WritesEachNameInTwoPartsOfSmallLetters) {
  for (auto x : codes()) {
    if (x == errc::ok)
      continue;
    std::string name = to_string(x);
    EXPECT_EQ(std::count(name.begin(), name.end(), '.'), 1) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_."),
              std::string::npos)
      << name;
  }
}

TEST(Failure, ReadsNothingElseAsAName) {
  for (auto name : {"", "lease", "lease.", "Lease.gone", "lease.gone ", "none",
                    "lease_gone", "lease.gone.x"})
    EXPECT_FALSE(parse_errc(name)) << name;
}

/// These are on wires and in scripts: to change one breaks clients.
TEST(Failure, KeepsTheNamesThatClientsKnow) {
  EXPECT_STREQ(to_string(errc::stale_token), "lease.stale_token");
  EXPECT_STREQ(to_string(errc::lease_gone), "lease.gone");
  EXPECT_STREQ(to_string(errc::lease_opening), "lease.opening");
  EXPECT_STREQ(to_string(errc::capacity), "provider.capacity");
  EXPECT_STREQ(to_string(errc::queue_full), "admission.queue_full");
  EXPECT_STREQ(to_string(errc::ticket_unknown), "ticket.unknown");
  EXPECT_STREQ(to_string(errc::tab_lost), "tab.lost");
  EXPECT_STREQ(to_string(errc::element_missing), "page.element_not_found");
  EXPECT_STREQ(to_string(errc::session_busy), "session.busy");
  EXPECT_STREQ(to_string(errc::session_queue_full), "session.queue_full");
  EXPECT_STREQ(to_string(errc::session_closed), "session.closed");
  EXPECT_STREQ(to_string(errc::run_unknown), "run.unknown");
  EXPECT_STREQ(to_string(errc::run_stale), "run.stale");
  EXPECT_STREQ(to_string(errc::run_stopped), "run.stopped");
  EXPECT_STREQ(to_string(errc::run_superseded), "run.superseded");
  EXPECT_STREQ(to_string(errc::run_timed_out), "run.timed_out");
  EXPECT_STREQ(to_string(errc::send_unconfirmed), "send.unconfirmed");
  EXPECT_STREQ(to_string(errc::login_required), "provider.login_required");
  EXPECT_STREQ(to_string(errc::rate_limited), "provider.rate_limited");
  EXPECT_STREQ(to_string(errc::interstitial), "provider.interstitial");
  EXPECT_STREQ(to_string(errc::deadline_exceeded), "deadline.exceeded");
  EXPECT_STREQ(to_string(errc::invalid_argument), "request.invalid");
  EXPECT_STREQ(to_string(errc::answer_too_large), "answer.too_large");
  EXPECT_STREQ(to_string(errc::method_denied), "cdp.denied");
  EXPECT_STREQ(to_string(errc::browser_unavailable), "browser.unavailable");
  EXPECT_STREQ(to_string(errc::client_gone), "client.gone");
  EXPECT_STREQ(to_string(errc::version_mismatch), "client.version");
  EXPECT_STREQ(to_string(errc::stopping), "daemon.stopping");
  EXPECT_STREQ(to_string(errc::journal_failed), "journal.failed");
  EXPECT_STREQ(to_string(errc::internal), "berth.internal");
}

TEST(Failure, D3_SaysForEveryCodeWhatWasNotDoneAndWhatToDoNext) {
  for (auto x : codes()) {
    if (x == errc::ok)
      continue;
    auto advice = advice_for(x);
    EXPECT_TRUE(is_sentence(advice.not_done)) << to_string(x);
    EXPECT_TRUE(is_sentence(advice.next)) << to_string(x);
  }
}

TEST(Failure, TellsWhichRequestsMaySucceedLater) {
  for (auto x : {errc::capacity, errc::queue_full, errc::lease_opening,
                 errc::session_busy, errc::session_queue_full,
                 errc::rate_limited, errc::browser_unavailable, errc::stopping})
    EXPECT_TRUE(advice_for(x).again) << to_string(x);
  for (auto x : {errc::stale_token, errc::lease_gone, errc::ttl_too_long,
                 errc::grace_too_long, errc::run_stale, errc::send_unconfirmed,
                 errc::run_superseded, errc::invalid_argument,
                 errc::method_denied, errc::internal})
    EXPECT_FALSE(advice_for(x).again) << to_string(x);
}

TEST(Failure, TakesACodeItDoesNotKnowForABug) {
  EXPECT_STREQ(to_string(static_cast<errc>(255)), "berth.internal");
}

TEST(Failure, NamesEveryCauseOfALoss) {
  EXPECT_STREQ(to_string(loss_cause::none), "none");
  EXPECT_STREQ(to_string(loss_cause::crashed), "crashed");
  EXPECT_STREQ(to_string(loss_cause::destroyed), "destroyed");
  EXPECT_STREQ(to_string(loss_cause::closed), "closed");
  EXPECT_STREQ(to_string(loss_cause::detached), "detached");
  EXPECT_STREQ(to_string(loss_cause::unresponsive), "unresponsive");
  EXPECT_STREQ(to_string(loss_cause::browser_gone), "browser_gone");
  EXPECT_STREQ(to_string(loss_cause::driver_gone), "driver_gone");
  EXPECT_STREQ(to_string(static_cast<loss_cause>(255)), "unknown");
}

TEST(Failure, IsNoMoreThanItsCodeAndItsWordsUnlessMoreIsSaid) {
  failure expected;
  expected.code = errc::lease_gone;
  expected.what = "It ended.";
  EXPECT_EQ(fail(errc::lease_gone, "It ended."), expected);
}
