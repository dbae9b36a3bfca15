// L7 on a real Chromium: tabs that are kept for the next lease of their key,
// and what their last holder can leave in them.

#include "apps/fixture/service.hpp"
#include "apps/provider_files.hpp"

#include "tests/e2e/harness.hpp"
#include "tests/e2e/page_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <set>

using namespace berth;
using namespace berth::tests;

namespace {

/// Leaves something in its tab, and once more when it is left; a frame of
/// another site does as well. With `?look` it only looks.
constexpr const char* messy = R"HTML(<!doctype html><body><script>
const inside = top !== window, looks = location.search === '?look';
const leave = () => sessionStorage.setItem('secret' + Math.random(), '1');
if (looks && inside) parent.postMessage(sessionStorage.length, '*');
if (!looks) { leave(); addEventListener('pagehide', leave); }
if (!looks && !inside) { name = 'secret'; history.pushState(0, '', '/on'); }
if (!inside) {
  window.inFrame = new Promise(done => { onmessage = x => done(x.data); });
  const frame = document.createElement('iframe');
  frame.src = origin.replace('127.0.0.1', 'localhost') + '/' + location.search;
  document.body.append(frame);
}
</script>)HTML";

constexpr const char* what_is_left
  = "JSON.stringify([sessionStorage.length, name, history.length, "
    "typeof planted, typeof leak, Intl.DateTimeFormat().resolvedOptions()"
    ".timeZone === 'Asia/Tokyo', opener === null])";

acquire lasting(const char* key = "web") {
  acquire result;
  result.key = {key};
  result.kind = holder_kind::session;
  result.ttl = 10min;
  return result;
}

class Parked : public testing::Test {
protected:
  page_server site{messy};
  live_daemon berth;
  client::connection me = berth.connect();

  client::tab open(const acquire& what = lasting()) {
    return must(me.acquire(what));
  }

  /// Uses it, and leaves as much behind as can be left.
  void soil(client::tab& tab, const std::string& pages) const {
    auto call = [&](const char* method, const char* params) {
      auto done = tab.run(call_cdp{{}, method, params});
      EXPECT_TRUE(done) << done.error().what;
    };
    call("Page.addScriptToEvaluateOnNewDocument",
         R"({"source":"window.planted = 1"})");
    call("Runtime.enable", "{}");
    call("Runtime.addBinding", R"({"name":"leak"})");
    call("Emulation.setTimezoneOverride", R"({"timezoneId":"Asia/Tokyo"})");
    ASSERT_TRUE(tab.navigate(site.origin() + "/"));
    auto left = tab.evaluate(what_is_left);
    ASSERT_TRUE(left);
    EXPECT_EQ(left->value, R"x("[1,\"secret\",)x" + pages
                             + R"x(,\"number\",\"function\",true,true]")x");
  }

  bool is_parked(const target_id& target) {
    return berth.log()
      .wait([&](const event& x) {
        return x.kind == event_kind::tab_parked && x.target == target.value;
      })
      .has_value();
  }
};

} // namespace

TEST_F(Parked, L7_AreCleanWhenTheyAreHandedOver) {
  auto first = open();
  auto target = first.granted().target;
  soil(first, "3");
  ASSERT_TRUE(first.release());
  ASSERT_TRUE(is_parked(target));
  EXPECT_EQ(berth.look().browsers[0].parked, 1u);
  EXPECT_EQ(berth.look().browsers[0].tabs, 0u);
  EXPECT_EQ(berth.look().slots, 0u);
  auto next = open();
  EXPECT_EQ(next.granted().target, target);
  EXPECT_EQ(berth.look().browsers[0].parked, 0u);
  EXPECT_EQ(next.evaluate("location.href")->value, "\"about:blank\"");
  ASSERT_TRUE(next.navigate(site.origin() + "/?look"));
  EXPECT_EQ(next.evaluate(what_is_left)->value,
            R"x("[0,\"\",2,\"undefined\",\"undefined\",false,true]")x");
  EXPECT_EQ(next.evaluate("inFrame")->value, "0");
  // Once more, by whoever had a used one.
  soil(next, "4");
  ASSERT_TRUE(next.release());
  auto last = open();
  EXPECT_EQ(last.granted().target, target);
  ASSERT_TRUE(last.navigate(site.origin() + "/?look"));
  EXPECT_EQ(last.evaluate("sessionStorage.length")->value, "0");
}

TEST_F(Parked, L7_AreHandedToOneOfTheirKey) {
  std::set<std::string> targets;
  {
    auto one = open(), two = open();
    targets = {one.granted().target.value, two.granted().target.value};
    ASSERT_TRUE(one.release());
    ASSERT_TRUE(two.release());
  }
  EXPECT_EQ(berth.look().browsers[0].parked, 2u);
  auto mail = open(lasting("mail"));
  EXPECT_FALSE(targets.contains(mail.granted().target.value));
  std::vector<target_id> got(4);
  together(got.size(), [&](size_t i) {
    auto agent = berth.connect();
    if (auto tab = agent.acquire(lasting())) {
      got[i] = tab->granted().target;
      tab->keep();
    }
  });
  std::set<std::string> all;
  for (const auto& x : got)
    all.insert(x.value);
  EXPECT_EQ(all.size(), got.size());
  EXPECT_TRUE(std::ranges::includes(all, targets));
}

TEST_F(Parked, AreOnlyThoseOfLastingLeasesWithoutPopups) {
  acquire plain;
  EXPECT_TRUE(open(plain).release());
  auto own = lasting();
  own.profile = profile_kind::isolated;
  EXPECT_TRUE(open(own).release());
  auto opener = open();
  ASSERT_TRUE(opener.evaluate("!!window.open('about:blank')"));
  ASSERT_TRUE(berth.log().wait(event_kind::popup_opened));
  EXPECT_TRUE(opener.release());
  auto now = berth.look().browsers[0];
  EXPECT_EQ(now.parked, 0u);
  EXPECT_EQ(now.tabs, 0u);
  EXPECT_EQ(now.unowned, 1u); // The anchor.
}

TEST_F(Parked, LeaveThePoolWhenTheyDie) {
  auto tab = open();
  auto target = tab.granted().target;
  ASSERT_TRUE(tab.release());
  ASSERT_TRUE(is_parked(target));
  for (auto pid : renderers_of(berth.look().browsers[0].pid))
    ::kill(pid, SIGKILL);
  auto left = berth.log().wait(event_kind::tab_unparked);
  ASSERT_TRUE(left);
  EXPECT_FALSE(left->lease);
  EXPECT_EQ(berth.look().browsers[0].parked, 0u);
  // The next tab may get a renderer whose death Chrome has not noticed yet.
  auto until = std::chrono::steady_clock::now() + patience;
  auto next = me.acquire(lasting());
  while (!next && next.error().code == errc::tab_lost
         && std::chrono::steady_clock::now() < until)
    next = me.acquire(lasting());
  ASSERT_TRUE(next) << next.error().what;
  EXPECT_NE(next->granted().target, target);
}

/// Their number is no promise, and so they are in nobody's way.
TEST(ParkedPlaces, AreGivenToTabsThatAreWanted) {
  live_daemon berth{[](config& x) {
    x.admission.per_key = x.admission.global = x.admission.tabs = 2;
  }};
  auto me = berth.connect();
  {
    auto one = me.acquire(lasting()), two = me.acquire(lasting());
    ASSERT_TRUE(one && two && one->release() && two->release());
  }
  EXPECT_EQ(berth.look().browsers[0].parked, 2u);
  auto red = me.acquire(lasting("red"));
  auto blue = me.acquire(lasting("blue"));
  ASSERT_TRUE(red && blue);
  EXPECT_EQ(berth.look().browsers[0].parked, 0u);
}

/// Two conversations, one tab: each is back at its address when it goes on.
TEST(ParkedSessions, GetATabAtTheirAddress) {
  auto site = apps::fixture::service::start();
  ASSERT_TRUE(site);
  provider_settings how;
  how.origins = {{"fixture", site->origin()}};
  live_daemon berth{[](config& x) {
                      x.admission.per_key = 1;
                    },
                    apps::profiles_of(apps::load_providers(how))};
  auto me = berth.connect();
  std::vector<session_id> sessions;
  for (int i = 0; i < 2; ++i)
    sessions.push_back(me.open_session("fixture")->session);
  std::set<std::string> addresses;
  for (int turn = 0; turn < 6; ++turn) {
    send_prompt what;
    what.session = sessions[turn % 2];
    what.what.text = "say turn " + std::to_string(turn);
    what.until = wait_until::done;
    what.wait = what.timeout = patience;
    auto got = me.send(std::move(what));
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->state, session_state::complete) << got->why.what;
    addresses.insert(got->url);
  }
  EXPECT_EQ(addresses.size(), sessions.size());
  std::set<std::string> targets;
  size_t leases = 0;
  for (const auto& x : berth.log().all())
    if (x.kind == event_kind::lease_bound) {
      ++leases;
      targets.insert(x.target);
    }
  EXPECT_GE(leases, 6u);
  EXPECT_EQ(targets.size(), 1u);
}

TEST(ParkedSpeed, AreHereSoonerThanNewOnes) {
  constexpr size_t rounds = 5, tabs = 4;
  live_daemon berth{[](config& x) {
    x.parked.per_key = tabs;
    x.parked.max = rounds * tabs;
    x.admission.tabs = 2 * rounds * tabs;
  }};
  auto me = berth.connect();
  std::vector<duration> made, parked;
  auto take = [&](std::vector<duration>& times, const char* key) {
    std::vector<client::tab> result;
    for (size_t i = 0; i < tabs; ++i) {
      auto begun = std::chrono::steady_clock::now();
      auto tab = me.acquire(lasting(key));
      times.push_back(std::chrono::steady_clock::now() - begun);
      ASSERT_TRUE(tab) << tab.error().what;
      result.push_back(std::move(*tab));
    }
    for (auto& x : result)
      EXPECT_TRUE(x.release());
  };
  for (size_t i = 0; i < rounds; ++i) {
    auto key = "key" + std::to_string(i);
    take(made, key.c_str());
    take(parked, key.c_str());
  }
  for (auto [name, all] : {std::pair{"made", &made}, {"parked", &parked}}) {
    std::ranges::sort(*all);
    std::cout << name << ": p50 " << to_string((*all)[all->size() / 2])
              << ", worst " << to_string(all->back()) << '\n';
  }
  EXPECT_LT(parked[parked.size() / 2], made[made.size() / 2]);
}
