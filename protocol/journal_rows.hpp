// The journal's rows as they are written: for each kind a table, and for each
// row its cells in the order of the table's columns.

#pragma once

#include "protocol/journal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace berth::protocol {

using cell = std::variant<int64_t, std::string>;
using cells = std::vector<cell>;

struct table {
  const char* name;
  size_t key_columns; ///< So many, from the first, tell rows apart.
  std::vector<const char*> columns;
};

/// An instant of the daemon's clock means nothing to the next daemon: it is
/// kept as the time since 1970.
struct calendar {
  timestamp here;      ///< Some instant,
  duration since_1970; ///< and what people call it.

  friend bool operator==(const calendar&, const calendar&) = default;
};

/// How far what people call an instant has moved away from this clock: by a
/// step of the wall clock, or a sleep of the machine.
duration drift(const calendar& from, const calendar& to);

/// `Row` is `audit_row`, `lease`, `session_row` (without its runs),
/// `session_run`, `client_row` or `browser_row`.
template <class Row>
const table& table_of();

template <class Row>
cells to_cells(const Row& x, const calendar& when);

/// None if the cells are not those of such a row.
template <class Row>
std::optional<Row> from_cells(const cells& from, const calendar& when);

/// Texts in one cell, one a line; their own line ends are escaped.
std::string join_lines(const std::vector<std::string>& texts);
std::vector<std::string> split_lines(std::string_view text);

} // namespace berth::protocol
