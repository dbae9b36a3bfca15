// berth journal

#include "actors/state_dir.hpp"
#include "apps/context.hpp"
#include "apps/output.hpp"
#include "apps/print.hpp"

#include "journal/inspection.hpp"
#include "journal/lines.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sys/stat.h>

namespace berth::apps {

namespace {

using namespace protocol;

/// The state directory, or why it is not clear which one.
outcome<std::string> directory(const context& how) {
  auto known = known_settings(how);
  if (!known)
    return known.error();
  return state_dir_of(*known);
}

std::string file_in(const std::string& directory) {
  return directory + "/journal.db";
}

/// Why it cannot be looked at, when that is no fault of the disk.
std::optional<failure> not_there(const std::string& path) {
  struct stat seen {};
  if (::stat(path.c_str(), &seen) == 0)
    return std::nullopt;
  return fail(errc::invalid_argument,
              "There is no journal '" + path
                + "' that can be read here: " + std::strerror(errno) + '.');
}

int check(const context& how) {
  auto where = directory(how);
  if (!where)
    return misuse(how, where.error().what);
  auto path = file_in(*where);
  if (auto why = not_there(path))
    return report(how, *why);
  auto found = journal::inspect_file(path);
  if (!found)
    return report(how, found.error());
  if (how.json)
    print_line({{"file", path},
                {"version", found->version},
                {"epoch", found->epoch},
                {"events", found->events},
                {"leases", found->leases},
                {"sessions", found->sessions},
                {"runs", found->runs},
                {"complaints", found->complaints}});
  else {
    for (const auto& x : found->complaints)
      std::printf("%s: %s\n", path.c_str(), x.c_str());
    if (found->complaints.empty())
      std::printf("%s: no faults\n"
                  "  version %zu, epoch %zu, events %zu, leases %zu, "
                  "sessions %zu, runs %zu\n",
                  path.c_str(), found->version, size_t{found->epoch},
                  found->events, found->leases, found->sessions, found->runs);
  }
  return found->complaints.empty() ? done : failed;
}

int save(const context& how) {
  auto where = directory(how);
  if (!where)
    return misuse(how, where.error().what);
  if (auto why = not_there(file_in(*where)))
    return report(how, *why);
  auto rows
    = journal::export_lines(file_in(*where), [](const std::string& line) {
        std::printf("%s\n", line.c_str());
      });
  if (output_is_lost())
    return report_lost_output("The export is not complete. The journal itself "
                              "was not changed; keep it.");
  return rows ? int{done} : report(how, rows.error());
}

int import(const context& how, const std::string& from) {
  // For as long as this takes, no daemon may run there.
  auto where = directory(how);
  if (!where)
    return misuse(how, where.error().what);
  auto mine = actors::state_dir::own(*where);
  if (!mine)
    return report(how, mine.error());
  std::ifstream file{from};
  if (from != "-" && !file)
    return report(
      how, fail(errc::invalid_argument, "'" + from + "' cannot be read."));
  auto rows
    = journal::import_lines(file_in(*where), from == "-" ? std::cin : file);
  if (!rows)
    return report(how, rows.error());
  if (how.json)
    print_line({{"rows", *rows}});
  else
    std::printf("%zu rows\n", *rows);
  return done;
}

} // namespace

void add_journal(CLI::App& program, context& how) {
  auto journal = program.add_subcommand(
    "journal", "Look at what the daemon wrote down, save it, bring it back");
  journal->require_subcommand(1);
  auto add
    = [&](const char* name, const char* doc, int (*what)(const context&)) {
        journal->add_subcommand(name, doc)->callback([&how, what] {
          how.run = [&how, what] {
            return what(how);
          };
        });
      };
  add("check", "Look at every page and row of the file", check);
  add("export", "Print every row, a JSON object a line", save);
  auto from = std::make_shared<std::string>("-");
  auto importing = journal->add_subcommand(
    "import", "Make the journal of lines that were exported");
  importing->add_option("file", *from, "Of the lines; -: standard input");
  importing->callback([&how, from] {
    how.run = [&how, from] {
      return import(how, *from);
    };
  });
}

} // namespace berth::apps
