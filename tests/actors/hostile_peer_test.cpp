// Promises D4 and B4: a peer that speaks CAF's wire well, and says what no
// client says, loses its connection; nobody else is affected.

#include "actors/errors.hpp"
#include "actors/guarded_door.hpp"
#include "actors/interfaces.hpp"

#include "tests/actors/caf_node.hpp"
#include "tests/actors/wire_peer.hpp"

#include <caf/io/all.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace {

using namespace berth;
using namespace berth::protocol;
using namespace berth::test;
using namespace std::chrono_literals;
using actors::gateway_actor;
using actors::hello;
using actors::welcome;

constexpr auto patience = 30s;
constexpr size_t megabyte = size_t{1} << 20;

/// Who says so gets an answer of that size, which is within what may wait at a
/// door for messages of a megabyte; two of them are not, even when the kernel
/// has taken what it takes.
constexpr auto wants_much = "much";
constexpr size_t much = 7 * megabyte;

/// Answers each hello with its name, and takes its sender for a client.
gateway_actor::behavior_type
answer_all(gateway_actor::pointer self,
           const std::shared_ptr<actors::peer_book>& book,
           const std::shared_ptr<std::atomic<size_t>>& large_answers) {
  return {
    [=](const hello& x) -> caf::result<welcome> {
      book->add_client(self->current_sender()->node(), 1);
      if (x.name == wants_much) {
        ++*large_answers;
        return actors::to_error(
          fail(errc::client_limit, std::string(much, 'x')));
      }
      return actors::to_error(fail(errc::client_limit, x.name));
    },
    [](const get_health&) {
      return owner_health{};
    },
    [](const step_down&) {
      return owner_health{};
    },
  };
}

class HostilePeer : public testing::Test {
protected:
  explicit HostilePeer(size_t message_max = 64 * megabyte) {
    door_limits how;
    how.port = 0;
    how.message_max = message_max;
    auto opened
      = actors::publish_guarded(*server.system, gateway, how, book, patience);
    EXPECT_TRUE(opened);
    port = *opened;
    auto remote = bystander.system->middleman().remote_actor<gateway_actor>(
      "127.0.0.1", port);
    EXPECT_TRUE(remote);
    door = *remote;
    bystanders_actor = door.id();
  }

  ~HostilePeer() override {
    caf::anon_send_exit(gateway, caf::exit_reason::user_shutdown);
  }

  /// The one who was there first is served.
  bool serves() {
    return answer_to("polite") == "polite";
  }

  std::string answer_to(const std::string& name) {
    caf::scoped_actor self{*bystander.system};
    std::string result;
    self->request(door, patience, hello{1, {0, 1}, name, {}})
      .receive([](welcome&) {},
               [&](caf::error& x) {
                 result = actors::to_failure(x).what;
               });
    return result;
  }

  /// How long the slowest of a hundred, but one, takes.
  double p99() {
    std::vector<double> all;
    for (int i = 0; i < 200; ++i) {
      auto begun = std::chrono::steady_clock::now();
      EXPECT_TRUE(serves());
      all.push_back(std::chrono::duration<double, std::milli>(
                      std::chrono::steady_clock::now() - begun)
                      .count());
    }
    std::ranges::sort(all);
    return all[all.size() * 99 / 100];
  }

  void closes(const char* what, const std::function<void(wire_peer&)>& attack,
              bool shakes = true) {
    SCOPED_TRACE(what);
    wire_peer peer{port, shakes};
    EXPECT_NE(peer.gateway, 0u);
    attack(peer);
    EXPECT_TRUE(peer.is_closed());
    EXPECT_TRUE(serves());
  }

  std::shared_ptr<actors::peer_book> book
    = std::make_shared<actors::peer_book>();
  caf_node server;
  caf_node bystander;
  std::shared_ptr<std::atomic<size_t>> large_answers
    = std::make_shared<std::atomic<size_t>>(0);
  gateway_actor gateway = server.system->spawn(answer_all, book, large_answers);
  gateway_actor door;
  uint64_t bystanders_actor = 0;
  uint16_t port = 0;
};

/// At a door that is for small messages.
class DeafPeer : public HostilePeer {
protected:
  DeafPeer() : HostilePeer(megabyte) {
    // nop
  }
};

std::string greeting(const std::string& name, const std::string& watcher) {
  return message("berth::actors::hello",
                 number(1, 4) + number(0, 8) + number(1, 8) + text(name)
                   + watcher + number(0, 1) + std::string(32, '\0'));
}

} // namespace

TEST_F(HostilePeer, IsClosedForWhatComesBeforeAHandshake) {
  closes(
    "no payload",
    [](auto& p) {
      p.send_raw(std::string{'\1'} + std::string(31, '\0'));
    },
    false);
  closes(
    "no node",
    [](auto& p) {
      p.send(frame_kind::client_handshake, no_node);
    },
    false);
  closes(
    "the daemon's node",
    [](auto& p) {
      p.send(frame_kind::client_handshake, p.daemon);
    },
    false);
  for (const char* uri : {"http://a/b", "http://[::1", "\xff\xfe"})
    closes(
      uri,
      [&](auto& p) {
        p.send(frame_kind::client_handshake, atom("uri") + text(uri));
      },
      false);
}

TEST_F(HostilePeer, IsClosedForFramesThatNoClientSends) {
  for (auto kind : {frame_kind::server_handshake, frame_kind::routed_message,
                    static_cast<frame_kind>(7)}) {
    closes("empty", [&](auto& p) {
      p.send(kind, "", 0, 0, 4);
    });
    closes("nodes", [&](auto& p) {
      p.send(kind,
             p.daemon + p.daemon + std::string(1, '\0')
               + message("@str", text("x")),
             p.gateway, p.gateway, asked | 3);
    });
  }
  closes("another handshake", [](auto& p) {
    p.send(frame_kind::client_handshake, node(77, std::string(20, 'x')), 0, 0,
           0, 2);
  });
  closes("stages", [](auto& p) {
    p.send(frame_kind::message,
           size_of(2) + actor(p.gateway, p.daemon) + actor(2, p.daemon)
             + message("@str", text("x")),
           9, p.gateway, asked | 1);
  });
}

TEST_F(HostilePeer, IsClosedForWatchingAndBuryingOthers) {
  closes("monitors of every actor", [](auto& p) {
    for (uint64_t id = 1; id < 100; ++id)
      p.send(frame_kind::monitor, p.name + p.daemon, 0, id);
  });
  closes("a monitor for nobody", [](auto& p) {
    p.send(frame_kind::monitor, no_node + p.daemon, 0, p.gateway);
  });
  closes("a monitor for the daemon", [](auto& p) {
    p.send(frame_kind::monitor, p.daemon + p.daemon, 0, p.gateway);
  });
  closes("a down of the daemon", [](auto& p) {
    p.send(frame_kind::down, p.daemon + p.daemon + error(5, "exit"), 4);
  });
  closes("a down of a third node", [&](auto& p) {
    p.send(frame_kind::down,
           node(9, std::string(20, 'z')) + p.daemon + error(5, "exit"), 4);
  });
}

TEST_F(HostilePeer, IsClosedForSpeakingToActorsInside) {
  auto info = number(0, 2) + text("@<>+@atom+@atom+@str") + atom("sys")
              + atom("get") + text("info");
  closes("who are you", [&](auto& p) {
    p.tell(p.gateway, info, asked | 1);
  });
  for (uint64_t id : {1, 2, 3, 4, 7, 20})
    closes("somebody inside", [&](auto& p) {
      p.tell(id, info, asked | 1);
    });
  for (auto name : {"ConfigServ", "StreamServ", "BASP", "MiddleMan"})
    closes(name, [&](auto& p) {
      p.tell(atom_of(name), info, asked | 1, 9, 1);
    });
  closes("somebody else's client", [&](auto& p) {
    p.tell(p.gateway + 1, message("berth::actors::goodbye", ""), asked | 1);
  });
  closes("what only clients' actors take", [](auto& p) {
    p.tell(p.gateway, message("berth::protocol::get_status", ""), asked | 1);
  });
}

TEST_F(HostilePeer, IsClosedForWordsOfCafItself) {
  closes("an exit", [](auto& p) {
    p.tell(p.gateway, message("@exit", nobody + error(4, "exit")));
  });
  closes("a kill", [](auto& p) {
    p.tell(p.gateway, message("@exit", nobody + error(5, "exit")));
  });
  closes("a down", [](auto& p) {
    p.tell(p.gateway, message("@down", nobody + error(4, "exit")));
  });
  for (auto word : {"link", "unlink"})
    closes(word, [&](auto& p) {
      p.tell(p.gateway, number(0, 2) + text("@<>+@atom+@strong_actor_ptr")
                          + atom(word) + actor(11, p.name));
    });
  for (auto type : {"@group", "@group_down", "@config_value", "@timeout",
                    "@open_stream_msg", "@upstream_msg", "@downstream_msg",
                    "@node", "@ldouble", "@u16str", "@strvec", "@actorvec",
                    "@message", "@error", "@unknown"})
    closes(type, [&](auto& p) {
      p.tell(p.gateway, message(type, std::string(60, '\0')), asked | 1);
    });
  for (auto types : {"@<>+", "@<>++", "@<", "", "@<>x", "@<>+@i8+", "@<>"})
    closes(types, [&](auto& p) {
      p.tell(p.gateway, number(0, 2) + text(types), asked | 1);
    });
}

TEST_F(HostilePeer, IsClosedForAnswersToNoQuestion) {
  for (uint64_t id : {1, 7, 60})
    closes("an answer", [&](auto& p) {
      p.tell(p.gateway, message("@str", text("x")), answers | asked | id);
    });
  for (uint64_t category : {0, 2, 3})
    closes("a stream's message", [&](auto& p) {
      p.tell(p.gateway, message("@str", text("x")), category << 60 | 5);
    });
}

TEST_F(HostilePeer, IsClosedForDepthAndBreadth) {
  closes("40,000 deep", [](auto& p) {
    auto one = number(0, 2) + text("@<>+@message");
    std::string all;
    for (int i = 0; i < 40000; ++i)
      all += one;
    p.tell(p.gateway, all + empty_message());
  });
  closes("200,000 types", [](auto& p) {
    std::string types = "@<>";
    for (int i = 0; i < 200000; ++i)
      types += "+@unit";
    p.tell(p.gateway, number(0, 2) + text(types), asked | 1);
  });
  closes("a hello with more behind it", [](auto& p) {
    p.tell(p.gateway, greeting("x", nobody) + "more", asked | 1);
  });
  closes("a hello with another's watcher", [](auto& p) {
    p.tell(p.gateway, greeting("x", actor(5, p.daemon)), asked | 1);
  });
  closes("a name that is cut off", [](auto& p) {
    p.tell(p.gateway,
           message("berth::actors::hello",
                   number(1, 4) + number(0, 16) + size_of(1u << 28)),
           asked | 1);
  });
}

TEST_F(HostilePeer, CannotTakeTheNodeOfSomebodyWhoIsThere) {
  wire_peer first{port};
  first.tell(first.gateway, greeting("x", nobody), asked | 1);
  // Its hello was judged after the handshake: the node is taken by now.
  ASSERT_TRUE(serves());
  wire_peer second{port, true, first.name};
  EXPECT_TRUE(second.is_closed());
  EXPECT_TRUE(serves());
}

TEST_F(HostilePeer, GetsNoRoomForWhatItOnlyAnnounces) {
  auto before = resident_bytes();
  std::vector<std::unique_ptr<wire_peer>> all;
  for (int i = 0; i < 40; ++i) {
    all.push_back(std::make_unique<wire_peer>(port));
    all.back()->send(frame_kind::message, "", 9, all.back()->gateway, asked | 1,
                     0, 63 << 20);
  }
  EXPECT_TRUE(serves());
  EXPECT_LT(resident_bytes(), before + 64 * megabyte);
}

TEST_F(DeafPeer, IsClosedForWhatItDoesNotRead) {
  wire_peer peer{port};
  for (uint64_t id : {1, 2})
    peer.tell(peer.gateway, greeting(wants_much, nobody), asked | id);
  auto until = std::chrono::steady_clock::now() + patience;
  while (*large_answers < 2 && std::chrono::steady_clock::now() < until)
    ASSERT_TRUE(serves());
  ASSERT_EQ(*large_answers, 2u);
  // Answered later than the peer: so both answers are written to it by now.
  ASSERT_TRUE(serves());
  EXPECT_TRUE(peer.is_closed());
}

TEST_F(DeafPeer, MayNotBeOneThatReads) {
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(answer_to(wants_much).size(), much);
}

TEST_F(HostilePeer, KeepsNobodyWaiting) {
  auto base = p99();
  std::atomic<bool> over = false;
  std::thread storm{[&] {
    std::string much(2 * megabyte, '\0');
    for (size_t i = 0; !over; ++i) {
      wire_peer peer{port};
      peer.tell(peer.gateway,
                i % 2 == 0 ? message("@strvec", size_of(much.size()) + much)
                           : message("@exit", nobody + error(4, "exit")));
      peer.is_closed();
    }
  }};
  auto under_attack = p99();
  over = true;
  storm.join();
  // Twice is promised; on two shared cores the storm's own work counts, too.
  EXPECT_LT(under_attack, std::max(8 * base, base + 20.0));
  std::printf("p99 %.2f ms alone, %.2f ms beside a storm\n", base,
              under_attack);
}

TEST_F(HostilePeer, LeavesNothingBehindWhenItLeaves) {
  auto running = [&] {
    return server.system->registry().running();
  };
  ASSERT_TRUE(serves());
  auto actors_before = running();
  for (int i = 0; i < 300; ++i) {
    wire_peer peer{port};
    peer.tell(peer.gateway, greeting("x", nobody), asked | 1);
    peer.send(frame_kind::down, peer.name + peer.daemon + error(5, "exit"), 9);
  }
  auto until = std::chrono::steady_clock::now() + patience;
  while (running() > actors_before && std::chrono::steady_clock::now() < until)
    ASSERT_TRUE(serves());
  EXPECT_LE(running(), actors_before);
}
