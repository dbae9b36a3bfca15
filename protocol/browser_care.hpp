#pragma once

#include "protocol/restart_budget.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace berth::protocol {

/// When the Chrome of one browser is started again after it died, and when one
/// that works is given up for a fresh one.
///
/// Invariants: a browser that died more often than its budget allows is not
/// started for `quarantine`, and one that dies before it was ever ready after
/// that is in quarantine again at once; one that is in use is never recycled; a
/// profile is set aside only if Chrome ended twice at its start with it; one
/// that others start is waited for, without end, once it was there.
class browser_care {
public:
  struct limits {
    restart_budget::limits restart;
    duration quarantine = std::chrono::minutes{1};
    duration age_max{};       ///< Zero: never too old.
    size_t tabs_made_max = 0; ///< Zero: never too many.
    uint64_t memory_max = 0;  ///< Bytes. Zero: never too much.
    bool own_profile = false; ///< It may be given another one.
  };

  enum class profile_step : uint8_t {
    keep,
    set_aside, ///< The next start is with a new one.
    put_back,  ///< The new one was of no help.
  };

  /// What follows from a death.
  struct sentence {
    duration wait{}; ///< Until it is started again.
    bool quarantined = false;
    profile_step profile{};

    friend bool operator==(const sentence&, const sentence&) = default;
  };

  browser_care() = default;
  explicit browser_care(limits most);

  /// It is ready.
  void came_up(timestamp now);

  /// It ended by itself, perhaps as soon as it was started.
  sentence died(timestamp now, bool at_start = false);

  /// Nothing answers where an attached one is to be.
  sentence not_there(timestamp now);

  /// It was ended, to be started again at once.
  void renewed();

  void made_tab() {
    ++tabs_made_;
  }

  /// Why it is to be recycled, now that nobody uses it and it uses so many
  /// bytes; empty: it is not.
  std::string worn_out(timestamp now, uint64_t memory) const;

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
  size_t falls_ = 0; ///< At start, one after the other.
  duration pause_{}; ///< Between the last two looks for one that is not there.
};

} // namespace berth::protocol
