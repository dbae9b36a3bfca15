#include "protocol/admission_queue.hpp"

#include <algorithm>
#include <cassert>
#include <set>

namespace berth::protocol {

admission_queue::admission_queue(limits most) : most_{std::move(most)} {
  // nop
}

// -- asking -------------------------------------------------------------------

/// Expires nothing: a refusal must not change who waits. Whoever waits for the
/// key does so because there is no room; were there any, it would have been
/// served already. So a newcomer that finds room overtakes nobody.
void admission_queue::keep(slot_id which, const work_key& key, timestamp now) {
  last_slot_ = std::max(last_slot_, which.value);
  if (slots_.emplace(which, taken_slot{key, now}).second)
    ++active_[key];
}

admission_decision
admission_queue::ask(const ask_slot& request, timestamp now) {
  assert(!has_room(request.key) || !lines_.contains(request.key));
  if (has_room(request.key))
    return {
      {},
      {slot_granted{take(request.key, now), {}, request.client, request.key}}};
  if (request.wait <= duration{0})
    return {refuse_now(request.key), {}};
  if (auto why = refuse_waiting(request); why.code != errc::ok)
    return {std::move(why), {}};
  auto until = now + std::min(request.wait, most_.wait_max);
  waiter newcomer{{++last_ticket_}, request.client, until};
  return {{}, {ticket_issued{join_line(request.key, newcomer)}}};
}

ticket admission_queue::join_line(const work_key& key, const waiter& whom) {
  auto& line = lines_[key];
  if (line.size == 0)
    key_turns_.push_back(key);
  auto& tickets = line.waiters[whom.client];
  if (tickets.empty())
    line.turns.push_back(whom.client);
  ++line.size;
  tickets.push_back(whom);
  return look(key, tickets.back());
}

std::optional<ticket> admission_queue::take_out(ticket_id which) {
  for (const auto& [key, line] : lines_)
    for (const auto& [client, tickets] : line.waiters)
      for (const auto& x : tickets)
        if (x.id == which) {
          auto result = look(key, x);
          admission_decision unsaid;
          drop_waiters(
            [which](const waiter& y) {
              return y.id == which;
            },
            errc::ok, unsaid);
          return result;
        }
  return std::nullopt;
}

admission_decision admission_queue::take_in(const ticket& whom, timestamp now) {
  if (has_room(whom.key) && !lines_.contains(whom.key))
    return {
      {}, {slot_granted{take(whom.key, now), whom.id, whom.client, whom.key}}};
  join_line(whom.key, {whom.id, whom.client, whom.deadline});
  return {};
}

admission_decision
admission_queue::cancel(client_id client, ticket_id which, timestamp) {
  admission_decision result;
  drop_waiters(
    [&](const waiter& x) {
      return x.id == which && x.client == client;
    },
    errc::ticket_cancelled, result);
  if (result.events.empty())
    result.why
      = fail(errc::ticket_unknown,
             "Ticket " + std::to_string(which.value) + " does not wait.");
  return result;
}

admission_decision admission_queue::drop(client_id client, timestamp now) {
  auto result = expire(now);
  drop_waiters(
    [&](const waiter& x) {
      return x.client == client;
    },
    errc::client_gone, result);
  return result;
}

admission_decision admission_queue::expire(timestamp now) {
  admission_decision result;
  drop_waiters(
    [&](const waiter& x) {
      return x.deadline <= now;
    },
    errc::ticket_expired, result);
  return result;
}

// -- slots --------------------------------------------------------------------

admission_decision admission_queue::give_back(slot_id which, timestamp now) {
  auto result = expire(now);
  auto entry = slots_.extract(which);
  if (!entry)
    return result;
  auto& [key, since] = entry.mapped();
  if (--active_[key] == 0)
    active_.erase(key);
  // An eighth of the weight to the newest: one odd turn does not spoil it.
  auto taken = now - since;
  turn_average_ = turn_average_ == duration{0}
                    ? taken
                    : turn_average_ + (taken - turn_average_) / 8;
  result.events.push_back(slot_returned{which, key});
  serve(now, result);
  return result;
}

admission_decision
admission_queue::note_extra_tabs(size_t count, timestamp now) {
  auto result = expire(now);
  extra_tabs_ = count;
  serve(now, result);
  return result;
}

slot_id admission_queue::take(const work_key& key, timestamp now) {
  assert(has_room(key));
  slot_id result{++last_slot_};
  slots_.emplace(result, taken_slot{key, now});
  ++active_[key];
  return result;
}

bool admission_queue::is_wanted(const work_key& key) const {
  return std::ranges::any_of(lines_, [&](const auto& line) {
    return line.first == key || active(line.first) < cap(line.first);
  });
}

bool admission_queue::has_room(const work_key& key) const {
  return active(key) < cap(key) && slots_.size() < most_.global
         && slots_.size() + extra_tabs_ < most_.tabs;
}

/// Free slots go round the keys: the one that was served goes to the end.
void admission_queue::serve(timestamp now, admission_decision& out) {
  for (;;) {
    auto next = std::ranges::find_if(key_turns_, [&](const work_key& key) {
      return has_room(key);
    });
    if (next == key_turns_.end())
      return;
    auto key = *next;
    key_turns_.erase(next);
    serve_one(key, now, out);
    if (auto i = lines_.find(key); i != lines_.end())
      key_turns_.push_back(key);
  }
}

/// Within the key it goes round the clients.
void admission_queue::serve_one(const work_key& key, timestamp now,
                                admission_decision& out) {
  auto& here = lines_.at(key);
  auto client = here.turns.front();
  here.turns.pop_front();
  auto& tickets = here.waiters.at(client);
  auto ticket = tickets.front();
  tickets.pop_front();
  if (tickets.empty())
    here.waiters.erase(client);
  else
    here.turns.push_back(client);
  if (--here.size == 0)
    lines_.erase(key);
  out.events.push_back(slot_granted{take(key, now), ticket.id, client, key});
}

template <class Predicate>
void admission_queue::drop_waiters(Predicate over, errc why,
                                   admission_decision& out) {
  for (auto i = lines_.begin(); i != lines_.end();) {
    auto& [key, here] = *i;
    for (auto j = here.waiters.begin(); j != here.waiters.end();) {
      auto& [client, tickets] = *j;
      for (const auto& x : tickets)
        if (over(x))
          out.events.push_back(ticket_ended{x.id, client, key, why});
      here.size -= std::erase_if(tickets, over);
      if (tickets.empty()) {
        std::erase(here.turns, client);
        j = here.waiters.erase(j);
      } else
        ++j;
    }
    if (here.size == 0) {
      std::erase(key_turns_, key);
      i = lines_.erase(i);
    } else
      ++i;
  }
}

// -- looking ------------------------------------------------------------------

failure admission_queue::refuse_now(const work_key& key) const {
  auto result = fail(errc::capacity, {});
  if (active(key) >= cap(key)) {
    result.active = active(key);
    result.cap = cap(key);
    result.what = "Key '" + key.value + "' has all its tabs in use";
  } else if (slots_.size() >= most_.global) {
    result.active = slots_.size();
    result.cap = most_.global;
    result.what = "All keys together have all their tabs in use";
  } else {
    result.active = slots_.size() + extra_tabs_;
    result.cap = most_.tabs;
    result.what = "The browser has all the tabs that it may have";
  }
  result.what += " (" + std::to_string(result.active) + " of "
                 + std::to_string(result.cap) + ").";
  auto waiting = waiters(key);
  auto slots = static_cast<int64_t>(std::max<size_t>(cap(key), 1));
  result.retry_after = std::max(
    most_.retry_after_min, turn() * static_cast<int64_t>(waiting + 1) / slots);
  return result;
}

/// Why the line is too long for one more; `ok` if it is not.
failure admission_queue::refuse_waiting(const ask_slot& request) const {
  auto all = waiters();
  auto mine = waiting_of(request.client);
  bool whole = all >= most_.waiters_max;
  if (!whole && mine < most_.waiters_per_client_max)
    return {};
  auto result = refuse_now(request.key);
  result.code = errc::queue_full;
  result.active = whole ? all : mine;
  result.cap = whole ? most_.waiters_max : most_.waiters_per_client_max;
  result.what = (whole ? "All clients together have " : "This client has ")
                + std::to_string(result.active) + " of "
                + std::to_string(result.cap) + " tickets in the queue.";
  return result;
}

/// Tickets that come first when the clients of the line take turns.
uint64_t
admission_queue::ahead_of(const waiting_line& here, const waiter& whom) const {
  auto& mine = here.waiters.at(whom.client);
  auto round = static_cast<size_t>(std::ranges::find(mine, whom.id, &waiter::id)
                                   - mine.begin());
  uint64_t result = round;
  bool before = true;
  for (const auto& client : here.turns) {
    if (client == whom.client) {
      before = false;
      continue;
    }
    result += std::min(here.waiters.at(client).size(), round + before);
  }
  return result;
}

ticket admission_queue::look(const work_key& key, const waiter& whom) const {
  auto ahead = ahead_of(lines_.at(key), whom);
  auto slots = static_cast<int64_t>(std::max<size_t>(cap(key), 1));
  return {whom.id,
          whom.client,
          key,
          ahead,
          turn() * static_cast<int64_t>(ahead + 1) / slots,
          whom.deadline};
}

std::vector<ticket> admission_queue::waiting(timestamp) const {
  std::vector<ticket> result;
  for (const auto& [key, line] : lines_)
    for (const auto& [client, tickets] : line.waiters)
      for (const auto& x : tickets)
        result.push_back(look(key, x));
  std::ranges::sort(result, {}, [](const ticket& x) {
    return x.id;
  });
  return result;
}

std::optional<timestamp> admission_queue::next_deadline() const {
  std::optional<timestamp> result;
  for (const auto& [key, line] : lines_)
    for (const auto& [client, tickets] : line.waiters)
      for (const auto& x : tickets)
        if (!result || x.deadline < *result)
          result = x.deadline;
  return result;
}

std::vector<work_key> admission_queue::keys() const {
  std::set<work_key> result;
  for (const auto& [key, count] : active_)
    result.insert(key);
  for (const auto& [key, line] : lines_)
    result.insert(key);
  for (const auto& [key, most] : most_.of_key)
    result.insert(key);
  return {result.begin(), result.end()};
}

size_t admission_queue::waiters() const {
  size_t result = 0;
  for (const auto& [key, line] : lines_)
    result += line.size;
  return result;
}

size_t admission_queue::waiters(const work_key& key) const {
  auto i = lines_.find(key);
  return i == lines_.end() ? 0 : i->second.size;
}

size_t admission_queue::active() const {
  return slots_.size();
}

size_t admission_queue::active(const work_key& key) const {
  auto i = active_.find(key);
  return i == active_.end() ? 0 : i->second;
}

size_t admission_queue::cap(const work_key& key) const {
  auto i = most_.of_key.find(key);
  return i == most_.of_key.end() ? most_.per_key : i->second;
}

size_t admission_queue::waiting_of(client_id client) const {
  size_t result = 0;
  for (const auto& [key, line] : lines_)
    if (auto i = line.waiters.find(client); i != line.waiters.end())
      result += i->second.size();
  return result;
}

duration admission_queue::turn() const {
  return turn_average_ == duration{0} ? most_.turn_guess : turn_average_;
}

} // namespace berth::protocol
