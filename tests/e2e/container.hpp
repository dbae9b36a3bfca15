#pragma once

#include "tests/e2e/harness.hpp"

#include <string>
#include <vector>

namespace berth::tests {

/// A shell's command in a container: its pid is 1, its host as every other
/// container's.
inline std::vector<std::string> in_container(const std::string& what) {
  return {"/usr/bin/unshare",
          "--pid",
          "--fork",
          "--uts",
          "--mount-proc",
          "--kill-child",
          "/bin/sh",
          "-c",
          "hostname berth-test; " + what};
}

/// Only root can make them.
inline bool has_containers() {
  return child_process{in_container("echo $$")}.read_line() == "1";
}

} // namespace berth::tests
