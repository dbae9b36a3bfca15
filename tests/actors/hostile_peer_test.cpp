// Promises D4 and B4: a peer that speaks CAF's wire well, and says what no
// client says, loses its connection; nobody else is affected.

#include "tests/actors/hostile_shapes.hpp"
#include "tests/actors/toy_door.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace berth;
using namespace berth::protocol;
using namespace berth::test;
using actors::hello;
using actors::welcome;

/// Who says so gets an answer of that size, which is within what may wait at a
/// door for messages of a megabyte; two of them are not, even when the kernel
/// has taken what it takes.
constexpr auto wants_much = "much";
constexpr size_t much = 7 * megabyte;

/// Answers each hello with its name, and takes its sender for a client.
greeter answer_all(const std::shared_ptr<actors::peer_book>& book,
                   std::atomic<size_t>& large_answers) {
  return [book, &large_answers](const hello& x, const caf::node_id& from,
                                uint64_t) -> caf::result<welcome> {
    book->add_client(from, 1);
    if (x.name != wants_much)
      return refusal(x.name);
    ++large_answers;
    return refusal(std::string(much, 'x'));
  };
}

class HostilePeer : public testing::Test {
protected:
  explicit HostilePeer(size_t message_max = 64 * megabyte) {
    door_limits how;
    how.message_max = message_max;
    EXPECT_TRUE(door.open(how));
    auto remote = reach(bystander, door.port);
    EXPECT_TRUE(remote);
    front = *remote;
  }

  /// The one who was there first is served.
  bool serves() {
    return answer_to("polite") == "polite";
  }

  std::string answer_to(const std::string& name) {
    return test::answer_to(bystander, front, name);
  }

  void closes(const shapes& all) {
    EXPECT_FALSE(all.empty());
    for (const auto& x : all) {
      SCOPED_TRACE(x.what);
      wire_peer peer{door.port, x.shakes};
      EXPECT_NE(peer.gateway, 0u);
      x.play(peer);
      EXPECT_TRUE(peer.is_closed());
      EXPECT_TRUE(serves());
    }
  }

  std::atomic<size_t> large_answers = 0;
  std::shared_ptr<actors::peer_book> book
    = std::make_shared<actors::peer_book>();
  toy_door door{answer_all(book, large_answers), book};
  caf_node bystander;
  actors::gateway_actor front;
};

/// At a door that is for small messages.
class DeafPeer : public HostilePeer {
protected:
  DeafPeer() : HostilePeer(megabyte) {
    // nop
  }
};

} // namespace

TEST_F(HostilePeer, IsClosedForWhatComesBeforeAHandshake) {
  closes(before_a_handshake());
}

TEST_F(HostilePeer, IsClosedForFramesThatNoClientSends) {
  closes(frames_that_no_client_sends());
}

TEST_F(HostilePeer, IsClosedForWatchingAndBuryingOthers) {
  closes(watching_and_burying_others());
}

TEST_F(HostilePeer, IsClosedForSpeakingToActorsInside) {
  closes(speaking_to_actors_inside());
}

TEST_F(HostilePeer, IsClosedForWordsOfCafItself) {
  closes(words_of_caf_itself());
}

TEST_F(HostilePeer, IsClosedForAnswersToNoQuestion) {
  closes(answers_to_no_question());
}

TEST_F(HostilePeer, IsClosedForDepthAndBreadth) {
  closes(depth_and_breadth());
}

TEST_F(HostilePeer, IsClosedAfterAFlood) {
  closes(floods());
}

TEST_F(HostilePeer, CannotTakeTheNodeOfSomebodyWhoIsThere) {
  wire_peer first{door.port};
  first.tell(first.gateway, greeting("x", nobody), asked | 1);
  // Its hello was judged after the handshake: the node is taken by now.
  ASSERT_TRUE(serves());
  wire_peer second{door.port, true, first.name};
  EXPECT_TRUE(second.is_closed());
  EXPECT_TRUE(serves());
}

TEST_F(HostilePeer, GetsNoRoomForWhatItOnlyAnnounces) {
  auto before = resident_bytes();
  std::vector<std::unique_ptr<wire_peer>> all;
  for (int i = 0; i < 40; ++i) {
    all.push_back(std::make_unique<wire_peer>(door.port));
    all.back()->send(frame_kind::message, "", 9, all.back()->gateway, asked | 1,
                     0, 63 << 20);
  }
  EXPECT_TRUE(serves());
  EXPECT_LT(resident_bytes(), before + 64 * megabyte);
}

TEST_F(DeafPeer, IsClosedForWhatItDoesNotRead) {
  wire_peer peer{door.port};
  for (uint64_t id : {1, 2})
    peer.tell(peer.gateway, greeting(wants_much, nobody), asked | id);
  auto until = std::chrono::steady_clock::now() + patience;
  while (large_answers < 2 && std::chrono::steady_clock::now() < until)
    ASSERT_TRUE(serves());
  ASSERT_EQ(large_answers, 2u);
  // Answered later than the peer: so both answers are written to it by now.
  ASSERT_TRUE(serves());
  EXPECT_TRUE(peer.is_closed());
}

TEST_F(DeafPeer, MayNotBeOneThatReads) {
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(answer_to(wants_much).size(), much);
}
