#include "actors/cdp_calls.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace berth;
using namespace berth::protocol;
using namespace std::chrono_literals;
using berth::actors::cdp_calls;
using berth::actors::reply;

/// Sends what is Berth's own, and keeps all that waits for its turn.
class busy_chrome : public cdp::chrome {
public:
  void start(cdp::chrome_listener) override {
    // nop
  }

  void send(std::string message) override {
    sent.push_back(std::move(message));
  }

  void send_in_turn(std::string message) override {
    cdp::envelope head;
    ASSERT_TRUE(cdp::read_envelope(message, head));
    waiting.insert(head.id);
  }

  bool take_back(uint64_t id) override {
    return waiting.erase(id) > 0;
  }

  void
  route(std::string, uint64_t, std::function<void(cdp::frame_ptr)>) override {
    // nop
  }

  void unroute(const std::string&) override {
    // nop
  }

  void stop(std::chrono::milliseconds) override {
    // nop
  }

  void let_go() override {
    // nop
  }

  std::vector<std::string> sent;
  std::set<uint64_t> waiting;
};

class CdpCalls : public testing::Test {
public:
  CdpCalls() {
    calls.connect(link, {});
  }

  void call(bool in_turn) {
    calls.send({"Page.navigate", {}, "S", start + 1s, in_turn},
               [this](const reply& x) {
                 got = x;
               });
  }

  static constexpr timestamp start{1h};
  std::shared_ptr<busy_chrome> link = std::make_shared<busy_chrome>();
  cdp_calls calls;
  reply got;
};

} // namespace

TEST_F(CdpCalls, TellLateAnswersFromCallsThatWereNeverSent) {
  call(false);
  calls.expire(start + 1s);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.why->code, errc::deadline_exceeded);
  EXPECT_TRUE(got.is_late());
  call(true);
  calls.expire(start + 1s);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.why->code, errc::deadline_exceeded);
  EXPECT_NE(got.why->what.find("was not sent"), std::string::npos);
  EXPECT_FALSE(got.is_late()); // That says nothing about Chrome.
  EXPECT_TRUE(link->waiting.empty());
}

TEST_F(CdpCalls, L5_LeaveNothingToBeSentWhenTheyAreAbandoned) {
  call(true);
  call(true);
  EXPECT_EQ(link->waiting.size(), 2u);
  calls.abandon(fail(errc::lease_gone, "The lease is over."));
  EXPECT_TRUE(link->waiting.empty());
  EXPECT_FALSE(got.sent);
}
