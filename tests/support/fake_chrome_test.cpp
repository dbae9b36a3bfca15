// The fake Chrome behaves as the real one was seen to, where Berth looks.

#include "tests/support/fake_chrome_user.hpp"

namespace berth::tests {

namespace {

TEST_P(FakeChrome, HoldsANewTabUntilItIsResumed) {
  auto created = hub_.send("Target.createTarget", {{"url", "about:blank"}});
  wait();
  target_id made{hub_.answer(created)["result"]["targetId"]};
  EXPECT_EQ(made.value.size(), 32u);
  ASSERT_TRUE(chrome_.find(made));
  EXPECT_TRUE(chrome_.find(made)->waiting);
  EXPECT_EQ(hub_.attached("tab").size(), 2u); // One is the anchor's.
  EXPECT_FALSE(chrome_.find(open())->waiting);
}

TEST_P(FakeChrome, TellsHowFarANavigationHasCome) {
  auto page = open();
  auto went = navigate("http://a/");
  wait();
  auto loader = hub_.answer(went)["result"]["loaderId"];
  json stages;
  for (auto& x : hub_.events("Page.lifecycleEvent"))
    if (x["loaderId"] == loader && x["frameId"] == page.value)
      stages.push_back(x["name"]);
  EXPECT_EQ(stages, (json{"init", "DOMContentLoaded", "load"}));
  EXPECT_EQ(chrome_.find(page)->url, "http://a/");
}

TEST_P(FakeChrome, SaysWhyAPageIsNotReached) {
  open();
  auto given_up = navigate("http://a/");
  auto went = navigate("http://unreachable/");
  wait();
  EXPECT_EQ(hub_.answer(given_up)["result"]["errorText"], "net::ERR_ABORTED");
  EXPECT_EQ(hub_.answer(went)["result"]["errorText"],
            "net::ERR_NAME_NOT_RESOLVED");
}

TEST_P(FakeChrome, EvaluatesAFewExpressions) {
  open();
  auto went = navigate("http://a/");
  wait();
  auto where = evaluate("whoami");
  auto number = evaluate("42");
  auto thrown = evaluate("throw");
  wait();
  EXPECT_TRUE(hub_.answer(went).contains("result"));
  EXPECT_EQ(hub_.answer(where)["result"]["result"]["value"], "http://a/");
  EXPECT_EQ(hub_.answer(number)["result"]["result"]["value"], 42);
  EXPECT_TRUE(hub_.answer(thrown)["result"].contains("exceptionDetails"));
}

TEST_P(FakeChrome, AnswersNothingAfterACrashUntilItNavigates) {
  auto page = open();
  auto before = evaluate("never");
  chrome_.crash(page);
  wait();
  auto after = evaluate("1");
  wait();
  EXPECT_EQ(hub_.events("Inspector.targetCrashed").size(), 1u);
  EXPECT_EQ(hub_.events("Target.targetCrashed").size(), 1u);
  EXPECT_TRUE(chrome_.find(page));
  EXPECT_TRUE(hub_.answers(before).empty());
  EXPECT_TRUE(hub_.answers(after).empty());
  navigate("http://a/");
  wait();
  auto revived = evaluate("1");
  wait();
  EXPECT_EQ(hub_.answers(revived).size(), 1u);
}

TEST_P(FakeChrome, TellsOfAClosedTabAndThenKnowsNeitherItNorItsSession) {
  auto page = open();
  auto there = hub_.send("Target.attachToTarget", {{"targetId", page.value}});
  auto closed = hub_.send("Target.closeTarget", {{"targetId", page.value}});
  wait();
  EXPECT_NE(hub_.answer(there)["result"]["sessionId"], session_);
  EXPECT_EQ(hub_.answers(closed).size(), 1u);
  EXPECT_EQ(hub_.events("Inspector.detached").size(), 1u);
  EXPECT_EQ(hub_.events("Target.detachedFromTarget").size(), 3u);
  EXPECT_EQ(hub_.events("Target.targetDestroyed").size(), 2u);
  auto to_session = evaluate("1");
  auto to_target = hub_.send("Target.closeTarget", {{"targetId", page.value}});
  auto late = hub_.send("Target.attachToTarget", {{"targetId", page.value}});
  wait();
  EXPECT_EQ(hub_.answer(to_session)["error"]["code"], -32001);
  EXPECT_EQ(hub_.answer(to_target)["error"]["code"], -32602);
  EXPECT_EQ(hub_.answer(late)["error"]["code"], -32602);
}

TEST_P(FakeChrome, SaysNothingWhileItsRendererIsStopped) {
  auto page = open();
  chrome_.stop_renderer(page);
  wait();
  auto heard = hub_.heard.size();
  auto asked = evaluate("1");
  wait(1h);
  EXPECT_EQ(hub_.heard.size(), heard);
  chrome_.go_on(page);
  wait();
  EXPECT_EQ(hub_.answers(asked).size(), 1u);
}

TEST_P(FakeChrome, BlocksAnOpenerUntilItsPopupIsResumed) {
  auto page = open();
  chrome_.open_popup(page, "http://popup/");
  wait();
  auto asked = evaluate("1");
  wait();
  EXPECT_TRUE(hub_.answers(asked).empty());
  hub_.attach_to_pages();
  wait();
  auto popup = hub_.attached("page").back();
  EXPECT_EQ(popup["targetInfo"]["openerId"], page.value);
  hub_.send("Runtime.runIfWaitingForDebugger", {}, popup["sessionId"]);
  wait();
  EXPECT_EQ(hub_.answers(asked).size(), 1u);
}

TEST_P(FakeChrome, BlocksAnOpenerForEverWhenItsHeldPopupIsClosed) {
  auto page = open();
  chrome_.open_popup(page, "http://popup/");
  wait();
  for (auto& x : chrome_.pages())
    if (x.popup)
      hub_.send("Target.closeTarget", {{"targetId", x.id.value}});
  wait();
  auto asked = evaluate("1");
  wait(1h);
  EXPECT_TRUE(hub_.answers(asked).empty());
}

TEST_P(FakeChrome, NamesNoOpenerAfterACtrlClick) {
  auto page = open();
  chrome_.ctrl_click(page, "http://popup/");
  wait();
  hub_.attach_to_pages();
  wait();
  auto hints = hub_.events("Page.frameRequestedNavigation");
  ASSERT_EQ(hints.size(), 1u);
  EXPECT_EQ(hints[0]["disposition"], "newTab");
  EXPECT_FALSE(hub_.attached("page").back()["targetInfo"].contains("openerId"));
}

TEST_P(FakeChrome, LeavesABusyPageOnlyWhenItIsTerminated) {
  open();
  auto busy = evaluate("busy");
  auto next = evaluate("1");
  wait(1h);
  EXPECT_TRUE(hub_.answers(next).empty());
  hub_.send("Runtime.terminateExecution", {}, session_);
  wait();
  EXPECT_TRUE(hub_.answer(busy).contains("error"));
  EXPECT_EQ(hub_.answers(next).size(), 1u);
}

TEST_P(FakeChrome, WaitsForTheAnswerToADialog) {
  open();
  auto asked = evaluate("alert");
  wait();
  EXPECT_EQ(hub_.events("Page.javascriptDialogOpening").size(), 1u);
  EXPECT_TRUE(hub_.answers(asked).empty());
  hub_.send("Page.handleJavaScriptDialog", {{"accept", true}}, session_);
  wait();
  EXPECT_EQ(hub_.answers(asked).size(), 1u);
}

TEST_P(FakeChrome, ClosesTheTabsOfADisposedContext) {
  auto made = hub_.send("Target.createBrowserContext");
  wait();
  std::string context = hub_.answer(made)["result"]["browserContextId"];
  hub_.send("Target.createTarget",
            {{"url", "about:blank"}, {"browserContextId", context}});
  wait();
  EXPECT_EQ(chrome_.pages().size(), 2u);
  hub_.send("Target.disposeBrowserContext", {{"browserContextId", context}});
  wait();
  EXPECT_EQ(chrome_.pages().size(), 1u);
}

TEST_P(FakeChrome, AnswersLateTwiceOrNeverWhenToldTo) {
  chrome_.answer_never("Browser.getVersion");
  chrome_.answer_twice("Browser.getVersion");
  chrome_.answer_late("Browser.getVersion", 10s);
  auto never = hub_.send("Browser.getVersion");
  auto twice = hub_.send("Browser.getVersion");
  auto late = hub_.send("Browser.getVersion");
  wait(9s);
  EXPECT_TRUE(hub_.answers(never).empty());
  EXPECT_EQ(hub_.answers(twice).size(), 2u);
  EXPECT_TRUE(hub_.answers(late).empty());
  wait(2s);
  EXPECT_EQ(hub_.answers(late).size(), 1u);
}

TEST_P(FakeChrome, DestroysTheTabThatACallIsAbout) {
  for (bool before : {true, false}) {
    auto page = open();
    chrome_.destroy_at("Runtime.evaluate", before);
    auto asked = evaluate("1");
    wait();
    EXPECT_FALSE(chrome_.find(page));
    EXPECT_EQ(hub_.answers(asked).size(), before ? 0u : 1u);
  }
}

TEST_P(FakeChrome, GivesNewIdsAfterARestart) {
  auto old = chrome_.pages();
  hub next{chrome_};
  wait();
  for (auto& x : old)
    EXPECT_FALSE(chrome_.find(x.id));
}

TEST_P(FakeChrome, RepeatsARunWordForWord) {
  auto run = [] {
    world where{GetParam()};
    fake_chrome chrome{where};
    hub it{chrome};
    where.advance(1s);
    it.attach_to_all();
    it.send("Target.createTarget", {{"url", "about:blank"}});
    where.advance(1s);
    it.attach_to_pages();
    where.advance(1s);
    return std::pair{where.hash(), it.heard};
  };
  EXPECT_EQ(run(), run());
}

INSTANTIATE_TEST_SUITE_P(Seeds, FakeChrome,
                         testing::Range(uint64_t{1}, uint64_t{21}));

} // namespace

} // namespace berth::tests
