// Downloads: Chrome puts every file into one directory under a name of its
// own; here it gets to the lease whose page began it.

#include "actors/browser.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace berth::actors {

namespace {

namespace fs = std::filesystem;

using nlohmann::json;

constexpr size_t downloads_max = 256;

/// The name that a page suggests, without any way out of the directory.
std::string tame(const std::string& suggested) {
  auto name = fs::path{suggested}.filename().string();
  std::erase_if(name, [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '/' || c == '\\';
  });
  return name.empty() || name == "." || name == ".." ? "download" : name;
}

/// `report.pdf`, or `report (1).pdf` if that is taken.
fs::path free_path(const fs::path& directory, const std::string& name) {
  auto result = directory / name;
  auto stem = fs::path{name}.stem().string();
  auto extension = fs::path{name}.extension().string();
  std::error_code unseen;
  for (int i = 1; i < 1000 && fs::exists(result, unseen); ++i)
    result = directory / (stem + " (" + std::to_string(i) + ")" + extension);
  return result;
}

bool move_file(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::rename(from, to, failed);
  if (!failed)
    return true;
  // Another file system: copy.
  if (!fs::copy_file(from, to, failed) || failed)
    return false;
  fs::remove(from, failed);
  return true;
}

} // namespace

/// The setting belongs to the context and the last caller wins: only the hub
/// ever makes this call.
void browser_state::accept_downloads(const context_id& context) {
  if (with.downloads.empty())
    return;
  json params{{"behavior", "allowAndName"},
              {"downloadPath", with.downloads},
              {"eventsEnabled", true}};
  if (context)
    params["browserContextId"] = context.value;
  call("Browser.setDownloadBehavior", params.dump(), [](const reply&) {});
}

void browser_state::download_begins(const cdp::frame_ptr& frame) {
  auto what = json::parse(frame->head.params, nullptr, false);
  if (!what.is_object())
    return;
  auto guid = what.value("guid", "");
  // The main frame of a page has the page's id; frames of other processes are
  // targets with a parent.
  target_id from{what.value("frameId", "")};
  auto whose = berths.find(targets.owner(from));
  if (whose == berths.end() || whose->second.downloads.empty()
      || downloads.size() >= downloads_max) {
    call("Browser.cancelDownload", json{{"guid", guid}}.dump(),
         [](const reply&) {});
    if (whose == berths.end())
      return;
    event told;
    told.kind = event_kind::download_failed;
    told.lease = whose->first;
    told.client = whose->second.lease.client;
    told.target = from.value;
    told.detail = downloads.size() >= downloads_max
                    ? "too many downloads at once"
                    : "no download directory was set for this lease";
    journal(std::move(told));
    return;
  }
  downloads[guid]
    = {whose->first, from, tame(what.value("suggestedFilename", ""))};
}

void browser_state::download_moves(const cdp::frame_ptr& frame) {
  auto what = json::parse(frame->head.params, nullptr, false);
  if (!what.is_object())
    return;
  auto state = what.value("state", "");
  if (state == "inProgress")
    return;
  auto guid = what.value("guid", "");
  auto entry = downloads.extract(guid);
  if (!entry)
    return;
  auto& [lease, target, file] = entry.mapped();
  fs::path source = fs::path{with.downloads} / guid;
  auto whose = berths.find(lease);
  event told;
  told.lease = lease;
  told.target = target.value;
  told.kind = event_kind::download_failed;
  if (whose == berths.end() || state != "completed") {
    std::error_code unseen;
    fs::remove(source, unseen);
    told.detail = state == "completed" ? "its lease is over" : state;
  } else {
    told.client = whose->second.lease.client;
    auto goal = free_path(whose->second.downloads, file);
    if (move_file(source, goal))
      told.kind = event_kind::download_done;
    told.detail = goal.string();
  }
  journal(std::move(told));
}

} // namespace berth::actors
