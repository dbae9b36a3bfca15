#include "tests/e2e/served.hpp"

#include "cdp/transport/chrome_process.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace berth::tests {

using nlohmann::json;

served::served(const std::string& dir, std::vector<std::string> more)
  : dir_{dir},
    process_{command(dir, std::move(more))},
    ready_(json::parse(process_.read_line().value_or(""), nullptr, false)) {
  // nop
}

served::~served() {
  if (killed_)
    return;
  process_.signal(SIGTERM);
  process_.wait();
  cdp::reap_orphan_chromes(dir_);
}

served_test::served_test() {
  ::setenv("BERTH_STATE_DIR", dir.path().c_str(), 1);
  ::unsetenv("BERTH_LEASE");
}

served_test::~served_test() {
  cdp::reap_orphan_chromes(dir.path());
  ::unsetenv("BERTH_STATE_DIR");
}

void served::kill() {
  killed_ = true;
  process_.signal(SIGKILL);
  process_.wait();
}

std::vector<std::string>
served::command(const std::string& dir, std::vector<std::string> more) {
  std::vector<std::string> result{built("berth"), "--json",      "serve",
                                  "--state-dir",  dir,           "--log_level",
                                  "off",          "--door.port", "0"};
  result.insert(result.end(), more.begin(), more.end());
  return result;
}

std::string berth_result::error() const {
  auto x = parsed();
  return x.is_object() && x.contains("error") ? x["error"].value("code", "")
                                              : "";
}

berth_result berth_run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {built("berth"), "--json"});
  child_process program{arguments};
  auto text = program.read_all();
  return {program.wait(), text};
}

berth_result
berth_run(const std::string& credential, std::vector<std::string> arguments) {
  ::setenv("BERTH_LEASE", credential.c_str(), 1);
  auto result = berth_run(std::move(arguments));
  ::unsetenv("BERTH_LEASE");
  return result;
}

bool soon(const std::function<bool()>& what) {
  auto until = std::chrono::steady_clock::now() + patience;
  while (!what()) {
    if (std::chrono::steady_clock::now() > until)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace berth::tests
