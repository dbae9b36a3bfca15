// A whole daemon in the world: every real actor, and a fake Chrome.

#pragma once

#include "actors/gateway.hpp"
#include "actors/harbour.hpp"
#include "protocol/config.hpp"

#include "tests/support/fake_chrome.hpp"
#include "tests/support/world.hpp"

#include <memory>
#include <vector>

namespace berth::scenarios {

using namespace protocol;

/// The ears of a client: keeps what it was told.
struct ears {
  std::shared_ptr<std::vector<event>> heard
    = std::make_shared<std::vector<event>>();
  actors::watcher_actor actor;
};

class port {
public:
  port(uint64_t seed, config how);
  ~port();

  /// A client connects. Its `welcome` comes in time.
  std::shared_ptr<tests::reply_to<actors::welcome>>
  connect(client_id id, const ears& with);

  ears make_ears();

  /// The client's process dies: no goodbye.
  void kill(const ears& whom);

  tests::world& world() {
    return world_;
  }

  /// The present Chrome; a dead one is replaced by the runtime.
  tests::fake_chrome& chrome() {
    return *chromes_.back();
  }

  size_t chromes() const {
    return chromes_.size();
  }

  /// Everything that was recorded, in order.
  const std::vector<event>& journal() const {
    return *observer_.heard;
  }

  /// What every Chrome from now on does.
  void set_faults(const tests::chrome_faults& x);

  std::function<void(const std::string&, const std::string&,
                     const nlohmann::json&)>
    on_command;

  const config& how() const {
    return how_;
  }

private:
  std::shared_ptr<cdp::chrome> make_chrome();
  void observe();

  config how_;
  tests::world world_;
  caf::actor courier_;
  tests::chrome_faults faults_;
  std::vector<std::shared_ptr<tests::fake_chrome>> chromes_;
  actors::harbour_actor harbour_;
  actors::gateway_actor gateway_;
  ears observer_;
  uint64_t epoch_ = 0;
};

} // namespace berth::scenarios
