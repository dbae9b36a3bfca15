// berth reap

#include "actors/state_dir.hpp"
#include "apps/context.hpp"
#include "apps/print.hpp"
#include "cdp/transport/chrome_process.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

namespace berth::apps {

namespace {

/// What a Chrome leaves when its daemon is dead and no other one comes. While a
/// daemon lives its Chrome is nobody's orphan.
int reap(const context& how, bool dry_run) {
  auto known = known_settings(how);
  if (!known)
    return misuse(how, known.error().what);
  auto where = std::filesystem::absolute(state_dir_of(*known)).string();
  // Only to look makes none.
  std::optional<actors::state_dir> mine;
  if (std::error_code unseen;
      !dry_run || std::filesystem::exists(where, unseen)) {
    auto owned = actors::state_dir::own(where);
    if (!owned)
      return report(how, owned.error());
    mine = std::move(*owned);
  }
  // Somebody may have removed the lock.
  auto last = actors::read_record(where);
  if (last && actors::fate_of(*last) == protocol::process_fate::lives)
    return report(how, protocol::fail(protocol::errc::invalid_argument,
                                      "A daemon serves '" + where
                                        + "': " + actors::describe(*last)
                                        + ". Nothing was ended."));
  auto found
    = dry_run ? cdp::find_chromes_of(where) : cdp::reap_orphan_chromes(where);
  auto what = dry_run ? "would end" : "ended";
  if (how.json)
    print_line({{"state_dir", where}, {"dry_run", dry_run}, {"pids", found}});
  else if (found.empty())
    std::printf("no orphans of %s\n", where.c_str());
  else
    for (auto pid : found)
      std::printf("%s process %ld\n", what, pid);
  return done;
}

} // namespace

void add_reap(CLI::App& program, context& how) {
  auto dry_run = std::make_shared<bool>(false);
  auto reaping = program.add_subcommand(
    "reap", "End the Chrome of a daemon that was killed");
  reaping->add_flag("--dry-run", *dry_run, "Only say what would be ended");
  reaping->callback([&how, dry_run] {
    how.run = [&how, dry_run] {
      return reap(how, *dry_run);
    };
  });
}

} // namespace berth::apps
