#include "protocol/target_table.hpp"

#include <algorithm>
#include <cassert>

namespace berth::protocol {

namespace {

/// How far a frame or worker may be from its page.
constexpr int parents_max = 16;

bool is_page(const target_seen& x) {
  return x.type == "page";
}

} // namespace

target_table::target_table(limits most) : most_{most} {
  // nop
}

void target_table::expect(lease_id lease, const context_id& context) {
  creating_[lease] = context;
}

target_events target_table::created(lease_id lease, const target_id& target,
                                    timestamp now) {
  target_events result;
  auto pending = creating_.extract(lease);
  if (auto i = targets_.find(target); i != targets_.end()) {
    i->second.owner = lease;
    i->second.decided = true;
    result.push_back(target_owned{target, lease, false});
  } else
    created_[target] = lease;
  if (pending)
    decide_waiting(now, result);
  return result;
}

target_events target_table::not_created(lease_id lease, timestamp now) {
  target_events result;
  if (auto pending = creating_.extract(lease))
    decide_waiting(now, result);
  return result;
}

void target_table::own_context(const context_id& context, lease_id lease) {
  contexts_[context] = lease;
}

target_events target_table::see(const target_seen& what, timestamp now) {
  target_events result;
  auto i = targets_.find(what.id);
  if (i != targets_.end()) {
    i->second.what = what;
    if (!is_page(what) || i->second.decided)
      return result;
  } else if (targets_.size() >= most_.targets_max)
    return {target_unowned{what.id}};
  else
    i = targets_.emplace(what.id, record{what, {}, !is_page(what), false})
          .first;
  auto& page = i->second;
  if (page.decided)
    return result;
  if (auto mine = created_.extract(what.id)) {
    page.owner = mine.mapped();
    page.decided = true;
    result.push_back(target_owned{what.id, page.owner, false});
    return result;
  }
  // A page with an opener is a popup for sure; any other one may be what a
  // create under way has made.
  if (!owner(what.opener) && creates_under_way(what.context))
    return result;
  decide(page, now, result);
  return result;
}

target_events target_table::hint(const opener_hint& what, timestamp now) {
  auto from = what;
  if (auto opener = find(what.opener))
    from.context = opener->context;
  hints_.push_back({from, now + most_.hint_ttl});
  if (hints_.size() > most_.hints_max)
    hints_.pop_front();
  return {};
}

target_events target_table::gone(const target_id& target) {
  created_.erase(target);
  auto entry = targets_.extract(target);
  if (!entry)
    return {};
  return {target_gone{target, entry.mapped().owner}};
}

std::vector<target_id> target_table::forget(lease_id lease) {
  auto result = pages(lease);
  creating_.erase(lease);
  std::erase_if(created_, [&](const auto& x) { return x.second == lease; });
  std::erase_if(contexts_, [&](const auto& x) { return x.second == lease; });
  for (auto& [id, x] : targets_)
    if (x.owner == lease)
      x.owner = {};
  return result;
}

target_events target_table::clear() {
  target_events result;
  for (auto& [id, x] : targets_)
    if (is_page(x.what))
      result.push_back(target_gone{id, x.owner});
  targets_.clear();
  creating_.clear();
  created_.clear();
  contexts_.clear();
  hints_.clear();
  return result;
}

lease_id target_table::owner(const target_id& target) const {
  auto id = target;
  for (int i = 0; i < parents_max && id; ++i) {
    if (auto made = created_.find(id); made != created_.end())
      return made->second;
    auto at = targets_.find(id);
    if (at == targets_.end())
      return {};
    if (is_page(at->second.what))
      return at->second.owner;
    id = at->second.what.parent;
  }
  return {};
}

const target_seen* target_table::find(const target_id& target) const {
  auto i = targets_.find(target);
  return i == targets_.end() ? nullptr : &i->second.what;
}

std::vector<target_id> target_table::pages(lease_id lease) const {
  std::vector<target_id> result;
  for (auto& [id, whose] : created_)
    if (whose == lease)
      result.push_back(id);
  for (auto& [id, x] : targets_)
    if (lease && x.owner == lease && is_page(x.what))
      result.push_back(id);
  std::ranges::stable_partition(result, [&](const auto& id) {
    auto i = targets_.find(id);
    return i == targets_.end() || !i->second.popup;
  });
  return result;
}

std::vector<target_id> target_table::unowned_pages() const {
  std::vector<target_id> result;
  for (auto& [id, x] : targets_)
    if (is_page(x.what) && x.decided && !x.owner)
      result.push_back(id);
  return result;
}

size_t target_table::popups() const {
  return static_cast<size_t>(
    std::ranges::count_if(targets_, [](const auto& x) {
      return x.second.popup && x.second.owner;
    }));
}

size_t target_table::popups_of(lease_id lease) const {
  return static_cast<size_t>(
    std::ranges::count_if(targets_, [&](const auto& x) {
      return x.second.popup && x.second.owner == lease;
    }));
}

bool target_table::creates_under_way(const context_id& context) const {
  return std::ranges::any_of(creating_, [&](const auto& x) {
    // The default context has an id, too, which a create does not name.
    return x.second == context
           || (!x.second && !contexts_.contains(context));
  });
}

lease_id target_table::find_owner(const target_seen& what, timestamp now) {
  if (auto lease = owner(what.opener))
    return lease;
  if (auto i = contexts_.find(what.context); i != contexts_.end())
    return i->second;
  std::erase_if(hints_, [&](const auto& x) { return x.until <= now; });
  auto i = std::ranges::find_if(hints_, [&](const auto& x) {
    return x.what.context == what.context && x.what.url == what.url;
  });
  if (i == hints_.end())
    return {};
  auto result = owner(i->what.opener);
  hints_.erase(i);
  return result;
}

void target_table::decide(record& page, timestamp now, target_events& out) {
  assert(!page.decided);
  page.decided = true;
  auto lease = find_owner(page.what, now);
  if (!lease)
    out.push_back(target_unowned{page.what.id});
  else if (popups_of(lease) >= most_.popups_max)
    out.push_back(popup_refused{page.what.id, lease});
  else {
    page.owner = lease;
    page.popup = true;
    out.push_back(target_owned{page.what.id, lease, true});
  }
}

/// No create can have made these any more.
void target_table::decide_waiting(timestamp now, target_events& out) {
  for (auto& [id, x] : targets_)
    if (!x.decided && !creates_under_way(x.what.context))
      decide(x, now, out);
}

} // namespace berth::protocol
