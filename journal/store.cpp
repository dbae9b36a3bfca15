#include "journal/store.hpp"

#include "protocol/journal_schema.hpp"

#include "journal/file.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace berth::journal {

using namespace protocol;

namespace {

constexpr size_t page_size = 4096;
/// Less than this is what clocks drift.
constexpr duration drift_max = std::chrono::seconds{1};
constexpr size_t log_size_max = size_t{16} << 20; ///< After a checkpoint.

/// `INSERT OR REPLACE INTO run (session, id, ...) VALUES (?, ?, ...)`
std::string put_sql(const table& x) {
  std::string names, values;
  for (auto column : x.columns) {
    names += (names.empty() ? "" : ", ") + std::string{column};
    values += values.empty() ? "?" : ", ?";
  }
  return std::string{"INSERT OR REPLACE INTO "} + x.name + " (" + names
         + ") VALUES (" + values + ")";
}

/// `DELETE FROM run WHERE session = ? AND id = ?`
std::string drop_sql(const table& x) {
  std::string result = std::string{"DELETE FROM "} + x.name;
  for (size_t i = 0; i < x.key_columns; ++i)
    result += std::string{i == 0 ? " WHERE " : " AND "} + x.columns[i] + " = ?";
  return result;
}

template <class Map, class Key>
auto find(const Map& in, const Key& key) {
  auto i = in.find(key);
  return i == in.end() ? nullptr : &i->second;
}

cell key_of(uint64_t x) {
  return static_cast<int64_t>(x);
}

failure fenced(uint64_t epoch, uint64_t now) {
  return fail(errc::journal_fenced, "Epoch " + std::to_string(epoch)
                                      + " is over: the journal is in "
                                      + std::to_string(now) + " now.");
}

/// Looks before it changes anything.
outcome<void> prepare_file(database& file, const store_options& how) {
  auto version = version_of(file, how.path);
  if (!version)
    return version.error();
  std::string complaint;
  auto query = file.prepare("PRAGMA quick_check(1)");
  if (!query)
    return query.error();
  auto looked = query->each([&](const cells& row) {
    complaint = std::get<std::string>(row.at(0));
    return outcome<void>{};
  });
  if (!looked)
    return looked;
  if (complaint != "ok")
    return damaged(how.path, complaint);
  bool full = how.limits.keep == durability::full;
  auto set = file.execute(
    "PRAGMA page_size = " + std::to_string(page_size)
    + "; PRAGMA journal_mode = WAL; PRAGMA synchronous = "
    + (full ? "FULL" : "NORMAL") + "; PRAGMA max_page_count = "
    + std::to_string(how.limits.size_max / page_size)
    + "; PRAGMA journal_size_limit = " + std::to_string(log_size_max));
  if (set && *version < journal_version())
    set = migrate(file, *version, journal_version());
  return set;
}

} // namespace

namespace {

/// SQLite takes an empty file for a new one, and drops the log beside it.
bool is_cut_off(const std::string& path) {
  std::error_code none;
  auto size = std::filesystem::file_size(path, none);
  if (none || size > 0)
    return false;
  auto log = std::filesystem::file_size(path + "-wal", none);
  return !none && log > 0;
}

} // namespace

outcome<std::shared_ptr<store>> store::open(const store_options& how) {
  if (is_cut_off(how.path))
    return fail(errc::journal_damaged,
                "The journal '" + how.path
                  + "' is empty, but its log is not: it was cut off.");
  auto file = database::open(how.path, access::write);
  if (!file)
    return file.error();
  if (auto ready = prepare_file(*file, how); !ready)
    return ready.error();
  std::shared_ptr<store> result{new store{how, std::move(*file)}};
  auto born = result->prepare();
  if (born)
    born = result->reload();
  if (!born)
    return born.error();
  return result;
}

store::store(store_options how, database file)
  : how_{std::move(how)},
    when_{how_.clock()},
    kept_{when_},
    file_{std::move(file)} {
  // nop
}

outcome<void> store::prepare() {
  for (auto x : {&table_of<audit_row>(), &table_of<lease>(),
                 &table_of<session_row>(), &table_of<session_run>(),
                 &table_of<client_row>(), &table_of<browser_row>()}) {
    auto put = file_.prepare(put_sql(*x)), drop = file_.prepare(drop_sql(*x));
    if (!put || !drop)
      return put ? drop.error() : put.error();
    sql_.emplace(x, verbs{std::move(*put), std::move(*drop)});
  }
  auto trim = file_.prepare("DELETE FROM audit WHERE serial < ?");
  if (!trim)
    return trim.error();
  trim_.push_back(std::move(*trim));
  return {};
}

outcome<void> store::reload() {
  auto read = read_state(file_, how_.path, when_);
  auto first = file_.number("SELECT ifnull(min(serial), 1) FROM audit");
  auto last = file_.number("SELECT ifnull(max(serial), 0) FROM audit");
  if (!read)
    return read.error();
  if (!first || !last)
    return first ? last.error() : first.error();
  state_ = std::move(*read);
  first_serial_ = static_cast<uint64_t>(*first);
  last_serial_ = static_cast<uint64_t>(*last);
  stale_ = false;
  return {};
}

outcome<std::optional<session_row>> store::recall(session_id which) {
  std::lock_guard guard{mutex_};
  if (stale_)
    if (auto read = reload(); !read)
      return read.error();
  auto i = state_.sessions.find(which);
  return i == state_.sessions.end() ? std::nullopt : std::optional{i->second};
}

outcome<journal_state> store::load() {
  std::lock_guard guard{mutex_};
  if (auto read = reload(); !read)
    return read.error();
  return state_;
}

outcome<succession> store::begin_epoch(uint64_t above, timestamp now,
                                       const std::function<bool()>& may) {
  std::lock_guard guard{mutex_};
  succession result;
  auto begun = file_.execute("BEGIN IMMEDIATE");
  if (begun && may && !may())
    begun = fail(errc::journal_fenced, "The journal is another daemon's now.");
  if (begun)
    begun = reload(); // Another process may have written since.
  if (begun) {
    result.astray = left_astray(state_);
    result.epoch = std::max(above, state_.epoch) + 1;
    begun = write(state_.epoch, {obituary(state_, now)});
    result.left = state_;
  }
  if (begun)
    begun
      = file_.execute("UPDATE meta SET value = " + std::to_string(result.epoch)
                      + " WHERE name = 'epoch'");
  if (begun = finish(std::move(begun)); !begun)
    return begun.error();
  state_.epoch = result.epoch;
  return result;
}

outcome<void>
store::append(uint64_t epoch, const std::vector<journal_entry>& what) {
  std::lock_guard guard{mutex_};
  if (stale_)
    if (auto read = reload(); !read)
      return read;
  if (epoch != state_.epoch)
    return fenced(epoch, state_.epoch);
  if (file_.is_moved())
    return fail(errc::journal_failed,
                "'" + how_.path
                  + "' was removed, moved or replaced while the daemon serves. "
                    "Put it back, or stop the daemon.");
  auto begun = file_.execute("BEGIN IMMEDIATE");
  if (begun) {
    auto now = file_.number("SELECT value FROM meta WHERE name = 'epoch'");
    if (!now)
      begun = now.error();
    else if (static_cast<uint64_t>(*now) != epoch)
      begun = fenced(epoch, static_cast<uint64_t>(*now));
  }
  if (begun)
    begun = write(epoch, what);
  return finish(std::move(begun));
}

/// When the wall clock was set, or the machine has slept, every instant that is
/// kept is another one for the next daemon: all of them are written anew.
void store::keep_time(journal_changes& changed) {
  auto now = how_.clock();
  auto moved = drift(when_, now);
  if (std::max(moved, -moved) < drift_max)
    return;
  when_ = now;
  for (const auto& [id, x] : state_.sessions) {
    changed.sessions.insert(id);
    for (const auto& [run, y] : x.runs)
      changed.runs.insert({id, run});
  }
}

/// Within a transaction.
outcome<void>
store::write(uint64_t epoch, const std::vector<journal_entry>& what) {
  journal_changes changed;
  keep_time(changed);
  auto before = last_serial_;
  auto last_session = state_.last_session;
  for (const auto& entry : what) {
    tell(state_, entry, how_.runs_kept_max, changed);
    for (const auto& x : entry.what)
      if (auto put = write_audit(x, epoch, entry.at); !put)
        return put;
  }
  if (auto put = write_rows(changed); !put)
    return put;
  if (state_.last_session != last_session)
    if (auto put
        = file_.execute("INSERT OR REPLACE INTO meta VALUES ('last_session', "
                        + std::to_string(state_.last_session.value) + ")");
        !put)
      return put;
  return drop_oldest(last_serial_ - before);
}

outcome<void>
store::write_audit(const event& what, uint64_t epoch, timestamp at) {
  audit_row row{++last_serial_, epoch, at, what};
  return write_row(&row, {});
}

template <class Row>
outcome<void> store::write_row(const Row* x, const cells& keys) {
  auto& sql = sql_.at(&table_of<Row>());
  return x ? sql.put.run(to_cells(*x, when_)) : sql.drop.run(keys);
}

outcome<void> store::write_rows(const journal_changes& changed) {
  outcome<void> done;
  for (auto i = changed.leases.begin(); done && i != changed.leases.end(); ++i)
    done = write_row(find(state_.leases, *i), {key_of(i->value)});
  for (auto i = changed.sessions.begin(); done && i != changed.sessions.end();
       ++i)
    done = write_row(find(state_.sessions, *i), {key_of(i->value)});
  for (auto i = changed.runs.begin(); done && i != changed.runs.end(); ++i) {
    auto session = find(state_.sessions, i->first);
    auto run = session ? find(session->runs, i->second) : nullptr;
    session_run row;
    if (run)
      row = {i->first, *run};
    done = write_row(run ? &row : nullptr,
                     {key_of(i->first.value), key_of(i->second.value)});
  }
  for (auto i = changed.clients.begin(); done && i != changed.clients.end();
       ++i)
    done = write_row(find(state_.clients, *i), {key_of(i->value)});
  for (auto i = changed.browsers.begin(); done && i != changed.browsers.end();
       ++i)
    done = write_row(find(state_.browsers, *i), {cell{*i}});
  return done;
}

outcome<void> store::drop_oldest(uint64_t added) {
  auto first
    = first_kept(first_serial_, last_serial_, added, how_.limits.audit_max);
  if (first == first_serial_)
    return {};
  first_serial_ = first;
  return trim_.front().run({key_of(first)});
}

/// Commits what went well so far. Else nothing of it has happened, and what is
/// true is to be read again.
outcome<void> store::finish(outcome<void> so_far) {
  if (so_far)
    so_far = file_.execute("COMMIT");
  if (so_far)
    kept_ = when_;
  else {
    file_.roll_back();
    when_ = kept_;
    stale_ = true;
  }
  return so_far;
}

} // namespace berth::journal
