// A process that is killed while it writes, at whatever byte.

#include "tests/journal/scratch.hpp"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::tests {

namespace {

using StoreKill = scratch;

/// Appends for ever, and says so of each lease once it is written down.
[[noreturn]] void write_on(const store_options& how, int told) {
  auto file = store::open(how);
  auto epoch = file ? (*file)->begin_epoch(0, {})->epoch : 0;
  for (uint64_t id = 1; epoch > 0; ++id) {
    auto entry = scratch::granted(id);
    if (!(*file)->append(epoch, {entry, entry})
        || ::write(told, &id, sizeof id) != sizeof id)
      break;
  }
  ::_exit(1);
}

} // namespace

TEST_F(StoreKill, L2_KeepsWhatWasAcknowledgedBeforeTheKill) {
  how.limits.audit_max = 100;
  for (uint64_t round = 1; round <= 10; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      write_on(how, ends[1]);
    }
    ::close(ends[1]);
    uint64_t id = 0, last = 0;
    auto hear = [&] {
      return ::read(ends[0], &id, sizeof id) == sizeof id;
    };
    // A few, and then the signal comes at whatever it does next.
    while (last < 40 * round && hear())
      last = id;
    ::kill(child, SIGKILL);
    while (hear())
      last = id;
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    ASSERT_GE(last, 40 * round);
    auto kept = *open()->load();
    EXPECT_EQ(kept.epoch, round);
    // All that it acknowledged, and at most the one that it was about to.
    EXPECT_GE(kept.leases.size(), last) << "round " << round;
    EXPECT_LE(kept.leases.size(), last + 1) << "round " << round;
  }
}

} // namespace berth::tests
