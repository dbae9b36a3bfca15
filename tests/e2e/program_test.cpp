// The program as a person at a shell meets it: exit codes, refusals, a clean
// end, and what is left after an unclean one.

#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/proc.hpp"
#include "cdp/transport/real_chrome.hpp"

#include "journal/database.hpp"
#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace berth;
using namespace berth::tests;
using nlohmann::json;

namespace {

struct Program : served_test {};

size_t unowned_pages_of(const served& daemon) {
  auto now = berth_run({"--port", daemon.port(), "status"}).parsed();
  return now["browsers"][0].value("unowned", size_t{0});
}

constexpr const char* page = "data:text/html,<title>here</title>text";

} // namespace

TEST_F(Program, DrivesATabFromOneCallToTheNext) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  auto opened = berth_run({"open", page});
  ASSERT_EQ(opened.code, 0) << opened.text;
  std::string lease = opened.parsed()["lease"];
  EXPECT_EQ(berth_run(lease, {"eval", "document.title"}).parsed()["value"],
            "here");
  EXPECT_EQ(berth_run(lease, {"text"}).parsed()["value"], "text");
  auto picture = dir.path() + "/tab.png";
  EXPECT_EQ(berth_run(lease, {"shot", picture}).code, 0);
  EXPECT_TRUE(std::filesystem::file_size(picture) > 0);
  auto now = berth_run({"status"}).parsed();
  EXPECT_EQ(now["leases"].size(), 1u);
  EXPECT_EQ(berth_run(lease, {"lease", "release"}).code, 0);
  EXPECT_TRUE(berth_run({"status"}).parsed()["leases"].empty());
}

// L5 fence, S2 proof, on the command line
TEST_F(Program, L5_RefusesWhatIsNoCredentialOfTheLease) {
  served daemon{dir.path()};
  std::string lease = berth_run({"open", page}).parsed()["lease"];
  auto other = parse_credential(lease).value();
  ++other.ref.token.sequence;
  auto guessed = parse_credential(lease).value();
  guessed.proof.bytes.front() ^= 1;
  for (auto& shown : {write_credential(other), write_credential(guessed)})
    for (auto command : std::vector<std::vector<std::string>>{
           {"eval", "1"},
           {"open", "-l", shown.substr(0, shown.rfind(':')), page},
           {"click", "a"},
           {"type", "a", "b"},
           {"wait", "--text", "a"},
           {"shot"},
           {"text"},
           {"cdp", "Page.reload"},
           {"lease", "renew"},
           {"lease", "recover"},
           {"lease", "release"}}) {
      auto got = berth_run(shown, command);
      EXPECT_EQ(got.code, 1) << command.front();
      EXPECT_EQ(got.error(), "lease.wrong_credential") << got.text;
    }
  EXPECT_EQ(berth_run(lease, {"eval", "1"}).code, 0);
}

TEST_F(Program, S2_TakesACredentialByEnvironmentOrFileOnly) {
  served daemon{dir.path()};
  auto opened = berth_run({"open", page}).parsed();
  std::string first = opened["lease"], name = opened["name"];
  std::string second = berth_run({"open", page}).parsed()["lease"];
  EXPECT_EQ(first, name + ':' + proof_in(first));
  auto shown = berth_run({"eval", "-l", first, "1"});
  EXPECT_EQ(shown.code, 2);
  EXPECT_EQ(shown.error(), "request.invalid");
  EXPECT_EQ(shown.text.find(proof_in(first)), std::string::npos) << shown.text;
  EXPECT_EQ(berth_run({"lease", "release", first}).code, 2);
  // A name alone opens nothing, and chooses among several.
  EXPECT_EQ(berth_run({"eval", "-l", name, "1"}).code, 2);
  auto both = first + ' ' + second;
  EXPECT_EQ(berth_run(both, {"eval", "1"}).code, 2);
  EXPECT_EQ(berth_run(both, {"eval", "-l", name, "1"}).code, 0);
  auto file = dir.path() + "/mine.lease";
  std::ofstream{file} << first << '\n';
  EXPECT_EQ(berth_run({"eval", "--lease-file", file, "1"}).code, 0);
  EXPECT_EQ(berth_run({"lease", "release", "--lease-file", file}).code, 0);
  EXPECT_EQ(berth_run({"eval", "--lease-file", file, "1"}).error(),
            "lease.gone");
  EXPECT_EQ(berth_run({"eval", "--lease-file", file + "x", "1"}).code, 2);
}

TEST_F(Program, TellsByItsExitCodeWhatToDo) {
  EXPECT_EQ(berth_run({"status"}).code, 69);
  EXPECT_EQ(berth_run({"status"}).error(), "daemon.unreachable");
  EXPECT_EQ(berth_run({"status", "--nonsense"}).code, 2);
  auto mistyped = berth_run({"lease", "relase", "1:1.1"});
  EXPECT_EQ(mistyped.code, 2);
  EXPECT_EQ(mistyped.error(), "request.invalid");
  EXPECT_NE(mistyped.text.find("Did you mean 'release'?"), std::string::npos)
    << mistyped.text;
  EXPECT_EQ(berth_run({}).code, 2);
  EXPECT_EQ(berth_run({"--help"}).code, 0);
  EXPECT_EQ(berth_run({"eval", "-l", "junk", "1"}).code, 2);
  EXPECT_EQ(berth_run({"eval", "1"}).code, 2);
  served daemon{dir.path(), {"--admission.per_key", "1"}};
  ASSERT_EQ(berth_run({"open", page}).code, 0);
  auto refused = berth_run({"open", page});
  EXPECT_EQ(refused.code, 75);
  EXPECT_EQ(refused.error(), "provider.capacity");
  EXPECT_GT(refused.parsed()["error"].value("retry_after", 0.0), 0.0);
  EXPECT_EQ(berth_run({"open", "--key", "b", "nonsense"}).code, 1);
}

TEST_F(Program, KnowsNoSessionThatWasNotOpened) {
  EXPECT_EQ(berth_run({"session", "send", "hi", "--at", "noon"}).code, 2);
  EXPECT_EQ(berth_run({"session", "send", "hi", "--attach", "/none"}).code, 2);
  EXPECT_EQ(berth_run({"session", "query", "hi", "--format", "x"}).code, 2);
  served daemon{dir.path()};
  auto opened = berth_run({"session", "open", "nowhere"});
  EXPECT_EQ(opened.code, 1);
  EXPECT_EQ(opened.error(), "provider.unknown");
  for (auto verb : {"poll", "stop", "show", "close", "reattach", "watch"})
    EXPECT_EQ(berth_run({"session", verb}).error(), "session.unknown") << verb;
  auto sent = berth_run({"session", "send", "hi", "-s", "7"});
  EXPECT_EQ(sent.code, 1);
  EXPECT_EQ(sent.error(), "session.unknown");
  EXPECT_EQ(berth_run({"session", "list"}).text, "");
}

TEST_F(Program, EndsCleanlyWhenItIsInterrupted) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  ASSERT_EQ(berth_run({"open", page}).code, 0);
  auto chrome = berth_run({"status"}).parsed()["browsers"][0].value("pid", 0);
  daemon.process().signal(SIGINT);
  EXPECT_EQ(daemon.process().wait(), 0);
  EXPECT_EQ(cdp::identify(chrome), "");
  EXPECT_FALSE(std::filesystem::exists(
    std::filesystem::symlink_status(dir.path() + "/profile/SingletonLock")));
  EXPECT_FALSE(std::filesystem::exists(dir.path() + "/daemon.json"));
}

TEST_F(Program, EndsWhenItIsInterruptedBeforeItsChromeIsReady) {
  auto chrome = dir.path() + "/slow-chrome";
  auto fifo = dir.path() + "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::ofstream{chrome} << "#!/bin/sh\necho up > " << fifo
                        << "\nexec sleep 1000\n";
  ::chmod(chrome.c_str(), 0700);
  child_process daemon{{built("berth"), "serve", "--door.port", "0",
                        "--log_level", "off", "--browser.program", chrome}};
  std::string up;
  std::ifstream{fifo} >> up; // Until the script is there.
  EXPECT_EQ(up, "up");
  daemon.signal(SIGINT);
  EXPECT_EQ(daemon.wait(), 0);
}

TEST_F(Program, O3_GivesUpWhenItsChromeCannotBeHadAgain) {
  auto chrome = dir.path() + "/chrome";
  std::ofstream{chrome} << "#!/bin/sh\nrm \"$0\"\nexec chromium \"$@\"\n";
  ::chmod(chrome.c_str(), 0700);
  auto heard = dir.path() + "/heard";
  child_process daemon{{"/bin/sh", "-c",
                        "exec " + built("berth")
                          + " serve --log_level off --door.port 0 "
                            "--browser.program "
                          + chrome + " 2>" + heard}};
  ASSERT_TRUE(daemon.read_line());
  ::kill(berth_run({"status"}).parsed()["browsers"][0].value("pid", 0),
         SIGKILL);
  EXPECT_EQ(daemon.wait(), 70);
  std::ostringstream said;
  said << std::ifstream{heard}.rdbuf();
  EXPECT_NE(said.str().find("ended by itself: "), std::string::npos)
    << said.str();
}

TEST_F(Program, DemonstratesItsPromises) {
  child_process demo{{built("berth"), "--json", "demo"}};
  size_t promises = 0;
  while (auto line = demo.read_line()) {
    EXPECT_TRUE(json::parse(*line).value("kept", false)) << *line;
    ++promises;
  }
  EXPECT_EQ(demo.wait(), 0);
  EXPECT_EQ(promises, 7u);
}

TEST_F(Program, CleansUpADemonstrationThatNobodyReads) {
  ::setenv("TMPDIR", dir.path().c_str(), 1);
  {
    child_process demo{{built("berth"), "demo"}};
    demo.read_line();
    demo.close_output();
    EXPECT_EQ(demo.wait(), 1);
  }
  ::unsetenv("TMPDIR");
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST_F(Program, SharesItsStateDirectoryWithNobody) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  auto second = berth_run({"serve", "--state-dir", dir.path()});
  EXPECT_EQ(second.code, 0);
  EXPECT_TRUE(second.parsed().value("joined", false)) << second.text;
  EXPECT_EQ(second.parsed()["pid"], daemon.ready()["pid"]);
  auto import = berth_run({"journal", "import", "-"});
  EXPECT_EQ(import.error(), "request.invalid") << import.text;
}

TEST_F(Program, L2_TellsThatNothingCanBeRecorded) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  auto told = [] {
    return berth_run({"status"}).parsed();
  };
  EXPECT_EQ(told().value("journal_trouble", "x"), "");
  auto holder = journal::database::open(dir.path() + "/journal.db",
                                        journal::access::write);
  ASSERT_TRUE(holder && holder->execute("BEGIN IMMEDIATE"));
  auto refused = berth_run({"lease", "acquire"});
  EXPECT_EQ(refused.error(), "journal.failed") << refused.text;
  EXPECT_NE(told().value("journal_trouble", ""), "");
  EXPECT_FALSE(told().value("healthy", true));
  holder->roll_back();
  EXPECT_TRUE(soon([&] {
    return berth_run({"lease", "acquire"}).code == 0;
  }));
  EXPECT_EQ(told().value("journal_trouble", "x"), "");
  EXPECT_TRUE(told().value("healthy", false));
}

/// A Chrome that babbles does not fill the disk, and its last words are kept.
TEST_F(Program, KeepsTheEndOfALogThatItsChromeFills) {
  auto chrome = dir.path() + "/chrome", log = dir.path() + "/chrome.log";
  std::ofstream{chrome} << "#!/bin/sh\n"
                           "yes babble | head -c 9000000 >&2\n"
                           "exec chromium \"$@\"\n";
  ::chmod(chrome.c_str(), 0700);
  served daemon{dir.path(), {"--browser.program", chrome}};
  ASSERT_TRUE(daemon.is_ready());
  EXPECT_TRUE(soon([&] {
    std::error_code missing;
    auto size = std::filesystem::file_size(log, missing);
    return !missing && size < 9000000 && std::filesystem::exists(log + ".1");
  }));
  EXPECT_GT(std::filesystem::file_size(log + ".1"), 1000000u);
}

TEST_F(Program, SaysWhyItDoesNotStart) {
  auto serve = [&](std::vector<std::string> more) {
    // The usual port may be taken by a Berth that has nothing to do with this.
    if (std::ranges::find(more, "--door.port") == more.end())
      more.insert(more.end(), {"--door.port", "0"});
    more.insert(more.begin(), {"serve", "--log_level", "off"});
    return berth_run(more);
  };
  auto missing = serve({"--browser.program", "/nowhere/chrome"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.error(), "browser.unavailable");
  auto dying = serve({"--browser.program", "/bin/false"});
  EXPECT_EQ(dying.code, 1);
  EXPECT_NE(dying.text.find("exit status 1"), std::string::npos);
  auto hanging = serve({"--browser.program", built("agent_process"),
                        "--browser.start_within", "300ms"});
  EXPECT_EQ(hanging.code, 1);
  EXPECT_EQ(hanging.error(), "browser.unavailable");
  auto nobody = serve({"--cdp-url", "http://127.0.0.1:1"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_EQ(nobody.error(), "browser.unavailable");
  served daemon{dir.path() + "/a"};
  ASSERT_TRUE(daemon.is_ready());
  auto taken
    = serve({"--state-dir", dir.path() + "/b", "--door.port", daemon.port()});
  EXPECT_EQ(taken.code, 1);
  EXPECT_EQ(taken.error(), "request.invalid");
}

TEST_F(Program, FindsAllMistakesInItsSettingsAtOnce) {
  auto file = dir.path() + "/berth.toml";
  std::ofstream{file} << "[admission]\nper_kye = 3\nglobal = \"many\"\n"
                         "[door]\nheartbeat = \"9s\"\n";
  auto got = berth_run({"--config", file, "config", "check"});
  EXPECT_EQ(got.code, 2);
  auto mistakes = got.parsed()["mistakes"];
  ASSERT_EQ(mistakes.size(), 3u) << got.text;
  EXPECT_EQ(mistakes[0]["where"], file + ":2");
  EXPECT_NE(mistakes[0]["what"].get<std::string>().find("admission.per_key"),
            std::string::npos);
  EXPECT_EQ(berth_run({"--config", file, "serve"}).code, 2);
  std::ofstream{file}
    << "[provider]\norigins = \"nobody=http://localhost:1\"\n";
  auto nobody = berth_run({"--config", file, "serve"});
  EXPECT_EQ(nobody.code, 2);
  EXPECT_NE(nobody.text.find("nobody is not a provider."), std::string::npos);
}

TEST_F(Program, LeavesAnAttachedChromeRunning) {
  served owner{dir.path() + "/owner",
               {"--browser.flags", "--remote-debugging-port=0"}};
  ASSERT_TRUE(owner.is_ready());
  auto chrome
    = berth_run({"--port", owner.port(), "status"}).parsed()["browsers"][0];
  EXPECT_EQ(chrome["endpoint"], "");
  auto url = debugging_address_of(dir.path() + "/owner/profile");
  {
    served guest{
      dir.path() + "/guest",
      {"--cdp-url", "http" + url.substr(2, url.find("/devtools") - 2)}};
    ASSERT_TRUE(guest.is_ready());
    EXPECT_EQ(berth_run({"--port", guest.port(), "open", page}).code, 0);
    EXPECT_EQ(unowned_pages_of(owner), 2u); // Its anchor, and ours.
    guest.process().signal(SIGINT);
    EXPECT_EQ(guest.process().wait(), 0);
  }
  EXPECT_NE(cdp::identify(chrome.value("pid", 0)), "");
  EXPECT_EQ(unowned_pages_of(owner), 1u);
}
