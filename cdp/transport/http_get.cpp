#include "cdp/transport/http_get.hpp"

#include <array>
#include <asio.hpp>
#include <memory>
#include <utility>

namespace berth::cdp {

namespace {

using asio::ip::tcp;

constexpr std::size_t answer_max = std::size_t{64} << 10;

/// `http://host:port/...` taken apart; a missing port is 80.
struct address {
  std::string host;
  std::string written; ///< As it is in a URL.
  std::string port = "80";

  explicit address(const std::string& url) {
    auto start = url.find("://");
    auto rest = start == std::string::npos ? url : url.substr(start + 3);
    rest = rest.substr(0, rest.find('/'));
    // An IPv6 address has colons of its own, and is between brackets.
    auto bracket = rest.find(']');
    bool is_v6 = rest.rfind('[', 0) == 0 && bracket != std::string::npos;
    auto colon = rest.find(':', is_v6 ? bracket : 0);
    host = is_v6 ? rest.substr(1, bracket - 1) : rest.substr(0, colon);
    written = rest.substr(0, colon);
    if (colon != std::string::npos)
      port = rest.substr(colon + 1);
  }
};

class question : public std::enable_shared_from_this<question> {
public:
  question(asio::io_context& io, const std::string& url,
           std::function<void(std::string, std::string)> then)
    : whom_{url},
      resolver_{io},
      socket_{io},
      timer_{io},
      then_{std::move(then)} {
    // nop
  }

  void ask(std::chrono::milliseconds within) {
    timer_.expires_after(within);
    timer_.async_wait([me = shared_from_this()](auto failed) {
      if (!failed)
        me->answer({}, "it does not answer");
    });
    resolver_.async_resolve(whom_.host, whom_.port,
                            [me = shared_from_this()](auto failed, auto found) {
                              if (failed)
                                return me->answer({}, failed.message());
                              me->connect(found);
                            });
  }

private:
  void connect(const tcp::resolver::results_type& found) {
    asio::async_connect(socket_, found,
                        [me = shared_from_this()](auto failed, auto) {
                          if (failed)
                            return me->answer({}, failed.message());
                          me->write();
                        });
  }

  void write() {
    request_ = "GET /json/version HTTP/1.1\r\nHost: " + whom_.written + ":"
               + whom_.port + "\r\nConnection: close\r\n\r\n";
    asio::async_write(socket_, asio::buffer(request_),
                      [me = shared_from_this()](auto failed, auto) {
                        if (failed)
                          return me->answer({}, failed.message());
                        me->read();
                      });
  }

  /// Chrome keeps the connection open: what is asked for is the end.
  void read() {
    socket_.async_read_some(
      asio::buffer(chunk_), [me = shared_from_this()](auto failed, auto size) {
        me->answer_.append(me->chunk_.data(), size);
        if (!me->look() && (failed || me->answer_.size() > answer_max))
          me->answer({}, "it does not answer like a Chrome");
        else if (me->then_)
          me->read();
      });
  }

  bool look() {
    constexpr auto key = "\"webSocketDebuggerUrl\"";
    auto from = answer_.find(key);
    from = from == std::string::npos ? from : answer_.find("ws://", from);
    auto to = answer_.find('"', from);
    if (from == std::string::npos || to == std::string::npos)
      return false;
    answer(answer_.substr(from, to - from), {});
    return true;
  }

  void answer(std::string url, std::string why) {
    auto then = std::exchange(then_, nullptr);
    if (!then)
      return;
    // What is under way holds us until it ends.
    asio::error_code unseen;
    timer_.cancel();
    resolver_.cancel();
    socket_.close(unseen);
    then(std::move(url), std::move(why));
  }

  address whom_;
  tcp::resolver resolver_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::function<void(std::string, std::string)> then_;
  std::string request_;
  std::array<char, 4096> chunk_{};
  std::string answer_;
};

} // namespace

void find_endpoint(io_loop& loop, const std::string& url,
                   std::chrono::milliseconds within,
                   std::function<void(std::string url, std::string why)> then) {
  auto& io = *static_cast<asio::io_context*>(loop.context());
  std::make_shared<question>(io, url, std::move(then))->ask(within);
}

} // namespace berth::cdp
