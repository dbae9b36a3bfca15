#include "actors/wire.hpp"

#include "actors/interfaces.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <random>

namespace berth::actors {

namespace {

caf::node_id& node_of(caf::actor_system& x);

/// An explicit instantiation may name what is private.
template <caf::node_id caf::actor_system::*Member>
struct revealed {
  friend caf::node_id& node_of(caf::actor_system& x) {
    return x.*Member;
  }
};

template struct revealed<&caf::actor_system::node_>;

caf::node_id random_node() {
  std::random_device source;
  caf::node_id::default_data::host_id_type host{};
  for (auto& byte : host)
    byte = static_cast<uint8_t>(source());
  host[0] |= 1; // All zero would be nobody.
  return caf::make_node_id(source(), host);
}

/// CAF names a node by machine and process id, and two containers on one
/// machine may have the same. It does so when its network is loaded: this comes
/// after that.
class node_namer : public caf::actor_system::module {
public:
  explicit node_namer(caf::actor_system& system) : system_{system} {
    // nop
  }

  void start() override {
    // nop
  }

  void stop() override {
    // nop
  }

  void init(caf::actor_system_config&) override {
    node_of(system_) = random_node();
  }

  id_t id() const override {
    return network_manager;
  }

  void* subtype_ptr() override {
    return this;
  }

private:
  caf::actor_system& system_;
};

} // namespace

void speak_berth(caf::actor_system_config& config, pulse how) {
  config.load<caf::io::middleman>();
  config.module_factories.emplace_back(
    [](caf::actor_system& system) -> caf::actor_system::module* {
      return new node_namer{system};
    });
  config.add_message_types<caf::id_block::berth>();
  config.add_error_category(
    caf::detail::error_factory<protocol::errc>::category,
    [](uint8_t, caf::atom_value, const caf::message& context) {
      // Its own words: `to_failure` reads the rest.
      return caf::deep_to_string(context);
    });
  config.set("scheduler.policy", caf::atom("sharing"));
  // Whoever sends without a pause must not keep all others waiting.
  config.set("middleman.max-consecutive-reads", size_t{1});
  config.set("middleman.heartbeat-interval", caf::timespan{how.heartbeat});
  config.set("middleman.connection-timeout", caf::timespan{how.silence_max});
}

} // namespace berth::actors
