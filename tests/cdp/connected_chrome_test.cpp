// Chrome is this test, at the other end of the pipes.

#include "cdp/transport/connected_chrome.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fcntl.h>
#include <future>
#include <poll.h>
#include <unistd.h>

using namespace berth::cdp;
using namespace std::chrono_literals;

namespace {

class piped_chrome : public connected_chrome {
public:
  piped_chrome(std::shared_ptr<io_loop> loop, pipe_names names)
    : connected_chrome{std::move(loop)}, names_{std::move(names)} {
    // nop
  }

  using connected_chrome::forget_later;
  using connected_chrome::later;

protected:
  void begin() override {
    connect(pipe_options{names_, 1 << 20, {}}, false);
  }

  void finish(milliseconds) override {
    end(chrome_end::stopped, "");
  }

  void lost(const std::string& why) override {
    end(chrome_end::connection_lost, why);
  }

  int64_t pid() const override {
    return 0;
  }

  bool ran_before() const override {
    return false;
  }

private:
  pipe_names names_;
};

class connected_chrome_test : public testing::Test {
public:
  connected_chrome_test() {
    std::string form = testing::TempDir() + "berth-pipes-XXXXXX";
    dir = ::mkdtemp(form.data());
    names = {dir + "/in", dir + "/out"};
    EXPECT_EQ(make_pipes(names), "");
    commands = ::open(names.to_chrome.c_str(), O_RDWR);
    answers = ::open(names.from_chrome.c_str(), O_RDWR);
    it = std::make_shared<piped_chrome>(loop, names);
    chrome_listener listener;
    listener.started = [this](const chrome_started&) {
      started.set_value();
    };
    listener.ended = [this](const chrome_ended&) {
      ended.set_value();
    };
    it->start(std::move(listener));
    say(R"({"id":)" + std::to_string(next().id)
        + R"(,"result":{"sessionId":"ROOT"}})");
    say(R"({"id":)" + std::to_string(next().id)
        + R"(,"result":{"product":"Chrome/1"},"sessionId":"ROOT"})");
    started.get_future().get();
    it->route("A", 1, [](const frame_ptr&) {});
    it->route("B", 2, [](const frame_ptr&) {});
  }

  ~connected_chrome_test() override {
    if (!is_let_go) {
      it->stop(1s);
      ended.get_future().get();
    }
    ::close(commands);
    ::close(answers);
    for (const auto& x : {names.to_chrome, names.from_chrome})
      ::unlink(x.c_str());
    ::rmdir(dir.c_str());
  }

  struct command {
    uint64_t id = 0;
    std::string session;
  };

  /// What Chrome reads next.
  command next() {
    std::string text;
    char one = 0;
    while (::read(commands, &one, 1) == 1 && one != '\0')
      text += one;
    envelope head;
    EXPECT_TRUE(read_envelope(text, head)) << text;
    return {head.id, std::string{head.session}};
  }

  /// All until that one.
  std::vector<uint64_t> until(uint64_t id) {
    std::vector<uint64_t> result;
    do
      result.push_back(next().id);
    while (result.back() != id);
    return result;
  }

  void say(const std::string& text) const {
    auto size = static_cast<ssize_t>(text.size() + 1);
    ASSERT_EQ(::write(answers, text.c_str(), text.size() + 1), size);
  }

  static std::string call(uint64_t id, const char* session = "A") {
    return write_command(id, "Runtime.evaluate", "{}", session);
  }

  /// More than may be without an answer, for the next minute.
  void ask_much(const char* session = "A") {
    for (uint64_t id = 1; id <= 100; ++id)
      it->send_in_turn(call(id, session));
    let_it_work();
  }

  /// All that the loop was given before is done.
  void let_it_work() const {
    std::promise<void> done;
    loop->post([&] {
      done.set_value();
    });
    done.get_future().get();
  }

  std::shared_ptr<io_loop> loop = std::make_shared<io_loop>();
  std::string dir;
  pipe_names names;
  int commands = -1;
  int answers = -1;
  std::shared_ptr<piped_chrome> it;
  std::promise<void> started;
  std::promise<void> ended;
  bool is_let_go = false;
};

} // namespace

TEST_F(connected_chrome_test, SendsBerthsOwnBeforeWhatWaits) {
  ask_much();
  it->send(call(1000));
  auto sent = until(1000);
  EXPECT_LT(sent.size(), 50u);
}

TEST_F(connected_chrome_test, SendsMoreWhenChromeAnswers) {
  ask_much();
  for (uint64_t id = 1; id <= 100; ++id) {
    EXPECT_EQ(next().id, id);
    say(R"({"id":)" + std::to_string(id) + R"(,"result":{},"sessionId":"A"})");
  }
}

TEST_F(connected_chrome_test, LetsLeasesTakeTurns) {
  ask_much("A");
  it->send_in_turn(call(500, "B"));
  auto sent = until(500);
  EXPECT_LT(sent.size(), 50u);
}

TEST_F(connected_chrome_test, TakesBackWhatIsNotSent) {
  ask_much();
  EXPECT_EQ(next().id, 1u);
  EXPECT_FALSE(it->take_back(1));
  EXPECT_TRUE(it->take_back(99));
  EXPECT_FALSE(it->take_back(99));
}

TEST_F(connected_chrome_test, SendsNothingForASessionThatIsOver) {
  ask_much();
  it->unroute("A");
  it->send(call(1000));
  EXPECT_LT(until(1000).size(), 50u);
  EXPECT_FALSE(it->take_back(100));
  it->send_in_turn(call(500, "B"));
  it->send(call(1001));
  EXPECT_LE(until(1001).size(), 2u);
}

/// The loop was held up, and both are due at once.
TEST_F(connected_chrome_test, DoesNotLaterWhatItForgot) {
  bool was_done = false;
  std::promise<void> done;
  loop->post([&] {
    auto& io = *static_cast<asio::io_context*>(loop->context());
    auto first = std::make_shared<asio::steady_timer>(io, 1ms);
    auto last = std::make_shared<asio::steady_timer>(io, 3ms);
    first->async_wait([this, first](auto) {
      it->forget_later();
    });
    it->later(2ms, [&] {
      was_done = true;
    });
    last->async_wait([&, last](auto) {
      done.set_value();
    });
    auto held_up = steady_clock::now() + 10ms;
    while (steady_clock::now() < held_up)
      ;
  });
  done.get_future().get();
  EXPECT_FALSE(was_done);
}

TEST_F(connected_chrome_test, SendsNothingOnceItIsLetGo) {
  ask_much();
  EXPECT_EQ(next().id, 1u);
  it->let_go();
  is_let_go = true;
  it->send(call(1000));
  it->send_in_turn(call(1001, "B"));
  let_it_work();
  pollfd more{commands, POLLIN, 0};
  while (::poll(&more, 1, 0) == 1)
    EXPECT_LT(next().id, 50u);
}
