#include "journal/database.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace berth::journal {

using namespace protocol;

namespace {

/// How long another process may hold the file.
constexpr int busy_ms = 2000;
constexpr duration retry_after = std::chrono::seconds{1};

failure explain(int code, const std::string& path, const std::string& words) {
  auto broken = [&](const std::string& how) {
    auto result = fail(errc::journal_failed, "The journal '" + path + "' " + how
                                               + " (" + words + ").");
    result.retry_after = retry_after;
    return result;
  };
  switch (code & 0xff) {
    case SQLITE_FULL:
      return broken("is full: its disk is, or journal.size_max is reached");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return broken("is locked by another process");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return broken("cannot be opened, or not for writing");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damaged(path, words);
    case SQLITE_IOERR:
      return broken("cannot be written or read: its disk failed");
    default:
      return broken("could not be used");
  }
}

/// What the system said to a write that failed. SQLite keeps it in one of three
/// places: for what processes share, for the log, and for the file.
int system_error(sqlite3* x) {
  int result = sqlite3_system_errno(x);
  sqlite3_file* log = nullptr;
  sqlite3_file_control(x, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (result == 0 && log && log->pMethods)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &result);
  if (result == 0)
    sqlite3_file_control(x, "main", SQLITE_FCNTL_LAST_ERRNO, &result);
  return result;
}

failure failure_of(sqlite3* x) {
  auto name = sqlite3_db_filename(x, "main");
  auto code = sqlite3_extended_errcode(x);
  std::string words = sqlite3_errmsg(x);
  // Only a disk without room is `SQLITE_FULL`, not a quota or a file's limit.
  if (auto why = (code & 0xff) == SQLITE_IOERR ? system_error(x) : 0;
      why == ENOSPC || why == EDQUOT || why == EFBIG) {
    code = SQLITE_FULL;
    words = std::strerror(why);
  }
  return explain(code, name ? name : "", words);
}

} // namespace

failure damaged(const std::string& path, const std::string& why) {
  return fail(errc::journal_damaged,
              "The journal '" + path + "' is damaged (" + why + ").");
}

// -- statement ----------------------------------------------------------------

void statement::finalizer::operator()(sqlite3_stmt* x) const {
  sqlite3_finalize(x);
}

outcome<void> statement::run(const cells& with) {
  return each(
    [](const cells&) {
      return outcome<void>{};
    },
    with);
}

outcome<void> statement::each(const std::function<outcome<void>(cells)>& take,
                              const cells& with) {
  auto raw = made_.get();
  for (int i = 0; i < static_cast<int>(with.size()); ++i) {
    auto& x = with[static_cast<size_t>(i)];
    if (auto text = std::get_if<std::string>(&x))
      sqlite3_bind_text64(raw, i + 1, text->data(), text->size(), SQLITE_STATIC,
                          SQLITE_UTF8);
    else
      sqlite3_bind_int64(raw, i + 1, std::get<int64_t>(x));
  }
  outcome<void> result;
  int got = sqlite3_step(raw);
  for (; result && got == SQLITE_ROW; got = sqlite3_step(raw))
    result = take(row());
  if (result && got != SQLITE_DONE)
    result = failure_of(owner_);
  sqlite3_reset(raw);
  sqlite3_clear_bindings(raw);
  return result;
}

std::vector<std::string> statement::columns() const {
  std::vector<std::string> result;
  for (int i = 0; i < sqlite3_column_count(made_.get()); ++i)
    result.emplace_back(sqlite3_column_name(made_.get(), i));
  return result;
}

cells statement::row() const {
  cells result;
  auto raw = made_.get();
  for (int i = 0; i < sqlite3_column_count(raw); ++i)
    if (sqlite3_column_type(raw, i) == SQLITE_INTEGER)
      result.emplace_back(int64_t{sqlite3_column_int64(raw, i)});
    else {
      auto text = reinterpret_cast<const char*>(sqlite3_column_text(raw, i));
      auto size = static_cast<size_t>(sqlite3_column_bytes(raw, i));
      result.emplace_back(text ? std::string{text, size} : std::string{});
    }
  return result;
}

// -- database -----------------------------------------------------------------

void database::closer::operator()(sqlite3* x) const {
  sqlite3_close_v2(x);
}

outcome<database> database::open(const std::string& path, access how) {
  sqlite3* raw = nullptr;
  // Prompts are in there: nobody else's to read. SQLite goes by this for its
  // log, and says what is wrong if this failed.
  if (how == access::write) {
    int fd
      = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == ELOOP)
      return explain(SQLITE_CANTOPEN, path, "it is a symbolic link");
    if (fd >= 0)
      ::close(fd);
  }
  int flags = how == access::read ? SQLITE_OPEN_READONLY
                                  : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int got
    = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  database result{raw};
  if (got != SQLITE_OK)
    return explain(got, path, sqlite3_errstr(got));
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, busy_ms);
  return result;
}

outcome<void> database::execute(const std::string& sql) {
  if (sqlite3_exec(made_.get(), sql.c_str(), nullptr, nullptr, nullptr)
      != SQLITE_OK)
    return failure_of(made_.get());
  return {};
}

outcome<statement> database::prepare(const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v3(made_.get(), sql.c_str(), -1,
                         SQLITE_PREPARE_PERSISTENT, &raw, nullptr)
      != SQLITE_OK)
    return failure_of(made_.get());
  return statement{made_.get(), raw};
}

outcome<int64_t> database::number(const std::string& sql) {
  auto query = prepare(sql);
  if (!query)
    return query.error();
  int64_t result = 0;
  auto read = query->each([&](const cells& row) {
    if (!row.empty() && std::holds_alternative<int64_t>(row[0]))
      result = std::get<int64_t>(row[0]);
    return outcome<void>{};
  });
  if (!read)
    return read.error();
  return result;
}

bool database::is_moved() const {
  int moved = 0;
  return sqlite3_file_control(made_.get(), nullptr, SQLITE_FCNTL_HAS_MOVED,
                              &moved)
           == SQLITE_OK
         && moved != 0;
}

void database::roll_back() {
  if (!sqlite3_get_autocommit(made_.get()))
    sqlite3_exec(made_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace berth::journal
