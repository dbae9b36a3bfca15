// A daemon in this process, with a Chrome that takes no time: for measuring
// and testing the way there.

#pragma once

#include "actors/front_door.hpp"
#include "actors/interfaces.hpp"
#include "cdp/transport/io_loop.hpp"
#include "protocol/config.hpp"

#include "journal/store.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <memory>

namespace berth::apps {

/// Its actors and its door are those of `berth serve`, on a loop of their own.
class chromeless {
public:
  /// At any free port. With a journal every grant is durable before it is
  /// answered.
  explicit chromeless(protocol::config how,
                      std::shared_ptr<journal::store> journal = {});
  ~chromeless();
  chromeless(const chromeless&) = delete;
  chromeless& operator=(const chromeless&) = delete;

  /// 0: the door could not be opened.
  uint16_t port() const {
    return port_;
  }

  /// How many actors it has.
  size_t actors() const;

  /// How many peers have shaken hands at the door and are connected still.
  size_t peers() const;

private:
  void open_door();
  actors::recorder_actor make_recorder();

  protocol::config how_;
  std::shared_ptr<cdp::io_loop> loop_;
  std::shared_ptr<journal::store> journal_;
  uint64_t epoch_ = 0;
  std::shared_ptr<actors::peer_book> peers_; ///< What is in it: the loop's.
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  actors::harbour_actor harbour_;
  actors::steward_actor steward_;
  actors::front_door_actor door_;
  uint16_t port_ = 0;
};

} // namespace berth::apps
