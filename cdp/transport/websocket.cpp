#include "cdp/transport/websocket.hpp"

#include "cdp/transport/websocket_utf8.hpp"

#include <asio.hpp>
#include <chrono>
#include <utility>
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_no_tls_client.hpp>
#include <websocketpp/logger/stub.hpp>

namespace berth::cdp {

namespace {

/// No logging, no extensions (permessage-deflate costs more than loopback).
struct chrome_config : websocketpp::config::asio_client {
  using alog_type = websocketpp::log::stub;
  using elog_type = websocketpp::log::stub;

  struct transport_config : websocketpp::config::asio_client::transport_config {
    using alog_type = chrome_config::alog_type;
    using elog_type = chrome_config::elog_type;
  };

  using transport_type
    = websocketpp::transport::asio::endpoint<transport_config>;

  [[maybe_unused]] static const std::size_t connection_read_buffer
    = std::size_t{64} << 10;
};

constexpr std::size_t full_at = std::size_t{64} << 10;
constexpr std::chrono::milliseconds looked_at_every{2};

using endpoint = websocketpp::client<chrome_config>;
using websocketpp::connection_hdl;

class websocket : public chrome_link,
                  public std::enable_shared_from_this<websocket> {
public:
  websocket(std::shared_ptr<io_loop> loop, websocket_options how, events to)
    : loop_{std::move(loop)},
      how_{std::move(how)},
      to_{std::move(to)},
      room_{*static_cast<asio::io_context*>(loop_->context())} {
    // nop
  }

  void start() {
    loop_->post([me = shared_from_this()] {
      me->connect_now();
    });
  }

  void send(std::string text) override {
    loop_->run_soon([me = shared_from_this(), text = std::move(text)] {
      if (!me->connection_)
        return;
      // A failure to send is followed by the end of the connection.
      me->connection_->send(text, websocketpp::frame::opcode::text);
      if (me->is_full())
        me->await_room();
    });
  }

  bool is_full() const override {
    return connection_ && connection_->get_buffered_amount() >= full_at;
  }

  void close() override {
    loop_->post([me = shared_from_this()] {
      if (!me->connection_)
        return;
      websocketpp::lib::error_code failed;
      me->endpoint_.close(me->connection_->get_handle(),
                          websocketpp::close::status::normal, "", failed);
      if (failed)
        me->end("closed");
    });
  }

private:
  void connect_now() {
    websocketpp::lib::error_code failed;
    auto io = static_cast<asio::io_context*>(loop_->context());
    endpoint_.init_asio(io, failed);
    if (failed)
      return end(failed.message());
    endpoint_.set_open_handshake_timeout(how_.connect_within.count());
    endpoint_.set_close_handshake_timeout(1000);
    endpoint_.set_max_message_size(how_.message_max);
    endpoint_.set_tcp_post_init_handler([me = weak()](const connection_hdl& x) {
      if (auto self = me.lock())
        self->no_delay(x);
    });
    endpoint_.set_open_handler([me = weak()](const connection_hdl&) {
      if (auto self = me.lock())
        self->to_.opened();
    });
    endpoint_.set_message_handler(
      [me = weak()](const connection_hdl&, const endpoint::message_ptr& x) {
        if (auto self = me.lock())
          self->hear(std::move(x->get_raw_payload()));
      });
    auto ended = [me = weak()](const connection_hdl&) {
      if (auto self = me.lock())
        self->end(self->connection_ ? self->connection_->get_ec().message()
                                    : "closed");
    };
    endpoint_.set_close_handler(ended);
    endpoint_.set_fail_handler(ended);
    connection_ = endpoint_.get_connection(how_.url, failed);
    if (failed)
      return end(failed.message());
    // It lives as long as its connection does.
    alive_ = shared_from_this();
    endpoint_.connect(connection_);
  }

  void hear(std::string text) {
    auto size = text.size();
    to_.heard(std::move(text), size);
  }

  /// The library does not tell when it has begun to write all there is.
  void await_room() {
    room_.expires_after(looked_at_every);
    room_.async_wait([me = weak()](const asio::error_code& failed) {
      auto self = me.lock();
      if (failed || !self)
        return;
      if (self->is_full())
        self->await_room();
      else if (self->connection_ && self->to_.drained)
        self->to_.drained();
    });
  }

  void no_delay(const connection_hdl& x) {
    websocketpp::lib::error_code unseen;
    if (auto connection = endpoint_.get_con_from_hdl(x, unseen))
      connection->get_raw_socket().set_option(asio::ip::tcp::no_delay(true),
                                              unseen);
  }

  void end(const std::string& why) {
    connection_.reset();
    if (auto closed = std::exchange(to_.closed, nullptr))
      closed(why);
    // Not within a handler of the endpoint that this would destroy.
    loop_->post([me = std::move(alive_)] {});
  }

  std::weak_ptr<websocket> weak() {
    return weak_from_this();
  }

  std::shared_ptr<io_loop> loop_;
  websocket_options how_;
  events to_;
  endpoint endpoint_;
  endpoint::connection_ptr connection_;
  asio::steady_timer room_;
  std::shared_ptr<websocket> alive_;
};

} // namespace

std::shared_ptr<chrome_link>
connect_websocket(std::shared_ptr<io_loop> loop, websocket_options how,
                  chrome_link::events to) {
  auto result = std::make_shared<websocket>(std::move(loop), std::move(how),
                                            std::move(to));
  result->start();
  return result;
}

} // namespace berth::cdp
