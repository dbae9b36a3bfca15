#include "protocol/lease_table.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace berth::protocol {

lease_table::lease_table(uint64_t epoch, limits most)
  : most_{most}, last_token_{epoch, 0} {
  // nop
}

void lease_table::keep(lease row, timestamp now) {
  assert(row.state == lease_state::bound && row.token < last_token_);
  begun_ = false;
  row.deadline = now + row.ttl;
  if (row.kind == holder_kind::client)
    orphans_.insert(row.id);
  last_id_ = std::max(last_id_, row.id.value);
  rows_.emplace(row.id, std::move(row));
}

void lease_table::begin(timestamp now) {
  if (std::exchange(begun_, true))
    return;
  seen_ = now;
  for (auto& [id, row] : rows_)
    row.deadline
      = now + (orphans_.contains(id) ? most_.return_within : row.ttl);
}

lease_decision lease_table::join(client_id client, timestamp now) {
  clients_.insert(client);
  auto result = expire(now);
  for (auto& [id, row] : rows_)
    if (row.client == client && orphans_.erase(id) > 0) {
      row.deadline = now + row.ttl;
      result.events.push_back(lease_renewed{row});
    }
  return result;
}

lease_decision lease_table::drop(client_id client, timestamp now) {
  clients_.erase(client);
  auto result = expire(now);
  for (auto& [id, row] : rows_) {
    if (row.client != client || row.kind != holder_kind::client
        || row.state == lease_state::closing || orphans_.contains(id))
      continue;
    auto left = std::max(now + row.grace, lenient_until_);
    if (left <= now) {
      finish(row, end_reason::client_gone, result);
      continue;
    }
    row.deadline = runs_out(row) ? std::min(row.deadline, left) : left;
    orphans_.insert(id);
    result.events.push_back(lease_orphaned{row});
  }
  return result;
}

lease_decision lease_table::leave(client_id client, timestamp now) {
  clients_.erase(client);
  auto result = expire(now);
  for (auto& [id, row] : rows_)
    if (row.client == client && row.kind == holder_kind::client
        && row.state != lease_state::closing)
      finish(row, end_reason::client_gone, result);
  return result;
}

lease_decision lease_table::grant(const grant_lease& request, timestamp now) {
  if (!knows(request.client))
    return {errc::client_gone, {}};
  if (request.ttl > most_.ttl_max)
    return {errc::ttl_too_long, {}};
  if (request.grace > most_.grace_max)
    return {errc::grace_too_long, {}};
  ++last_token_.sequence;
  lease row;
  row.id = {++last_id_};
  row.key = request.key;
  row.token = last_token_;
  row.kind = request.kind;
  row.client = request.client;
  row.slot = request.slot;
  row.profile = request.profile;
  row.ttl = request.ttl > duration{0} ? request.ttl : most_.ttl_default;
  row.grace = request.grace;
  row.browser = request.browser;
  row.deadline = now + row.ttl;
  rows_.emplace(row.id, row);
  return {errc::ok, {lease_granted{row}}};
}

lease_decision lease_table::bind(const bind_lease& request, timestamp now) {
  notice(now);
  if (auto code = check_row(request.lease, now); code != errc::ok)
    return {code, {}};
  auto& row = rows_.at(request.lease.lease);
  if (row.state == lease_state::bound && request.generation <= row.generation)
    return {errc::stale_token, {}};
  if (is_driven_by_another(request.target, row.id))
    return {errc::internal, {}};
  if (row.state == lease_state::opening) {
    row.state = lease_state::bound;
    // In its grace there is nobody who could drive it: that goes on.
    if (!orphans_.contains(row.id))
      row.deadline = now + row.ttl;
  }
  row.target = request.target;
  row.generation = request.generation;
  return {errc::ok, {lease_bound{row}}};
}

lease_decision lease_table::renew(const renew_lease& request, timestamp now) {
  if (request.ttl > most_.ttl_max)
    return {errc::ttl_too_long, {}};
  notice(now);
  if (auto code = check_row(request.lease.ref, now); code != errc::ok)
    return {code, {}};
  auto& row = rows_.at(request.lease.ref.lease);
  if (request.ttl > duration{0})
    row.ttl = request.ttl;
  row.deadline = now + row.ttl;
  return {errc::ok, {lease_renewed{row}}};
}

lease_decision lease_table::touch(lease_ref which, timestamp heard) {
  if (auto code = check_row(which, heard); code != errc::ok)
    return {code, {}};
  auto& row = rows_.at(which.lease);
  // What a lost client had left behind is no sign of life.
  if (orphans_.contains(row.id) || heard + row.ttl <= row.deadline)
    return {errc::ok, {}};
  row.deadline = heard + row.ttl;
  return {errc::ok, {lease_renewed{row}}};
}

lease_decision lease_table::release(lease_ref which, timestamp now) {
  notice(now);
  lease_decision result{check_row(which, now), {}};
  if (result.verdict == errc::ok)
    finish(rows_.at(which.lease), end_reason::released, result);
  return result;
}

lease_decision lease_table::end(lease_id which, end_reason why, timestamp) {
  auto i = rows_.find(which);
  if (i == rows_.end() || i->second.state == lease_state::closing)
    return {errc::lease_gone, {}};
  lease_decision result;
  finish(i->second, why, result);
  return result;
}

/// The time to make the tab is not the holder's.
bool lease_table::runs_out(const lease& row) const {
  return begun_
         && (row.state == lease_state::bound
             || (row.state == lease_state::opening
                 && orphans_.contains(row.id)));
}

lease_decision lease_table::expire(timestamp now) {
  notice(now);
  lease_decision result;
  for (auto& [id, row] : rows_)
    if (is_due(row, now))
      finish(row,
             orphans_.contains(id) ? end_reason::client_gone
                                   : end_reason::expired,
             result);
  return result;
}

bool lease_table::is_due(const lease& row, timestamp now) const {
  return runs_out(row) && row.deadline <= now;
}

std::optional<slot_id> lease_table::closed(lease_id which) {
  auto i = rows_.find(which);
  if (i == rows_.end() || i->second.state != lease_state::closing)
    return std::nullopt;
  auto result = i->second.slot;
  rows_.erase(i);
  return result;
}

std::optional<timestamp> lease_table::first_deadline() const {
  std::optional<timestamp> result;
  for (const auto& [id, row] : rows_)
    if (runs_out(row) && (!result || row.deadline < *result))
      result = row.deadline;
  return result;
}

std::optional<timestamp> lease_table::next_deadline() const {
  auto result = first_deadline();
  if (result && most_.stall_min > duration{0})
    result = std::min(*result, seen_ + 2 * most_.stall_min / 3);
  return result;
}

/// While no lease runs out nobody has to look.
duration lease_table::missed(timestamp now) const {
  bool is_stall = most_.stall_min > duration{0}
                  && now - seen_ >= most_.stall_min && first_deadline();
  return is_stall ? now - seen_ : duration{0};
}

void lease_table::notice(timestamp now) {
  if (auto time = missed(now); time > duration{0}) {
    for (auto& [id, row] : rows_)
      if (runs_out(row))
        row.deadline += time;
    lenient_until_ = now + most_.return_within;
  }
  seen_ = now;
}

errc lease_table::check(lease_ref which, timestamp now) const {
  auto code = check_row(which, now - missed(now));
  if (code == errc::ok && find(which.lease)->state == lease_state::opening)
    return errc::lease_opening;
  return code;
}

const lease* lease_table::find(lease_id which) const {
  auto i = rows_.find(which);
  return i == rows_.end() ? nullptr : &i->second;
}

errc lease_table::check_row(lease_ref which, timestamp now) const {
  auto row = find(which.lease);
  if (!row || row->state == lease_state::closing || is_due(*row, now))
    return errc::lease_gone;
  return row->token == which.token ? errc::ok : errc::stale_token;
}

bool lease_table::is_driven_by_another(const target_id& target,
                                       lease_id than) const {
  return std::ranges::any_of(rows_, [&](const auto& entry) {
    return entry.first != than && entry.second.state == lease_state::bound
           && entry.second.target == target;
  });
}

void lease_table::finish(lease& row, end_reason why, lease_decision& out) {
  assert(row.state != lease_state::closing);
  row.state = lease_state::closing;
  orphans_.erase(row.id);
  out.events.push_back(lease_ended{row, why});
}

} // namespace berth::protocol
