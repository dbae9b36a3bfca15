// Downloads: Chrome puts every file into one directory under a name of its
// own; here it gets to the lease whose page began it.

#include "actors/browser.hpp"
#include "actors/file_places.hpp"
#include "actors/held_directory.hpp"
#include "cdp/read_json.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace berth::actors {

namespace {

namespace fs = std::filesystem;

using nlohmann::json;

constexpr ptrdiff_t downloads_of_lease_max = 16;

/// Files that are copied at once, each by a thread: the disk may not answer.
constexpr int copies_max = 8;

/// The name that a page suggests, without any way out of the directory.
std::string tame(const std::string& suggested) {
  auto name = fs::path{suggested}.filename().string();
  std::erase_if(name, [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '/' || c == '\\';
  });
  return name.empty() || name == "." || name == ".." ? "download" : name;
}

event failed_download(lease_id whose, const target_id& target,
                      std::string why) {
  event result;
  result.kind = event_kind::download_failed;
  result.lease = whose;
  result.target = target.value;
  result.detail = std::move(why);
  return result;
}

/// Says where it went, or why it went nowhere.
event handed_over(const held_directory& to, const fs::path& from,
                  const std::string& name, event told) {
  auto made = to.take(from, name);
  if (made) {
    told.kind = event_kind::download_done;
    told.detail = (fs::path{to.path()} / *made).string();
  } else {
    told.detail = made.error().what;
    std::error_code unseen;
    fs::remove(from, unseen);
  }
  return told;
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
  call("Browser.setDownloadBehavior", cdp::write_json(params),
       [](const reply&) {});
}

/// As an earlier crew was told, if the settings of this one permit it still.
void browser_state::restore_downloads(berth& whom) const {
  const auto& kept = whom.lease.downloads;
  std::error_code failed;
  if (!kept.empty()
      && refuse_place(fs::weakly_canonical(kept, failed).string(), with.how)
           .empty())
    whom.downloads = kept;
}

void browser_state::download_begins(const cdp::frame_ptr& frame) {
  auto what = cdp::read_object(frame->head.params);
  auto guid = cdp::text_in(what, "guid");
  // The main frame of a page has the page's id; frames of other processes are
  // targets with a parent.
  target_id from{cdp::text_in(what, "frameId")};
  auto whose = berths.find(targets.owner(from));
  std::string why;
  if (whose == berths.end())
    why = "nobody's";
  else if (whose->second.downloads.empty())
    why = "no download directory was set for this lease";
  else if (std::ranges::count_if(downloads,
                                 [&](const auto& x) {
                                   return x.second.lease == whose->first;
                                 })
           >= downloads_of_lease_max)
    why = "too many downloads at once";
  if (why.empty()) {
    downloads[guid]
      = {whose->first, from, tame(cdp::text_in(what, "suggestedFilename"))};
    return;
  }
  cancel_download(guid);
  if (whose == berths.end())
    return;
  auto told = failed_download(whose->first, from, why);
  told.client = whose->second.lease.client;
  journal(std::move(told));
}

void browser_state::download_moves(const cdp::frame_ptr& frame) {
  auto what = cdp::read_object(frame->head.params);
  auto state = cdp::text_in(what, "state");
  if (state == "inProgress")
    return;
  auto guid = cdp::text_in(what, "guid");
  auto entry = downloads.extract(guid);
  if (!entry)
    return;
  auto& [lease, target, file] = entry.mapped();
  auto source = fs::path{with.downloads} / guid;
  auto told = failed_download(lease, target, state);
  std::error_code failed;
  auto whose = berths.find(lease);
  if (whose == berths.end() || state != "completed") {
    fs::remove(source, failed);
    journal(std::move(told));
    return;
  }
  told.client = whose->second.lease.client;
  // Its name may lead elsewhere than when it was set.
  auto goal = held_directory::open(whose->second.downloads);
  auto real = goal ? goal->path() : "";
  told.detail = real.empty() ? "The directory '" + whose->second.downloads
                                 + "' is not there any more."
                             : refuse_place(real, with.how);
  if (!told.detail.empty()) {
    fs::remove(source, failed);
    journal(std::move(told));
  } else if (goal->is_elsewhere(source) && *copies >= copies_max) {
    fs::remove(source, failed);
    told.detail = "too many files are copied at once";
    journal(std::move(told));
  } else if (goal->is_elsewhere(source)) {
    // Copied, which takes as long as it is large.
    ++*copies;
    self->spawn<caf::detached>([=, file = file, journal = with.recorder,
                                copies = copies] {
      caf::anon_send(journal, record{{handed_over(*goal, source, file, told)}});
      --*copies;
    });
  } else
    journal(handed_over(*goal, source, file, std::move(told)));
}

void browser_state::cancel_download(const std::string& guid) {
  if (link)
    call("Browser.cancelDownload", cdp::write_json({{"guid", guid}}),
         [](const reply&) {});
}

/// Chrome goes on with a download when its tab is closed.
void browser_state::cancel_downloads(lease_id whose) {
  for (auto i = downloads.begin(); i != downloads.end();) {
    auto at = i++;
    if (at->second.lease != whose)
      continue;
    cancel_download(at->first);
    downloads.erase(at);
  }
}

/// Their Chrome is gone, and nobody will finish them.
void browser_state::discard_downloads() {
  std::error_code unseen;
  for (auto& [guid, x] : std::exchange(downloads, {})) {
    fs::remove(fs::path{with.downloads} / guid, unseen);
    journal(failed_download(x.lease, x.target, "its browser is gone"));
  }
}

} // namespace berth::actors
