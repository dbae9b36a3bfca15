#include "actors/keys.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

using namespace berth::actors;
using namespace berth::protocol;

namespace fs = std::filesystem;

namespace {

struct Keys : testing::Test {
  std::string path() const {
    return dir.path() + "/lease.key";
  }

  berth::apps::scratch_dir dir{*berth::apps::scratch_dir::make()};
};

secret_key some_key(uint8_t first) {
  secret_key result{};
  for (auto& x : result)
    x = first++;
  return result;
}

constexpr lease_ref some{{7}, {1, 9}};

mode_t mode_of(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
}

} // namespace

TEST_F(Keys, AreMadeOnceAndReadFromThenOn) {
  auto made = make_key(path());
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_NE(*made, secret_key{});
  EXPECT_EQ(mode_of(path()), 0600u);
  EXPECT_EQ(fs::file_size(path()), 32u);
  EXPECT_EQ(*make_key(path()), *made);
  EXPECT_EQ(*read_key(path()), *made);
  auto other = make_key(dir.path() + "/other.key");
  ASSERT_TRUE(other);
  EXPECT_NE(*other, *made);
}

TEST_F(Keys, LeaveNoDraftBehind) {
  std::ofstream{path() + ".new"} << "of a daemon that was killed";
  ASSERT_TRUE(make_key(path()));
  EXPECT_FALSE(fs::exists(path() + ".new"));
}

TEST_F(Keys, S2_OthersMayReadNone) {
  ASSERT_TRUE(make_key(path()));
  for (auto mode : {0640, 0604, 0660}) {
    ::chmod(path().c_str(), static_cast<mode_t>(mode));
    auto refused = make_key(path());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid_argument);
    EXPECT_EQ(read_key(path()).error().code, errc::client_rights);
  }
}

TEST_F(Keys, S2_AreNobodyElses) {
  if (::geteuid() != 0)
    return; // Only root may give a file away; and it may read any.
  ASSERT_TRUE(make_key(path()));
  ASSERT_EQ(::chown(path().c_str(), 65534, 65534), 0);
  EXPECT_EQ(make_key(path()).error().code, errc::invalid_argument);
  EXPECT_EQ(read_key(path()).error().code, errc::client_rights);
}

TEST_F(Keys, S2_AreReadFromNoLinkAndNoDamagedFile) {
  auto real = dir.path() + "/real";
  ASSERT_TRUE(make_key(real));
  fs::create_symlink(real, path());
  EXPECT_FALSE(make_key(path()));
  EXPECT_FALSE(read_key(path()));
  fs::remove(path());
  for (auto size : {size_t{0}, size_t{31}, size_t{33}}) {
    std::ofstream{path()} << std::string(size, 'x');
    ::chmod(path().c_str(), 0600);
    EXPECT_FALSE(make_key(path())) << size;
  }
  std::ofstream{path()} << std::string(32, '\0');
  EXPECT_FALSE(make_key(path()));
  fs::remove(path());
  fs::create_directory(path());
  EXPECT_FALSE(make_key(path()));
  EXPECT_FALSE(read_key(dir.path() + "/missing"));
}

TEST_F(Keys, S2_ProveOneLeaseAndNoNeighbour) {
  auto key = some_key(1);
  auto mine = prove(key, some);
  EXPECT_EQ(mine.ref, some);
  EXPECT_TRUE(proves(key, mine));
  EXPECT_FALSE(proves(some_key(2), mine));
  EXPECT_FALSE(proves(key, some)); // A name alone.
  for (lease_ref next :
       {lease_ref{{8}, {1, 9}}, lease_ref{{6}, {1, 9}}, lease_ref{{7}, {1, 10}},
        lease_ref{{7}, {1, 8}}, lease_ref{{7}, {2, 9}}, lease_ref{{1}, {9, 7}},
        lease_ref{{9}, {7, 1}}})
    EXPECT_FALSE(proves(key, {next, mine.proof}));
  for (size_t bit = 0; bit < 80; ++bit) {
    auto guess = mine;
    guess.proof.bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(proves(key, guess)) << bit;
  }
}

/// What is kept of one key is not used with the next.
TEST_F(Keys, S2_ProveWithOneKeyAfterAnother) {
  auto first = prove(some_key(1), some), second = prove(some_key(2), some);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(proves(some_key(1), first));
    EXPECT_TRUE(proves(some_key(2), second));
    EXPECT_FALSE(proves(some_key(1), second));
    EXPECT_FALSE(proves(some_key(2), first));
  }
}

TEST_F(Keys, S2_ProofsLookRandom) {
  std::set<std::string> seen;
  for (uint64_t i = 0; i < 1000; ++i)
    seen.insert(write_credential(prove(some_key(1), {{1}, {1, i}})).substr(6));
  EXPECT_EQ(seen.size(), 1000u);
}

TEST_F(Keys, S1_ProveAnOperatorForOneClientOnly) {
  auto key = some_key(1);
  client_secret mine{1, 2};
  auto shown = prove(key, mine);
  EXPECT_TRUE(proves(key, mine, shown));
  EXPECT_FALSE(proves(key, mine, {}));
  EXPECT_FALSE(proves(key, {2, 1}, shown));
  EXPECT_FALSE(proves(some_key(2), mine, shown));
}

/// The same key for both would not make one the other.
TEST_F(Keys, S1_AProofIsOfOneKind) {
  auto key = some_key(1);
  auto lease = prove(key, lease_ref{{1}, {2, 0}});
  auto right = prove(key, client_secret{1, 2});
  EXPECT_FALSE(std::equal(lease.proof.bytes.begin(), lease.proof.bytes.end(),
                          right.bytes.begin()));
}
