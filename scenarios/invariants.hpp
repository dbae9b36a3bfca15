// What must hold in every run, each a named function over the journal.

#pragma once

#include "protocol/event.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace berth::scenarios {

using namespace protocol;

/// Reads the journal as it grows. The first complaint stays.
class invariants {
public:
  explicit invariants(size_t slots_max) : slots_max_{slots_max} {
    // nop
  }

  void read(const std::vector<event>& journal);

  const std::string& complaint() const {
    return complaint_;
  }

  /// Leases that were bound and have not ended.
  size_t bound() const {
    return holders_.size();
  }

  size_t slots() const {
    return slots_.size();
  }

  /// Who lost a lease by silence, so far.
  const std::vector<client_id>& expired() const {
    return expired_;
  }

private:
  void tokens_only_grow(const event& x);
  void a_row_comes_before_its_tab(const event& x);
  void a_tab_has_one_holder(const event& x);
  void slots_stay_within_the_cap(const event& x);
  void a_ticket_ends_once(const event& x);
  void complain(const event& x, const char* what);

  size_t slots_max_;
  size_t next_ = 0;
  fencing_token last_;
  std::set<lease_id> rows_;
  std::map<std::string, lease_id> holders_; ///< By target.
  std::set<slot_id> slots_;
  std::set<ticket_id> tickets_;
  std::vector<client_id> expired_;
  std::string complaint_;
};

} // namespace berth::scenarios
