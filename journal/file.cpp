#include "journal/file.hpp"

#include "protocol/journal_schema.hpp"

#include <chrono>

namespace berth::journal {

using namespace protocol;

namespace {

/// Every row of one table, as long as `take` wants them.
template <class Row, class Take>
outcome<void> read_rows(database& file, const std::string& path,
                        const calendar& when, Take take) {
  const auto& from = table_of<Row>();
  auto query = file.prepare(select_all<Row>());
  if (!query)
    return query.error();
  return query->each([&](const cells& read) -> outcome<void> {
    auto row = from_cells<Row>(read, when);
    if (!row)
      return damaged(path, std::string{"a row of table "} + from.name
                             + " makes no sense");
    take(std::move(*row));
    return {};
  });
}

} // namespace

calendar today() {
  using namespace std::chrono;
  return {steady_clock::now(),
          duration_cast<duration>(system_clock::now().time_since_epoch())};
}

outcome<size_t> version_of(database& file, const std::string& path) {
  auto mark = file.number("PRAGMA application_id");
  auto version = file.number("PRAGMA user_version");
  auto tables = file.number("SELECT count(*) FROM sqlite_schema");
  for (const auto& x : {mark, version, tables})
    if (!x)
      return x.error();
  if (*tables == 0 && *mark == 0)
    return size_t{0};
  if (*mark != journal_application_id)
    return damaged(path, "it is no journal of Berth");
  auto known = journal_version();
  if (*version > static_cast<int64_t>(known))
    return fail(errc::journal_newer,
                "The journal '" + path + "' has version "
                  + std::to_string(*version) + "; this program knows "
                  + std::to_string(known) + " and older ones.");
  return static_cast<size_t>(*version);
}

outcome<void> migrate(database& file, size_t from, size_t to) {
  std::string sql = "BEGIN IMMEDIATE;";
  for (auto i = from; i < to; ++i)
    sql += journal_steps()[i];
  sql += "PRAGMA application_id = " + std::to_string(journal_application_id)
         + "; PRAGMA user_version = " + std::to_string(to) + "; COMMIT;";
  auto done = file.execute(sql);
  if (!done)
    file.roll_back();
  return done;
}

outcome<journal_state>
read_state(database& file, const std::string& path, const calendar& when) {
  journal_state result;
  auto keep = [](auto& rows) {
    return [&rows](auto&& x) {
      rows[x.id] = std::move(x);
    };
  };
  auto read = read_rows<lease>(file, path, when, keep(result.leases));
  if (read)
    read = read_rows<session_row>(file, path, when, keep(result.sessions));
  bool stray = false;
  if (read)
    read = read_rows<session_run>(file, path, when, [&](session_run&& x) {
      auto i = result.sessions.find(x.session);
      stray = stray || i == result.sessions.end();
      if (!stray)
        i->second.runs[x.run.id] = std::move(x.run);
    });
  if (read)
    read = read_rows<client_row>(file, path, when, keep(result.clients));
  if (read)
    read = read_rows<browser_row>(file, path, when, [&](browser_row&& x) {
      result.browsers[x.name] = std::move(x);
    });
  if (!read)
    return read.error();
  if (stray)
    return damaged(path, "a run has no session");
  for (const auto& [id, x] : result.sessions)
    if (x.owner && !x.runs.contains(x.owner))
      return damaged(path, "session " + std::to_string(id.value)
                             + " has no run " + std::to_string(x.owner.value));
  auto epoch = file.number("SELECT value FROM meta WHERE name = 'epoch'");
  auto last = file.number("SELECT ifnull(max(value), 0) FROM meta "
                          "WHERE name = 'last_session'");
  if (!epoch || !last)
    return epoch ? last.error() : epoch.error();
  result.epoch = static_cast<uint64_t>(*epoch);
  result.last_session = {static_cast<uint64_t>(*last)};
  return result;
}

} // namespace berth::journal
