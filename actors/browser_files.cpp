// Where files go: what Chrome and a lease are told of it.

#include "actors/browser.hpp"
#include "actors/file_places.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::actors {

using nlohmann::json;

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
      && refuse_place(std::filesystem::weakly_canonical(kept, failed).string(),
                      with.how)
           .empty())
    whom.downloads = kept;
}

/// `Browser.downloadWillBegin`
void browser_state::download_begins(const json& what) {
  target_id from{cdp::text_in(what, "frameId")};
  downloads.begins(what, downloads_holder(targets.owner(from)));
}

browser_downloads::host browser_state::downloads_host() {
  return {
    [this](lease_id which) {
      return downloads_holder(which);
    },
    [this](event what) {
      journal(std::move(what));
    },
    [this](const std::string& guid) {
      if (link)
        call("Browser.cancelDownload", cdp::write_json({{"guid", guid}}),
             [](const reply&) {});
    },
    [this](std::function<event()> copy) {
      self->spawn<caf::detached>(
        [copy = std::move(copy), whom = with.recorder] {
          caf::anon_send(whom, record{{copy()}});
        });
    },
  };
}

std::optional<browser_downloads::holder>
browser_state::downloads_holder(lease_id which) const {
  auto i = berths.find(which);
  if (i == berths.end())
    return std::nullopt;
  return browser_downloads::holder{which, i->second.lease.client,
                                   i->second.downloads};
}

} // namespace berth::actors
