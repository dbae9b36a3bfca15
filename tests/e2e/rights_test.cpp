// Who may do what: promises S1, S2 and S3, with real processes over the CAF
// network.

#include "actors/keys.hpp"
#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/proc.hpp"

#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <unistd.h>

namespace berth::tests {

namespace {

namespace fs = std::filesystem;

using nlohmann::json;

constexpr const char* page = "data:text/html,<title>here</title>text";

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream{file, std::ios::binary}.rdbuf();
  return text.str();
}

struct Rights : served_test {
  /// In a process of its own, with everything that it logs kept.
  testing::AssertionResult start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> argv{
      "/bin/sh",      "-c",          "exec \"$0\" \"$@\" 2>>'" + log() + "'",
      built("berth"), "--json",      "serve",
      "--state-dir",  dir.path(),    "--log_level",
      "debug",        "--door.port", "0"};
    argv.insert(argv.end(), more.begin(), more.end());
    daemon = std::make_unique<child_process>(argv);
    auto ready = json::parse(daemon->read_line().value_or(""), nullptr, false);
    if (!ready.is_object() || !ready.value("ready", false))
      return testing::AssertionFailure() << ready.dump();
    port = ready.value("port", uint16_t{0});
    return testing::AssertionSuccess();
  }

  ~Rights() override {
    if (daemon) {
      daemon->signal(SIGTERM);
      daemon->wait();
    }
  }

  client::connection connect(const std::string& key = {}) const {
    client::settings where;
    where.port = port;
    where.operator_key = key;
    return must(client::connection::open(where));
  }

  std::string log() const {
    return logs.path() + "/daemon.log";
  }

  scratch_dir logs;
  std::unique_ptr<child_process> daemon;
  uint16_t port = 0;
};

/// What each verb of an operator is answered with.
std::vector<errc> verbs(client::connection& me, lease_id victim) {
  auto code = [](const auto& x) {
    return x ? errc::ok : x.error().code;
  };
  add_browser one_more;
  one_more.name = {"evil"};
  std::vector<errc> result{code(me.revoke(victim)), code(me.add(one_more)),
                           code(me.watch_all()), code(me.recent(10))};
  for (auto what : {browser_change::drain, browser_change::undrain,
                    browser_change::restart, browser_change::remove})
    result.push_back(code(me.change({{"main"}, what})));
  return result;
}

/// Of all processes that are not this one, what their command lines say.
std::string command_lines() {
  std::string result;
  for (auto pid : cdp::all_processes())
    result += text_of("/proc/" + std::to_string(pid) + "/cmdline") + '\n';
  return result;
}

/// What this user sees of the door, which greets whoever may come in:
/// "connected", and how many bytes it is sent, one at most, before the end.
std::string seen_by(const std::string& user, uint16_t port) {
  auto look = "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(port)
              + " && echo connected && head -c 1 <&3 | wc -c";
  child_process peer{
    {"/bin/sh", "-c",
     "exec timeout 60 " + user + "/bin/bash -c '" + look + "'"}};
  return peer.read_all();
}

std::string as_user(uint32_t uid) {
  auto id = std::to_string(uid);
  return "setpriv --reuid=" + id + " --regid=" + id + " --clear-groups ";
}

constexpr const char* greeted = "connected\n1\n";
constexpr const char* shut_out = "connected\n0\n";

/// Only root can be somebody else: without it `DoorGuard.S3_*` alone shows
/// what happens to others, and this says so.
bool can_be_another() {
  if (::geteuid() == 0)
    return true;
  std::puts("Not root: the door was not tried as another user.");
  return false;
}

} // namespace

TEST_F(Rights, S3_AnotherUserIsShutOutBeforeAByte) {
  ASSERT_TRUE(start());
  EXPECT_EQ(seen_by("", port), greeted);
  if (!can_be_another())
    return;
  EXPECT_EQ(seen_by(as_user(65534), port), shut_out);
  EXPECT_EQ(seen_by(as_user(1), port), shut_out);
  EXPECT_EQ(seen_by("", port), greeted);
}

TEST_F(Rights, S3_AUserThatIsNamedIsLetIn) {
  ASSERT_TRUE(start({"--door.uids", "65534"}));
  EXPECT_EQ(seen_by("", port), greeted);
  if (!can_be_another())
    return;
  EXPECT_EQ(seen_by(as_user(65534), port), greeted);
  EXPECT_EQ(seen_by(as_user(65533), port), shut_out);
}

TEST_F(Rights, S1_WithoutTheKeyEveryVerbOfAnOperatorIsRefused) {
  ASSERT_TRUE(start());
  auto victim = connect();
  auto tab = must(victim.acquire());
  auto agent = connect();
  scratch_dir other;
  ASSERT_TRUE(actors::make_keys(other.path()));
  auto stranger = connect(actors::operator_key_path(other.path()));
  // The key for leases is another one than that for operators.
  auto confused = connect(actors::lease_key_path(dir.path()));
  for (auto me : {&agent, &stranger, &confused})
    for (auto code : verbs(*me, tab.lease().ref.lease))
      EXPECT_EQ(code, errc::client_rights);
  auto now = must(agent.status());
  EXPECT_EQ(now.browsers.size(), 1u);
  EXPECT_FALSE(now.browsers[0].draining);
  EXPECT_EQ(now.browsers[0].starts, 1u);
  EXPECT_TRUE(tab.evaluate("1"));
  auto operator_ = connect(actors::operator_key_path(dir.path()));
  EXPECT_TRUE(operator_.recent(10));
  EXPECT_TRUE(operator_.revoke(tab.lease().ref.lease));
  EXPECT_EQ(tab.evaluate("1").error().code, errc::lease_gone);
}

TEST_F(Rights, S1_TheDoorKnowsWhichProcessAClientIs) {
  ASSERT_TRUE(start());
  for (int i = 0; i < 20; ++i)
    connect(); // On a busy machine one or the other is not found in time.
  daemon->signal(SIGTERM);
  daemon->wait(); // Its log is whole then.
  auto known = "is process " + std::to_string(::getpid()) + " of user "
               + std::to_string(::geteuid());
  EXPECT_NE(text_of(log()).find(known), std::string::npos);
}

TEST_F(Rights, S1_TheProgramSaysWhatIsMissing) {
  ASSERT_TRUE(start());
  EXPECT_EQ(berth_run({"events"}).code, 0);
  EXPECT_EQ(berth_run({"status"}).code, 0);
  auto key = actors::operator_key_path(dir.path());
  fs::permissions(key, fs::perms::group_read, fs::perm_options::add);
  for (auto& command :
       std::vector<std::vector<std::string>>{{"events"},
                                             {"lease", "revoke", "1"},
                                             {"browser", "drain", "main"},
                                             {"browser", "undrain", "main"},
                                             {"browser", "restart", "main"},
                                             {"browser", "remove", "main"},
                                             {"browser", "add", "more"}}) {
    auto got = berth_run(command);
    EXPECT_EQ(got.code, 1) << command.back();
    EXPECT_EQ(got.error(), "client.rights") << got.text;
    EXPECT_NE(got.text.find(key), std::string::npos) << got.text;
  }
  // What is for everybody needs no key.
  EXPECT_EQ(berth_run({"status"}).code, 0);
  EXPECT_EQ(berth_run({"browser", "list"}).code, 0);
  EXPECT_EQ(berth_run({"lease", "list"}).code, 0);
}

/// As any user of the machine once could run programs as the daemon's.
TEST_F(Rights, S1_NoProgramComesOverTheWire) {
  auto settings = logs.path() + "/berth.toml";
  std::ofstream{settings} << "[[browser]]\nname = \"main\"\n";
  ::setenv("BERTH_STATE_DIR", dir.path().c_str(), 1);
  ASSERT_TRUE(start({"--config", settings}));
  auto mark = logs.path() + "/it_ran";
  auto script = logs.path() + "/evil";
  std::ofstream{script} << "#!/bin/sh\ntouch " << mark << '\n';
  fs::permissions(script, fs::perms::owner_all);
  for (auto flag : {"--program", "--flags", "--profile", "--headless"}) {
    auto got = berth_run({"browser", "add", "evil", flag, script});
    EXPECT_EQ(got.code, 2) << flag;
    EXPECT_EQ(got.error(), "request.invalid") << got.text;
    EXPECT_NE(got.text.find("settings file"), std::string::npos) << got.text;
  }
  EXPECT_EQ(
    berth_run({"browser", "add", "far", "--url", "http://10.0.0.1:9222"})
      .error(),
    "request.invalid");
  EXPECT_EQ(berth_run({"browser", "add", "main"}).error(), "request.invalid");
  EXPECT_FALSE(fs::exists(mark));
  EXPECT_EQ(must(connect().status()).browsers.size(), 1u);
  // Whoever can write the settings says which program runs; they are read anew.
  std::ofstream{settings, std::ios::app}
    << "[[browser]]\nname = \"mine\"\nprogram = \"" << script
    << "\"\nstart_within = \"2s\"\n";
  auto mine = berth_run({"browser", "add", "mine"});
  EXPECT_EQ(mine.error(), "browser.unavailable") << mine.text;
  EXPECT_TRUE(fs::exists(mark));
}

/// What once found every token in four tries.
TEST_F(Rights, S2_NoGuessOpensANeighboursLease) {
  ASSERT_TRUE(start());
  auto victim = connect();
  auto tab = must(victim.acquire());
  ASSERT_TRUE(tab.evaluate("window.secret = 42"));
  auto thief = connect();
  auto own = must(thief.acquire());
  std::vector<lease_credential> guesses;
  auto real = tab.lease();
  for (auto epoch : {real.ref.token.epoch, real.ref.token.epoch + 1})
    for (uint64_t sequence = 0; sequence < 10; ++sequence) {
      lease_ref which{real.ref.lease, {epoch, sequence}};
      guesses.push_back(which);
      guesses.push_back({which, own.lease().proof});
    }
  for (size_t bit = 0; bit < 80; bit += 7) {
    auto nearly = real;
    nearly.proof.bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    guesses.push_back(nearly);
  }
  guesses.push_back({{{99}, real.ref.token}, real.proof});
  for (auto& guess : guesses) {
    EXPECT_EQ(thief.adopt(guess).evaluate("window.secret").error().code,
              errc::wrong_credential)
      << to_string(guess.ref);
    EXPECT_EQ(thief.renew({guess, {}}).error().code, errc::wrong_credential);
    EXPECT_EQ(thief.release(guess).error().code, errc::wrong_credential);
  }
  EXPECT_EQ(tab.evaluate("window.secret")->value, "42");
  // Shown by one to another, it opens the lease: that is what it is for.
  EXPECT_EQ(thief.adopt(real).evaluate("window.secret")->value, "42");
}

TEST_F(Rights, S2_AnEndedLeaseIsGoneForItsHolderAndWrongForOthers) {
  ASSERT_TRUE(start());
  auto me = connect();
  auto tab = must(me.acquire());
  auto mine = tab.lease();
  ASSERT_TRUE(tab.release());
  EXPECT_EQ(me.release(mine).error().code, errc::lease_gone);
  auto guess = mine;
  guess.proof = {};
  EXPECT_EQ(me.release(guess).error().code, errc::wrong_credential);
}

TEST_F(Rights, L2_ACredentialOutlivesTheDaemon) {
  ASSERT_TRUE(start());
  auto lease = berth_run({"open", page}).parsed().value("lease", "");
  auto key = text_of(actors::lease_key_path(dir.path()));
  EXPECT_EQ(key.size(), 32u);
  daemon->signal(SIGKILL);
  daemon->wait();
  ASSERT_TRUE(start());
  EXPECT_EQ(text_of(actors::lease_key_path(dir.path())), key);
  EXPECT_EQ(berth_run(lease, {"text"}).parsed().value("value", ""), "text");
  auto guess = parse_credential(lease).value();
  guess.proof.bytes[9] ^= 1;
  EXPECT_EQ(berth_run(write_credential(guess), {"text"}).error(),
            "lease.wrong_credential");
  EXPECT_EQ(berth_run(lease, {"lease", "release"}).code, 0);
}

TEST_F(Rights, S2_AProofIsNowhereButWithItsHolder) {
  ASSERT_TRUE(start());
  auto opened = berth_run({"open", page});
  auto lease = opened.parsed().value("lease", "");
  ASSERT_FALSE(lease.empty()) << opened.text;
  child_process holder{{built("berth"), "lease", "hold"}};
  auto held = holder.read_line().value_or("");
  // One that takes long, to be seen among the processes.
  ::setenv("BERTH_LEASE", lease.c_str(), 1);
  child_process waits{
    {built("berth"), "wait", "--text", "never", "--within", "1m"}};
  ::unsetenv("BERTH_LEASE");
  std::string seen;
  while (seen.find("never") == std::string::npos)
    seen = command_lines();
  EXPECT_EQ(berth_run(lease, {"eval", "throw 'so that it is logged'"}).code, 1);
  EXPECT_EQ(berth_run(lease, {"lease", "renew"}).code, 0);
  seen += command_lines();
  seen += berth_run({"events", "-n", "1000"}).text;
  seen += berth_run({"status"}).text;
  seen += berth_run({"lease", "list"}).text;
  seen += berth_run({"browser", "list"}).text;
  seen += berth_run({"session", "list"}).text;
  seen += berth_run({"journal", "export"}).text;
  auto logged = text_of(log());
  EXPECT_FALSE(logged.empty());
  seen += logged;
  // And no file that the daemon keeps.
  for (auto& entry : fs::recursive_directory_iterator{dir.path()})
    if (entry.is_regular_file()
        && entry.path().string().find("/profile/") == std::string::npos)
      seen += text_of(entry.path());
  auto name = lease.substr(0, lease.rfind(':'));
  EXPECT_NE(seen.find(name), std::string::npos);
  for (auto& secret : {proof_in(lease), proof_in(held)}) {
    ASSERT_EQ(secret.size(), 16u);
    EXPECT_EQ(seen.find(secret), std::string::npos);
  }
  // Nor as the bytes that it stands for.
  auto proof = parse_credential(lease).value().proof;
  std::string raw(proof.bytes.begin(), proof.bytes.end());
  EXPECT_EQ(seen.find(raw), std::string::npos);
  waits.signal(SIGTERM);
  holder.signal(SIGTERM);
}

TEST_F(Rights, S2_OnlyTheOwnerMayReadTheKeys) {
  ASSERT_TRUE(start());
  for (auto& key : {actors::lease_key_path(dir.path()),
                    actors::operator_key_path(dir.path())}) {
    EXPECT_EQ(fs::status(key).permissions(),
              fs::perms::owner_read | fs::perms::owner_write)
      << key;
    EXPECT_EQ(fs::file_size(key), 32u);
  }
}

/// Its holder could not be told from anybody else.
TEST_F(Rights, S2_ADaemonDoesNotStartWithAKeyThatOthersMayRead) {
  ASSERT_TRUE(start());
  daemon->signal(SIGTERM);
  daemon->wait();
  auto key = actors::lease_key_path(dir.path());
  fs::permissions(key, fs::perms::others_read, fs::perm_options::add);
  auto refused = start();
  EXPECT_FALSE(refused);
  EXPECT_NE(std::string{refused.message()}.find("chmod 600"), std::string::npos)
    << refused.message();
  daemon.reset();
  fs::permissions(key, fs::perms::others_read, fs::perm_options::remove);
  EXPECT_TRUE(start());
}

} // namespace berth::tests
