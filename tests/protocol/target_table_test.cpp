#include "protocol/target_table.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr lease_id alice{1};
constexpr lease_id bob{2};
constexpr timestamp start{1h};
const context_id shared{"C0"};
const context_id own{"C1"};

target_seen page(const char* id, const char* opener = "") {
  return {{id}, "page", "about:blank", shared, {opener}, {}};
}

target_seen at(const char* url, target_seen what) {
  what.url = url;
  return what;
}

target_seen within(const context_id& context, target_seen what) {
  what.context = context;
  return what;
}

target_seen other(const char* type, const char* id, const char* parent = "") {
  return {{id}, type, "", shared, {}, {parent}};
}

target_owned asked_for(const char* id, lease_id lease) {
  return {{id}, lease, false};
}

target_owned popup(const char* id, lease_id lease) {
  return {{id}, lease, true};
}

target_unowned nobodys(const char* id) {
  return {{id}};
}

struct TargetTable : testing::Test {
  target_table table{{.popups_max = 2, .targets_max = 8, .hint_ttl = 3s}};

  /// Creates under way have no context's name in the default one.
  void make_tab(lease_id lease, const char* id) {
    table.expect(lease, {});
    table.see(page(id), start);
    EXPECT_EQ(table.created(lease, {id}, start),
              (target_events{asked_for(id, lease)}));
  }

  target_events see(const target_seen& what, duration after = {}) {
    return table.see(what, start + after);
  }

  void hint(const char* opener, const char* url, duration after = {}) {
    EXPECT_TRUE(table.hint({{opener}, shared, url}, start + after).empty());
  }
};

const target_events nothing;

} // namespace

// -- tabs that were asked for -------------------------------------------------

TEST_F(TargetTable, T2_KnowsATabByTheAnswerOfItsCreate) {
  table.expect(alice, {});
  EXPECT_EQ(see(page("A")), nothing);
  EXPECT_FALSE(table.owner({"A"}));
  EXPECT_EQ(table.created(alice, {"A"}, start),
            (target_events{asked_for("A", alice)}));
  EXPECT_EQ(table.owner({"A"}), alice);
  EXPECT_EQ(see(page("A")), nothing);
}

TEST_F(TargetTable, KnowsATabThatIsSeenAfterTheAnswer) {
  table.expect(alice, {});
  EXPECT_EQ(table.created(alice, {"A"}, start), nothing);
  EXPECT_EQ(table.owner({"A"}), alice);
  EXPECT_EQ(table.pages(alice), (std::vector<target_id>{{"A"}}));
  EXPECT_EQ(see(page("A")), (target_events{asked_for("A", alice)}));
  EXPECT_EQ(table.pages(alice), (std::vector<target_id>{{"A"}}));
}

TEST_F(TargetTable, L1_GivesTwoCreatesAtOnceTheirOwnTabs) {
  table.expect(alice, {});
  table.expect(bob, {});
  see(page("A"));
  see(page("B"));
  EXPECT_EQ(table.created(bob, {"B"}, start),
            (target_events{asked_for("B", bob)}));
  EXPECT_EQ(table.created(alice, {"A"}, start),
            (target_events{asked_for("A", alice)}));
}

TEST_F(TargetTable, LeavesAPageUndecidedWhileACreateMayHaveMadeIt) {
  table.expect(alice, {});
  table.expect(bob, {});
  EXPECT_EQ(see(page("X")), nothing);
  EXPECT_TRUE(table.unowned_pages().empty());
  EXPECT_EQ(table.created(alice, {"A"}, start), nothing);
  EXPECT_EQ(table.not_created(bob, start), (target_events{nobodys("X")}));
  EXPECT_EQ(table.not_created(bob, start), nothing);
}

TEST_F(TargetTable, DecidesAtOnceWhileCreatesAreInAnotherContext) {
  table.own_context(own, alice);
  table.expect(alice, own);
  EXPECT_EQ(see(page("X")), (target_events{nobodys("X")}));
  EXPECT_EQ(see(within(own, page("A"))), nothing);
  EXPECT_EQ(table.created(alice, {"A"}, start),
            (target_events{asked_for("A", alice)}));
}

TEST_F(TargetTable, B4_HoldsUpNoLeasesOwnContextForACreateInTheDefaultOne) {
  table.own_context(own, alice);
  table.expect(bob, {});
  EXPECT_EQ(see(within(own, page("P"))), (target_events{popup("P", alice)}));
}

TEST_F(TargetTable, KnowsATabThatBecomesAPageOnlyLater) {
  table.expect(alice, {});
  EXPECT_EQ(see(other("other", "A")), nothing);
  EXPECT_EQ(table.created(alice, {"A"}, start), nothing);
  EXPECT_EQ(see(page("A")), (target_events{asked_for("A", alice)}));
  EXPECT_EQ(see(other("other", "A")), nothing);
  EXPECT_EQ(table.owner({"A"}), alice);
}

// -- pages that were not ------------------------------------------------------

TEST_F(TargetTable, D1_LeavesThePersonsPagesToThePerson) {
  EXPECT_EQ(see(page("X")), (target_events{nobodys("X")}));
  EXPECT_EQ(see(page("Y", "X")), (target_events{nobodys("Y")}));
  EXPECT_FALSE(table.owner({"X"}));
  EXPECT_EQ(table.unowned_pages(), (std::vector<target_id>{{"X"}, {"Y"}}));
}

TEST_F(TargetTable, D1_NeverChangesWhoseAPageIs) {
  make_tab(alice, "A");
  see(page("X"));
  EXPECT_EQ(see(at("http://new/", page("X", "A"))), nothing);
  EXPECT_FALSE(table.owner({"X"}));
  EXPECT_EQ(table.find({"X"})->url, "http://new/");
  hint("A", "http://new/", 3s);
  EXPECT_EQ(see(at("http://new/", page("X")), 3s), nothing);
  EXPECT_FALSE(table.owner({"X"}));
  EXPECT_EQ(table.created(bob, {"A"}, start), nothing);
  EXPECT_EQ(table.owner({"A"}), alice);
}

TEST_F(TargetTable, D1_GivesAPopupToTheOwnerOfItsOpener) {
  make_tab(alice, "A");
  EXPECT_EQ(see(page("P", "A")), (target_events{popup("P", alice)}));
  EXPECT_EQ(see(page("Q", "P")), (target_events{popup("Q", alice)}));
  EXPECT_EQ(table.popups(), 2u);
  EXPECT_EQ(table.pages(alice), (std::vector<target_id>{{"A"}, {"P"}, {"Q"}}));
}

TEST_F(TargetTable, GivesAPopupAtOnceWhileACreateIsUnderWay) {
  make_tab(alice, "A");
  table.expect(bob, {});
  EXPECT_EQ(see(page("P", "A")), (target_events{popup("P", alice)}));
}

TEST_F(TargetTable, DecidesTheOpenerBeforeItsPopup) {
  make_tab(alice, "A");
  table.expect(bob, {});
  hint("A", "http://x/");
  EXPECT_EQ(see(at("http://x/", page("Z"))), nothing);
  EXPECT_EQ(see(page("P", "Z")), nothing);
  EXPECT_EQ(table.not_created(bob, start),
            (target_events{popup("Z", alice), popup("P", alice)}));
}

TEST_F(TargetTable, GivesAPopupAwayAsSoonAsItsOpenerIsKnown) {
  table.expect(alice, {});
  table.expect(bob, {});
  see(page("Z"));
  EXPECT_EQ(see(page("Y", "Z")), nothing);
  EXPECT_EQ(see(page("X", "Y")), nothing);
  EXPECT_EQ(table.created(alice, {"Z"}, start),
            (target_events{asked_for("Z", alice), popup("Y", alice),
                           popup("X", alice)}));
}

TEST_F(TargetTable, DecidesPagesThatCallEachOtherTheirOpener) {
  table.expect(alice, {});
  see(page("X", "Y"));
  see(page("Y", "X"));
  EXPECT_EQ(table.not_created(alice, start),
            (target_events{nobodys("Y"), nobodys("X")}));
}

TEST_F(TargetTable, D1_GivesAllPagesOfALeasesContextToIt) {
  table.own_context(own, alice);
  EXPECT_EQ(see(within(own, page("P"))), (target_events{popup("P", alice)}));
  make_tab(bob, "B");
  EXPECT_EQ(see(within(own, page("Q", "B"))),
            (target_events{popup("Q", alice)}));
}

TEST_F(TargetTable, T5_RefusesOnePopupTooMany) {
  make_tab(alice, "A");
  make_tab(bob, "B");
  see(page("P", "A"));
  see(page("Q", "A"));
  EXPECT_EQ(see(page("R", "A")), (target_events{popup_refused{{"R"}, alice}}));
  EXPECT_FALSE(table.owner({"R"}));
  EXPECT_TRUE(table.unowned_pages().empty());
  EXPECT_EQ(table.popups(), 2u);
  EXPECT_EQ(see(page("S", "B")), (target_events{popup("S", bob)}));
  table.gone({"P"});
  EXPECT_EQ(see(page("T", "A")), (target_events{popup("T", alice)}));
}

TEST_F(TargetTable, T5_RefusesWhatARefusedPopupOpens) {
  make_tab(alice, "A");
  see(page("P", "A"));
  see(page("Q", "A"));
  see(page("R", "A"));
  EXPECT_EQ(see(page("S", "R")), (target_events{popup_refused{{"S"}, alice}}));
  table.forget(alice);
  EXPECT_EQ(see(page("T", "S")), (target_events{popup_refused{{"T"}, alice}}));
}

// -- hints --------------------------------------------------------------------

TEST_F(TargetTable, D1_GivesAPageWithoutOpenerAwayByAHint) {
  make_tab(alice, "A");
  hint("A", "http://x/");
  EXPECT_EQ(see(at("http://x/", page("P")), 3s - 1ns),
            (target_events{popup("P", alice)}));
}

TEST_F(TargetTable, UsesAHintOnce) {
  make_tab(alice, "A");
  hint("A", "http://x/");
  see(at("http://x/", page("P")));
  EXPECT_EQ(see(at("http://x/", page("Q"))), (target_events{nobodys("Q")}));
}

TEST_F(TargetTable, IgnoresAHintThatDoesNotFit) {
  make_tab(alice, "A");
  hint("A", "http://x/");
  EXPECT_EQ(see(at("http://y/", page("P"))), (target_events{nobodys("P")}));
  EXPECT_EQ(see(within({"C9"}, at("http://x/", page("Q")))),
            (target_events{nobodys("Q")}));
  EXPECT_EQ(see(at("http://x/", page("R")), 3s), (target_events{nobodys("R")}));
}

TEST_F(TargetTable, UsesAHintForAPageThatWasSeenBeforeAndIsUndecided) {
  make_tab(alice, "A");
  table.expect(bob, {});
  EXPECT_EQ(see(at("http://x/", page("P"))), nothing);
  hint("A", "http://x/", 1s);
  // However long the create takes.
  EXPECT_EQ(table.not_created(bob, start + 1min),
            (target_events{popup("P", alice)}));
}

TEST_F(TargetTable, IgnoresAHintThatComesLongAfterThePage) {
  make_tab(alice, "A");
  table.expect(bob, {});
  see(at("http://x/", page("P")));
  hint("A", "http://x/", 3s);
  EXPECT_EQ(table.not_created(bob, start), (target_events{nobodys("P")}));
}

TEST_F(TargetTable, BelievesTheAnswerOfACreateMoreThanAHint) {
  make_tab(alice, "A");
  table.expect(bob, {});
  hint("A", "about:blank");
  EXPECT_EQ(see(page("B")), nothing);
  EXPECT_EQ(table.created(bob, {"B"}, start),
            (target_events{asked_for("B", bob)}));
}

TEST_F(TargetTable, KeepsNoMoreHintsThanItMay) {
  table = target_table{{.hints_max = 1}};
  make_tab(alice, "A");
  hint("A", "http://x/");
  hint("A", "http://y/");
  EXPECT_EQ(see(at("http://x/", page("P"))), (target_events{nobodys("P")}));
  EXPECT_EQ(see(at("http://y/", page("Q"))),
            (target_events{popup("Q", alice)}));
}

// -- frames, workers and the rest ---------------------------------------------

TEST_F(TargetTable, D1_KnowsFramesAndWorkersByTheirParents) {
  make_tab(alice, "A");
  EXPECT_EQ(see(other("iframe", "F", "A")), nothing);
  EXPECT_EQ(see(other("iframe", "G", "F")), nothing);
  EXPECT_EQ(see(other("worker", "W", "G")), nothing);
  EXPECT_EQ(table.owner({"W"}), alice);
  EXPECT_EQ(table.pages(alice), (std::vector<target_id>{{"A"}}));
  see(page("X"));
  see(other("iframe", "H", "X"));
  EXPECT_FALSE(table.owner({"H"}));
}

TEST_F(TargetTable, D1_KnowsAServiceWorkerByItsContextOnly) {
  table.own_context(own, alice);
  see(within(own, other("service_worker", "S")));
  see(other("service_worker", "T"));
  see(within(own, other("browser_ui", "U")));
  EXPECT_EQ(table.owner({"S"}), alice);
  EXPECT_FALSE(table.owner({"T"}));
  EXPECT_FALSE(table.owner({"U"}));
}

TEST_F(TargetTable, TellsNothingOfWhatIsNoPage) {
  for (auto type : {"tab", "browser", "other", "browser_ui", "webview"}) {
    EXPECT_EQ(see(other(type, "O")), nothing) << type;
    EXPECT_FALSE(table.owner({"O"})) << type;
    EXPECT_NE(table.find({"O"}), nullptr);
    EXPECT_EQ(table.gone({"O"}), nothing) << type;
  }
  EXPECT_TRUE(table.unowned_pages().empty());
}

TEST_F(TargetTable, FindsNoOwnerInARingOfParents) {
  see(other("iframe", "F", "G"));
  see(other("iframe", "G", "F"));
  EXPECT_FALSE(table.owner({"F"}));
}

// -- ends ---------------------------------------------------------------------

TEST_F(TargetTable, TellsOnceThatAPageIsGoneAndWhoseItWas) {
  make_tab(alice, "A");
  see(page("X"));
  EXPECT_EQ(table.gone({"A"}), (target_events{target_gone{{"A"}, alice}}));
  EXPECT_EQ(table.gone({"A"}), nothing);
  EXPECT_EQ(table.gone({"X"}), (target_events{target_gone{{"X"}, {}}}));
  EXPECT_EQ(table.find({"A"}), nullptr);
}

TEST_F(TargetTable, ForgetsATabThatIsGoneBeforeItWasSeen) {
  table.expect(alice, {});
  table.created(alice, {"A"}, start);
  EXPECT_EQ(table.gone({"A"}), nothing);
  EXPECT_TRUE(table.pages(alice).empty());
}

TEST_F(TargetTable, T4_HandsOverWhatIsLeftOfALease) {
  table.own_context(own, alice);
  table.expect(alice, own);
  table.created(alice, {"A"}, start);
  see(within(own, page("A")));
  see(within(own, page("P")));
  EXPECT_EQ(table.forget(alice), (std::vector<target_id>{{"A"}, {"P"}}));
  EXPECT_TRUE(table.pages(alice).empty());
  EXPECT_EQ(table.popups(), 0u);
  EXPECT_EQ(see(within(own, page("Q"))), (target_events{nobodys("Q")}));
  EXPECT_EQ(see(within(own, page("R", "A"))), (target_events{nobodys("R")}));
}

TEST_F(TargetTable, T4_GivesNothingToALeaseThatEndedDuringItsCreate) {
  table.expect(alice, {});
  see(page("X"));
  EXPECT_TRUE(table.forget(alice).empty());
  EXPECT_EQ(table.created(alice, {"X"}, start), (target_events{nobodys("X")}));
  EXPECT_TRUE(table.pages(alice).empty());
}

TEST_F(TargetTable, ForgetsEverythingWithItsBrowser) {
  make_tab(alice, "A");
  see(page("X"));
  see(other("iframe", "F", "A"));
  table.own_context(own, bob);
  table.expect(bob, {});
  EXPECT_EQ(table.clear(),
            (target_events{target_gone{{"A"}, alice}, target_gone{{"X"}, {}}}));
  EXPECT_EQ(see(within(own, page("B"))), (target_events{nobodys("B")}));
}

TEST_F(TargetTable, RemembersNoMoreTargetsThanItMayButEveryTabAskedFor) {
  for (auto id : {"1", "2", "3", "4", "5", "6", "7", "8"})
    see(other("worker", id));
  EXPECT_EQ(see(other("worker", "9")), nothing);
  EXPECT_EQ(see(page("X")), (target_events{nobodys("X")}));
  EXPECT_EQ(table.find({"X"}), nullptr);
  table.expect(alice, {});
  table.created(alice, {"A"}, start);
  EXPECT_EQ(see(page("A")), (target_events{asked_for("A", alice)}));
}
