#include "cdp/transport/proc.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace berth::cdp;
using namespace std::chrono_literals;

namespace {

/// Has the second end, and does nothing. Both are its parent's, too.
pid_t idle_child(const int (&ends)[2]) {
  auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    for (;;)
      ::pause();
  }
  return child;
}

} // namespace

TEST(Proc, AwaitsTheEndOfThoseThatWereKilled) {
  auto child = ::fork();
  if (child == 0)
    for (;;)
      ::pause();
  await_end({child}, std::chrono::milliseconds{1});
  EXPECT_NE(identify(child), "");
  ::kill(child, SIGKILL);
  await_end({child}, std::chrono::minutes{1});
  EXPECT_EQ(identify(child), "");
  ::waitpid(child, nullptr, 0);
}

TEST(Proc, CountsTheMemoryOfAGroup) {
  EXPECT_GT(memory_of_group(::getpgrp()), 1u << 20);
  EXPECT_EQ(memory_of_group(0), 0u);
}

TEST(Proc, SeesAGroupUntilItsLastMemberIsGone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  auto leader = ::fork();
  if (leader == 0) {
    ::setpgid(0, 0);
    auto member = ::fork();
    if (member == 0)
      for (;;)
        ::pause();
    auto told = ::write(ends[1], &member, sizeof member);
    ::_exit(told == sizeof member ? 0 : 1);
  }
  pid_t member = 0;
  ASSERT_EQ(::read(ends[0], &member, sizeof member), ssize_t{sizeof member});
  ::waitpid(leader, nullptr, 0);
  EXPECT_TRUE(group_lives(leader));
  ::kill(-leader, SIGKILL);
  await_end({member}, std::chrono::minutes{1});
  EXPECT_FALSE(group_lives(leader));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Proc, FindsWhoHasASocketOpen) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  auto child = idle_child(ends);
  struct stat theirs {
  }, ours{};
  ::fstat(ends[1], &theirs);
  ::fstat(ends[0], &ours);
  ::close(ends[1]);
  EXPECT_EQ(process_with_socket(::geteuid(), theirs.st_ino), child);
  EXPECT_EQ(process_with_socket(::geteuid() + 1, theirs.st_ino), 0);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(process_with_socket(::geteuid(), theirs.st_ino), 0);
  EXPECT_EQ(process_with_socket(::geteuid(), ours.st_ino), ::getpid());
  ::close(ends[0]);
}

TEST(Proc, TellsTwoProcessesApart) {
  EXPECT_EQ(identify(::getpid()), identify(::getpid()));
  EXPECT_NE(identify(::getpid()), identify(::getppid()));
}

TEST(Proc, CutsOffAStoppedProcess) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  auto child = idle_child(ends);
  ::close(ends[1]);
  ::kill(child, SIGSTOP);
  auto another = std::to_string(child) + "@1";
  EXPECT_FALSE(cut_off(another));
  EXPECT_TRUE(cut_off(identify(child)));
  char got = 0;
  EXPECT_EQ(::read(ends[0], &got, 1), 0);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(cut_off(another));
  ::close(ends[0]);
}

TEST(Proc, TellsWhoIsBusyFromWhoIsStopped) {
  auto child = ::fork();
  if (child == 0)
    for (;;)
      continue;
  auto grows = [&](std::chrono::nanoseconds from) {
    auto until = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < until)
      if (effort_of(child).value() - from > 20ms)
        return true;
    return false;
  };
  EXPECT_TRUE(grows(effort_of(child).value()));
  int unseen = 0;
  ::kill(child, SIGSTOP);
  ::waitpid(child, &unseen, WUNTRACED);
  auto before = effort_of(child);
  ASSERT_TRUE(before);
  for (int i = 0; i < 1000; ++i)
    ASSERT_EQ(effort_of(child), before);
  ::kill(child, SIGKILL);
  ::waitpid(child, &unseen, 0);
  EXPECT_FALSE(effort_of(child));
  EXPECT_FALSE(effort_of(0));
}

namespace {

/// Makes a socket of that name, as Chrome does.
void listen_at(const std::filesystem::path& name) {
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  name.string().copy(where.sun_path, sizeof where.sun_path - 1);
  auto socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&where), sizeof where),
            0);
  ::close(socket);
}

} // namespace

/// Whoever may write into a profile must not have us remove other files.
TEST(Proc, RemovesNoFileThatALockLeadsTo) {
  namespace fs = std::filesystem;
  std::string name = "/tmp/berth-test-XXXXXX";
  fs::path root = ::mkdtemp(name.data());
  fs::create_directories(root / "profile");
  std::ofstream{root / "SingletonSocket"} << "precious";
  std::ofstream{root / "SingletonCookie"} << "precious";
  fs::create_symlink(root / "SingletonSocket",
                     root / "profile" / "SingletonSocket");
  remove_profile_lock(root / "profile");
  EXPECT_TRUE(fs::exists(root / "SingletonSocket"));
  EXPECT_TRUE(fs::exists(root / "SingletonCookie"));
  fs::remove_all(root);
}

TEST(Proc, LeavesTheLockOfALivingProcessAlone) {
  namespace fs = std::filesystem;
  std::string name = "/tmp/berth-test-XXXXXX";
  fs::path root = ::mkdtemp(name.data());
  char host[256] = "";
  ASSERT_EQ(::gethostname(host, sizeof host - 1), 0);
  fs::create_symlink(std::string{host} + "-" + std::to_string(::getpid()),
                     root / "SingletonLock");
  remove_profile_lock(root);
  EXPECT_TRUE(fs::is_symlink(root / "SingletonLock"));
  fs::remove_all(root);
}

TEST(Proc, RemovesWhatAKilledChromeLeftOfItsLock) {
  namespace fs = std::filesystem;
  std::string name = "/tmp/berth-test-XXXXXX";
  fs::path root = ::mkdtemp(name.data());
  auto profile = root / "profile";
  auto elsewhere = root / "elsewhere";
  fs::create_directories(profile);
  fs::create_directories(elsewhere);
  listen_at(elsewhere / "SingletonSocket");
  fs::create_symlink("cookie", elsewhere / "SingletonCookie");
  fs::create_symlink("host-1", profile / "SingletonLock");
  fs::create_symlink("cookie", profile / "SingletonCookie");
  fs::create_symlink(elsewhere / "SingletonSocket",
                     profile / "SingletonSocket");
  remove_profile_lock(profile);
  EXPECT_TRUE(fs::is_empty(profile));
  EXPECT_FALSE(fs::exists(elsewhere));
  remove_profile_lock(profile); // Nothing is there, and nothing happens.
  fs::remove_all(root);
}
