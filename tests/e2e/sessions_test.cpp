// Conversations of many agents with a real site on a real Chromium.

#include "apps/fixture/service.hpp"
#include "apps/provider_files.hpp"

#include "tests/e2e/harness.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>

using namespace berth;
using namespace berth::tests;
using apps::fixture::fate;
using apps::fixture::mark_of;

namespace {

apps::fixture::service serve() {
  auto result = apps::fixture::service::start();
  if (!result) {
    ADD_FAILURE() << result.error().what;
    std::abort();
  }
  return std::move(*result);
}

live_daemon::providers fixture_at(const std::string& origin) {
  provider_settings how;
  how.origins = {{"fixture", origin}};
  return apps::profiles_of(apps::load_providers(how));
}

class Sessions : public testing::Test {
protected:
  apps::fixture::service site = serve();
  live_daemon berth{{}, fixture_at(site.origin())};

  /// Sends it, and waits for its answer.
  static outcome<run_view>
  query(client::connection& me, session_id where, const std::string& text) {
    send_prompt what;
    what.session = where;
    what.what.text = text;
    what.until = wait_until::done;
    what.wait = patience;
    what.timeout = patience;
    return me.send(std::move(what));
  }

  /// The whole answer to this prompt, and no other's.
  static testing::AssertionResult
  is_own(const outcome<run_view>& x, const std::string& prompt) {
    if (!x)
      return testing::AssertionFailure() << x.error().what;
    if (x->state != session_state::complete)
      return testing::AssertionFailure()
             << to_string(x->state) << ": " << x->why.what;
    auto mark = mark_of(x->url.substr(x->url.rfind('/') + 1), prompt);
    if (x->answer.starts_with("[" + mark) && x->answer.ends_with(mark + "]"))
      return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << x->url << " answered: " << x->answer << " for " << mark;
  }

  /// How often each prompt was taken by the site.
  std::map<std::string, size_t> taken() const {
    std::map<std::string, size_t> result;
    for (const auto& x : site.log())
      if (x.result == fate::taken)
        ++result[x.what.text];
    return result;
  }
};

} // namespace

TEST_F(Sessions, AnswerOneAfterTheOtherInTheirConversation) {
  auto me = berth.connect();
  auto opened = me.open_session("fixture");
  ASSERT_TRUE(opened) << opened.error().what;
  std::string url;
  for (std::string prompt : {"stream 30 every 20; pause 700; stream 5",
                             "stream 3; think 900; say well"}) {
    auto got = query(me, opened->session, prompt);
    EXPECT_TRUE(is_own(got, prompt));
    if (got && url.empty())
      url = got->url;
    EXPECT_TRUE(got && got->url == url);
  }
  EXPECT_TRUE(me.close(opened->session));
}

TEST_F(Sessions, T5_Q6_L6_OfTwelveAgentsWithFiveTabsGetTheirOwnAnswers) {
  constexpr size_t agents = 12, turns = 17;
  std::atomic<size_t> wrong{0};
  together(agents, [&](size_t i) {
    auto me = berth.connect("agent " + std::to_string(i));
    auto opened = me.open_session("fixture");
    if (!opened) {
      ++wrong;
      return;
    }
    for (size_t turn = 0; turn < turns; ++turn) {
      auto prompt = "say " + std::to_string(i) + "/" + std::to_string(turn)
                    + "; think 100; stream 8 every 10";
      auto mine = is_own(query(me, opened->session, prompt), prompt);
      EXPECT_TRUE(mine);
      wrong += !mine;
    }
    wrong += !me.close(opened->session);
  });
  EXPECT_EQ(wrong, 0u);
  auto prompts = taken();
  EXPECT_EQ(prompts.size(), agents * turns);
  for (const auto& [text, times] : prompts)
    EXPECT_EQ(times, 1u) << text;
}

TEST_F(Sessions, T4_KeepTheirAnswerForWhoComesLater) {
  session_id which;
  run_id run;
  const std::string prompt = "think 1500; stream 20 every 40";
  {
    auto me = berth.connect("first");
    auto opened = me.open_session("fixture");
    ASSERT_TRUE(opened) << opened.error().what;
    which = opened->session;
    send_prompt what;
    what.session = which;
    what.what.text = prompt;
    what.until = wait_until::sent;
    what.wait = patience;
    auto sent = me.send(std::move(what));
    ASSERT_TRUE(sent) << sent.error().what;
    run = sent->run;
  }
  auto other = berth.connect("second");
  poll_run what;
  what.session = which;
  what.run = run;
  what.wait = patience;
  EXPECT_TRUE(is_own(other.poll(what), prompt));
}

TEST_F(Sessions, Q3_AreStoppedInMidAnswer) {
  auto me = berth.connect();
  auto opened = me.open_session("fixture");
  ASSERT_TRUE(opened) << opened.error().what;
  send_prompt what;
  what.session = opened->session;
  what.what.text = "stream 2000 every 50";
  what.until = wait_until::sent;
  what.wait = patience;
  auto sent = me.send(std::move(what));
  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_TRUE(me.stop({.run = sent->run, .session = opened->session}));
  poll_run end;
  end.session = opened->session;
  end.run = sent->run;
  end.wait = patience;
  auto ended = me.poll(end);
  ASSERT_TRUE(ended) << ended.error().what;
  EXPECT_EQ(ended->state, session_state::interrupted);
  const std::string next = "say on";
  EXPECT_TRUE(is_own(query(me, opened->session, next), next));
}
