#include "protocol/journal_rows.hpp"
#include "protocol/journal_schema.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>

using namespace berth::protocol;

namespace {

/// The columns of a table, in their order, as the steps make them.
std::vector<std::string> made_columns(const std::string& name) {
  std::string sql;
  for (auto step : journal_steps())
    sql += step;
  std::smatch body;
  if (!std::regex_search(
        sql, body,
        std::regex{"CREATE TABLE " + name + " \\(([\\s\\S]*?)\\) STRICT"}))
    return {};
  auto text = body[1].str();
  std::vector<std::string> result;
  const std::regex column{"(\\w+) (INTEGER|TEXT) "};
  for (std::sregex_iterator i{text.begin(), text.end(), column}, end; i != end;
       ++i)
    result.push_back((*i)[1].str());
  const std::regex added{"ALTER TABLE " + name + " ADD COLUMN (\\w+)"};
  for (std::sregex_iterator i{sql.begin(), sql.end(), added}, end; i != end;
       ++i)
    result.push_back((*i)[1].str());
  return result;
}

template <class Row>
void expect_table() {
  const auto& x = table_of<Row>();
  std::vector<std::string> wanted{x.columns.begin(), x.columns.end()};
  EXPECT_EQ(made_columns(x.name), wanted) << x.name;
}

} // namespace

TEST(JournalSchema, MakesTheTablesThatRowsAreWrittenTo) {
  expect_table<audit_row>();
  expect_table<lease>();
  expect_table<session_row>();
  expect_table<session_run>();
  expect_table<client_row>();
  expect_table<browser_row>();
}

TEST(JournalSchema, HasAStepForEachVersion) {
  EXPECT_EQ(journal_version(), journal_steps().size());
  EXPECT_GE(journal_version(), 1u);
}
