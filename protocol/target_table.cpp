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

/// What a page consists of, or has running.
bool is_part(const target_seen& x) {
  return x.type == "iframe" || x.type.ends_with("worker");
}

} // namespace

target_table::target_table(limits most) : most_{most} {
  // nop
}

void target_table::expect(lease_id lease, const context_id& context) {
  creating_[lease] = {context};
}

target_events
target_table::created(lease_id lease, const target_id& target, timestamp) {
  target_events result;
  auto pending = creating_.extract(lease);
  auto i = targets_.find(target);
  if (pending && pending.mapped().forgotten) {
    // nop: nobody's, like all that the lease had.
  } else if (i == targets_.end() || !is_page(i->second.what))
    created_[target] = lease;
  else if (!i->second.owner)
    own(i->second, lease, result);
  decide_waiting(result);
  return result;
}

target_events target_table::not_created(lease_id lease, timestamp) {
  target_events result;
  creating_.erase(lease);
  decide_waiting(result);
  return result;
}

void target_table::own_context(const context_id& context, lease_id lease) {
  contexts_[context] = lease;
}

target_events target_table::see(const target_seen& what, timestamp now) {
  target_events result;
  auto* seen = note(what, now);
  if (!seen) {
    // What a lease's page opened must not stay uncounted.
    auto whose = owner(what.opener);
    if (!whose)
      whose = owner_of_context(what.context);
    if (is_page(what) && whose)
      result.push_back(popup_refused{what.id, whose});
    else if (is_page(what))
      result.push_back(target_unowned{what.id});
    return result;
  }
  if (seen->decided) {
    reconsider(*seen, result);
    return result;
  }
  if (auto mine = created_.extract(what.id))
    own(*seen, mine.mapped(), result);
  decide_waiting(result);
  return result;
}

/// Null if there is no room. The tabs that were asked for have theirs always:
/// there are no more of them than leases.
target_table::record*
target_table::note(const target_seen& what, timestamp now) {
  auto i = targets_.find(what.id);
  if (i == targets_.end()) {
    if (targets_.size() >= most_.targets_max && !created_.contains(what.id))
      return nullptr;
    i = targets_.emplace(what.id, record{}).first;
  }
  auto& result = i->second;
  // Chrome may call a tab `other` until it has a window.
  bool was_page = is_page(result.what);
  result.what = what;
  if (was_page)
    result.what.type = "page";
  else {
    result.since = now;
    result.decided = !is_page(what);
  }
  return &result;
}

target_events target_table::hint(const opener_hint& what, timestamp now) {
  auto from = what;
  if (auto opener = find(what.opener))
    from.context = opener->context;
  hints_.push_back({from, now});
  if (hints_.size() > most_.hints_max)
    hints_.pop_front();
  target_events result;
  for (auto& [id, page] : targets_)
    reconsider(page, result);
  return result;
}

target_events target_table::gone(const target_id& target) {
  created_.erase(target);
  auto entry = targets_.extract(target);
  if (!entry || !is_page(entry.mapped().what))
    return {};
  return {target_gone{target, entry.mapped().owner}};
}

void target_table::park(const target_id& target) {
  if (auto i = targets_.find(target); i != targets_.end())
    i->second.owner = {};
}

bool target_table::hand_over(const target_id& target, lease_id lease) {
  auto i = targets_.find(target);
  if (i == targets_.end() || i->second.owner)
    return false;
  i->second.owner = lease;
  return true;
}

std::vector<target_id> target_table::forget(lease_id lease) {
  auto result = pages(lease);
  // Chrome may still be making it.
  if (auto i = creating_.find(lease); i != creating_.end())
    i->second.forgotten = true;
  std::erase_if(created_, [&](const auto& x) {
    return x.second == lease;
  });
  std::erase_if(contexts_, [&](const auto& x) {
    return x.second == lease;
  });
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
      break;
    if (is_page(at->second.what))
      return at->second.owner;
    id = at->second.what.parent;
  }
  // No parent leads to a page: a service worker, for one.
  auto what = find(target);
  return what && is_part(*what) ? owner_of_context(what->context) : lease_id{};
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
  std::stable_partition(result.begin(), result.end(), [&](const auto& id) {
    auto i = targets_.find(id);
    return i == targets_.end() || !i->second.popup;
  });
  return result;
}

std::vector<target_id> target_table::unowned_pages() const {
  std::vector<target_id> result;
  for (auto& [id, x] : targets_)
    if (is_page(x.what) && x.decided && !x.owner && !x.refused)
      result.push_back(id);
  return result;
}

size_t target_table::popups() const {
  return static_cast<size_t>(std::ranges::count_if(targets_, [](const auto& x) {
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
    auto& where = x.second.context;
    return where == context || (!where && !contexts_.contains(context));
  });
}

lease_id target_table::owner_of_context(const context_id& context) const {
  auto i = contexts_.find(context);
  return i == contexts_.end() ? lease_id{} : i->second;
}

lease_id target_table::find_owner(const record& page) {
  if (auto lease = owner_of_context(page.what.context))
    return lease;
  if (auto lease = owner(page.what.opener))
    return lease;
  return use_hint(page);
}

/// A hint and its page may come in either order, and the page may have waited
/// since: what counts is how long after one another they were first heard of.
bool target_table::fits(const hint_entry& x, const record& page) const {
  return x.what.context == page.what.context && x.what.url == page.what.url
         && page.since < x.since + most_.hint_ttl
         && x.since < page.since + most_.hint_ttl;
}

lease_id target_table::use_hint(const record& page) {
  auto i = std::ranges::find_if(hints_, [&](const hint_entry& x) {
    return fits(x, page);
  });
  if (i == hints_.end())
    return {};
  auto opener = i->what.opener;
  hints_.erase(i);
  return owner(opener);
}

/// A page without an opener was taken for nobody's, because its hint had not
/// come yet or its address was not known. One that was somebody's never gets
/// another owner.
void target_table::reconsider(record& page, target_events& out) {
  bool nobodys = is_page(page.what) && page.decided && !page.was_owned
                 && !page.refused && !page.what.opener;
  if (nobodys && std::ranges::any_of(hints_, [&](const hint_entry& x) {
        return fits(x, page) && owner(x.what.opener);
      })) {
    page.decided = false;
    decide(page, out);
  }
}

void target_table::own(record& page, lease_id lease, target_events& out) {
  assert(!page.owner);
  page.owner = lease;
  page.was_owned = true;
  page.decided = true;
  out.push_back(target_owned{page.what.id, lease, page.popup});
}

void target_table::decide(record& page, target_events& out) {
  assert(!page.decided);
  page.decided = true;
  if (auto i = targets_.find(page.what.opener); i != targets_.end()) {
    // Whose it is may hang on whose its opener is.
    auto& opener = i->second;
    if (!opener.decided && !creates_under_way(opener.what.context))
      decide(opener, out);
    // Or a refused popup could open others, which nobody would close.
    page.refused = opener.refused;
  }
  auto lease = page.refused ? page.refused : find_owner(page);
  if (!lease)
    out.push_back(target_unowned{page.what.id});
  else if (page.refused || popups_of(lease) >= most_.popups_max) {
    page.refused = lease;
    out.push_back(popup_refused{page.what.id, lease});
  } else {
    page.popup = true;
    own(page, lease, out);
  }
}

/// Decides the pages that no create under way can have made: all in contexts
/// without one, and those with an owned opener. Each that is owned may be the
/// opener of another.
void target_table::decide_waiting(target_events& out) {
  for (bool again = true; again;) {
    again = false;
    for (auto& [id, x] : targets_) {
      if (x.decided
          || (!owner(x.what.opener) && creates_under_way(x.what.context)))
        continue;
      decide(x, out);
      again = true;
    }
  }
}

} // namespace berth::protocol
