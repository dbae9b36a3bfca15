#include "protocol/session_view.hpp"

#include <algorithm>

namespace berth::protocol {

run_view look_at(const session_machine& from, const run& which, timestamp now) {
  run_view result;
  result.session = from.row().id;
  result.run = which.id;
  result.state = which.result.value_or(from.state_of(which));
  result.ending = which.result && which.state != *which.result;
  result.background = which.background;
  result.why = which.why;
  if (which.state == session_state::queued) {
    result.hold = which.hold;
    result.ahead = from.ahead_of(which);
    result.due_in = std::max(which.due - now, duration{0});
    return result;
  }
  if (which.leg == 0)
    return result; // It was over before it was started.
  result.provider = which.provider;
  result.url = which.url;
  result.title = which.title;
  result.length = which.length;
  result.answer = which.answer;
  result.elapsed = std::max(
    (which.result ? which.settled : now) - which.started, duration{0});
  if (!which.result)
    result.left = std::max(which.deadline - now, duration{0});
  return result;
}

session_view look_at(const session_machine& from, timestamp now) {
  const auto& row = from.row();
  session_view result;
  result.session = row.id;
  result.provider = row.provider;
  result.state = from.state();
  if (auto known = row.addresses.find(row.provider);
      known != row.addresses.end())
    result.url = known->second;
  result.owner = row.owner;
  result.queued = from.queued();
  result.waiting = from.waiting();
  result.unused = std::max(now - row.used, duration{0});
  result.browser = row.browser;
  for (const auto& [id, x] : row.runs) {
    result.runs.push_back(look_at(from, x, now));
    result.runs.back().answer.clear();
  }
  return result;
}

} // namespace berth::protocol
