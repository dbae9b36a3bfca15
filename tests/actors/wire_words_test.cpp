#include "actors/errors.hpp"
#include "actors/interfaces.hpp"
#include "actors/wire_words.hpp"

#include <caf/all.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/scoped_execution_unit.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace berth;
using namespace berth::protocol;
using actors::is_answer;
using actors::is_error;
using actors::is_request;

node_name a_node() {
  node_name result;
  result.fill('n');
  return result;
}

const auto peer = a_node();

class WireWords : public testing::Test {
protected:
  WireWords() {
    config.add_message_types<caf::id_block::berth>();
    config.set("scheduler.max-threads", size_t{1});
    system = std::make_unique<caf::actor_system>(config);
  }

  /// As CAF writes it, after no stages.
  template <class... Ts>
  std::string written(Ts... xs) {
    caf::scoped_execution_unit context{system.get()};
    std::vector<char> bytes;
    caf::binary_serializer sink{&context, bytes};
    auto what = caf::make_message(std::move(xs)...);
    EXPECT_FALSE(sink(what));
    return std::string(1, '\0') + std::string{bytes.begin(), bytes.end()};
  }

  bool is_for(receiver whom, const std::string& payload) {
    auto head = read_message_head(payload);
    return head && is_request(whom, *head, peer);
  }

  template <class Request>
  bool of_client(const Request& what) {
    return is_for(receiver::own_client, written(what));
  }

  bool is_from_watcher(const std::string& payload) {
    auto head = read_message_head(payload);
    return head && is_answer(*head, peer);
  }

  template <class Signatures>
  struct every;

  template <class... Signatures>
  struct every<caf::typed_actor<Signatures...>> {
    template <class Out, class T>
    static void check(WireWords& test, receiver whom,
                      caf::typed_mpi<caf::detail::type_list<T>, Out>*) {
      auto payload = test.written(T{});
      EXPECT_TRUE(test.is_for(whom, payload)) << caf::type_name<T>::value;
      for (size_t cut = 0; cut < payload.size(); ++cut)
        EXPECT_FALSE(test.is_for(whom, payload.substr(0, cut)));
      EXPECT_FALSE(test.is_for(whom, payload + '\0'));
    }

    static void check(WireWords& test, receiver whom) {
      (check(test, whom, static_cast<Signatures*>(nullptr)), ...);
    }
  };

  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
};

} // namespace

TEST_F(WireWords, LetsEveryRequestOfTheInterfaceIn) {
  every<actors::gateway_actor>::check(*this, receiver::front_door);
  every<actors::client_actor>::check(*this, receiver::own_client);
  every<actors::operator_actor>::check(*this, receiver::own_desk);
}

TEST_F(WireWords, ReadsRequestsThatAreFilled) {
  upload files;
  files.selector = std::string(300, 's');
  files.paths = {"/a", "/b", std::string(4095, 'c')};
  EXPECT_TRUE(is_for(receiver::own_client, written(files)));
  send_prompt prompt;
  prompt.what.text = std::string(1 << 20, 'x');
  prompt.what.files = {"one", "two"};
  EXPECT_TRUE(is_for(receiver::own_client, written(prompt)));
}

TEST_F(WireWords, KeepsToWhoTakesWhat) {
  EXPECT_FALSE(is_for(receiver::front_door, written(get_status{})));
  EXPECT_FALSE(is_for(receiver::own_client, written(step_down{})));
  EXPECT_FALSE(is_for(receiver::greeter, written(get_status{})));
  EXPECT_FALSE(is_for(receiver::other, written(get_status{})));
}

TEST_F(WireWords, KnowsNoWordsOfCaf) {
  for (auto whom : {receiver::front_door, receiver::own_client}) {
    EXPECT_FALSE(is_for(whom, written(std::string{"x"})));
    EXPECT_FALSE(is_for(whom, written(caf::message{})));
    EXPECT_FALSE(is_for(whom, written(caf::exit_msg{})));
    EXPECT_FALSE(is_for(whom, written(get_status{}, get_status{})));
  }
}

TEST_F(WireWords, RefusesMoreElementsThanAnybodyNeeds) {
  upload files;
  files.paths.resize(5000);
  EXPECT_FALSE(is_for(receiver::own_client, written(files)));
  files.paths.resize(4000);
  EXPECT_TRUE(is_for(receiver::own_client, written(files)));
}

TEST_F(WireWords, D4_RefusesValuesThatNoEnumerationHas) {
  acquire sound;
  sound.kind = last_of<holder_kind>();
  sound.profile = last_of<profile_kind>();
  EXPECT_TRUE(is_for(receiver::own_client, written(sound)));
  auto odd = sound;
  odd.kind = static_cast<holder_kind>(2);
  EXPECT_FALSE(is_for(receiver::own_client, written(odd)));
  odd = sound;
  odd.profile = static_cast<profile_kind>(255);
  EXPECT_FALSE(is_for(receiver::own_client, written(odd)));
  wait_for wait;
  wait.kind = static_cast<wait_kind>(99);
  EXPECT_FALSE(is_for(receiver::own_client, written(wait)));
  send_prompt prompt;
  prompt.until = static_cast<wait_until>(3);
  EXPECT_FALSE(is_for(receiver::own_client, written(prompt)));
}

TEST_F(WireWords, RefusesALongTextWhereAShortOneIsMeant) {
  const std::string most(64 << 10, 'x');
  const auto more = most + 'x';
  acquire wanted;
  wanted.browser.value = most;
  EXPECT_TRUE(of_client(wanted));
  wanted.browser.value = more;
  EXPECT_FALSE(of_client(wanted));
  actors::hello me;
  me.name = more;
  EXPECT_FALSE(is_for(receiver::front_door, written(me)));
  EXPECT_FALSE(of_client(open_session{{}, more}));
  EXPECT_FALSE(of_client(click{{}, more}));
  EXPECT_FALSE(of_client(set_download_directory{{}, more}));
  upload files;
  files.paths = {more};
  EXPECT_FALSE(of_client(files));
  send_prompt prompt;
  prompt.what.model = more;
  EXPECT_FALSE(of_client(prompt));
  prompt.what.files = {more};
  prompt.what.model.clear();
  EXPECT_FALSE(of_client(prompt));
}

TEST_F(WireWords, TakesAScriptOrAPromptOfAnyLength) {
  const std::string much(1 << 20, 'x');
  evaluate script;
  script.expression = much;
  EXPECT_TRUE(of_client(script));
  navigate page;
  page.url = much;
  EXPECT_TRUE(of_client(page));
  type_text typed;
  typed.text = much;
  EXPECT_TRUE(of_client(typed));
  typed.selector = much;
  EXPECT_FALSE(of_client(typed));
  wait_for condition;
  condition.what = much;
  EXPECT_TRUE(of_client(condition));
  call_cdp call;
  call.params = much;
  EXPECT_TRUE(of_client(call));
  call.method = much;
  EXPECT_FALSE(of_client(call));
}

TEST_F(WireWords, TakesAnEmptyAnswerOrAnError) {
  EXPECT_TRUE(is_from_watcher(written()));
  EXPECT_TRUE(is_from_watcher(written(caf::unit)));
  EXPECT_TRUE(
    is_from_watcher(written(caf::make_error(caf::sec::unexpected_message))));
  EXPECT_TRUE(
    is_from_watcher(written(actors::to_error(fail(errc::internal, "x")))));
  EXPECT_FALSE(is_from_watcher(written(caf::exit_msg{})));
  EXPECT_FALSE(is_from_watcher(written(caf::make_error(
    caf::sec::runtime_error, caf::make_error(caf::sec::runtime_error)))));
}

TEST_F(WireWords, KnowsAnErrorByItself) {
  auto bare = std::string{"\x05\0\0\0\0\0\0\0\x01\0\0\x03@<>", 15};
  EXPECT_TRUE(is_error(bare, peer));
  EXPECT_FALSE(is_error(bare + "x", peer));
  EXPECT_FALSE(is_error(bare.substr(0, 14), peer));
}
