#include "actors/browser_downloads.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace {

namespace fs = std::filesystem;

using namespace berth::protocol;
using berth::actors::browser_downloads;
using berth::apps::scratch_dir;

constexpr lease_id mine{7};
constexpr client_id agent{9};

class BrowserDownloads : public testing::Test {
protected:
  BrowserDownloads() {
    fs::create_directories(root / "arrivals");
    fs::create_directories(root / "area/goal");
    how.upload.dirs = {(root / "area").string()};
    holder = {mine, agent, (root / "area/goal").string()};
    downloads = {root / "arrivals", how, host()};
  }

  browser_downloads::host host() {
    return {[this](lease_id which) {
              return which == mine ? holder : std::nullopt;
            },
            [this](event what) {
              told.push_back(std::move(what));
            },
            [this](const std::string& guid) {
              cancelled.push_back(guid);
            },
            [this](std::function<event()> copy) {
              copies.push_back(std::move(copy));
            }};
  }

  void begin(const std::string& guid, const std::string& name = "a.txt") {
    downloads.begins(
      {{"guid", guid}, {"frameId", "T"}, {"suggestedFilename", name}}, holder);
  }

  void end(const std::string& guid, const std::string& state = "completed") {
    std::ofstream{root / "arrivals" / guid} << guid;
    downloads.moves({{"guid", guid}, {"state", state}});
  }

  /// The last event: its kind, and why or where.
  std::string last() const {
    if (told.empty())
      return "nothing";
    return std::string{to_string(told.back().kind)} + ": " + told.back().detail;
  }

  bool arrived(const std::string& guid) const {
    return fs::exists(root / "arrivals" / guid);
  }

  scratch_dir dir = std::move(*scratch_dir::make());
  fs::path root = fs::canonical(dir.path());
  config how;
  std::optional<browser_downloads::holder> holder;
  std::vector<event> told;
  std::vector<std::string> cancelled;
  std::vector<std::function<event()>> copies;
  browser_downloads downloads;
};

} // namespace

TEST_F(BrowserDownloads, GetToTheirLease) {
  begin("1", "report.pdf");
  downloads.moves({{"guid", "1"}, {"state", "inProgress"}});
  EXPECT_EQ(last(), "nothing");
  end("1");
  EXPECT_EQ(last(),
            "download_done: " + (root / "area/goal/report.pdf").string());
  EXPECT_EQ(told.back().lease, mine);
  EXPECT_EQ(told.back().client, agent);
  EXPECT_EQ(told.back().target, "T");
  EXPECT_TRUE(fs::exists(root / "area/goal/report.pdf"));
  EXPECT_FALSE(arrived("1"));
  end("1"); // Again: nobody waits for it.
  EXPECT_EQ(told.size(), 1u);
}

/// A page chooses the name, and not the directory.
TEST_F(BrowserDownloads, S2_StayInTheirDirectory) {
  begin("1", "../../up");
  end("1");
  EXPECT_EQ(last(), "download_done: " + (root / "area/goal/up").string());
  begin("2", "..");
  end("2");
  EXPECT_EQ(last(), "download_done: " + (root / "area/goal/download").string());
  begin("3", "a\nb\\c");
  end("3");
  EXPECT_EQ(last(), "download_done: " + (root / "area/goal/abc").string());
}

TEST_F(BrowserDownloads, AreCancelledWhereNobodyWantsThem) {
  holder->directory.clear();
  begin("1");
  EXPECT_EQ(last(), "download_failed: no download directory was set for this "
                    "lease");
  holder.reset();
  begin("2");
  EXPECT_EQ(told.size(), 1u);
  EXPECT_EQ(cancelled, (std::vector<std::string>{"1", "2"}));
  end("1"); // Chrome was faster.
  end("2");
  EXPECT_FALSE(arrived("1") || arrived("2"));
  EXPECT_EQ(told.size(), 1u);
}

TEST_F(BrowserDownloads, HaveALimitForEachLease) {
  for (auto i = 0; i < browser_downloads::of_lease_max; ++i)
    begin(std::to_string(i));
  EXPECT_EQ(last(), "nothing");
  begin("more");
  EXPECT_EQ(last(), "download_failed: too many downloads at once");
  EXPECT_EQ(cancelled, std::vector<std::string>{"more"});
  end("0");
  begin("more");
  EXPECT_EQ(cancelled.size(), 1u);
}

TEST_F(BrowserDownloads, LeaveNothingBehindWhenTheyFail) {
  begin("1");
  end("1", "canceled");
  EXPECT_EQ(last(), "download_failed: canceled");
  EXPECT_FALSE(arrived("1"));
  begin("2");
  fs::remove(root / "area/goal");
  end("2");
  EXPECT_EQ(last(), "download_failed: The directory '"
                      + (root / "area/goal").string()
                      + "' is not there any more.");
  EXPECT_FALSE(arrived("2"));
}

/// A link that took the directory's place leads where nothing may go.
TEST_F(BrowserDownloads, S2_FollowNoLinkOutOfWhatIsPermitted) {
  begin("1");
  fs::create_directories(root / "other");
  fs::remove(root / "area/goal");
  fs::create_directory_symlink(root / "other", root / "area/goal");
  end("1");
  EXPECT_EQ(to_string(told.back().kind), "download_failed");
  EXPECT_TRUE(fs::is_empty(root / "other"));
  EXPECT_FALSE(arrived("1"));
}

TEST_F(BrowserDownloads, EndWithTheirLease) {
  begin("1");
  downloads.cancel(lease_id{8});
  EXPECT_TRUE(cancelled.empty());
  downloads.cancel(mine);
  EXPECT_EQ(cancelled, std::vector<std::string>{"1"});
  end("1", "canceled");
  EXPECT_EQ(last(), "nothing");
  EXPECT_FALSE(arrived("1"));
}

/// Beside the loop, and not more at once than there are threads for.
TEST_F(BrowserDownloads, AreCopiedFromOtherFileSystems) {
  char other[] = "/dev/shm/berth-XXXXXX";
  ASSERT_TRUE(::mkdtemp(other));
  downloads = {other, how, host()};
  for (int i = 0; i <= browser_downloads::copies_max; ++i) {
    auto guid = std::to_string(i);
    begin(guid);
    std::ofstream{other + ("/" + guid)} << guid;
    downloads.moves({{"guid", guid}, {"state", "completed"}});
  }
  EXPECT_EQ(copies.size(), static_cast<size_t>(browser_downloads::copies_max));
  EXPECT_EQ(last(), "download_failed: too many files are copied at once");
  auto done = copies.front()();
  EXPECT_EQ(done.detail, (root / "area/goal/a.txt").string());
  copies.clear(); // One that was never run has no place any more, either.
  begin("next");
  std::ofstream{other + std::string{"/next"}} << "next";
  downloads.moves({{"guid", "next"}, {"state", "completed"}});
  EXPECT_EQ(copies.size(), 1u);
  fs::remove_all(other);
}

TEST_F(BrowserDownloads, EndWithTheirChrome) {
  begin("1");
  std::ofstream{root / "arrivals/1"} << "half";
  downloads.discard();
  EXPECT_EQ(last(), "download_failed: its browser is gone");
  EXPECT_FALSE(arrived("1"));
  downloads.discard();
  EXPECT_EQ(told.size(), 1u);
}
