#include "cdp/base64.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;

TEST(Base64, DecodesEveryLengthOfPadding) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("Zg=="), "f");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  EXPECT_EQ(decode_base64("Zm9v"), "foo");
  EXPECT_EQ(decode_base64("/+8="), "\xff\xef");
}

TEST(Base64, EncodesWhatItDecodes) {
  for (auto bytes : {"", "f", "fo", "foo", "foob", "\xff\xef"})
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
  EXPECT_EQ(encode_base64("\xff\xef"), "/+8=");
}

TEST(Base64, RefusesWhatIsNone) {
  for (auto text : {"Z", "Zg=", "Zm9 ", "Z===", "Zg==Zg==", "Zm\n9"})
    EXPECT_FALSE(decode_base64(text)) << text;
}
