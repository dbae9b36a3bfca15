#include "apps/json_lines.hpp"

#include <gtest/gtest.h>

using namespace berth::apps;

namespace {

constexpr auto text = R"({
  "name": "to\"y,{",
  "parts": {"send": ["a", "b:[",
      "c"],
    "turns": [], "x": {}},
  "count": 3
  ,
  "name":
    true
}
)";

} // namespace

TEST(JsonLines, KnowWhereEachValueIs) {
  json_lines lines{text};
  EXPECT_EQ(lines.at(""), 1u);
  EXPECT_EQ(lines.at("parts"), 3u);
  EXPECT_EQ(lines.at("parts.send"), 3u);
  EXPECT_EQ(lines.at("parts.send[1]"), 3u);
  EXPECT_EQ(lines.at("parts.send[2]"), 4u);
  EXPECT_EQ(lines.at("parts.turns"), 5u);
  EXPECT_EQ(lines.at("parts.x"), 5u);
  EXPECT_EQ(lines.at("count"), 6u);
}

TEST(JsonLines, NameTheNearestOfWhatIsNotThere) {
  json_lines lines{text};
  EXPECT_EQ(lines.at("parts.send[7]"), 3u);
  EXPECT_EQ(lines.at("parts.turns[0].x"), 5u);
  EXPECT_EQ(lines.at("nothing"), 1u);
}

TEST(JsonLines, NameWhatIsThereTwiceWhereItIsFirst) {
  json_lines lines{text};
  EXPECT_EQ(lines.doubled(), std::vector<std::string>{"name"});
  EXPECT_EQ(lines.at("name"), 2u);
}

TEST(JsonLines, KnowTextsThatAreOneValue) {
  EXPECT_EQ(json_lines{"\n\n 17"}.at(""), 3u);
  EXPECT_EQ(json_lines{"[]"}.at("[0]"), 1u);
  EXPECT_EQ(json_lines{"[1,\n[2,\n3]]"}.at("[1][1]"), 3u);
}

TEST(JsonLines, TellTheLineOfAByte) {
  EXPECT_EQ(line_of("a\nb\n", 0), 1u);
  EXPECT_EQ(line_of("a\nb\n", 2), 2u);
  EXPECT_EQ(line_of("a\nb\n", 99), 3u);
}

TEST(JsonLines, TellWhatIsWithinWhat) {
  EXPECT_TRUE(is_within("parts.send[1]", "parts"));
  EXPECT_TRUE(is_within("parts.send[1]", "parts.send"));
  EXPECT_TRUE(is_within("parts", "parts"));
  EXPECT_TRUE(is_within("parts", ""));
  EXPECT_FALSE(is_within("parts", "parts.send"));
  EXPECT_FALSE(is_within("partsman", "parts"));
  EXPECT_FALSE(is_within("", "parts"));
}
