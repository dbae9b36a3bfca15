// What a holder can do with its tab.

#include "tests/e2e/tabs.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <latch>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace berth;
using namespace berth::tests;

namespace {

/// A port that accepts and never says a word.
class silent_server {
public:
  silent_server() : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&any), sizeof any) != 0
        || ::listen(socket_, 64) != 0)
      ADD_FAILURE() << "no free port";
    socklen_t size = sizeof any;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&any), &size);
    port_ = ntohs(any.sin_port);
  }

  ~silent_server() {
    ::close(socket_);
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/";
  }

private:
  int socket_;
  uint16_t port_ = 0;
};

constexpr const char* form
  = "data:text/html,<title>form</title><p>hello</p><input id=name>"
    "<input id=file type=file><button onclick=\"document.title="
    "document.getElementById('name').value\">ok</button>"
    "<button id=off disabled>no</button>"
    "<a id=pop target=_blank href='about:blank'>pop</a>"
    "<a id=get download=note.txt href='data:text/plain,kept'>get</a>";

} // namespace

TEST_F(Tabs, DoWhatTheirHolderSays) {
  auto tab = open();
  EXPECT_EQ(code_of(tab.text()), errc::page_blank);
  ASSERT_TRUE(tab.navigate(form));
  EXPECT_NE(tab.text()->value.find("hello"), std::string::npos);
  for (auto until : {load_state::commit, load_state::dom, load_state::load})
    EXPECT_TRUE(tab.run(within(10s, navigate{{}, form, until})));
  EXPECT_TRUE(tab.type("#name", "say \"hi\""));
  EXPECT_TRUE(tab.click("button"));
  EXPECT_EQ(tab.evaluate("document.title")->value, R"("say \"hi\"")");
  EXPECT_TRUE(tab.wait_visible("p"));
  EXPECT_EQ(tab.screenshot()->value.substr(1, 3), "PNG");
  auto tree = tab.run(snapshot{{}, snapshot_kind::accessibility});
  ASSERT_TRUE(tree);
  EXPECT_NE(tree->value.find("button"), std::string::npos);
  auto result = tab.run(call_cdp{{}, "Page.getFrameTree", {}});
  ASSERT_TRUE(result);
  EXPECT_NE(result->value.find("frameTree"), std::string::npos);
}

TEST_F(Tabs, BehaveAsInTheForegroundAllAtOnce) {
  std::vector<client::tab> tabs;
  for (int i = 0; i < 4; ++i)
    tabs.push_back(open());
  for (auto& tab : tabs)
    EXPECT_EQ(tab
                .evaluate("new Promise(r => requestAnimationFrame(() => "
                          "r(document.visibilityState + document.hasFocus())))")
                ->value,
              "\"visibletrue\"");
}

TEST_F(Tabs, TakeAndGiveFiles) {
  auto tab = open();
  ASSERT_TRUE(tab.navigate(form));
  scratch_dir files;
  auto note = files.path() + "/note";
  std::ofstream{note} << "text";
  EXPECT_EQ(tab.run(upload{{}, "#file", {note}})->value, "1");
  EXPECT_EQ(
    tab.evaluate("document.getElementById('file').files[0].name")->value,
    "\"note\"");
  EXPECT_EQ(code_of(tab.run(upload{{}, "#file", {note + "2"}})),
            errc::invalid_argument);
  // Without a directory a download is refused, and said so.
  EXPECT_TRUE(tab.click("#get"));
  EXPECT_TRUE(berth.log().wait(event_kind::download_failed));
  EXPECT_TRUE(tab.run(set_download_directory{{}, files.path() + "/in"}));
  EXPECT_TRUE(tab.click("#get"));
  auto done = berth.log().wait(event_kind::download_done);
  ASSERT_TRUE(done);
  std::string text;
  std::ifstream{done->detail} >> text;
  EXPECT_EQ(text, "kept");
  EXPECT_EQ(done->detail, files.path() + "/in/note.txt");
}

TEST_F(Tabs, OfAnAttachedChromeLeaveItsUsersDownloadsAlone) {
  live_daemon host{[](config& with) {
    with.browser.flags = {"--remote-debugging-port=0"};
  }};
  live_daemon guest{[&](config& with) {
    with.browser.url = debugging_address_of(host.dir() + "/profile");
  }};
  auto there = guest.connect();
  scratch_dir files;
  set_download_directory keep{{}, files.path() + "/in"};
  auto shared = there.acquire();
  ASSERT_TRUE(shared);
  EXPECT_EQ(code_of(shared->run(keep)), errc::invalid_argument);
  acquire what;
  what.profile = profile_kind::isolated;
  auto isolated = there.acquire(what);
  ASSERT_TRUE(isolated);
  EXPECT_TRUE(isolated->run(keep));
}

TEST_F(Tabs, OwnTheirPopupsWhichEndWithTheLease) {
  auto tab = open();
  ASSERT_TRUE(tab.navigate(form));
  EXPECT_TRUE(tab.click("#pop"));
  auto popup = berth.log().wait(event_kind::popup_opened);
  ASSERT_TRUE(popup);
  EXPECT_EQ(popup->lease, tab.lease().ref.lease);
  evaluate ask{{}, "location.href"};
  ask.to.target = {popup->target};
  EXPECT_EQ(tab.run(ask)->value, "\"about:blank\"");
  EXPECT_EQ(berth.look().browsers[0].tabs, 2u);
  // Another lease has no such tab.
  auto other = open();
  EXPECT_EQ(code_of(other.run(ask)), errc::target_unknown);
  EXPECT_TRUE(tab.release());
  EXPECT_TRUE(other.release());
  EXPECT_EQ(berth.look().browsers[0].tabs, 0u);
}

/// Chrome names no opener here: the hub finds out whose it is.
TEST_F(Tabs, OwnWhatACtrlClickOpens) {
  auto tab = open(), neighbour = open();
  for (auto x : {&tab, &neighbour})
    ASSERT_TRUE(x->navigate("data:text/html,<title>page</title><a href="
                            "'about:blank?clicked'>link</a>"));
  auto at
    = tab.evaluate("(r => `${r.x + 2},${r.y + 2}`)(document.querySelector("
                   "'a').getBoundingClientRect())");
  ASSERT_TRUE(at);
  auto place = at->value.substr(1, at->value.size() - 2); // Without its quotes.
  auto comma = place.find(',');
  // A page that was never painted takes no clicks.
  ASSERT_TRUE(tab.screenshot());
  for (auto type : {"mousePressed", "mouseReleased"})
    ASSERT_TRUE(tab.run(
      call_cdp{{},
               "Input.dispatchMouseEvent",
               std::string{R"({"button":"left","clickCount":1,"modifiers":2,)"}
                 + R"("type":")" + type + R"(","x":)" + place.substr(0, comma)
                 + R"(,"y":)" + place.substr(comma + 1) + "}"}));
  auto popup = berth.log().wait(event_kind::popup_opened);
  ASSERT_TRUE(popup);
  EXPECT_EQ(popup->lease, tab.lease().ref.lease);
  EXPECT_TRUE(neighbour.release());
  EXPECT_TRUE(tab.release());
  EXPECT_EQ(berth.look().browsers[0].tabs, 0u);
  EXPECT_EQ(berth.look().browsers[0].unowned, 1u); // The anchor.
}

TEST_F(Tabs, OfAnIsolatedLeaseShareNoCookies) {
  acquire what;
  what.profile = profile_kind::isolated;
  auto alone = open(what);
  auto shared = open();
  call_cdp set{{},
               "Network.setCookie",
               R"({"url":"http://a.test/","name":"n","value":"v"})"};
  call_cdp get{{}, "Network.getCookies", R"({"urls":["http://a.test/"]})"};
  EXPECT_TRUE(alone.run(set));
  EXPECT_NE(alone.run(get)->value.find("\"n\""), std::string::npos);
  EXPECT_EQ(shared.run(get)->value.find("\"n\""), std::string::npos);
}

TEST_F(Tabs, D3_EveryFailureIsTypedAndTheTabGoesOn) {
  auto tab = open();
  silent_server silent;
  EXPECT_EQ(code_of(tab.navigate("nonsense")), errc::invalid_argument);
  EXPECT_EQ(code_of(tab.navigate("file:///etc/passwd")),
            errc::invalid_argument);
  EXPECT_EQ(code_of(tab.navigate("http://127.0.0.1:9/")),
            errc::navigation_failed);
  EXPECT_EQ(code_of(tab.run(within(500ms, navigate{{}, silent.url()}))),
            errc::deadline_exceeded);
  ASSERT_TRUE(tab.navigate(form));
  EXPECT_EQ(code_of(tab.evaluate("throw new Error('no')")), errc::script_threw);
  EXPECT_EQ(code_of(tab.evaluate("syntax error(")), errc::script_threw);
  EXPECT_EQ(code_of(tab.run(within(500ms, evaluate{{}, "for(;;);"}))),
            errc::deadline_exceeded);
  EXPECT_EQ(
    code_of(tab.run(within(500ms, evaluate{{}, "new Promise(() => {})"}))),
    errc::deadline_exceeded);
  EXPECT_EQ(code_of(tab.run(within(2s, click{{}, "#nobody"}))),
            errc::element_missing);
  EXPECT_EQ(code_of(tab.run(within(2s, click{{}, "#off"}))),
            errc::element_unusable);
  EXPECT_EQ(code_of(tab.click("!!")), errc::invalid_argument);
  EXPECT_EQ(code_of(tab.run(call_cdp{{}, "Browser.close", {}})),
            errc::method_denied);
  EXPECT_EQ(code_of(tab.run(call_cdp{{}, "Page.reload", "{}},{"})),
            errc::invalid_argument);
  EXPECT_EQ(code_of(tab.run(call_cdp{{}, "Input.insertText", "{}"})),
            errc::cdp_error);
  for (auto endless : {duration{24h}, duration::max()})
    EXPECT_EQ(code_of(tab.run(within(endless, evaluate{{}, "1"}))),
              errc::invalid_argument);
  EXPECT_EQ(code_of(tab.evaluate(std::string(17 << 20, ' '))), errc::too_large);
  EXPECT_EQ(tab.evaluate("6 * 7")->value, "42");
}

/// Pages can put what they like in the way of our scripts.
/// Each command does what it says all the same.
TEST_F(Tabs, D4_SurvivePagesThatLie) {
  auto tab = open();
  ASSERT_TRUE(
    tab.navigate("data:text/html,<form name=body><input name=innerText></form>"
                 "<button onclick='++window.pressed' type=button>press</button>"
                 "<script>pressed = 0</script>"));
  auto text = tab.text();
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_NE(text->value.find("press"), std::string::npos) << text->value;
  ASSERT_TRUE(tab.evaluate("Element.prototype.getBoundingClientRect = () => "
                           "({x: 'far', y: null, width: [], height: {}}); "
                           "window.Promise = function () { return 7; };"));
  auto clicked = tab.run(click{{{}, {}, 2s}, "button"});
  EXPECT_TRUE(clicked) << clicked.error().what;
  EXPECT_EQ(tab.evaluate("pressed")->value, "1");
  wait_for never{
    {{}, {}, 1s}, wait_kind::expression, "0) ? 0 : null; const q = () => (0"};
  auto waited = tab.run(never);
  EXPECT_EQ(code_of(waited), errc::script_threw);
  EXPECT_EQ(tab.evaluate("6 * 7")->value, "42");
}

TEST_F(Tabs, AreNotBlockedByDialogs) {
  auto tab = open();
  EXPECT_EQ(tab.evaluate("[alert('a'), confirm('b'), prompt('c')]")->value,
            "[null,false,null]");
  EXPECT_TRUE(berth.log().wait(event_kind::dialog_answered));
}

TEST_F(Tabs, AnswerTenThousandRequestsAtOnceOrRefuseThem) {
  auto tab = open();
  std::atomic<size_t> done{0}, refused{0}, other{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 100; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n) {
        auto code = code_of(tab.evaluate("1"));
        ++(code == errc::ok               ? done
           : code == errc::tab_overloaded ? refused
                                          : other);
      }
    });
  for (auto& x : threads)
    x.join();
  EXPECT_EQ(done + refused, 10000u);
  EXPECT_GT(done, 0u);
  EXPECT_EQ(other, 0u);
}
