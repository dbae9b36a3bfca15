#include "cdp/utf8_stream.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace berth::cdp;

namespace {

/// In parts of so many bytes.
bool accepts(std::string_view text, size_t size) {
  utf8_stream stream;
  for (; !text.empty(); text.remove_prefix(std::min(size, text.size())))
    if (!stream.feed(text.substr(0, size)))
      return false;
  return stream.complete();
}

const std::vector<std::string> good{
  "",
  "plain",
  std::string{"a\0b", 3},
  "\xc2\x80",
  "\xdf\xbf",
  "\xe0\xa0\x80",
  "\xed\x9f\xbf",
  "\xee\x80\x80",
  "\xef\xbf\xbf",
  "\xf0\x90\x80\x80",
  "\xf4\x8f\xbf\xbf",
  "Gr\xc3\xbc\xc3\x9f"
  "e \xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x9a\xa2, and more plain text after it",
};

const std::vector<std::string> bad{
  "\x80",             // continues nothing
  "\xc0\x80",         // overlong
  "\xc1\xbf",         //
  "\xe0\x9f\xbf",     //
  "\xf0\x8f\xbf\xbf", //
  "\xed\xa0\x80",     // half a surrogate pair
  "\xed\xbf\xbf",     //
  "\xf4\x90\x80\x80", // above U+10FFFF
  "\xf5\x80\x80\x80", //
  "\xff",             //
  "\xc3 ",            // broken off by another character
  "\xe4\xbd ",        //
  "\xf0\x9f\x9a ",    //
};

} // namespace

TEST(Utf8Stream, AcceptsUtf8HoweverItIsSplit) {
  for (const auto& text : good)
    for (size_t size = 1; size <= text.size() + 1; ++size)
      EXPECT_TRUE(accepts(text, size)) << text << " in parts of " << size;
}

TEST(Utf8Stream, RefusesWhatIsNotHoweverItIsSplit) {
  for (const auto& text : bad)
    for (auto before : {"", "plain text that is long enough for a fast path "})
      for (size_t size = 1; size <= text.size() + 1; ++size)
        EXPECT_FALSE(accepts(before + text, size)) << text << " in " << size;
}

TEST(Utf8Stream, IsNotCompleteWithinACharacter) {
  for (std::string_view text : {"\xc3", "\xe4", "\xe4\xbd", "\xf0\x9f\x9a"}) {
    utf8_stream stream;
    EXPECT_TRUE(stream.feed(text));
    EXPECT_FALSE(stream.complete());
    stream.reset();
    EXPECT_TRUE(stream.complete());
  }
}

TEST(Utf8Stream, RefusesAsSoonAsNothingCanFollow) {
  for (std::string_view text :
       {"\xe0\x80", "\xed\xa0", "\xf0\x80", "\xf4\x90", "\xf0\x9f\x20"}) {
    utf8_stream whole;
    EXPECT_FALSE(whole.feed(text)) << text;
    utf8_stream split;
    EXPECT_FALSE(split.feed(text.substr(0, 1)) && split.feed(text.substr(1)))
      << text;
  }
}
