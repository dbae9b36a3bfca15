// Several browsers under one daemon, with real sessions and their page sides.

#include "tests/support/daemon.hpp"
#include "tests/support/site_pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

actors::provider_profiles providers() {
  auto talk = fake_site::profile();
  return {{talk.name, talk}};
}

config three() {
  config result;
  result.browser.name = {"a"};
  result.more_browsers.resize(2);
  result.more_browsers[0].name = {"b"};
  result.more_browsers[1].name = {"c"};
  for (auto& [name, x] : providers())
    result.session.times.of_provider[name] = x.times;
  return result;
}

struct Fleet : testing::Test {
  Fleet() {
    it.advance(1s);
    me.join();
    it.advance(1s);
  }

  template <class T, class Request>
  asked<T> ask(Request what, duration within = 1s) {
    auto result = me.ask<T>(std::move(what));
    it.advance(within);
    return result;
  }

  session_view open(const char* where = "") {
    auto talk = providers().begin()->first;
    return ask<session_view>(open_session{{}, talk, {where}})->value.value();
  }

  send_prompt words(session_id where, const char* text) {
    send_prompt result;
    result.session = where;
    result.what.text = text;
    result.until = wait_until::done;
    return result;
  }

  run_view query(session_id where, const char* text) {
    auto got = ask<run_view>(words(where, text), 10min);
    EXPECT_TRUE(got->value) << got->why->what;
    return got->value.value_or(run_view{});
  }

  session_view show(session_id which) {
    return ask<session_view>(show_session{which})->value.value();
  }

  browser_view look(const char* which) {
    auto now = ask<status>(get_status{})->value.value();
    return *std::ranges::find(now.browsers, browser_name{which},
                              &browser_view::name);
  }

  void change(const char* which, browser_change what) {
    auto got = ask<browser_view>(change_browser{{which}, what}, 1min);
    EXPECT_TRUE(got->value) << got->why->what;
  }

  size_t tabs(const char* where) {
    auto all = berth.chrome({where}).pages();
    return static_cast<size_t>(std::ranges::count_if(all, [](const auto& x) {
      return !x.anchor;
    }));
  }

  /// Of a browser, in its journal.
  bool tells(const char* which, const std::string& what) {
    auto& all = berth.journal().entries;
    return std::ranges::any_of(all, [&](const auto& x) {
      return x.what.kind == event_kind::browser_changed
             && x.what.browser == which
             && x.what.detail.find(what) != std::string::npos;
    });
  }

  world it{3};
  config how = three();
  daemon berth{it, how, site_pages(it, providers(), how.session.times)};
  guest me = berth.make_guest({1}, "me");
};

} // namespace

TEST_F(Fleet, B1_ASessionStaysWhereItsFirstTabWas) {
  auto talk = open().session;
  EXPECT_FALSE(show(talk).browser);
  EXPECT_EQ(query(talk, "one").state, session_state::complete);
  auto home = show(talk).browser;
  EXPECT_TRUE(home);
  berth.be_killed();
  it.advance(5s);
  me.join();
  it.advance(1s);
  EXPECT_EQ(show(talk).browser, home);
  EXPECT_EQ(query(talk, "two").state, session_state::complete);
  EXPECT_EQ(show(talk).browser, home);
}

TEST_F(Fleet, B1_ASessionIsBegunWhereItIsWanted) {
  for (auto where : {"c", "a", "b"}) {
    auto talk = open(where);
    EXPECT_EQ(talk.browser, browser_name{where});
    EXPECT_EQ(query(talk.session, "one").state, session_state::complete);
    EXPECT_EQ(show(talk.session).browser, browser_name{where});
  }
  auto nowhere
    = ask<session_view>(open_session{{}, providers().begin()->first, {"d"}});
  ASSERT_TRUE(nowhere->why);
  EXPECT_EQ(nowhere->why->code, errc::browser_unknown);
}

/// One of them rests, another is drained, the third one serves.
TEST_F(Fleet, B1_ARunFailsInTheWordsOfItsOwnBrowser) {
  auto in_a = open("a").session, in_b = open("b").session,
       in_c = open("c").session;
  berth.chrome({"a"}).refuse_starts(SIZE_MAX);
  berth.chrome({"a"}).die();
  change("b", browser_change::drain);
  it.advance(2min);
  EXPECT_EQ(look("a").state, browser_health::quarantined);
  auto rests = words(in_a, "one"), drained = words(in_b, "one");
  rests.wait = drained.wait = 10s;
  auto why_a = ask<run_view>(rests, 2min)->value.value().why;
  auto why_b = ask<run_view>(drained, 2min)->value.value().why;
  EXPECT_EQ(why_a.code, errc::browser_unavailable);
  EXPECT_NE(why_a.what.find("'a' is in quarantine"), std::string::npos)
    << why_a.what;
  EXPECT_EQ(why_b.code, errc::browser_unavailable);
  EXPECT_NE(why_b.what.find("'b' is drained"), std::string::npos) << why_b.what;
  EXPECT_EQ(query(in_c, "one").state, session_state::complete);
}

TEST_F(Fleet, B3_OneDiesAndTheOthersFinishTheirTurns) {
  std::vector<session_id> talks;
  for (auto where : {"a", "b", "c"})
    talks.push_back(open(where).session);
  std::vector<asked<run_view>> runs;
  for (auto talk : talks)
    runs.push_back(me.ask<run_view>(words(talk, "one")));
  it.advance(3s);
  berth.chrome({"b"}).refuse_starts(SIZE_MAX);
  berth.chrome({"b"}).die();
  it.advance(10min);
  EXPECT_EQ(runs[0]->value.value().state, session_state::complete);
  EXPECT_EQ(runs[2]->value.value().state, session_state::complete);
  EXPECT_EQ(runs[1]->value.value().state, session_state::failed);
  EXPECT_NE(look("b").state, browser_health::ready);
  EXPECT_EQ(look("a").state, browser_health::ready);
  EXPECT_EQ(look("a").deaths + look("c").deaths, 0u);
  for (auto& x : berth.journal().entries)
    if (x.what.kind == event_kind::browser_down) {
      EXPECT_EQ(x.what.browser, "b");
    }
}

TEST_F(Fleet, B1_ASessionMovesOnlyWhenItsHomeIsGone) {
  auto talk = open("b").session;
  EXPECT_EQ(query(talk, "one").state, session_state::complete);
  change("b", browser_change::drain);
  change("b", browser_change::remove);
  EXPECT_EQ(query(talk, "two").state, session_state::complete);
  EXPECT_NE(show(talk).browser, browser_name{"b"});
  EXPECT_EQ(tabs("b"), 0u);
}

/// What an operator did lasts as long as the daemon.
TEST_F(Fleet, KeepsItsRosterWhenTheCrewIsReplaced) {
  change("a", browser_change::remove);
  change("b", browser_change::drain);
  add_browser more;
  more.name = {"d"};
  EXPECT_TRUE(ask<browser_view>(more, 10s)->value);
  it.kill(it.find("fleet").front());
  it.advance(10s);
  me.join();
  it.advance(1s);
  auto now = ask<status>(get_status{})->value.value();
  std::string names;
  for (auto& x : now.browsers)
    names += x.name.value + (x.draining ? "!" : "");
  EXPECT_EQ(names, "b!cd");
}

/// Its journal is of a version that knew no names.
TEST_F(Fleet, L2_TakesALeaseWithoutABrowserForOneOfTheFirst) {
  acquire what;
  what.browser = {"a"};
  what.grace = 30s;
  auto mine = ask<grant>(what)->value.value();
  berth.be_killed();
  for (auto& [id, row] : berth.journal().state.leases)
    row.browser = {};
  it.advance(5s);
  me.join();
  it.advance(1s);
  auto now = ask<status>(get_status{})->value.value();
  ASSERT_EQ(now.leases.size(), 1u);
  EXPECT_EQ(now.leases[0].browser, browser_name{"a"});
  auto still = ask<answer>(evaluate{{mine.lease, {}, {}}, "42"});
  EXPECT_EQ(still->value.value().value, "42");
}

TEST_F(Fleet, RecyclesABrowserThatNobodyUses) {
  add_browser more;
  more.name = {"d"};
  more.tabs_made_max = 2;
  more.age_max = 1h;
  EXPECT_TRUE(ask<browser_view>(more, 10s)->value);
  acquire tab;
  tab.browser = {"d"};
  auto first = ask<grant>(tab)->value.value();
  auto second = ask<grant>(tab)->value.value();
  ask<nothing>(release_lease{first.lease});
  EXPECT_EQ(look("d").starts, 1u); // It is in use.
  ask<nothing>(release_lease{second.lease});
  it.advance(5s);
  EXPECT_EQ(look("d").starts, 2u);
  EXPECT_EQ(look("d").deaths, 0u);
  it.advance(59min);
  EXPECT_EQ(look("d").starts, 2u);
  it.advance(2min);
  EXPECT_EQ(look("d").starts, 3u);
  EXPECT_EQ(look("a").starts, 1u);
}

TEST_F(Fleet, RecyclesABrowserThatUsesMuch) {
  add_browser more;
  more.name = {"d"};
  more.memory_max = 1 << 30;
  EXPECT_TRUE(ask<browser_view>(more, 10s)->value);
  berth.chrome({"d"}).use_memory(2ull << 30);
  acquire tab;
  tab.browser = {"d"};
  auto mine = ask<grant>(tab)->value.value();
  it.advance(5s);
  EXPECT_EQ(look("d").starts, 1u); // It is in use.
  ask<nothing>(release_lease{mine.lease});
  it.advance(1min);
  EXPECT_EQ(look("d").starts, 2u); // And does not go on for ever.
}

TEST_F(Fleet, O3_ABrowserThatCannotReadItsProfileGetsANewOne) {
  berth.chrome({"b"}).damage_profile();
  berth.chrome({"b"}).die();
  it.advance(10s);
  EXPECT_EQ(look("b").state, browser_health::ready);
  EXPECT_TRUE(tells("b", "its profile was set aside as profile.aside-1"));
}

TEST_F(Fleet, O3_AProfileThatIsNotToBlameIsPutBack) {
  berth.chrome({"b"}).damage_profile(true);
  berth.chrome({"b"}).die();
  it.advance(10s);
  EXPECT_NE(look("b").state, browser_health::ready);
  EXPECT_TRUE(tells("b", "the old one was put back"));
  EXPECT_EQ(look("a").deaths, 0u);
}

TEST_F(Fleet, RefusesABrowserThatCannotBe) {
  add_browser more;
  more.name = {"a"};
  auto twice = ask<browser_view>(more);
  EXPECT_EQ(twice->why->code, errc::invalid_argument);
  EXPECT_EQ(twice->why->what, "There is a browser 'a' already.");
  more.name = {"d"};
  berth.chrome({"d"}).refuse_starts(SIZE_MAX);
  auto got = ask<browser_view>(more, 1min);
  ASSERT_TRUE(got->why);
  EXPECT_EQ(got->why->code, errc::browser_unavailable);
  auto now = ask<status>(get_status{})->value.value();
  EXPECT_EQ(now.browsers.size(), 3u);
}

/// One that may never start is not what the daemon goes on with.
TEST_F(Fleet, S4_KeepsTheLastThatWasReadyBesideOneThatStarts) {
  add_browser more;
  more.name = {"d"};
  berth.chrome({"d"}).refuse_starts(SIZE_MAX);
  auto added = me.ask<browser_view>(more);
  it.advance(20ms);
  auto remove = [this](const char* name) {
    return ask<browser_view>(change_browser{{name}, browser_change::remove});
  };
  EXPECT_FALSE(remove("b")->why);
  EXPECT_FALSE(remove("c")->why);
  auto last = remove("a");
  ASSERT_TRUE(last->why);
  EXPECT_EQ(last->why->code, errc::invalid_argument);
  it.advance(1min);
  EXPECT_FALSE(added->pending());
  EXPECT_EQ(ask<status>(get_status{})->value->browsers.size(), 1u);
  EXPECT_EQ(look("a").state, browser_health::ready);
}

/// Both are answered, however they meet.
TEST_F(Fleet, B3_AnswersWhoAddedABrowserThatIsRemovedMeanwhile) {
  for (auto after : {0ms, 20ms, 100ms, 300ms}) {
    berth.chrome({"d"}).refuse_starts(SIZE_MAX);
    add_browser what;
    what.name = {"d"};
    auto added = me.ask<browser_view>(what);
    it.advance(after);
    auto removed
      = me.ask<browser_view>(change_browser{{"d"}, browser_change::remove});
    it.advance(1min);
    EXPECT_FALSE(added->pending()) << after.count();
    EXPECT_FALSE(removed->pending()) << after.count();
    EXPECT_EQ(ask<status>(get_status{})->value->browsers.size(), 3u);
  }
}

} // namespace berth::tests
