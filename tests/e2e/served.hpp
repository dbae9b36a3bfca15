// The program in processes of its own: `berth serve`, and commands to it.

#pragma once

#include "tests/e2e/harness.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace berth::tests {

/// `berth serve` on a free port.
class served {
public:
  explicit served(const std::string& dir, std::vector<std::string> more = {});

  /// In order if it still runs; and whatever it left if it was killed.
  ~served();

  bool is_ready() const {
    return ready_.is_object() && ready_.value("ready", false);
  }

  nlohmann::json ready() const {
    return ready_;
  }

  std::string port() const {
    return std::to_string(ready_.value("port", 0));
  }

  child_process& process() {
    return process_;
  }

  /// By SIGKILL; its Chrome is left to the next one.
  void kill();

private:
  static std::vector<std::string>
  command(const std::string& dir, std::vector<std::string> more);

  std::string dir_;
  child_process process_;
  nlohmann::json ready_;
  bool killed_ = false;
};

/// Commands find the daemon of this test, and no other; what it leaves is
/// reaped. Whatever serves belongs to who derives from this, and so ends first.
struct served_test : testing::Test {
  served_test();
  ~served_test() override;

  scratch_dir dir;
};

/// How a command ended, and what it said.
struct berth_result {
  int code;
  std::string text;

  nlohmann::json parsed() const {
    return nlohmann::json::parse(text, nullptr, false);
  }

  std::string error() const;
};

berth_result berth_run(std::vector<std::string> arguments);

/// Whether this becomes true within the tests' patience.
bool soon(const std::function<bool()>& what);

/// The same for one of this lease, whose credential comes by the environment.
berth_result
berth_run(const std::string& credential, std::vector<std::string> arguments);

} // namespace berth::tests
