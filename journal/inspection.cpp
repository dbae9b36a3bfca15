#include "journal/inspection.hpp"

#include "journal/file.hpp"

namespace berth::journal {

using namespace protocol;

namespace {

/// What a pragma that looks for faults has found, one a row.
void look(database& file, const char* pragma, inspection& out) {
  auto query = file.prepare(pragma);
  auto looked = query ? query->each([&](const cells& row) -> outcome<void> {
    std::string words;
    for (const auto& x : row)
      words += (words.empty() ? "" : " ")
               + (std::holds_alternative<std::string>(x)
                    ? std::get<std::string>(x)
                    : std::to_string(std::get<int64_t>(x)));
    if (words != "ok")
      out.complaints.push_back(words);
    return {};
  })
                      : outcome<void>{query.error()};
  if (!looked)
    out.complaints.push_back(looked.error().what);
}

} // namespace

outcome<inspection> inspect_file(const std::string& path) {
  auto file = database::open(path, access::read);
  if (!file)
    return file.error();
  inspection result;
  auto version = version_of(*file, path);
  if (!version) {
    if (version.error().code == errc::journal_failed)
      return version.error();
    result.complaints.push_back(version.error().what);
    return result;
  }
  result.version = *version;
  look(*file, "PRAGMA integrity_check(20)", result);
  look(*file, "PRAGMA foreign_key_check", result);
  auto events = file->number("SELECT count(*) FROM audit");
  auto state = read_state(*file, path, today());
  if (!state) {
    result.complaints.push_back(state.error().what);
    return result;
  }
  result.events = events ? static_cast<size_t>(*events) : 0;
  result.epoch = state->epoch;
  result.leases = state->leases.size();
  result.sessions = state->sessions.size();
  for (const auto& [id, x] : state->sessions)
    result.runs += x.runs.size();
  return result;
}

} // namespace berth::journal
