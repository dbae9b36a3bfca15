#include "protocol/wire_gate.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace berth::protocol;
using enum wire_verdict;

std::string number(uint64_t x, size_t size) {
  std::string result;
  while (size-- > 0)
    result += static_cast<char>(x >> 8 * size);
  return result;
}

node_name node(char which) {
  auto text
    = number(atom_of("default"), 8) + number(7, 4) + std::string(20, which);
  node_name result{};
  std::copy(text.begin(), text.end(), result.begin());
  return result;
}

std::string text(const node_name& x) {
  return {x.begin(), x.end()};
}

const auto ours = node('o');
const auto theirs = node('t');

constexpr uint64_t request = uint64_t{1} << 60 | 5;
constexpr uint64_t answer = uint64_t{1} << 63 | request;

frame_header of(frame_kind kind, size_t payload, uint64_t source = 0,
                uint64_t dest = 0, uint64_t data = 0, uint8_t flags = 0) {
  return {kind, 0, flags, static_cast<uint32_t>(payload), data, source, dest};
}

frame_header
message(uint64_t dest, uint64_t data = request, uint64_t source = 3) {
  return of(frame_kind::message, 10, source, dest, data);
}

class WireGate : public testing::Test {
protected:
  void shake() {
    ASSERT_EQ(gate.announce(of(frame_kind::client_handshake, 32)), pass);
    ASSERT_EQ(gate.shake_hands(text(theirs), false), pass);
  }

  wire_gate::limits how{1000, 200, 2, 2, 2, 2};
  wire_gate gate{ours, how};
};

} // namespace

TEST(WireHeader, IsReadInNetworkOrder) {
  auto bytes = std::string{"\x02\0\x01\x02", 4} + number(3, 4) + number(4, 8)
               + number(5, 8) + number(6, 8);
  auto x = read_header(bytes);
  EXPECT_EQ(x.kind, frame_kind::message);
  EXPECT_EQ(x.padding, 1);
  EXPECT_EQ(x.flags, 2);
  EXPECT_EQ(x.payload, 3u);
  EXPECT_EQ(x.data, 4u);
  EXPECT_EQ(x.source, 5u);
  EXPECT_EQ(x.dest, 6u);
}

TEST(WireAtom, IsCafs) {
  EXPECT_EQ(atom_of(""), 0xFu);
  EXPECT_EQ(atom_of("a"), 0xFu << 6 | 38u);
}

TEST(MessageHead, HasTypesAndWhatTheyAreMadeOf) {
  std::string text{"\0\0\0\x03@<>rest", 11};
  auto x = read_message_head(text);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->types, "@<>");
  EXPECT_EQ(x->body, "rest");
}

TEST(MessageHead, IsNoneWithStagesOrCutOff) {
  EXPECT_FALSE(read_message_head(""));
  EXPECT_FALSE(read_message_head(std::string{"\0\0\0", 3}));
  EXPECT_FALSE(read_message_head(std::string{"\x01\0\0\x03@<>", 7}));
  EXPECT_FALSE(read_message_head(std::string{"\0\0\x05\x03@<>", 7}));
  EXPECT_FALSE(read_message_head(std::string{"\0\0\0\x09@<>", 7}));
  EXPECT_FALSE(read_message_head(std::string{"\0\0\0\xff\xff\xff\xff\xff", 8}));
}

TEST_F(WireGate, LetsNothingPassBeforeTheHandshake) {
  for (int kind = 0; kind < 256; ++kind)
    if (kind != int(frame_kind::client_handshake)) {
      EXPECT_TRUE(closes(
        gate.announce(of(static_cast<frame_kind>(kind), 32, 1, 1, request))));
    }
}

TEST_F(WireGate, WantsAHandshakeThatSaysWhoItIs) {
  EXPECT_EQ(gate.announce(of(frame_kind::client_handshake, 0)), no_handshake);
  EXPECT_EQ(gate.announce(of(frame_kind::client_handshake, 33)), too_large);
  EXPECT_EQ(gate.announce(of(frame_kind::client_handshake, 32, 1)), bad_header);
  EXPECT_EQ(gate.shake_hands(std::string(32, '\0'), false), no_handshake);
  EXPECT_EQ(gate.shake_hands(text(ours), false), taken_node);
  EXPECT_EQ(gate.shake_hands(text(theirs), true), taken_node);
  EXPECT_EQ(gate.peer(), std::nullopt);
}

TEST_F(WireGate, TakesTheHandshakeOnceAndItsRepetitionOnce) {
  shake();
  auto again = of(frame_kind::client_handshake, 32, 0, 0, 0, 2);
  EXPECT_EQ(gate.announce(of(frame_kind::client_handshake, 32)),
            second_handshake);
  ASSERT_EQ(gate.announce(again), pass);
  EXPECT_EQ(gate.shake_hands(text(theirs), true), ignore);
  EXPECT_EQ(gate.announce(again), second_handshake);
}

TEST_F(WireGate, TakesNoRepetitionInAnotherName) {
  shake();
  EXPECT_EQ(gate.shake_hands(text(node('x')), false), foreign_node);
}

TEST_F(WireGate, LetsNothingPassThatOnlyServersAndRelaysSend) {
  shake();
  for (auto kind : {frame_kind::server_handshake, frame_kind::routed_message,
                    static_cast<frame_kind>(7), static_cast<frame_kind>(255)})
    EXPECT_EQ(gate.announce(of(kind, 64, 1, 1, request)), bad_header);
}

TEST_F(WireGate, TakesHeartbeatsThatAreNothingElse) {
  shake();
  EXPECT_EQ(gate.announce(of(frame_kind::heartbeat, 0)), pass);
  EXPECT_EQ(gate.announce(of(frame_kind::heartbeat, 1)), bad_header);
  EXPECT_EQ(gate.announce(of(frame_kind::heartbeat, 0, 0, 1)), bad_header);
}

TEST_F(WireGate, RefusesRoomBeforeItIsMade) {
  shake();
  EXPECT_EQ(gate.announce(of(frame_kind::message, 1000, 1, 1, request)), pass);
  EXPECT_EQ(gate.announce(of(frame_kind::message, 1001, 1, 1, request)),
            too_large);
  EXPECT_EQ(gate.announce(of(frame_kind::down, 201, 1)), too_large);
}

TEST_F(WireGate, RefusesPaddingFlagsAndStreams) {
  shake();
  auto x = message(4);
  x.padding = 1;
  EXPECT_EQ(gate.announce(x), bad_header);
  EXPECT_EQ(gate.announce(of(frame_kind::message, 9, 1, 1, request, 2)),
            bad_header);
  for (uint64_t category : {0, 2, 3})
    EXPECT_EQ(gate.announce(message(4, category << 60 | 5)), bad_header);
  EXPECT_EQ(gate.announce(message(4, request | uint64_t{1} << 62)), bad_header);
}

TEST_F(WireGate, HasNoNamedActors) {
  shake();
  auto named = [](const char* name) {
    return of(frame_kind::message, 9, 3, atom_of(name), request, 1);
  };
  EXPECT_EQ(gate.announce(named("ConfigServ")), foreign_actor);
  // CAF asks this of every node; it gets no answer.
  ASSERT_EQ(gate.announce(named("SpawnServ")), pass);
  EXPECT_EQ(gate.message(named("SpawnServ"), receiver::other, false), ignore);
}

TEST_F(WireGate, LetsRequestsToTheDoorAndTheOwnClientPass) {
  shake();
  EXPECT_EQ(gate.message(message(4), receiver::front_door, true), pass);
  EXPECT_EQ(gate.message(message(4, request + 1), receiver::own_client, true),
            pass);
  EXPECT_EQ(gate.message(message(4), receiver::greeter, false), ignore);
  EXPECT_EQ(gate.message(message(4), receiver::other, true), foreign_actor);
  EXPECT_EQ(gate.message(message(4), receiver::front_door, false), bad_content);
}

TEST_F(WireGate, LetsAnAnswerPassOnceIfItWasAskedFor) {
  shake();
  EXPECT_EQ(gate.message(message(9, answer), receiver::other, true), not_asked);
  gate.sent(message(3, request, 9));
  EXPECT_EQ(gate.message(message(8, answer), receiver::other, true), not_asked);
  EXPECT_EQ(gate.message(message(9, answer), receiver::other, false),
            bad_content);
  EXPECT_EQ(gate.message(message(9, answer), receiver::other, true), pass);
  EXPECT_EQ(gate.message(message(9, answer), receiver::other, true), not_asked);
}

TEST_F(WireGate, LetsAPeerWatchOnlyWhomItKnows) {
  shake();
  auto between = text(theirs) + text(ours);
  auto x = of(frame_kind::monitor, 64, 0, 9);
  EXPECT_EQ(gate.announce(x), pass);
  EXPECT_EQ(gate.monitor(x, between, true), pass);
  EXPECT_EQ(gate.monitor(x, between, false), foreign_actor);
  gate.sent(message(3, answer, 9));
  EXPECT_EQ(gate.monitor(x, between, false), pass);
  EXPECT_EQ(gate.monitor(x, text(ours) + text(ours), true), foreign_node);
  EXPECT_EQ(gate.monitor(x, text(theirs) + text(node('x')), true),
            foreign_node);
}

TEST_F(WireGate, LetsAPeerTellOnlyOfItsOwnDead) {
  shake();
  auto x = of(frame_kind::down, 70, 9);
  EXPECT_EQ(gate.announce(x), pass);
  EXPECT_EQ(gate.down(x, text(theirs) + text(ours) + "reason", true), pass);
  EXPECT_EQ(gate.down(x, text(theirs) + text(ours) + "reason", false),
            bad_content);
  EXPECT_EQ(gate.down(x, text(ours) + text(ours), true), foreign_node);
  EXPECT_EQ(gate.down(x, text(theirs), true), foreign_node);
}

TEST_F(WireGate, CountsActorsOfThePeerUntilTheyAreDead) {
  shake();
  auto from = [&](uint64_t source) {
    return gate.message(message(4, uint64_t{1} << 60, source),
                        receiver::front_door, true);
  };
  EXPECT_EQ(from(1), pass);
  EXPECT_EQ(from(2), pass);
  gate.down(of(frame_kind::down, 70, 1), text(theirs) + text(ours), true);
  EXPECT_EQ(from(3), pass);
  EXPECT_EQ(from(1), too_many);
}

TEST_F(WireGate, CountsRequestsUntilTheyAreAnswered) {
  shake();
  auto ask = [&](uint64_t number) {
    return gate.message(message(4, request + number), receiver::own_client,
                        true);
  };
  EXPECT_EQ(ask(0), pass);
  EXPECT_EQ(ask(1), pass);
  gate.sent(message(3, answer, 4));
  EXPECT_EQ(ask(2), pass);
  EXPECT_EQ(ask(3), too_many);
}

/// Else many would count as one.
TEST_F(WireGate, TakesNoQuestionWithTheIdOfAnother) {
  shake();
  EXPECT_EQ(gate.message(message(4), receiver::front_door, true), pass);
  EXPECT_EQ(gate.message(message(4), receiver::front_door, true), bad_content);
}

TEST_F(WireGate, CountsNoRequestOfAnActorThatIsDead) {
  shake();
  for (uint64_t asker = 3; asker < 20; ++asker) {
    EXPECT_EQ(
      gate.message(message(4, request, asker), receiver::front_door, true),
      pass);
    EXPECT_EQ(gate.down(of(frame_kind::down, 80, asker),
                        text(theirs) + text(ours) + "why", true),
              pass);
  }
}

TEST_F(WireGate, CountsWhatTheFrontDoorHasNotAnswered) {
  how.requests_max = 100;
  gate = wire_gate{ours, how};
  shake();
  EXPECT_EQ(gate.message(message(4, request), receiver::front_door, true),
            pass);
  EXPECT_EQ(gate.message(message(4, request + 1), receiver::front_door, true),
            pass);
  gate.sent(message(3, answer, 0)); // Bounced, and so nobody's.
  EXPECT_EQ(gate.message(message(4, request + 2), receiver::front_door, true),
            pass);
  // What clients ask of their own actors is another matter.
  EXPECT_EQ(gate.message(message(5, request + 3), receiver::own_client, true),
            pass);
  EXPECT_EQ(gate.message(message(4, request + 4), receiver::front_door, true),
            too_many);
}

TEST_F(WireGate, TakesLittleAtATimeOfWhoHasAskedMuch) {
  how.requests_max = 100;
  gate = wire_gate{ours, how};
  shake();
  auto ask = [&](size_t count) {
    ASSERT_EQ(gate.message(message(4, request + count),
                           receiver::own_client, true),
              pass);
  };
  for (size_t count = 0; count < how.questions_many; ++count)
    ask(count);
  EXPECT_EQ(gate.portion(), how.portion);
  ask(how.questions_many);
  EXPECT_EQ(gate.portion(), how.portion_of_many);
  gate.sent(message(3, answer, 4)); // The first of them.
  EXPECT_EQ(gate.portion(), how.portion);
}

TEST_F(WireGate, CountsARequestAsAnsweredWhenItIsBounced) {
  shake();
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(gate.message(message(4), receiver::own_client, true), pass);
    gate.sent(message(3, answer, 0));
  }
  // What nobody asks is no question, and nobody may be watched.
  gate.sent(message(3, request, 0));
  EXPECT_EQ(gate.message(message(0, answer), receiver::other, true), not_asked);
  EXPECT_EQ(gate.monitor(of(frame_kind::monitor, 64, 0, 0),
                         text(theirs) + text(ours), false),
            foreign_actor);
}

TEST(WireVerdict, HasWordsForEach) {
  for (int i = 0; i <= int(too_many); ++i)
    EXPECT_STRNE(to_string(static_cast<wire_verdict>(i)), "?");
}
