// A journal's file as any version of Berth may have left it: what it is, how it
// is brought up to date, and what it says.

#pragma once

#include "journal/database.hpp"

#include <string>

namespace berth::journal {

/// "SELECT a, b, c FROM rows", of all columns.
template <class Row>
std::string select_all() {
  const auto& from = protocol::table_of<Row>();
  std::string result;
  for (auto column : from.columns)
    result += (result.empty() ? "SELECT " : ", ") + std::string{column};
  return result + " FROM " + from.name;
}

/// How instants of this process's clock are written.
protocol::calendar today();

/// Which version of the tables it has: 0 if it is empty. Fails if it is no
/// journal, is `journal.damaged` or `journal.newer`. Changes nothing.
outcome<size_t> version_of(database& file, const std::string& path);

/// From a version to another, in one transaction.
outcome<void> migrate(database& file, size_t from, size_t to);

/// All that it says is true.
outcome<protocol::journal_state>
read_state(database& file, const std::string& path,
           const protocol::calendar& when);

} // namespace berth::journal
