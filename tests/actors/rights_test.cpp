// Who may ask what: the door's principal, the client's actor, the operator's.

#include "actors/client_gate.hpp"
#include "actors/gateway.hpp"
#include "actors/operator.hpp"

#include "tests/support/daemon.hpp"

#include <caf/forwarding_actor_proxy.hpp>
#include <gtest/gtest.h>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;
using actors::hello;
using actors::welcome;

actors::watcher_actor::behavior_type deaf(actors::watcher_actor::pointer) {
  return {[](const events&) {}};
}

struct Rights : testing::Test {
  Rights() {
    it.advance(1s);
    me.join();
    it.advance(1s);
    door = caf::actor_cast<actors::gateway_actor>(it.find("gateway").front());
  }

  welcome greet(const hello& x) {
    auto got = it.ask<welcome>(door, x);
    it.advance(1s);
    return got->value.value();
  }

  hello greeting(uint64_t number, actors::operator_proof proof = {}) {
    return {wire_version,   {1, number},   "agent",
            it.spawn(deaf), interest::own, proof};
  }

  template <class T, class Handle, class Request>
  asked<T> ask(const Handle& whom, Request x) {
    auto result = it.ask<T>(whom, std::move(x));
    it.advance(2s);
    return result;
  }

  template <class T, class Request>
  asked<T> ask(guest& whom, Request x) {
    auto result = whom.ask<T>(std::move(x));
    it.advance(2s);
    return result;
  }

  static actors::operator_proof
  proof_of(const actors::secret_key& key, uint64_t number) {
    return actors::prove(key, actors::client_secret{1, number});
  }

  world it;
  daemon berth{it, config{}};
  guest me = berth.make_guest(1, "me");
  actors::gateway_actor door;
};

} // namespace

TEST_F(Rights, S1_AnAgentGetsNoHandleOfAnOperator) {
  EXPECT_TRUE(me.greeting()->value->operator_);
  EXPECT_FALSE(greet(greeting(2)).operator_);
}

TEST_F(Rights, S1_AProofOfAnotherClientOrKeyIsNone) {
  auto& key = world_keys().operator_;
  EXPECT_TRUE(greet(greeting(2, proof_of(key, 2))).operator_);
  EXPECT_FALSE(greet(greeting(3, proof_of(key, 2))).operator_);
  EXPECT_FALSE(greet(greeting(4, proof_of(actors::secret_key{}, 4))).operator_);
  EXPECT_FALSE(greet(greeting(5, proof_of(world_keys().lease, 5))).operator_);
  actors::operator_proof nearly = proof_of(key, 6);
  nearly.bytes.back() ^= 1;
  EXPECT_FALSE(greet(greeting(6, nearly)).operator_);
}

/// To ask for everything at the door is no right to hear it.
TEST_F(Rights, S1_AnAgentHearsItsOwnWhateverItWants) {
  struct ear {
    events heard;
  };
  auto heard = std::make_shared<ear>();
  auto x = greeting(2);
  x.wants = interest::all;
  x.watcher = it.spawn([=](actors::watcher_actor::pointer)
                         -> actors::watcher_actor::behavior_type {
    return {[=](const events& what) {
      heard->heard.insert(heard->heard.end(), what.begin(), what.end());
    }};
  });
  auto agent = greet(x);
  auto got = ask<grant>(me, acquire{});
  ask<grant>(agent.client, acquire{});
  auto mine = actors::id_of(x.secret);
  EXPECT_FALSE(heard->heard.empty());
  for (auto& what : heard->heard)
    EXPECT_EQ(what.client, mine) << to_string(what.kind);
}

TEST_F(Rights, S2_EveryRequestAboutALeaseMustShowItsCredential) {
  auto held = ask<grant>(me, acquire{})->value.value().lease;
  EXPECT_EQ(held, proven(held.ref));
  lease_credential guess{held.ref, {}};
  lease_credential nobody{{{99}, {1, 99}}, held.proof};
  auto other = greet(greeting(2)).client;
  for (auto& shown : {guess, nobody}) {
    for (auto& why :
         {ask<answer>(other, evaluate{{shown, {}, {}}, "1"})->why,
          ask<duration>(other, renew_lease{shown, {}})->why,
          ask<nothing>(other, release_lease{shown})->why,
          // One that names a popup goes another way.
          ask<answer>(other, evaluate{{shown, {"P"}, {}}, "1"})->why,
          // Its own holder is asked for it as well.
          ask<answer>(me, evaluate{{shown, {}, {}}, "1"})->why}) {
      ASSERT_TRUE(why);
      EXPECT_EQ(why->code, errc::wrong_credential);
    }
  }
  // The answer does not say whether there is such a lease.
  auto there = ask<nothing>(other, release_lease{guess})->why->what;
  auto nowhere = ask<nothing>(other, release_lease{nobody})->why->what;
  auto words = [](const std::string& x) {
    return x.substr(0, x.find_first_of("0123456789"));
  };
  EXPECT_EQ(words(there), words(nowhere));
  EXPECT_TRUE(ask<answer>(me, evaluate{{held, {}, {}}, "1"})->value);
}

/// Not even where the handle went astray.
TEST_F(Rights, S1_ARightIsCheckedWhereItIsUsed) {
  auto crew = berth.crew();
  auto desk
    = it.spawn(actors::operate,
               actors::operator_start{principal{client_id{5}},
                                      me.greeting()->value->client.address(),
                                      it.spawn(deaf), crew});
  it.advance(1s);
  EXPECT_EQ(ask<nothing>(desk, revoke_lease{{1}})->why->code,
            errc::client_rights);
  EXPECT_EQ(ask<browser_view>(desk, change_browser{{"main"}, {}})->why->code,
            errc::client_rights);
  add_browser more;
  more.name = {"x"};
  EXPECT_EQ(ask<browser_view>(desk, more)->why->code, errc::client_rights);
  EXPECT_EQ(ask<nothing>(desk, actors::watch_all{})->why->code,
            errc::client_rights);
  EXPECT_EQ(ask<events>(desk, actors::get_recent{})->why->code,
            errc::client_rights);
}

TEST_F(Rights, S1_TheDeskOfAnOperatorEndsWithIt) {
  auto count = it.find("operator").size();
  greet(greeting(2, proof_of(world_keys().operator_, 2)));
  EXPECT_EQ(it.find("operator").size(), count + 1);
  me.die();
  it.advance(1s);
  EXPECT_EQ(it.find("operator").size(), count);
}

/// A client's actor whose agent is in another process hears nobody of this
/// one's neighbours: here, of a third process.
TEST_F(Rights, S1_AClientsActorHearsItsOwnAgentAlone) {
  auto mine = me.greeting()->value->client;
  auto stranger = caf::make_node_id(4711, std::string(40, 'a'));
  ASSERT_TRUE(stranger);
  caf::actor_config config;
  caf::actor_id number = 77;
  auto proxy
    = caf::make_actor<caf::forwarding_actor_proxy, caf::strong_actor_ptr>(
      number, *stranger, &mine->home_system(), config,
      caf::actor{it.spawn([](caf::event_based_actor*) {
        return caf::behavior{[](int) {}};
      })});
  caf::send_as(caf::actor_cast<caf::actor>(proxy), mine, actors::goodbye{});
  it.advance(1s);
  EXPECT_FALSE(me.is_cut());
  caf::anon_send(mine, actors::goodbye{}); // Nor one who does not say who.
  it.advance(1s);
  EXPECT_FALSE(me.is_cut());
  EXPECT_TRUE(ask<status>(mine, get_status{})->value);
}

} // namespace berth::tests
