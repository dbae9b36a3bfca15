#include "cdp/upload_policy.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace berth::cdp;

namespace {

using list = std::vector<std::string>;

std::string refuse(const char* path, const list& dirs = {"/home/me", "/tmp/"},
                   const list& never = {"/tmp/state"}) {
  return refuse_upload(path, dirs, never);
}

} // namespace

TEST(UploadPolicy, AllowsWhatIsInItsDirectories) {
  for (auto path : {"/home/me/a.txt", "/home/me/b/c/a.txt", "/tmp/x",
                    "/tmp/statement", "/home/me/a.b/c.d"})
    EXPECT_EQ(refuse(path), "") << path;
  EXPECT_EQ(refuse("/etc/passwd", {"/"}), "");
}

TEST(UploadPolicy, RefusesEverythingElse) {
  for (auto path : {"/etc/shadow", "/home/me2/a", "/home/me", "/home", "/", "",
                    "/tmp", "tmp/x", "/home/you/a"})
    EXPECT_NE(refuse(path), "") << path;
  EXPECT_NE(refuse("/tmp/x", {}), "");
  EXPECT_NE(refuse("/etc/shadow").find("/home/me, /tmp/"), std::string::npos);
  for (auto path : {"/home/me", "/tmp"})
    EXPECT_NE(refuse(path).find("in it"), std::string::npos) << path;
}

TEST(UploadPolicy, RefusesWhatIsHidden) {
  for (auto path : {"/home/me/.ssh/id_rsa", "/home/me/.netrc",
                    "/home/me/a/.git/config", "/tmp/.x"})
    EXPECT_NE(refuse(path).find("hidden"), std::string::npos) << path;
  EXPECT_EQ(refuse("/home/me/.notes/a", {"/home/me", "/home/me/.notes"}), "");
}

TEST(UploadPolicy, NeverGivesAwayWhatIsBerthsOwn) {
  EXPECT_NE(refuse("/tmp/state/profile/Cookies").find("itself"),
            std::string::npos);
  EXPECT_NE(refuse("/tmp/state/x", {"/tmp/state"}), "");
  // As a directory for downloads, which a page may name as it likes.
  EXPECT_NE(refuse("/tmp/state"), "");
  EXPECT_NE(refuse("/tmp/state", {"/tmp"}, {"/tmp/state/"}), "");
}
