// The other end of the pipes is this test.

#include "cdp/transport/pipe_link.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <future>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace berth::cdp;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

class pipe_link_test : public testing::Test {
public:
  pipe_link_test() {
    std::string form = testing::TempDir() + "berth-pipes-XXXXXX";
    dir = ::mkdtemp(form.data());
    names = {dir + "/in", dir + "/out"};
    EXPECT_EQ(make_pipes(names), "");
    // As Chrome has them: both ends of either.
    commands = ::open(names.to_chrome.c_str(), O_RDWR);
    answers = ::open(names.from_chrome.c_str(), O_RDWR);
  }

  ~pipe_link_test() override {
    if (it)
      it->close();
    if (opened) // Until then the link speaks to this object.
      gone.get_future().wait_for(patience);
    if (answers >= 0)
      ::close(answers);
    if (commands >= 0)
      ::close(commands);
    for (const auto& x : {names.to_chrome, names.from_chrome})
      ::unlink(x.c_str());
    ::rmdir(dir.c_str());
  }

  void open(pipe_options how = {}) {
    how.names = names;
    if (how.message_max == 0)
      how.message_max = 1 << 20;
    chrome_link::events to;
    to.heard = [this](std::string x, std::size_t bytes) {
      sizes.push_back(bytes);
      heard.push_back(std::move(x));
      if (heard.size() == awaited)
        all_heard.set_value();
    };
    to.drained = [this] {
      drained.set_value();
    };
    to.closed = [this](const std::string& why) {
      closed.set_value(why);
      gone.set_value();
    };
    auto is_open = std::make_shared<std::promise<void>>();
    to.opened = [is_open] {
      is_open->set_value();
    };
    opened = true;
    it = open_pipes(loop, std::move(how), std::move(to));
    ASSERT_EQ(is_open->get_future().wait_for(patience),
              std::future_status::ready);
  }

  void say(std::string_view bytes) {
    ASSERT_EQ(::write(answers, bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }

  /// So many bytes of what was sent.
  std::string read(std::size_t size) {
    std::string result(size, '\0');
    for (std::size_t got = 0; got < size;) {
      auto count = ::read(commands, result.data() + got, size - got);
      if (count <= 0)
        break;
      got += static_cast<std::size_t>(count);
    }
    return result;
  }

  std::string why_closed() {
    auto end = closed.get_future();
    return end.wait_for(patience) == std::future_status::ready ? end.get()
                                                               : "not closed";
  }

  std::shared_ptr<io_loop> loop = std::make_shared<io_loop>();
  std::string dir;
  pipe_names names;
  int commands = -1;
  int answers = -1;
  std::shared_ptr<chrome_link> it;
  std::vector<std::string> heard;
  std::vector<std::size_t> sizes; ///< As Chrome sent them.
  std::promise<void> drained;
  std::size_t awaited = 0;
  std::promise<void> all_heard;
  std::promise<std::string> closed;
  bool opened = false;
  std::promise<void> gone;
};

} // namespace

TEST_F(pipe_link_test, MakesPipesThatNobodyElseMayOpen) {
  for (const auto& name : {names.to_chrome, names.from_chrome}) {
    struct stat seen {};
    ASSERT_EQ(::lstat(name.c_str(), &seen), 0);
    EXPECT_TRUE(S_ISFIFO(seen.st_mode));
    EXPECT_EQ(seen.st_mode & 0777, 0600u);
  }
}

TEST_F(pipe_link_test, KnowsWhetherAnybodyReadsCommands) {
  EXPECT_TRUE(is_read(names));
  ::close(std::exchange(commands, -1));
  EXPECT_FALSE(is_read(names));
  ::unlink(names.to_chrome.c_str());
  EXPECT_FALSE(is_read(names));
  ::close(::open(names.to_chrome.c_str(), O_CREAT | O_WRONLY, 0600));
  EXPECT_FALSE(is_read(names));
}

TEST_F(pipe_link_test, EndsEveryTextWithANul) {
  open();
  it->send("one");
  it->send("");
  it->send("three");
  EXPECT_EQ(read(11), std::string("one\0\0three\0", 11));
}

TEST_F(pipe_link_test, HearsTextsHoweverTheyArrive) {
  awaited = 4;
  open();
  say(std::string_view{"one\0tw", 6});
  say(std::string_view{"o\0\0", 3});
  say(std::string_view{"four", 4});
  say(std::string_view{"\0", 1});
  ASSERT_EQ(all_heard.get_future().wait_for(patience),
            std::future_status::ready);
  EXPECT_EQ(heard, (std::vector<std::string>{"one", "two", "", "four"}));
}

TEST_F(pipe_link_test, SendsMoreThanAPipeHolds) {
  open();
  std::string big(3 << 20, 'x');
  it->send(big);
  it->send("after");
  EXPECT_EQ(read(big.size() + 7), big + std::string("\0after\0", 7));
}

TEST_F(pipe_link_test, ClosesWhenTheOtherSideIsGone) {
  open();
  ::close(std::exchange(answers, -1));
  EXPECT_EQ(why_closed(), "Chrome has closed it");
}

TEST_F(pipe_link_test, TellsWhenItIsFullAndWhenItHasRoom) {
  open();
  auto is_full = [this] {
    std::promise<bool> result;
    loop->post([&] {
      result.set_value(it->is_full());
    });
    return result.get_future().get();
  };
  EXPECT_FALSE(is_full());
  it->send(std::string(1 << 20, 'x'));
  EXPECT_TRUE(is_full());
  EXPECT_EQ(read((1 << 20) + 1).back(), '\0');
  EXPECT_EQ(drained.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_FALSE(is_full());
}

TEST_F(pipe_link_test, AnswersInPlaceOfWhatIsTooLarge) {
  pipe_options how;
  how.message_max = 1000;
  awaited = 3;
  open(how);
  std::string big(5000, 'x');
  say(R"({"id":7,"result":{"value":")" + big + R"("},"sessionId":"S"})"
      + std::string(1, '\0'));
  say(R"({"method":"A.b","params":{"x":")" + big + R"("}})"
      + std::string(1, '\0'));
  say(R"({"id":8,"result":{"value":"\"sessionId\":\"T\"})" + big + R"("}})"
      + std::string(1, '\0'));
  say(std::string_view{"after\0", 6});
  ASSERT_EQ(all_heard.get_future().wait_for(patience),
            std::future_status::ready);
  for (auto part : {R"("id":7)", "more than 1000 bytes", R"("sessionId":"S")"})
    EXPECT_NE(heard[0].find(part), std::string::npos) << heard[0];
  EXPECT_NE(heard[1].find(R"("id":8)"), std::string::npos) << heard[1];
  EXPECT_EQ(heard[1].find("sessionId"), std::string::npos) << heard[1];
  EXPECT_EQ(heard[2], "after");
  EXPECT_GT(sizes[0], big.size()); // It was as much work for Chrome.
  EXPECT_EQ(sizes[2], 5u);
}

TEST_F(pipe_link_test, LeavesAChromeThatIsAnothersAlone) {
  std::atomic<bool> ours = true;
  pipe_options how;
  how.ours = [&ours] {
    return ours.load();
  };
  open(how);
  ours = false;
  // Whoever went on without a pause would not ask again so soon; so it is
  // asked the first time here.
  say(std::string_view{"for another\0", 12});
  EXPECT_EQ(why_closed(), "Chrome is another daemon's now");
  EXPECT_TRUE(heard.empty());
  std::array<char, 12> left{};
  EXPECT_EQ(::read(answers, left.data(), left.size()), 12);
}

TEST_F(pipe_link_test, SaysWhyItCannotBeOpened) {
  names.from_chrome += ".not-there";
  chrome_link::events to;
  to.closed = [this](const std::string& why) {
    closed.set_value(why);
  };
  pipe_options how;
  how.names = names;
  it = open_pipes(loop, std::move(how), std::move(to));
  EXPECT_NE(why_closed().find("No such file"), std::string::npos);
  names.from_chrome = dir + "/out";
}
