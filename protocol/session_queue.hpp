#pragma once

#include "protocol/session.hpp"

#include <compare>
#include <cstddef>
#include <optional>
#include <set>

namespace berth::protocol {

/// The runs of one session that wait for their start: interactive ones first,
/// each kind in the order in which it came due. A run that takes another's
/// place comes before all.
///
/// Invariants: a run waits at most once; none is taken before it is due; a
/// background run is taken only when no interactive one waits. A lane is over
/// its bound by at most the one run that came back to it.
class session_queue {
public:
  struct limits {
    size_t interactive_max = 10;
    size_t background_max = 10;
  };

  session_queue() = default;
  explicit session_queue(limits most);

  /// Whether one more of this kind would be too many.
  bool is_full(bool background) const;

  /// Never refuses: a run that gave way, or found no tab, keeps its place.
  void push(const run& x);

  void erase(const run& x);

  /// The one whose turn it is, if it is due.
  std::optional<run_id> front(timestamp now) const;

  /// How many are served before it.
  uint64_t ahead_of(const run& x) const;

  /// When `front` may have another answer.
  std::optional<timestamp> next_due() const;

  size_t size(bool background) const;
  size_t most(bool background) const;

private:
  struct place {
    timestamp due;
    run_id run;

    friend auto operator<=>(const place&, const place&) = default;
  };

  using lane = std::set<place>;

  static place place_of(const run& x);

  limits most_;
  lane interactive_;
  lane background_;
};

} // namespace berth::protocol
