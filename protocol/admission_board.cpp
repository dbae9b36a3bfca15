#include "protocol/admission_board.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace berth::protocol {

namespace {

/// How much a key is at home in a browser (rendezvous hashing, on FNV-1a): the
/// same everywhere and for ever, and independent of all other browsers.
uint64_t affinity(const work_key& key, const browser_name& where) {
  uint64_t result = 14695981039346656037u;
  auto mix = [&](std::string_view text) {
    for (char c : text)
      result = (result ^ static_cast<unsigned char>(c)) * 1099511628211u;
    result = (result ^ 0xff) * 1099511628211u;
  };
  mix(key.value);
  mix(where.value);
  return result ^ (result >> 29);
}

void append(admission_decision& to, admission_decision what) {
  to.events.insert(to.events.end(),
                   std::make_move_iterator(what.events.begin()),
                   std::make_move_iterator(what.events.end()));
}

} // namespace

/// Has one queue decide: it numbers on from the others, and its events say
/// where they belong.
template <class Act>
admission_decision admission_board::at(const browser_name& where, Act act) {
  auto& queue = places_.at(where).queue;
  queue.number_after(given_);
  auto result = act(queue);
  given_ = queue.given();
  for (auto& x : result.events)
    std::visit(
      [&](auto& told) {
        if constexpr (requires { told.ticket.browser; })
          told.ticket.browser = where;
        else
          told.browser = where;
      },
      x);
  return result;
}

// -- browsers -----------------------------------------------------------------

admission_decision admission_board::stand(const browser_standing& now_so,
                                          const limits& most, timestamp now) {
  auto [i, fresh] = places_.try_emplace(
    now_so.name, place{now_so, now, admission_queue{most}, false});
  i->second.standing = now_so;
  i->second.told = now;
  i->second.removed = false;
  i->second.queue.limit(most);
  return redistribute({}, now);
}

admission_decision
admission_board::remove(const browser_name& which, timestamp now) {
  if (auto i = places_.find(which); i != places_.end()) {
    i->second.removed = true;
    i->second.standing.state = browser_health::stopped;
  }
  return redistribute({}, now);
}

bool admission_board::knows(const browser_name& which) const {
  auto i = places_.find(which);
  return i != places_.end() && !i->second.removed;
}

void admission_board::keep(const browser_name& where, slot_id which,
                           const work_key& key, timestamp now) {
  given_.slot = std::max(given_.slot, which.value);
  if (auto i = places_.find(where); i != places_.end())
    i->second.queue.keep(which, key, now);
}

// -- asking -------------------------------------------------------------------

admission_decision
admission_board::ask(const ask_slot& request, timestamp now) {
  auto& named = request.browser;
  if (named && !knows(named))
    return {no_such_browser(named), {}};
  if (named && !places_.at(named).open())
    return {places_.at(named).why_not(now), {}};
  auto where = named ? named : choose(request.key, false).value_or(named);
  if (!where)
    return {none_takes_leases(now), {}};
  auto result = at(where, [&](admission_queue& queue) {
    return queue.ask(request, now);
  });
  if (named)
    for (const auto& x : result.events)
      if (auto issued = std::get_if<ticket_issued>(&x))
        named_.insert(issued->ticket.id);
  return result;
}

/// One that has room before one that has not, one that is ready before one that
/// is not; then the key's own one, as long as it has room; then where there is
/// most room. If none has any, the shortest line.
std::optional<browser_name>
admission_board::choose(const work_key& key, bool room_only) const {
  auto best = places_.end();
  auto favourite = best;
  auto rank = [&](const auto& x) {
    auto& [name, here] = x;
    auto& queue = here.queue;
    auto room = queue.has_room(key);
    bool at_home = favourite != places_.end() && favourite->first == name;
    auto left = static_cast<int64_t>(queue.most().global)
                - static_cast<int64_t>(queue.active());
    auto line = -static_cast<int64_t>(queue.waiters(key));
    return std::tuple{room, here.standing.state == browser_health::ready,
                      at_home && room, room ? left : line, affinity(key, name)};
  };
  for (auto i = places_.begin(); i != places_.end(); ++i)
    if (i->second.open()
        && (favourite == places_.end()
            || affinity(key, i->first) > affinity(key, favourite->first)))
      favourite = i;
  for (auto i = places_.begin(); i != places_.end(); ++i)
    if (i->second.open() && (!room_only || i->second.queue.has_room(key))
        && (best == places_.end() || rank(*i) > rank(*best)))
      best = i;
  return best == places_.end() ? std::nullopt : std::optional{best->first};
}

/// It was told some time ago when that is tried again.
failure admission_board::place::why_not(timestamp now) const {
  auto so = standing;
  so.again_in = std::max(so.again_in - (now - told), duration{0});
  return protocol::why_not(so);
}

/// All of them speak, each for itself.
failure admission_board::none_takes_leases(timestamp now) const {
  auto result = fail(errc::browser_unavailable, "");
  bool first = true;
  for (const auto& [name, here] : places_) {
    if (here.removed)
      continue;
    auto why = here.why_not(now);
    result.what += (first ? "" : " ") + why.what;
    if (first || why.retry_after < result.retry_after)
      result.retry_after = why.retry_after;
    first = false;
  }
  return result;
}

admission_decision
admission_board::cancel(client_id client, ticket_id which, timestamp now) {
  for (const auto& [name, here] : places_) {
    auto result = at(name, [&](admission_queue& queue) {
      return queue.cancel(client, which, now);
    });
    if (result.why.code == errc::ok) {
      learn(result);
      return result;
    }
  }
  return {fail(errc::ticket_unknown,
               "Ticket " + std::to_string(which.value) + " does not wait."),
          {}};
}

admission_decision admission_board::drop(client_id client, timestamp now) {
  admission_decision result;
  for (const auto& [name, here] : places_)
    append(result, at(name, [&](admission_queue& queue) {
             return queue.drop(client, now);
           }));
  learn(result);
  return result;
}

admission_decision admission_board::expire(timestamp now) {
  admission_decision result;
  for (const auto& [name, here] : places_)
    append(result, at(name, [&](admission_queue& queue) {
             return queue.expire(now);
           }));
  learn(result);
  return result;
}

// -- slots --------------------------------------------------------------------

admission_decision admission_board::give_back(slot_id which, timestamp now) {
  admission_decision result;
  for (const auto& [name, here] : places_)
    append(result, at(name, [&](admission_queue& queue) {
             return queue.give_back(which, now);
           }));
  return redistribute(std::move(result), now);
}

admission_decision
admission_board::note_extra_tabs(const browser_name& where, size_t count,
                                 timestamp now) {
  if (!places_.contains(where))
    return {};
  auto result = at(where, [&](admission_queue& queue) {
    return queue.note_extra_tabs(count, now);
  });
  return redistribute(std::move(result), now);
}

/// Whoever waits where nobody is served moves on; whoever would be served
/// elsewhere is.
admission_decision
admission_board::redistribute(admission_decision so_far, timestamp now) {
  learn(so_far);
  for (const auto& x : waiting(now))
    if (!places_.at(x.browser).open())
      move_on(x, now, so_far);
  move_up(now, so_far);
  learn(so_far);
  forget_empty();
  return so_far;
}

void admission_board::move_on(const ticket& whom, timestamp now,
                              admission_decision& out) {
  auto from = whom.browser;
  places_.at(from).queue.take_out(whom.id);
  auto to = named_.contains(whom.id) ? std::nullopt : choose(whom.key, false);
  if (to) {
    append(out, at(*to, [&](admission_queue& queue) {
             return queue.take_in(whom, now);
           }));
    return;
  }
  auto why = named_.contains(whom.id) ? places_.at(from).why_not(now)
                                      : none_takes_leases(now);
  out.events.push_back(
    ticket_ended{whom.id, whom.client, whom.key, why.code, from, why.what});
}

void admission_board::move_up(timestamp now, admission_decision& out) {
  if (places_.size() < 2)
    return;
  for (const auto& x : waiting(now)) {
    auto to = named_.contains(x.id) ? std::nullopt : choose(x.key, true);
    if (!to || *to == x.browser)
      continue;
    places_.at(x.browser).queue.take_out(x.id);
    append(out, at(*to, [&](admission_queue& queue) {
             return queue.take_in(x, now);
           }));
  }
}

/// What has an end needs no note any more.
void admission_board::learn(const admission_decision& what) {
  for (const auto& x : what.events)
    if (auto granted = std::get_if<slot_granted>(&x))
      named_.erase(granted->ticket);
    else if (auto ended = std::get_if<ticket_ended>(&x))
      named_.erase(ended->ticket);
}

void admission_board::forget_empty() {
  std::erase_if(places_, [](const auto& x) {
    return x.second.removed && x.second.queue.active() == 0;
  });
}

// -- looking ------------------------------------------------------------------

bool admission_board::is_wanted(const browser_name& where,
                                const work_key& key) const {
  auto i = places_.find(where);
  if (i == places_.end() || !i->second.open())
    return false;
  auto& here = i->second.queue;
  auto fits = [&](const ticket& x) {
    return x.browser != where && !named_.contains(x.id)
           && (x.key == key || here.active(x.key) < here.cap(x.key));
  };
  return here.is_wanted(key) || std::ranges::any_of(waiting({}), fits);
}

std::optional<timestamp> admission_board::next_deadline() const {
  std::optional<timestamp> result;
  for (const auto& [name, here] : places_)
    if (auto due = here.queue.next_deadline();
        due && (!result || *due < *result))
      result = due;
  return result;
}

std::vector<ticket> admission_board::waiting(timestamp now) const {
  std::vector<ticket> result;
  for (const auto& [name, here] : places_)
    for (auto& x : here.queue.waiting(now)) {
      x.browser = name;
      result.push_back(std::move(x));
    }
  std::ranges::sort(result, {}, &ticket::id);
  return result;
}

const admission_queue* admission_board::find(const browser_name& which) const {
  auto i = places_.find(which);
  return i == places_.end() ? nullptr : &i->second.queue;
}

std::vector<browser_name> admission_board::names() const {
  std::vector<browser_name> result;
  for (const auto& [name, here] : places_)
    result.push_back(name);
  return result;
}

} // namespace berth::protocol
