#include "apps/arguments.hpp"

#include <gtest/gtest.h>

using namespace berth::apps;

TEST(Arguments, AreWholeNumbers) {
  for (auto text : {"0", "7", "18446744073709551615"})
    EXPECT_EQ(refuse_number(text), "") << text;
  for (auto text : {"", "-1", "+1", " 1", "1 ", "1x", "0x10", "010", "1e3",
                    "1.0", "abc", "18446744073709551616"})
    EXPECT_NE(refuse_number(text), "") << text;
}

TEST(Arguments, AreNumbersWithAFraction) {
  for (auto text : {"0", "1.5", "100"})
    EXPECT_EQ(refuse_decimal(text), "") << text;
  for (auto text : {"", "-1", "nan", "inf", "1e400", "1x", " 1", "1e3"})
    EXPECT_NE(refuse_decimal(text), "") << text;
}

TEST(Arguments, AreTimes) {
  for (auto text : {"0s", "5", "1m30s", "250ms"})
    EXPECT_EQ(refuse_time(text), "") << text;
  for (auto text : {"", "-5s", "5x", "1e9s", " 1s", "9223372036854775807s"})
    EXPECT_NE(refuse_time(text), "") << text;
}

TEST(Arguments, AreCheckedInEachCommand) {
  CLI::App program;
  uint64_t number = 0;
  std::string time, name;
  auto below = program.add_subcommand("below")->add_subcommand("deeper");
  below->add_option("--number", number);
  below->add_option("--time", time)->type_name(time_type);
  below->add_option("--name", name);
  check_arguments(program);
  auto takes = [&](const std::string& words) {
    try {
      program.parse("below deeper " + words);
    } catch (const CLI::ParseError&) {
      return false;
    }
    return true;
  };
  EXPECT_TRUE(takes("--number 1 --time 5s --name x"));
  EXPECT_FALSE(takes("--number=-1"));
  EXPECT_FALSE(takes("--number 18446744073709551616"));
  EXPECT_FALSE(takes("--time \"\""));
  EXPECT_FALSE(takes("--name \"\""));
}
