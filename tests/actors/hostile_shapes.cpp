#include "tests/actors/hostile_shapes.hpp"

#include "protocol/request.hpp"

#include <utility>

namespace berth::test {

namespace {

/// What these functions fill.
struct list {
  void operator()(std::string what, std::function<void(wire_peer&)> play,
                  bool shakes = true) {
    all.push_back({std::move(what), std::move(play), shakes});
  }

  shapes all;
};

} // namespace

std::string
greeting(const std::string& name, const std::string& watcher, uint64_t secret) {
  return message("berth::actors::hello", number(protocol::wire_version, 4)
                                           + number(0, 8) + number(secret, 8)
                                           + text(name) + watcher + number(0, 1)
                                           + std::string(32, '\0'));
}

shapes before_a_handshake() {
  list add;
  add(
    "no payload",
    [](auto& p) {
      p.send_raw(std::string{'\1'} + std::string(31, '\0'));
    },
    false);
  add(
    "no node",
    [](auto& p) {
      p.send(frame_kind::client_handshake, no_node);
    },
    false);
  add(
    "the daemon's node",
    [](auto& p) {
      p.send(frame_kind::client_handshake, p.daemon);
    },
    false);
  for (const char* uri : {"http://a/b", "http://[::1", "\xff\xfe"})
    add(
      uri,
      [=](auto& p) {
        p.send(frame_kind::client_handshake, atom("uri") + text(uri));
      },
      false);
  return add.all;
}

shapes frames_that_no_client_sends() {
  list add;
  for (auto kind : {frame_kind::server_handshake, frame_kind::routed_message,
                    static_cast<frame_kind>(7)}) {
    add("empty", [=](auto& p) {
      p.send(kind, "", 0, 0, 4);
    });
    add("nodes", [=](auto& p) {
      p.send(kind,
             p.daemon + p.daemon + std::string(1, '\0')
               + message("@str", text("x")),
             p.gateway, p.gateway, asked | 3);
    });
  }
  add("another handshake", [](auto& p) {
    p.send(frame_kind::client_handshake, node(77, std::string(20, 'x')), 0, 0,
           0, 2);
  });
  add("stages", [](auto& p) {
    p.send(frame_kind::message,
           size_of(2) + actor(p.gateway, p.daemon) + actor(2, p.daemon)
             + message("@str", text("x")),
           9, p.gateway, asked | 1);
  });
  return add.all;
}

shapes watching_and_burying_others() {
  list add;
  add("monitors of every actor", [](auto& p) {
    for (uint64_t id = 1; id < 100; ++id)
      p.send(frame_kind::monitor, p.name + p.daemon, 0, id);
  });
  add("a monitor for nobody", [](auto& p) {
    p.send(frame_kind::monitor, no_node + p.daemon, 0, p.gateway);
  });
  add("a monitor for the daemon", [](auto& p) {
    p.send(frame_kind::monitor, p.daemon + p.daemon, 0, p.gateway);
  });
  add("a down of the daemon", [](auto& p) {
    p.send(frame_kind::down, p.daemon + p.daemon + error(5, "exit"), 4);
  });
  add("a down of a third node", [=](auto& p) {
    p.send(frame_kind::down,
           node(9, std::string(20, 'z')) + p.daemon + error(5, "exit"), 4);
  });
  return add.all;
}

shapes speaking_to_actors_inside() {
  list add;
  auto info = number(0, 2) + text("@<>+@atom+@atom+@str") + atom("sys")
              + atom("get") + text("info");
  add("who are you", [=](auto& p) {
    p.tell(p.gateway, info, asked | 1);
  });
  for (uint64_t id : {1, 2, 3, 4, 7, 20})
    add("somebody inside", [=](auto& p) {
      p.tell(id, info, asked | 1);
    });
  for (auto name : {"ConfigServ", "StreamServ", "BASP", "MiddleMan"})
    add(name, [=](auto& p) {
      p.tell(atom_of(name), info, asked | 1, 9, 1);
    });
  add("somebody else's client", [=](auto& p) {
    p.tell(p.gateway + 1, message("berth::actors::goodbye", ""), asked | 1);
  });
  add("what only clients' actors take", [](auto& p) {
    p.tell(p.gateway, message("berth::protocol::get_status", ""), asked | 1);
  });
  return add.all;
}

shapes words_of_caf_itself() {
  list add;
  add("an exit", [](auto& p) {
    p.tell(p.gateway, message("@exit", nobody + error(4, "exit")));
  });
  add("a kill", [](auto& p) {
    p.tell(p.gateway, message("@exit", nobody + error(5, "exit")));
  });
  add("a down", [](auto& p) {
    p.tell(p.gateway, message("@down", nobody + error(4, "exit")));
  });
  for (auto word : {"link", "unlink"})
    add(word, [=](auto& p) {
      p.tell(p.gateway, number(0, 2) + text("@<>+@atom+@strong_actor_ptr")
                          + atom(word) + actor(11, p.name));
    });
  for (auto type : {"@group", "@group_down", "@config_value", "@timeout",
                    "@open_stream_msg", "@upstream_msg", "@downstream_msg",
                    "@node", "@ldouble", "@u16str", "@strvec", "@actorvec",
                    "@message", "@error", "@unknown"})
    add(type, [=](auto& p) {
      p.tell(p.gateway, message(type, std::string(60, '\0')), asked | 1);
    });
  for (auto types : {"@<>+", "@<>++", "@<", "", "@<>x", "@<>+@i8+", "@<>"})
    add(types, [=](auto& p) {
      p.tell(p.gateway, number(0, 2) + text(types), asked | 1);
    });
  return add.all;
}

shapes answers_to_no_question() {
  list add;
  for (uint64_t id : {1, 7, 60})
    add("an answer", [=](auto& p) {
      p.tell(p.gateway, message("@str", text("x")), answers | asked | id);
    });
  for (uint64_t category : {0, 2, 3})
    add("a stream's message", [=](auto& p) {
      p.tell(p.gateway, message("@str", text("x")), category << 60 | 5);
    });
  return add.all;
}

shapes depth_and_breadth() {
  list add;
  add("40,000 deep", [](auto& p) {
    auto one = number(0, 2) + text("@<>+@message");
    std::string all;
    for (int i = 0; i < 40000; ++i)
      all += one;
    p.tell(p.gateway, all + empty_message());
  });
  add("200,000 types", [](auto& p) {
    std::string types = "@<>";
    for (int i = 0; i < 200000; ++i)
      types += "+@unit";
    p.tell(p.gateway, number(0, 2) + text(types), asked | 1);
  });
  add("two million strings", [](auto& p) {
    std::string all(2 << 20, '\0');
    p.tell(p.gateway, message("@strvec", size_of(all.size()) + all));
  });
  add("a hello with more behind it", [](auto& p) {
    p.tell(p.gateway, greeting("x", nobody) + "more", asked | 1);
  });
  add("a hello with another's watcher", [](auto& p) {
    p.tell(p.gateway, greeting("x", actor(5, p.daemon)), asked | 1);
  });
  add("a name that is cut off", [](auto& p) {
    p.tell(p.gateway,
           message("berth::actors::hello",
                   number(1, 4) + number(0, 16) + size_of(1u << 28)),
           asked | 1);
  });
  return add.all;
}

shapes floods() {
  list add;
  auto much = [](size_t count, const std::string& frame) {
    std::string result;
    while (count-- > 0)
      result += frame;
    return result;
  };
  add("heartbeats", [=](auto& p) {
    p.send_raw(much(10000, std::string{'\6'} + std::string(31, '\0')));
    p.send(frame_kind::heartbeat, "x");
  });
  add("hellos that are refused", [=](auto& p) {
    for (uint64_t id = 1; id <= 100; ++id)
      p.tell(p.gateway, greeting("x", nobody), asked | id);
    p.tell(p.gateway, "", asked | 1);
  });
  add("hellos of many clients", [=](auto& p) {
    for (uint64_t id = 1; id <= 1000; ++id)
      p.tell(p.gateway, greeting("x", actor(11, p.name), id), asked | id);
    p.tell(p.gateway, "", asked | 1);
  });
  return add.all;
}

const std::vector<std::pair<const char*, shapes>>& all_shapes() {
  static const std::vector<std::pair<const char*, shapes>> all{
    {"before a handshake", before_a_handshake()},
    {"frames that no client sends", frames_that_no_client_sends()},
    {"watching and burying", watching_and_burying_others()},
    {"actors inside", speaking_to_actors_inside()},
    {"words of CAF", words_of_caf_itself()},
    {"answers", answers_to_no_question()},
    {"depth and breadth", depth_and_breadth()},
    {"floods", floods()}};
  return all;
}

} // namespace berth::test
