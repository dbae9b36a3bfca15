#pragma once

#include "journal/store.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace berth::tests {

using namespace protocol;
using namespace journal;
using namespace std::chrono_literals;

/// A directory of its own for each test, gone with it.
struct scratch : testing::Test {
  scratch() {
    auto path
      = (std::filesystem::temp_directory_path() / "journal-XXXXXX").string();
    dir = ::mkdtemp(path.data()) ? path : std::string{};
    how.path = dir + "/journal.db";
  }

  ~scratch() override {
    std::filesystem::permissions(dir, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(dir);
  }

  /// The file as the next daemon finds it.
  std::shared_ptr<store> open() {
    auto opened = store::open(how);
    EXPECT_TRUE(opened) << opened.error().what;
    return opened ? *opened : nullptr;
  }

  failure refusal() {
    auto opened = store::open(how);
    EXPECT_FALSE(opened);
    return opened ? failure{} : opened.error();
  }

  static journal_entry
  granted(uint64_t id, lease_state how = lease_state::opening) {
    lease x;
    x.state = how;
    x.id = {id};
    x.token = {1, id};
    x.key = {"web"};
    x.ttl = 1min;
    return {timestamp{1h}, {*describe(lease_granted{x})}, {x}};
  }

  std::string dir;
  store_options how;
};

} // namespace berth::tests
