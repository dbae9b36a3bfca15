#include "protocol/error_list.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

using berth::protocol::error_list;

/// After a change: BERTH_WRITE_DOCS=1 protocol_tests --gtest_filter=ErrorList.*
TEST(ErrorList, IsInTheDocumentsAsItIs) {
  auto path = std::string{ROOT} + "/docs/errors.md";
  if (std::getenv("BERTH_WRITE_DOCS"))
    std::ofstream{path} << error_list();
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  EXPECT_EQ(text.str(), error_list());
}

TEST(ErrorList, SaysOfEveryFailureWhatCausesIt) {
  EXPECT_EQ(error_list().find("|  |"), std::string::npos);
}
