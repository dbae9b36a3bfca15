#include "actors/errors.hpp"

#include <gtest/gtest.h>

namespace {

using namespace berth::protocol;
using berth::actors::to_error;
using berth::actors::to_failure;

failure some_failure() {
  failure result;
  result.code = errc::capacity;
  result.what = "5 of 5";
  result.retry_after = std::chrono::seconds{3};
  result.active = 5;
  result.cap = 5;
  return result;
}

} // namespace

TEST(Errors, CarryAFailureWhole) {
  EXPECT_EQ(to_failure(to_error(some_failure())), some_failure());
}

TEST(Errors, SurviveTheWire) {
  caf::actor_system_config config;
  config.add_message_types<caf::id_block::berth>();
  caf::actor_system system{config};
  std::vector<char> bytes;
  caf::binary_serializer out{system, bytes};
  auto sent = to_error(some_failure());
  ASSERT_FALSE(out(sent));
  caf::error received;
  caf::binary_deserializer in{system, bytes};
  ASSERT_FALSE(in(received));
  EXPECT_EQ(to_failure(received), some_failure());
}

TEST(Errors, AreNeverOk) {
  EXPECT_EQ(to_failure(to_error(failure{})).code, errc::internal);
  EXPECT_EQ(to_failure(caf::error{}).code, errc::internal);
}

TEST(Errors, DoNotBelieveAPeerThatFailedWithoutAFailure) {
  auto sent = caf::make_error(errc::capacity, failure{});
  EXPECT_EQ(to_failure(sent).code, errc::internal);
}

TEST(Errors, KnowTheCodeWithoutTheFailure) {
  EXPECT_EQ(to_failure(caf::make_error(errc::stopping)).code, errc::stopping);
  EXPECT_EQ(to_failure(caf::error{250, caf::atom("berth")}).code,
            errc::internal);
}

TEST(Errors, TellATimeoutFromADeadReceiver) {
  EXPECT_EQ(to_failure(caf::sec::request_timeout).code,
            errc::deadline_exceeded);
  EXPECT_EQ(to_failure(caf::sec::request_receiver_down).code,
            errc::client_gone);
  EXPECT_EQ(to_failure(caf::exit_reason::remote_link_unreachable).code,
            errc::unreachable);
  EXPECT_EQ(to_failure(caf::sec::cannot_connect_to_node).code,
            errc::unreachable);
}

TEST(Errors, CallTheRestABugAndSayWhichOne) {
  auto found
    = to_failure(caf::make_error(caf::sec::runtime_error, "out of luck"));
  EXPECT_EQ(found.code, errc::internal);
  EXPECT_NE(found.what.find("runtime_error"), std::string::npos);
  EXPECT_NE(found.what.find("out of luck"), std::string::npos);
}
