#include "actors/browser_downloads.hpp"

#include "actors/file_places.hpp"
#include "actors/held_directory.hpp"
#include "cdp/read_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::actors {

namespace {

namespace fs = std::filesystem;

using namespace protocol;

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

void remove_file(const fs::path& which) {
  std::error_code unseen;
  fs::remove(which, unseen);
}

/// Says where it went, or why it went nowhere.
event handed_over(const held_directory& to, const fs::path& from,
                  const outcome<std::string>& made, event told) {
  if (made) {
    told.kind = event_kind::download_done;
    told.detail = (fs::path{to.path()} / *made).string();
  } else {
    told.detail = made.error().what;
    remove_file(from);
  }
  return told;
}

/// One of the copies that are made at once.
class copy_place {
public:
  explicit copy_place(std::shared_ptr<std::atomic<int>> all)
    : all_{std::move(all)} {
    ++*all_;
  }

  ~copy_place() {
    --*all_;
  }

  copy_place(const copy_place&) = delete;
  copy_place& operator=(const copy_place&) = delete;

private:
  std::shared_ptr<std::atomic<int>> all_;
};

} // namespace

browser_downloads::browser_downloads(fs::path arrivals, config how, host whom)
  : arrivals_{std::move(arrivals)},
    how_{std::move(how)},
    host_{std::move(whom)} {
  // nop
}

void browser_downloads::begins(const nlohmann::json& what,
                               const std::optional<holder>& whose) {
  auto guid = cdp::text_in(what, "guid");
  // The main frame of a page has the page's id; frames of other processes are
  // targets with a parent.
  target_id from{cdp::text_in(what, "frameId")};
  auto why = refuse(whose);
  if (why.empty()) {
    downloads_[guid]
      = {whose->lease, from, tame(cdp::text_in(what, "suggestedFilename"))};
    return;
  }
  host_.cancel(guid);
  if (!whose)
    return;
  auto told = failed_download(whose->lease, from, why);
  told.client = whose->client;
  host_.tell(std::move(told));
}

std::string
browser_downloads::refuse(const std::optional<holder>& whose) const {
  if (!whose)
    return "nobody's";
  if (whose->directory.empty())
    return "no download directory was set for this lease";
  auto under_way = std::ranges::count_if(downloads_, [&](const auto& x) {
    return x.second.lease == whose->lease;
  });
  return under_way < of_lease_max ? "" : "too many downloads at once";
}

void browser_downloads::moves(const nlohmann::json& what) {
  auto state = cdp::text_in(what, "state");
  if (state == "inProgress")
    return;
  auto guid = cdp::text_in(what, "guid");
  auto entry = downloads_.extract(guid);
  if (!entry) {
    // It was called off, but Chrome may have been faster.
    if (fs::path{guid}.filename() == guid)
      remove_file(arrivals_ / guid);
    return;
  }
  auto& [lease, target, file] = entry.mapped();
  auto arrived = arrivals_ / guid;
  auto told = failed_download(lease, target, state);
  auto whose = host_.find(lease);
  if (whose)
    told.client = whose->client;
  if (!whose || state != "completed")
    drop(arrived, std::move(told));
  else
    deliver(arrived, file, whose->directory, std::move(told));
}

void browser_downloads::deliver(const fs::path& from, const std::string& file,
                                const std::string& directory, event told) {
  // Its name may lead elsewhere than when it was set.
  auto goal = held_directory::open(directory);
  auto real = goal ? goal->path() : "";
  told.detail = real.empty()
                  ? "The directory '" + directory + "' is not there any more."
                  : refuse_place(real, how_);
  if (!told.detail.empty()) {
    drop(from, std::move(told));
    return;
  }
  auto moved = goal->move(from, file);
  if (!moved || *moved) {
    auto made = moved ? outcome<std::string>{**moved} : moved.error();
    host_.tell(handed_over(*goal, from, made, std::move(told)));
    return;
  }
  if (*copies_ >= copies_max) {
    told.detail = "too many files are copied at once";
    drop(from, std::move(told));
    return;
  }
  host_.copy([goal, from, file, told = std::move(told),
              mine = std::make_shared<copy_place>(copies_)] {
    return handed_over(*goal, from, goal->copy(from, file), told);
  });
}

void browser_downloads::drop(const fs::path& file, event told) {
  remove_file(file);
  host_.tell(std::move(told));
}

void browser_downloads::cancel(lease_id whose) {
  std::erase_if(downloads_, [&](const auto& x) {
    if (x.second.lease != whose)
      return false;
    host_.cancel(x.first);
    return true;
  });
}

void browser_downloads::discard() {
  for (auto& [guid, x] : std::exchange(downloads_, {}))
    drop(arrivals_ / guid,
         failed_download(x.lease, x.target, "its browser is gone"));
}

} // namespace berth::actors
