#pragma once

#include "protocol/restart_budget.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace berth::protocol {

/// When the Chrome of one browser is started again after it died, and when one
/// that works is given up for a fresh one.
///
/// Invariants: a browser that died more often than its budget allows is not
/// started for `quarantine`, and one that dies before it was ever ready after
/// that is in quarantine again at once; one that is in use is never recycled.
class browser_care {
public:
  struct limits {
    restart_budget::limits restart;
    duration quarantine = std::chrono::minutes{1};
    duration age_max{};       ///< Zero: never too old.
    size_t tabs_made_max = 0; ///< Zero: never too many.
  };

  /// What follows from a death.
  struct sentence {
    duration wait{}; ///< Until it is started again.
    bool quarantined = false;

    friend bool operator==(const sentence&, const sentence&) = default;
  };

  browser_care() = default;
  explicit browser_care(limits most);

  /// It is ready.
  void came_up(timestamp now);

  /// It ended by itself.
  sentence died(timestamp now);

  /// It was ended, to be started again at once.
  void renewed();

  void made_tab() {
    ++tabs_made_;
  }

  /// Why it is to be recycled, now that nobody uses it; empty: it is not.
  std::string worn_out(timestamp now) const;

  /// When it is too old.
  std::optional<timestamp> too_old_at() const;

  /// How often it ended by itself.
  size_t deaths() const {
    return deaths_;
  }

private:
  limits most_;
  restart_budget budget_;
  bool was_ready_ = false; ///< Ever.
  bool on_trial_ = false;  ///< After a quarantine, until it is ready.
  std::optional<timestamp> up_since_;
  size_t tabs_made_ = 0; ///< Since then.
  size_t deaths_ = 0;
};

} // namespace berth::protocol
