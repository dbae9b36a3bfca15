// SQLite behind two small classes: a connection and a prepared statement. What
// goes wrong is a failure that says so in the journal's own words.

#pragma once

#include "protocol/journal_rows.hpp"
#include "protocol/outcome.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace berth::journal {

using protocol::cell;
using protocol::cells;
using protocol::outcome;

/// A statement that was prepared once, and may be run many times. It must not
/// outlive its database.
class statement {
public:
  /// Runs it to its end; what it yields is dropped.
  outcome<void> run(const cells& with = {});

  /// Hands on each row that it yields, until there is none or `take` has
  /// failed.
  outcome<void>
  each(const std::function<outcome<void>(cells)>& take, const cells& with = {});

  std::vector<std::string> columns() const;

private:
  friend class database;

  struct finalizer {
    void operator()(sqlite3_stmt* x) const;
  };

  statement(sqlite3* owner, sqlite3_stmt* x) : owner_{owner}, made_{x} {
    // nop
  }

  cells row() const;

  sqlite3* owner_;
  std::unique_ptr<sqlite3_stmt, finalizer> made_;
};

/// How a file is opened.
enum class access : uint8_t {
  read,  ///< It must be there, and stays as it is.
  write, ///< It is made if it is not there.
};

/// One connection to one file. Used by one thread at a time.
class database {
public:
  static outcome<database> open(const std::string& path, access how);

  /// One or more statements without parameters.
  outcome<void> execute(const std::string& sql);

  outcome<statement> prepare(const std::string& sql);

  /// The one number that a query yields.
  outcome<int64_t> number(const std::string& sql);

  /// Whether its path is another file's now, or nobody's: what is written goes
  /// where nobody will look for it.
  bool is_moved() const;

  /// Undoes what was begun. Nothing can be done if that fails, and nothing
  /// needs to be: what is not committed does not count.
  void roll_back();

private:
  struct closer {
    void operator()(sqlite3* x) const;
  };

  explicit database(sqlite3* x) : made_{x} {
    // nop
  }

  std::unique_ptr<sqlite3, closer> made_;
};

/// The file cannot be trusted, for this reason.
protocol::failure damaged(const std::string& path, const std::string& why);

} // namespace berth::journal
