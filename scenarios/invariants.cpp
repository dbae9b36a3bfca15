#include "scenarios/invariants.hpp"

namespace berth::scenarios {

void invariants::read(const std::vector<event>& journal) {
  for (; next_ < journal.size(); ++next_) {
    const auto& x = journal[next_];
    tokens_only_grow(x);
    a_row_comes_before_its_tab(x);
    a_tab_has_one_holder(x);
    slots_stay_within_the_cap(x);
    a_ticket_ends_once(x);
    if (x.kind == event_kind::lease_ended && x.detail == "expired")
      expired_.push_back(x.client);
  }
}

void invariants::tokens_only_grow(const event& x) {
  if (x.kind != event_kind::lease_granted)
    return;
  if (!(last_ < x.token))
    complain(x, "a token did not grow");
  last_ = x.token;
}

void invariants::a_row_comes_before_its_tab(const event& x) {
  if (x.kind == event_kind::lease_granted)
    rows_.insert(x.lease);
  else if (x.kind == event_kind::lease_bound && !rows_.contains(x.lease))
    complain(x, "a lease has a tab and no row");
  else if (x.kind == event_kind::lease_ended && rows_.erase(x.lease) == 0)
    complain(x, "a lease ended twice");
}

void invariants::a_tab_has_one_holder(const event& x) {
  if (x.kind == event_kind::lease_bound) {
    std::erase_if(holders_, [&](auto& y) {
      return y.second == x.lease;
    });
    if (!holders_.emplace(x.target, x.lease).second)
      complain(x, "a tab has two holders");
  } else if (x.kind == event_kind::lease_ended)
    std::erase_if(holders_, [&](auto& y) {
      return y.second == x.lease;
    });
}

void invariants::slots_stay_within_the_cap(const event& x) {
  if (x.kind == event_kind::slot_granted) {
    if (!slots_.insert(x.slot).second)
      complain(x, "a slot was granted twice");
    if (slots_.size() > slots_max_)
      complain(x, "there are more slots than the cap allows");
  } else if (x.kind == event_kind::slot_returned && slots_.erase(x.slot) == 0)
    complain(x, "a slot came back twice");
}

void invariants::a_ticket_ends_once(const event& x) {
  if (x.kind == event_kind::ticket_issued) {
    if (!tickets_.insert(x.ticket).second)
      complain(x, "a ticket was issued twice");
  } else if (x.kind == event_kind::ticket_ended
             || (x.kind == event_kind::slot_granted && x.ticket)) {
    if (tickets_.erase(x.ticket) == 0)
      complain(x, "a ticket ended twice");
  }
}

void invariants::complain(const event& x, const char* what) {
  if (complaint_.empty())
    complaint_ = std::string{what} + " (event " + std::to_string(x.number)
                 + ", lease " + std::to_string(x.lease.value) + ")";
}

} // namespace berth::scenarios
