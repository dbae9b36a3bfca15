// Invariants about browsers: what is in them, and what happens to them.

#include "scenarios/invariants.hpp"

#include <algorithm>

namespace berth::scenarios {

namespace {

/// A page of each Chrome's own, so that it does not end with the last tab.
constexpr size_t anchors = 1;

} // namespace

/// Beside those that were asked to close or parked; popups count apart.
void invariants::there_are_no_more_tabs_than_slots() {
  for (auto& [name, chrome] : where_.daemon.chromes()) {
    size_t tabs = 0;
    std::string list;
    for (auto& x : chrome->pages())
      if (!x.popup && !asked_to_close_.contains(x.id)) {
        ++tabs;
        list += ' ' + x.id.value;
      }
    tabs -= std::min(tabs, anchors); // Whichever it is.
    auto slots = slots_in(name.value);
    auto parked = parked_in(name.value);
    if (tabs > slots + parked)
      complain(promise::cap, "there are " + std::to_string(tabs) + " tabs, "
                               + std::to_string(parked) + " parked, in "
                               + std::to_string(slots) + " slots:" + list);
    if (tabs > how_.admission.tabs)
      complain(promise::cap, "there are " + std::to_string(tabs)
                               + " tabs, parked ones included:" + list);
  }
}

size_t invariants::slots_in(const std::string& browser) const {
  return size_t(std::ranges::count_if(slots_, [&](const auto& x) {
    return x.second.browser == browser;
  }));
}

size_t invariants::parked_in(const std::string& browser) const {
  return size_t(std::ranges::count_if(parked_, [&](const auto& x) {
    return x.second.browser == browser;
  }));
}

/// What happens to one browser is nothing to the leases of another. A tab that
/// a new crew does not find is taken for one whose browser died meanwhile.
void invariants::a_death_is_its_own_browsers(const tests::logged_event& x) {
  if (x.what.kind != event_kind::tab_lost
      || x.what.cause != loss_cause::browser_gone
      || x.at <= not_before(begun_ + settle_within, settle_within))
    return;
  auto died = where_.daemon.chrome({x.what.browser}).last_end();
  if (died == timestamp{} || not_before(died + reap_within, {}) < x.at)
    complain(promise::isolation, x.what.browser + " lives, and "
                                   + std::to_string(x.what.lease.value)
                                   + " has lost its tab with it");
}

void invariants::no_tab_is_left(const std::string& browser,
                                const std::vector<tests::page_view>& pages) {
  size_t tabs = 0;
  std::string list;
  // A tab that was ctrl-clicked may be the person's own: it has no opener.
  for (auto& x : pages)
    if (!(x.popup && !x.opener)) {
      ++tabs;
      list += ' ' + x.id.value + (x.anchor ? " (anchor)" : " at " + x.url);
    }
  if (tabs > anchors + parked_in(browser))
    complain(promise::crash,
             "in " + browser + " tabs are left in the end:" + list);
}

void invariants::nothing_is_left() {
  auto left = [this](promise whose, size_t count, const char* what) {
    if (count > 0)
      complain(whose, std::to_string(count) + " " + what + " left in the end");
  };
  left(promise::crash, open_.size(), "leases are");
  left(promise::crash, slots_.size(), "slots are");
  left(promise::fair, tickets_.size(), "tickets are");
  for (auto& [name, chrome] : where_.daemon.chromes())
    no_tab_is_left(name.value, chrome->pages());
  talks_.nothing_is_left();
}

} // namespace berth::scenarios
