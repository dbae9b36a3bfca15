#include "actors/remote/caller.hpp"

#include "actors/errors.hpp"
#include "actors/socket_owner.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman_actor_impl.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/scribe_impl.hpp>

#include <algorithm>
#include <string>
#include <unistd.h>
#include <utility>

namespace berth::client {

namespace {

namespace net = caf::io::network;

std::string foreign(uint16_t port, std::optional<uint32_t> uid) {
  auto who = uid ? "user " + std::to_string(*uid)
                 : std::string{"a process whose user cannot be known"};
  return "Port " + std::to_string(port) + " is held by " + who
         + ", who is not trusted: nothing was sent.";
}

class caller : public caf::io::middleman_actor_impl {
public:
  caller(caf::actor_config& config, caf::actor broker,
         std::vector<uint32_t> uids)
    : middleman_actor_impl(config, std::move(broker)), uids_(std::move(uids)) {
    // nop
  }

protected:
  caf::expected<caf::io::scribe_ptr>
  connect(const std::string& host, uint16_t port) override {
    auto backend = dynamic_cast<net::default_multiplexer*>(
      &system().middleman().backend());
    if (!backend)
      return caf::sec::feature_disabled;
    auto fd = net::new_tcp_connection(host, port);
    if (!fd)
      return std::move(fd.error());
    auto server = actors::server_of(*fd);
    if (server.on_this_machine && !is_trusted(server.uid)) {
      net::close_socket(*fd);
      return actors::to_error(
        protocol::fail(protocol::errc::unreachable, foreign(port, server.uid)));
    }
    return caf::io::scribe_ptr{
      caf::make_counted<net::scribe_impl>(*backend, *fd)};
  }

private:
  bool is_trusted(std::optional<uint32_t> uid) const {
    return uid
           && (*uid == 0 || *uid == ::geteuid()
               || std::ranges::find(uids_, *uid) != uids_.end());
  }

  std::vector<uint32_t> uids_;
};

} // namespace

caf::io::middleman_actor
spawn_caller(caf::actor_system& system, std::vector<uint32_t> uids) {
  auto broker
    = system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  // Detached as CAF's own: names are looked up, which may take a while.
  return caf::actor_cast<caf::io::middleman_actor>(
    system.spawn<caller, caf::detached + caf::hidden>(broker, std::move(uids)));
}

} // namespace berth::client
