// Clients in containers: processes with the same pid on hosts of the same name
// are others all the same.

#include "tests/e2e/container.hpp"
#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

namespace berth::tests {

namespace {

struct LeasesOfContainers : served_test {
  LeasesOfContainers() {
    if (!can)
      std::puts("Not root: without containers, the pids are not the same.");
  }

  std::vector<std::string>
  contained(const std::string& what, const std::string& lease = {}) const {
    auto command = "export BERTH_LEASE='" + lease + "'; exec '" + built("berth")
                   + "' " + what;
    return can ? in_container(command)
               : std::vector<std::string>{"/bin/sh", "-c", command};
  }

  const bool can = has_containers();
};

/// In a container of its own it holds a lease, and asks its tab something that
/// is answered when somebody else says so.
struct contained_agent {
  contained_agent(const LeasesOfContainers& where, const std::string& name)
    : holder{where.contained("lease hold")},
      lease{holder.read_line().value_or("")},
      asker{where.contained("eval 'new Promise(done => { window.go = () => "
                            "done(\"for "
                              + name + "\"); })'",
                            lease)} {
    // nop
  }

  bool waits() const {
    return evaluate("typeof window.go") == "function";
  }

  std::string evaluate(const std::string& what) const {
    auto got = berth_run(lease, {"eval", what}).parsed();
    return got.is_object() ? got.value("value", "") : "";
  }

  child_process holder;
  std::string lease;
  child_process asker;
};

} // namespace

TEST_F(LeasesOfContainers, T4_EachGetsItsOwnAnswersAndDiesAlone) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  contained_agent one{*this, "one"};
  contained_agent other{*this, "other"};
  auto until = std::chrono::steady_clock::now() + patience;
  for (auto agent : {&one, &other})
    while (!agent->waits())
      ASSERT_LT(std::chrono::steady_clock::now(), until) << agent->lease;
  // The one that asked last is answered first.
  for (auto agent : {&other, &one})
    agent->evaluate("String(window.go())");
  EXPECT_EQ(one.asker.read_all(), "\"for one\"\n");
  EXPECT_EQ(other.asker.read_all(), "\"for other\"\n");

  one.holder.signal(SIGKILL);
  auto leases = [] {
    return berth_run({"status"}).parsed()["leases"];
  };
  while (leases().size() > 1)
    ASSERT_LT(std::chrono::steady_clock::now(), until);
  ASSERT_EQ(leases().size(), 1u);
  EXPECT_EQ(berth_run(one.lease, {"eval", "1"}).error(), "lease.gone");
  EXPECT_EQ(other.evaluate("'still ' + 'here'"), "still here");
}

} // namespace berth::tests
