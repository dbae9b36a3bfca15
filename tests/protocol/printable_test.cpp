#include "protocol/printable.hpp"

#include <gtest/gtest.h>

#include <string>

namespace berth::protocol {

TEST(Printable, LeavesOrdinaryTextAlone) {
  for (std::string x : {"", "plain", "a \\ b \"c\"", "\u00fcber \u65e5\u672c",
                        "\U0001f600 a\u200db", "\u0645\u0631"})
    EXPECT_EQ(printable(x), x);
}

TEST(Printable, KeepsALineOneLine) {
  EXPECT_EQ(printable("a\n[12:00] [error] forged\r\tb"),
            "a\\n[12:00] [error] forged\\r\\tb");
  EXPECT_EQ(printable("a\u2028b\u2029c"), "a\\u2028b\\u2029c");
}

TEST(Printable, LeavesATerminalNothingToObey) {
  EXPECT_EQ(printable("\x1b[31mred\x07\x7f"), "\\x1b[31mred\\x07\\x7f");
  EXPECT_EQ(printable("\u009b31m\u0085"), "\\u009b31m\\u0085");
  EXPECT_EQ(printable(std::string_view{"a\0b", 3}), "a\\x00b");
}

TEST(Printable, ShowsWhatTurnsTextAroundOrHidesIt) {
  EXPECT_EQ(printable("\u202etxt.exe\u2066\u2069\u200f\u061c"),
            "\\u202etxt.exe\\u2066\\u2069\\u200f\\u061c");
  EXPECT_EQ(printable("\ufeff\U000e0041"), "\\ufeff\\U000e0041");
}

TEST(Printable, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("\xff\x80"), "\\xff\\x80");
  EXPECT_EQ(printable("\xc3"), "\\xc3");          // Cut off.
  EXPECT_EQ(printable("\xc0\x8a"), "\\xc0\\x8a"); // An overlong line end.
  EXPECT_EQ(printable("\xe0\x80\x8a"), "\\xe0\\x80\\x8a");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80"); // A surrogate.
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  // The raw C1 byte that old terminals take for ESC [.
  EXPECT_EQ(printable("\x9b"
                      "31m"),
            "\\x9b31m");
}

TEST(Printable, KeepsTheLinesOfABlock) {
  EXPECT_EQ(printable("a\r\nb\n\tc\rd\x1b", text_shape::block),
            "a\nb\n\tc\\rd\\x1b");
}

TEST(Printable, CutsBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", size_t{6}), "abcdef");
  EXPECT_EQ(printable("abcdefg", size_t{6}), "abc...");
  EXPECT_EQ(printable("ab\u00fc\u00fc\u00fc", size_t{7}), "ab\u00fc...");
  EXPECT_EQ(printable("abc\n\n\n", size_t{8}), "abc\\n...");
}

TEST(Printable, TakesAnyBytesToTextThatItLeavesAlone) {
  std::string all;
  for (int i = 0; i < 256; ++i)
    for (int j = 0; j < 256; ++j)
      all.append({static_cast<char>(i), static_cast<char>(j)});
  auto once = printable(all);
  EXPECT_EQ(printable(once), once);
  EXPECT_EQ(printable(once, text_shape::block), once);
}

} // namespace berth::protocol
