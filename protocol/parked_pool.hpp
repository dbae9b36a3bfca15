#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace berth::protocol {

/// Which released tabs are kept for the next lease of their key.
///
/// Invariants: never more than the limits allow; a tab is given to one at most,
/// to a lease of its own key, and only once it was cleaned of what its last
/// holder left in it; one that was given or forgotten is never given again.
class parked_pool {
public:
  struct limits {
    size_t per_key = 3;
    size_t max = 8; ///< Of all keys together.
    duration within = std::chrono::minutes{30};
  };

  /// The answer to a tab that was released.
  struct place {
    bool found = false;
    target_id closes; ///< The parked one that it takes the place of, if any.
  };

  parked_pool() = default;
  explicit parked_pool(limits most);

  /// A tab of this key was released, and is to be cleaned if there is room. It
  /// takes no place of its own key's; of another key's only if that has more.
  place offer(const target_id& target, const work_key& key, timestamp now);

  /// From now on it can be had.
  void cleaned(const target_id& target, timestamp now);

  /// The one of this key that was cleaned last: it is the taker's alone.
  std::optional<target_id> take(const work_key& key, timestamp now);

  /// It is gone, or could not be cleaned. False: it was not parked.
  bool forget(const target_id& target);

  /// A tab that is wanted more needs the place of one: the oldest. Those that
  /// are being cleaned hold the places of their last holders still.
  std::optional<target_id> give_way();

  /// Those that nobody wanted in time. To clean one takes no such time.
  std::vector<target_id> expire(timestamp now);

  std::optional<timestamp> next_deadline() const;

  bool has(const target_id& target) const;

  /// Those that can be had.
  size_t clean() const;

  /// Those that are being cleaned, too.
  size_t size() const;
  size_t size(const work_key& key) const;

private:
  struct entry {
    work_key key;
    timestamp since;
    bool clean = false;
  };

  using entries = std::map<target_id, entry>;

  template <class Fits>
  entries::const_iterator oldest(Fits fits) const;

  limits most_;
  entries tabs_;
};

} // namespace berth::protocol
