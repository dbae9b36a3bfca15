#include "protocol/config.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

TEST(Config, IsValidAsItIsByDefault) {
  EXPECT_TRUE(validate({}).empty());
}

TEST(Config, ComplainsOfEverythingAtOnce) {
  config x;
  x.admission.per_key = 0;
  x.lease.ttl_default = 3h;
  x.door.heartbeat = 9s;
  x.log_level = "loud";
  x.session.times.silence = 1s;
  x.browser.url = "ftp://x";
  EXPECT_EQ(validate(x).size(), 6u);
}

TEST(Config, WantsCapsThatFitIntoEachOther) {
  config x;
  x.admission.per_key = 15;
  ASSERT_EQ(validate(x).size(), 1u);
  EXPECT_EQ(validate(x)[0].field, "admission.per_key");
  x = {};
  x.admission.global = 21;
  EXPECT_EQ(validate(x)[0].field, "admission.global");
  x = {};
  x.admission.of_key[{"big"}] = 15;
  EXPECT_EQ(validate(x)[0].field, "admission.keys");
  x = {};
  x.parked.per_key = 9;
  EXPECT_EQ(validate(x)[0].field, "parked.per_key");
  x.parked.max = 0; // None is parked at all.
  EXPECT_TRUE(validate(x).empty());
}
