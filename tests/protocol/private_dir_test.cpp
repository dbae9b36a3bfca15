#include "protocol/private_dir.hpp"

#include <gtest/gtest.h>

namespace berth::protocol {

namespace {

std::string say(path_kind kind, unsigned mode = 0700, std::uint64_t owner = 7) {
  return objection("The state directory", "/s", {kind, owner, mode}, 7);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(PrivateDir, MayBeMadeOrUsedByItsOwner) {
  EXPECT_EQ(say(path_kind::missing), "");
  EXPECT_EQ(say(path_kind::directory), "");
}

TEST(PrivateDir, IsOpenToNobodyElse) {
  for (unsigned mode : {0755u, 0710u, 0701u, 0770u, 0707u, 0720u})
    EXPECT_TRUE(has(say(path_kind::directory, mode), "chmod 700 /s.")) << mode;
  EXPECT_TRUE(has(say(path_kind::directory, 0755), "mode 755"));
  // Nobody is told to take /tmp away from everybody else.
  EXPECT_TRUE(has(say(path_kind::directory, 01777), "shared by all users"));
  EXPECT_FALSE(has(say(path_kind::directory, 01777), "chmod"));
}

TEST(PrivateDir, IsUsableByItsOwner) {
  for (unsigned mode : {0000u, 0500u, 0600u, 0300u})
    EXPECT_TRUE(has(say(path_kind::directory, mode), "chmod 700 /s.")) << mode;
}

TEST(PrivateDir, IsNobodyElses) {
  auto text = say(path_kind::directory, 0700, 8);
  EXPECT_TRUE(has(text, "belongs to user 8")) << text;
  EXPECT_TRUE(has(text, "runs as user 7")) << text;
  // Root could, but then its owner could not.
  EXPECT_NE(objection("X", "/s", {path_kind::directory, 8, 0700}, 0), "");
}

TEST(PrivateDir, IsADirectoryAndNotALinkToOne) {
  EXPECT_TRUE(has(say(path_kind::link), "is a symbolic link"));
  EXPECT_TRUE(has(say(path_kind::other), "is a file"));
}

TEST(PrivateDir, TellsARemedyThatCanBePasted) {
  auto text = objection("X", "/a b/it's", {path_kind::directory, 7, 0755}, 7);
  EXPECT_TRUE(has(text, R"(chmod 700 '/a b/it'\''s'.)")) << text;
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("/home/me/.local"), "/home/me/.local");
}

} // namespace berth::protocol
