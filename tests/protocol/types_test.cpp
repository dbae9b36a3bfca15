#include "protocol/types.hpp"

#include <gtest/gtest.h>

#include <limits>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr auto most = std::numeric_limits<uint64_t>::max();

} // namespace

TEST(Types, WriteALeaseWithItsToken) {
  EXPECT_EQ(to_string(lease_ref{{7}, {1, 9}}), "7:1.9");
  EXPECT_EQ(to_string(fencing_token{3, 14}), "3.14");
}

TEST(Types, ReadEveryLeaseTheyWrote) {
  for (auto x : {lease_ref{{7}, {1, 9}}, lease_ref{{0}, {0, 0}},
                 lease_ref{{most}, {most, most}}, lease_ref{{1}, {10, 200}}})
    EXPECT_EQ(parse_lease_ref(to_string(x)), x) << to_string(x);
}

TEST(Types, ReadNothingElseAsALease) {
  for (auto text : {"",        ":",      "7",      "7:",     "7:1",    "7:1.",
                    ":1.9",    "7:.9",   "7.1:9",  "7:1:9",  "a:1.9",  "7:1.9 ",
                    " 7:1.9",  "7 :1.9", "-7:1.9", "+7:1.9", "7:-1.9", "7:1.9x",
                    "7:1.9.1", "07:1.9", "7:01.9", "7:1.09", "0x7:1.9"})
    EXPECT_FALSE(parse_lease_ref(text)) << text;
}

TEST(Types, ReadNoLeaseWithANumberTooLarge) {
  for (auto text :
       {"18446744073709551616:1.9", "7:18446744073709551616.9",
        "7:1.18446744073709551616", "7:1.99999999999999999999999999"})
    EXPECT_FALSE(parse_lease_ref(text)) << text;
}

TEST(Types, OrderTokensByEpochAndThenBySequence) {
  EXPECT_LT((fencing_token{1, 9}), (fencing_token{1, 10}));
  EXPECT_LT((fencing_token{1, most}), (fencing_token{2, 0}));
}

TEST(Types, WriteADurationInTwoUnitsAtMost) {
  EXPECT_EQ(to_string(duration{90s}), "1m 30s");
  EXPECT_EQ(to_string(duration{250ms}), "250ms");
  EXPECT_EQ(to_string(duration{2h}), "2h");
  EXPECT_EQ(to_string(duration{1500us}), "1ms 500us");
  EXPECT_EQ(to_string(duration{1h + 2min + 3s}), "1h 2m");
  EXPECT_EQ(to_string(duration{1h + 3s}), "1h");
  EXPECT_EQ(to_string(duration{0}), "0s");
  EXPECT_EQ(to_string(duration{1ns}), "0s");
}

TEST(Types, WriteADurationBelowZeroWithItsSign) {
  EXPECT_EQ(to_string(duration{-90s}), "-1m 30s");
  EXPECT_EQ(to_string(duration{-1ns}), "0s");
  EXPECT_EQ(to_string(duration::min()), "-2562047h 47m");
}

TEST(Types, ReadEveryDurationTheyWroteInFull) {
  for (auto x : {duration{0}, duration{1us}, duration{250ms}, duration{90s},
                 duration{2h}, duration{1h + 1min}, duration{3s + 7ms},
                 duration{800'000h + 59min}})
    EXPECT_EQ(parse_duration(to_string(x)), x) << to_string(x);
}

TEST(Types, ReadADurationAsPeopleWriteIt) {
  EXPECT_EQ(parse_duration("90s"), duration{90s});
  EXPECT_EQ(parse_duration("1m30s"), duration{90s});
  EXPECT_EQ(parse_duration("1m 30s"), duration{90s});
  EXPECT_EQ(parse_duration("1h2m3s4ms5us"),
            duration{1h + 2min + 3s + 4ms + 5us});
  EXPECT_EQ(parse_duration("1.5h"), duration{90min});
  EXPECT_EQ(parse_duration("1.001s"), duration{1001ms});
}

TEST(Types, ReadABareNumberAsSeconds) {
  EXPECT_EQ(parse_duration("90"), duration{90s});
  EXPECT_EQ(parse_duration("1.5"), duration{1500ms});
  EXPECT_EQ(parse_duration("0"), duration{0});
}

TEST(Types, ReadNothingElseAsADuration) {
  for (auto text :
       {"",         " ",    "s",       "h1",    "1x",   "1m30", "1 30",
        "30s1m",    "5s5s", "1m  30s", " 1m",   "1m ",  "1 m",  "-5s",
        "-0",       "+5s",  "1e3s",    "nan",   "nans", "inf",  "infs",
        "infinity", ".",    ".5",      "1..5s", "0x10", "1,5s", "1mss"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Types, ReadNoDurationThatIsTooLong) {
  EXPECT_TRUE(parse_duration("876000h"));
  for (auto text : {"876001h", "876000h1us", "99999999999999999999s",
                    "9223372036854775807h", "1e308"})
    EXPECT_FALSE(parse_duration(text)) << text;
  EXPECT_FALSE(parse_duration(std::string(400, '9')));
}
