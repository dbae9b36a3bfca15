// Who is on the other end of each connection of the door, as the kernel says,
// not as the peer does.

#pragma once

#include <caf/node_id.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace berth::actors {

struct peer {
  uint32_t uid = 0;
  uint64_t socket = 0; ///< The inode of its end.

  friend bool operator==(const peer&, const peer&) = default;
};

/// The peers that have shaken hands, by the node id that they gave; the door
/// lets no node in twice. Of the loop's thread. The door notes and forgets;
/// the gateway asks, and tells which client actors it made for whom.
class peer_book {
public:
  /// Client actors of one node that the door remembers; of more than that the
  /// oldest that have ended are forgotten.
  static constexpr size_t clients_max = 1024;

  /// False: there is a peer of that node already.
  bool note(const caf::node_id& node, peer who);

  void forget(const caf::node_id& node);

  std::optional<peer> find(const caf::node_id& node) const;

  /// From now on this peer may speak to this actor, even when it has ended:
  /// requests may be under way to it; and to the one that does what only
  /// operators may ask, if it has one.
  void add_client(const caf::node_id& node, uint64_t client, uint64_t desk = 0);

  /// It has ended.
  void end_client(const caf::node_id& node, uint64_t client);

  /// May it?
  bool is_client(const caf::node_id& node, uint64_t actor) const;

  /// The same of what only operators may ask.
  bool is_desk(const caf::node_id& node, uint64_t actor) const;

  /// How many clients of it live.
  size_t living(const caf::node_id& node) const;

  /// Has it a client that lives?
  bool is_welcome(const caf::node_id& node) const;

  /// Since when it has none any more. None: it has one, or never had.
  std::optional<std::chrono::steady_clock::time_point>
  idle_since(const caf::node_id& node) const;

  /// For the door: somebody's clients are others now.
  std::function<void()> on_change;

  size_t size() const {
    return pages_.size();
  }

private:
  struct page {
    peer who;
    std::set<uint64_t> clients;         ///< Actor ids, oldest first.
    std::map<uint64_t, uint64_t> desks; ///< Of which client each is.
    std::set<uint64_t> living;          ///< Those that have not ended.
    std::optional<std::chrono::steady_clock::time_point> idle;
  };

  std::map<caf::node_id, page> pages_;
};

} // namespace berth::actors
