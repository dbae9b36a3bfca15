#include "journal/lines.hpp"

#include "protocol/journal_schema.hpp"
#include "protocol/json_depth.hpp"

#include "journal/file.hpp"
#include "journal/store.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

namespace berth::journal {

using namespace protocol;
using nlohmann::json;

namespace {

json to_json(const cell& x) {
  if (auto text = std::get_if<std::string>(&x))
    return *text;
  return std::get<int64_t>(x);
}

std::string to_line(const json& x) {
  return x.dump(-1, ' ', false, json::error_handler_t::replace);
}

outcome<std::vector<std::string>> tables_in(database& file) {
  auto query = file.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  if (!query)
    return query.error();
  std::vector<std::string> result;
  auto read = query->each([&](const cells& row) -> outcome<void> {
    result.push_back(std::get<std::string>(row[0]));
    return {};
  });
  if (!read)
    return read.error();
  return result;
}

/// A name that is ours may stand in a statement as it is.
bool is_name(const std::string& x) {
  return !x.empty() && std::ranges::all_of(x, [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
  });
}

failure no_journal(size_t line, const std::string& why) {
  return fail(errc::invalid_argument, "Line " + std::to_string(line)
                                        + " is not of a journal: " + why
                                        + ". Nothing was imported.");
}

/// False: there is none. One that is too long is cut off.
bool read_line(std::istream& from, std::string& line, size_t line_max) {
  line.clear();
  char x = 0;
  if (!from.get(x))
    return false;
  while (from && x != '\n' && line.size() <= line_max) {
    line.push_back(x);
    from.get(x);
  }
  return true;
}

/// Line by line into one file.
class importer {
public:
  importer(database& into, size_t line_max) : into_{into}, line_max_{line_max} {
    // nop
  }

  outcome<size_t> take(std::istream& from) {
    outcome<void> taken;
    for (std::string line; taken && read_line(from, line, line_max_);) {
      if (line.size() > line_max_)
        return no_journal(lines_ + 1, "it is longer than "
                                        + std::to_string(line_max_) + " bytes");
      auto x = is_too_deep(line) ? json{} : json::parse(line, nullptr, false);
      ++lines_;
      if (!x.is_object())
        taken = no_journal(lines_, "no JSON object");
      else if (lines_ == 1)
        taken = take_head(x);
      else
        taken = x.contains("end") ? take_end(x) : take_row(x);
    }
    if (from.bad())
      return fail(errc::invalid_argument, "It cannot be read beyond line "
                                            + std::to_string(lines_)
                                            + ". Nothing was imported.");
    if (taken && lines_ > 0 && end_ == end::awaited)
      return fail(errc::invalid_argument,
                  "Its last line is missing: it was cut off after line "
                    + std::to_string(lines_) + ". Nothing was imported.");
    if (taken && lines_ == 0)
      taken = no_journal(1, "there is none");
    if (taken)
      taken = into_.execute("COMMIT");
    if (!taken)
      return taken.error();
    return rows_;
  }

private:
  outcome<void> take_head(const json& x) {
    auto version = x.value("version", json{});
    if (x.value("journal", json{}) != "berth" || !version.is_number_unsigned())
      return no_journal(1, "it is no head");
    if (x.value("ends", json{}) == true) // Of earlier versions there is none.
      end_ = end::awaited;
    auto wanted = version.get<size_t>();
    if (wanted > journal_version())
      return fail(errc::journal_newer,
                  "It is of version " + std::to_string(wanted) + ".");
    auto made = migrate(into_, 0, wanted);
    return made ? into_.execute("BEGIN") : made;
  }

  outcome<void> take_end(const json& x) {
    if (end_ != end::awaited || x["end"] != rows_)
      return no_journal(lines_, "there are " + std::to_string(rows_)
                                  + " rows before this end");
    end_ = end::reached;
    return {};
  }

  outcome<void> take_row(const json& x) {
    if (end_ == end::reached)
      return no_journal(lines_, "it is behind the end");
    ++rows_;
    auto table = x.value("table", json{}), row = x.value("row", json{});
    if (!table.is_string() || !is_name(table.get<std::string>())
        || !row.is_object() || row.empty())
      return no_journal(lines_, "it is no row");
    std::string names, values;
    cells what;
    for (const auto& [name, value] : row.items()) {
      bool whole = value.is_number_integer();
      if (!is_name(name) || !(whole || value.is_string()))
        return no_journal(lines_, "'" + name + "' is no column");
      names += (names.empty() ? "" : ", ") + name;
      values += values.empty() ? "?" : ", ?";
      if (whole)
        what.emplace_back(value.get<int64_t>());
      else
        what.emplace_back(value.get<std::string>());
    }
    auto sql = "INSERT OR REPLACE INTO " + table.get<std::string>() + " ("
               + names + ") VALUES (" + values + ")";
    auto known = prepared_.find(sql);
    if (known == prepared_.end()) {
      auto made = into_.prepare(sql);
      if (!made)
        return no_journal(lines_, made.error().what);
      known = prepared_.emplace(sql, std::move(*made)).first;
    }
    return known->second.run(what);
  }

  database& into_;
  size_t line_max_;
  std::map<std::string, statement> prepared_;
  size_t lines_ = 0;
  size_t rows_ = 0;
  enum class end { unknown, awaited, reached } end_ = end::unknown;
};

outcome<size_t>
import_new(const std::string& path, std::istream& from, size_t line_max) {
  size_t rows = 0;
  {
    auto file = database::open(path, access::write);
    if (!file)
      return file.error();
    auto taken = importer{*file, line_max}.take(from);
    if (!taken)
      return taken;
    rows = *taken;
  }
  // Brought up to date, and every row looked at.
  store_options how;
  how.path = path;
  auto opened = store::open(how);
  if (!opened)
    return opened.error();
  return rows;
}

} // namespace

outcome<size_t>
export_lines(const std::string& path,
             const std::function<void(const std::string&)>& take) {
  auto file = database::open(path, access::read);
  if (!file)
    return file.error();
  auto version = version_of(*file, path);
  auto tables = version ? tables_in(*file) : version.error();
  if (!tables)
    return tables.error();
  take(to_line({{"journal", "berth"}, {"version", *version}, {"ends", true}}));
  size_t rows = 0;
  // What is written meanwhile is not seen: all tables are of one instant.
  auto all = file->execute("BEGIN");
  for (const auto& table : *tables) {
    auto query = file->prepare("SELECT * FROM " + table);
    if (!query)
      return query.error();
    auto names = query->columns();
    auto read = query->each([&](const cells& row) -> outcome<void> {
      json fields;
      for (size_t i = 0; i < names.size(); ++i)
        fields[names[i]] = to_json(row[i]);
      take(to_line({{"table", table}, {"row", std::move(fields)}}));
      ++rows;
      return {};
    });
    if (!read)
      all = read; // The other tables may still be read.
  }
  take(to_line({{"end", rows}})); // Of the text: none of it is cut off.
  if (!all)
    return all.error();
  return rows;
}

outcome<size_t>
import_lines(const std::string& path, std::istream& from, size_t line_max) {
  namespace fs = std::filesystem;
  std::error_code unseen;
  // A log that is left over would be taken for the new file's; whoever only
  // reads leaves an empty one.
  auto log = fs::file_size(path + "-wal", unseen);
  if (fs::exists(path, unseen) || (log != 0 && log != uintmax_t(-1)))
    return fail(errc::invalid_argument,
                "There is a journal. Move it away first, with its log: '" + path
                  + "*'.");
  auto fresh = path + ".import";
  fs::remove(fresh, unseen); // Of an import that was cut off.
  auto rows = import_new(fresh, from, line_max);
  std::error_code failed;
  if (rows)
    fs::rename(fresh, path, failed);
  if (!rows || failed)
    fs::remove(fresh, unseen);
  if (failed)
    return fail(errc::journal_failed,
                "'" + path + "' cannot be made: " + failed.message() + ".");
  return rows;
}

} // namespace berth::journal
