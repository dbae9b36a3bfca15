// A daemon is killed, and the next one goes on where it was: promise L2, with
// real processes, a real Chromium and real clients.

#include "actors/keys.hpp"
#include "apps/fixture/service.hpp"
#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/proc.hpp"

#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

namespace berth::tests {

namespace {

using apps::fixture::fate;
using apps::fixture::mark_of;
using nlohmann::json;

constexpr const char* page = "data:text/html,<title>here</title>text";

struct Restart : served_test {
  /// The first one, or the next.
  testing::AssertionResult start(std::vector<std::string> more = {}) {
    daemon = std::make_unique<served>(dir.path(), std::move(more));
    if (daemon->is_ready())
      return testing::AssertionSuccess();
    return testing::AssertionFailure() << daemon->ready().dump();
  }

  client::connection connect() const {
    client::settings where;
    where.port = daemon->ready().value("port", uint16_t{0});
    where.operator_key = actors::operator_key_path(dir.path());
    auto made = client::connection::open(where);
    EXPECT_TRUE(made) << made.error().what;
    return std::move(*made);
  }

  static int chrome() {
    return berth_run({"status"}).parsed()["browsers"][0].value("pid", 0);
  }

  /// It is lost while nobody serves. Its client hears why, and has it again
  /// where it was.
  void
  lose_a_tab(loss_cause why, const std::function<void(pid_t chrome)>& strike);

  std::unique_ptr<served> daemon;
};

/// What the client's library asks is asked again until the daemon is there.
template <class Ask>
auto persist(Ask ask) {
  for (int i = 0; i < 50; ++i) {
    auto got = ask();
    if (got
        || (got.error().code != errc::unreachable
            && got.error().code != errc::cut_off))
      return got;
  }
  return ask();
}

/// Waits until the journal tells of this.
bool is_written(client::connection& me, event_kind kind,
                const std::string& detail) {
  auto until = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < until) {
    auto told = me.recent(100);
    if (!told)
      return false;
    for (auto& x : *told)
      if (x.kind == kind && x.detail == detail)
        return true;
  }
  return false;
}

void Restart::lose_a_tab(loss_cause why,
                         const std::function<void(pid_t chrome)>& strike) {
  ASSERT_TRUE(start());
  auto me = connect();
  auto tab = must(me.acquire());
  ASSERT_TRUE(tab.navigate(page));
  ASSERT_TRUE(is_written(me, event_kind::tab_moved, page));
  auto before = chrome();
  daemon->kill();
  strike(before);
  ASSERT_TRUE(start());
  EXPECT_EQ(chrome() == before, why == loss_cause::crashed);
  auto lost = persist([&] {
    return tab.evaluate("1");
  });
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, errc::tab_lost) << lost.error().what;
  EXPECT_EQ(lost.error().cause, why) << lost.error().what;
  ASSERT_TRUE(tab.recover());
  EXPECT_EQ(tab.evaluate("document.title")->value, "\"here\"");
}

} // namespace

TEST_F(Restart, L2_AClientKeepsItsTabAndWhatIsInIt) {
  ASSERT_TRUE(start());
  auto me = connect();
  auto tab = me.acquire();
  ASSERT_TRUE(tab) << tab.error().what;
  ASSERT_TRUE(tab->navigate(page));
  ASSERT_TRUE(tab->evaluate("window.mine = 42"));
  auto before = chrome();
  auto epoch = daemon->ready().value("epoch", uint64_t{0});
  daemon->kill();
  ASSERT_TRUE(start());
  EXPECT_GT(daemon->ready().value("epoch", uint64_t{0}), epoch);
  EXPECT_EQ(chrome(), before);
  auto still = persist([&] {
    return tab->evaluate("window.mine");
  });
  ASSERT_TRUE(still) << still.error().what;
  EXPECT_EQ(still->value, "42");
  EXPECT_EQ(tab->lease(), tab->granted().lease);
  auto now = me.status();
  ASSERT_TRUE(now);
  EXPECT_EQ(now->leases.size(), 1u);
  EXPECT_EQ(now->slots, 1u);
  EXPECT_TRUE(tab->release());
  EXPECT_EQ(me.status()->browsers[0].tabs, 0u);
}

TEST_F(Restart, L2_DownloadsGoWhereTheyWentBefore) {
  ASSERT_TRUE(start());
  auto me = connect();
  auto tab = must(me.acquire());
  scratch_dir files;
  ASSERT_TRUE(tab.run(set_download_directory{{}, files.path() + "/in"}));
  ASSERT_TRUE(tab.navigate("data:text/html,<a id=get download=note.txt "
                           "href='data:text/plain,kept'>get</a>"));
  daemon->kill();
  ASSERT_TRUE(start());
  auto clicked = persist([&] {
    return tab.click("#get");
  });
  ASSERT_TRUE(clicked) << clicked.error().what;
  EXPECT_TRUE(
    is_written(me, event_kind::download_done, files.path() + "/in/note.txt"));
  daemon->kill();
  // What may not be written to by now is not.
  ASSERT_TRUE(start({"--upload.dirs", dir.path()}));
  ASSERT_TRUE(persist([&] {
    return tab.click("#get");
  }));
  EXPECT_TRUE(is_written(me, event_kind::download_failed,
                         "no download directory was set for this lease"));
}

TEST_F(Restart, L2_ALeaseOfTheCommandLineIsShownAsBefore) {
  ASSERT_TRUE(start());
  auto opened = berth_run({"open", page});
  ASSERT_EQ(opened.code, 0) << opened.text;
  auto lease = opened.parsed().value("lease", "");
  daemon->kill();
  ASSERT_TRUE(start());
  auto text = berth_run(lease, {"text"});
  EXPECT_EQ(text.code, 0) << text.text;
  EXPECT_NE(text.text.find("text"), std::string::npos);
}

TEST_F(Restart, L2_ATabThatDiedWithItsChromeIsLostAndCanBeHadAgain) {
  lose_a_tab(loss_cause::browser_gone, [](pid_t chrome) {
    cdp::kill_tree(chrome);
  });
}

TEST_F(Restart, L2_ATabThatCrashedWhenNobodyServedIsLostAndCanBeHadAgain) {
  lose_a_tab(loss_cause::crashed, [](pid_t chrome) {
    for (auto x : renderers_of(chrome))
      ::kill(x, SIGKILL);
  });
}

TEST_F(Restart, O5_ReapsAChromeThatItCannotUse) {
  ASSERT_TRUE(start());
  auto before = chrome();
  daemon->kill();
  ASSERT_TRUE(start({"--browser.flags", "--lang=fr"}));
  EXPECT_EQ(cdp::identify(before), "");
  EXPECT_NE(chrome(), before);
  EXPECT_EQ(berth_run({"open", page}).code, 0);
}

/// Nobody starts another daemon: then by hand.
TEST_F(Restart, O5_ReapsWhatAKilledDaemonLeft) {
  ASSERT_TRUE(start());
  auto orphan = chrome();
  EXPECT_EQ(berth_run({"reap"}).code, 1); // Its daemon lives.
  EXPECT_NE(cdp::identify(orphan), "");
  daemon->kill();
  auto found = berth_run({"reap", "--dry-run"}).parsed();
  EXPECT_TRUE(found["dry_run"]);
  EXPECT_EQ(found["pids"], json::array({orphan})) << found;
  EXPECT_NE(cdp::identify(orphan), "");
  EXPECT_EQ(berth_run({"reap"}).parsed()["pids"], found["pids"]);
  EXPECT_EQ(cdp::identify(orphan), "");
  EXPECT_TRUE(berth_run({"reap"}).parsed()["pids"].empty());
}

/// Whoever looks at a Chrome may have its marks in a shell. What is started
/// there is not ended with it: other programs, clients, the daemon itself.
TEST_F(Restart, O5_EndsNobodyWhoIsNoChrome) {
  ::setenv("BERTH_OWNER", dir.path().c_str(), 1);
  child_process other{{"/bin/sleep", "300"}};
  bool started = static_cast<bool>(start());
  ::setenv("BERTH_DAEMON", "1 1", 1);
  child_process holder{{built("berth"), "lease", "hold"}};
  bool holds = holder.read_line().has_value();
  ::unsetenv("BERTH_DAEMON");
  ::unsetenv("BERTH_OWNER");
  ASSERT_TRUE(started && holds);
  EXPECT_EQ(berth_run({"browser", "restart", "main"}).code, 0);
  other.signal(SIGTERM);
  EXPECT_EQ(other.wait(), 128 + SIGTERM);
  holder.signal(SIGTERM);
  EXPECT_NE(holder.wait(), 128 + SIGKILL);
}

/// Nobody else would tell them.
TEST_F(Restart, O1_WhoWaitsHearsThatNobodyServes) {
  ASSERT_TRUE(start());
  child_process holder{
    {"/bin/sh", "-c",
     "exec " + built("berth") + " lease hold --grace 60s 2>&1"}};
  ASSERT_TRUE(holder.read_line());
  daemon->kill();
  auto told = holder.read_line().value_or("");
  EXPECT_NE(told.find("Waiting for the daemon"), std::string::npos) << told;
  ASSERT_TRUE(start());
  EXPECT_EQ(holder.read_line(), "berth lease: Connected again.");
  holder.signal(SIGTERM);
  EXPECT_EQ(holder.wait(), 0);
}

TEST_F(Restart, O5_OnlyToLookMakesNoDirectory) {
  auto none = dir.path() + "/none", file = dir.path() + "/file";
  EXPECT_EQ(berth_run({"--state-dir", none, "reap", "--dry-run"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(none));
  std::ofstream{file} << "text";
  auto said = berth_run({"--state-dir", file, "status"});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.text.find("is a file"), std::string::npos) << said.text;
}

TEST_F(Restart, O1_ACopyOfTheDirectoryIsNoWayToItsDaemon) {
  ASSERT_TRUE(start());
  scratch_dir other;
  for (auto file : {"/daemon.json", "/operator.key", "/lease.key"})
    std::filesystem::copy_file(dir.path() + file, other.path() + file);
  EXPECT_EQ(berth_run({"--state-dir", other.path(), "status"}).code, 69);
  EXPECT_EQ(berth_run({"status"}).code, 0);
}

TEST_F(Restart, O1_WritesDownAgainHowToReachItsDaemon) {
  ASSERT_TRUE(start());
  auto record = dir.path() + "/daemon.json";
  std::filesystem::remove(record);
  EXPECT_TRUE(soon([&] {
    return std::filesystem::exists(record);
  }));
  EXPECT_EQ(berth_run({"status"}).code, 0);
}

/// An orderly end is the end of leases, and not of conversations.
TEST_F(Restart, L2_AConversationGoesOnUnderTheNextDaemon) {
  auto site = apps::fixture::service::start();
  ASSERT_TRUE(site) << site.error().what;
  std::vector<std::string> with{"--provider.origins",
                                "fixture=" + site->origin(),
                                "--stop.drain_within", "0s"};
  for (int how : {SIGKILL, SIGTERM}) {
    ASSERT_TRUE(start(with));
    auto me = connect();
    auto opened = me.open_session("fixture");
    ASSERT_TRUE(opened) << opened.error().what;
    const std::string prompt
      = "say " + std::to_string(how) + "; think 2500; stream 30 every 30";
    send_prompt what;
    what.session = opened->session;
    what.what.text = prompt;
    what.until = wait_until::sent;
    what.wait = patience;
    auto sent = me.send(std::move(what));
    ASSERT_TRUE(sent) << sent.error().what;
    if (how == SIGKILL)
      daemon->kill();
    daemon.reset();
    ASSERT_TRUE(start(with));
    auto other = connect();
    poll_run ask;
    ask.session = opened->session;
    ask.run = sent->run;
    ask.wait = patience;
    auto got = other.poll(ask);
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->state, session_state::complete) << got->why.what;
    auto mark = mark_of(got->url.substr(got->url.rfind('/') + 1), prompt);
    EXPECT_TRUE(got->answer.starts_with("[" + mark)) << got->answer;
    EXPECT_TRUE(got->answer.ends_with(mark + "]")) << got->answer;
    EXPECT_TRUE(other.close(opened->session));
    daemon.reset();
  }
  size_t taken = 0;
  for (const auto& x : site->log())
    taken += x.result == fate::taken;
  EXPECT_EQ(taken, 2u);
}

TEST_F(Restart, EndsEveryLeaseInOrder) {
  ASSERT_TRUE(start());
  auto lease = berth_run({"open", page}).parsed().value("lease", "");
  daemon.reset();
  ASSERT_TRUE(start());
  auto gone = berth_run(lease, {"text"});
  EXPECT_EQ(gone.error(), "lease.gone") << gone.text;
}

} // namespace berth::tests
