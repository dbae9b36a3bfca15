#include "cdp/transport/http_get.hpp"

#include <gtest/gtest.h>

#include <asio.hpp>
#include <chrono>
#include <future>
#include <utility>

using namespace berth::cdp;
using namespace std::chrono_literals;

namespace {

using asio::ip::tcp;

/// A server, whose part the test plays.
class http_get_test : public testing::Test {
public:
  using found = std::pair<std::string, std::string>;

  std::future<found> ask(std::chrono::milliseconds within) {
    auto port = std::to_string(door.local_endpoint().port());
    auto result = std::make_shared<std::promise<found>>();
    find_endpoint(*loop, "http://127.0.0.1:" + port, within,
                  [result](std::string url, std::string why) {
                    result->set_value({std::move(url), std::move(why)});
                  });
    return result->get_future();
  }

  asio::io_context io;
  tcp::acceptor door{io, {asio::ip::address_v4::loopback(), 0}};
  std::shared_ptr<io_loop> loop = std::make_shared<io_loop>();
};

} // namespace

TEST_F(http_get_test, TakesTheAddressFromTheAnswer) {
  auto got = ask(1min);
  auto peer = door.accept();
  asio::write(peer, asio::buffer(std::string{
                      "HTTP/1.1 200 OK\r\n\r\n"
                      R"({"webSocketDebuggerUrl": "ws://here/x"})"}));
  EXPECT_EQ(got.get(), found("ws://here/x", ""));
}

TEST_F(http_get_test, WaitsForNoServerThatSaysNothing) {
  auto got = ask(50ms);
  auto peer = door.accept();
  EXPECT_EQ(got.get(), found("", "it does not answer"));
  // And keeps nothing of it.
  std::string request;
  asio::error_code ended;
  asio::read(peer, asio::dynamic_buffer(request), ended);
  EXPECT_EQ(ended, asio::error::eof);
}

TEST_F(http_get_test, TellsOfAServerThatHangsUp) {
  auto got = ask(1min);
  door.accept().close();
  EXPECT_EQ(got.get().first, "");
}
