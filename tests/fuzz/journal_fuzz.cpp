// Lines of a journal that somebody may have edited.

#include "journal/lines.hpp"
#include "journal/store.hpp"
#include "tests/fuzz/target.hpp"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <unistd.h>

namespace berth::fuzz {

namespace {

namespace fs = std::filesystem;

const std::string& scratch() {
  // Never destroyed: what runs at the exit names it, too.
  static const auto& path = *new std::string{[] {
    auto dir = fs::temp_directory_path()
               / ("berth-fuzz-" + std::to_string(::getpid()));
    fs::create_directory(dir);
    std::atexit([] {
      std::error_code unseen;
      fs::remove_all(fs::path{scratch()}.parent_path(), unseen);
    });
    return (dir / "journal.db").string();
  }()};
  return path;
}

} // namespace

void try_input(std::string_view text) {
  std::istringstream from{std::string{text}};
  auto rows = journal::import_lines(scratch(), from);
  if (rows.operator bool() != fs::exists(scratch()))
    std::abort(); // The file appears whole, or not at all.
  if (!rows)
    return;
  auto read = [](const std::string&) {};
  if (!journal::export_lines(scratch(), read))
    std::abort();
  for (auto end : {"", "-wal", "-shm"})
    fs::remove(scratch() + end);
}

} // namespace berth::fuzz
