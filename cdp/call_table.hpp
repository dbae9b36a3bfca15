#pragma once

#include "protocol/types.hpp"

#include <cassert>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace berth::cdp {

/// Calls under way to Chrome on one connection, each with what its asker left
/// to be done with the answer. An id is answered at most once: a late answer,
/// or a second one, finds nobody.
template <class Asker>
class call_table {
public:
  /// Remembers who asked under `id`, which no call under way may have: those
  /// who share a connection also share the counter that ids come from.
  void open(uint64_t id, Asker asker, protocol::timestamp deadline) {
    [[maybe_unused]] auto fresh
      = calls_.emplace(id, pending{std::move(asker), deadline}).second;
    assert(fresh);
    due_.emplace(deadline, id);
  }

  /// Takes the asker of `id`. None, if nobody waits for it any more.
  std::optional<Asker> close(uint64_t id) {
    auto found = calls_.extract(id);
    if (!found)
      return std::nullopt;
    due_.erase({found.mapped().deadline, id});
    return std::move(found.mapped().asker);
  }

  /// Takes the askers whose deadline has come, the earliest first.
  std::vector<Asker> expire(protocol::timestamp now) {
    std::vector<Asker> result;
    while (!due_.empty() && due_.begin()->first <= now)
      result.push_back(*close(due_.begin()->second));
    return result;
  }

  /// Takes every asker: the connection, or the tab, is lost.
  std::vector<Asker> abandon() {
    return expire(protocol::timestamp::max());
  }

  /// When `expire` has something to do next.
  std::optional<protocol::timestamp> next_deadline() const {
    return due_.empty() ? std::nullopt : std::optional{due_.begin()->first};
  }

  /// How many calls are under way, to bound them.
  size_t size() const {
    return calls_.size();
  }

private:
  struct pending {
    Asker asker;
    protocol::timestamp deadline;
  };

  std::map<uint64_t, pending> calls_;
  std::set<std::pair<protocol::timestamp, uint64_t>> due_; ///< Of the same.
};

} // namespace berth::cdp
