#include "cdp/send_window.hpp"

#include <algorithm>

namespace berth::cdp {

bool send_window::put(party whose, outgoing& what, time now) {
  if (whose == berth) {
    if (!own_.empty() && own_bytes_ + what.text.size() > how_.waiting_max)
      return false;
    own_bytes_ += what.text.size();
    own_.push_back(std::move(what));
    return true;
  }
  auto [entry, fresh] = lines_.try_emplace(whose);
  auto& mine = entry->second;
  if (fresh)
    mine.calls_max = how_.calls_first, mine.patience = how_.patience;
  mine.present = now;
  if (mine.bytes > 0 && mine.bytes + what.text.size() > how_.waiting_max)
    return false;
  mine.bytes += what.text.size();
  mine.waiting.push_back(std::move(what));
  return true;
}

std::optional<std::string> send_window::next(time now) {
  if (!own_.empty()) {
    auto text = std::move(own_.front().text);
    own_.pop_front();
    own_bytes_ -= text.size();
    return text;
  }
  auto from = lines_.upper_bound(last_);
  for (std::size_t count = 0; count < lines_.size(); ++count, ++from) {
    if (from == lines_.end())
      from = lines_.begin();
    auto& [whose, mine] = *from;
    if (mine.waiting.empty() || may_send_from(whose, mine, now) > now)
      continue;
    last_ = whose;
    return take(mine, now);
  }
  return std::nullopt;
}

std::string send_window::take(line& x, time now) {
  if (x.unanswered.size() >= x.calls_max) {
    x.unanswered.pop_front();
    x.answered = now;
    x.patience = std::min(2 * x.patience, how_.patience_max);
  }
  auto next = std::move(x.waiting.front());
  x.waiting.pop_front();
  x.bytes -= next.text.size();
  if (next.text.size() > how_.heavy)
    charge(x, next.text.size(), now);
  x.unanswered.push_back({next.id, std::move(next.session), now});
  return std::move(next.text);
}

void send_window::heard(party whose, uint64_t id, std::size_t bytes, time now) {
  auto entry = lines_.find(whose);
  if (entry == lines_.end())
    return;
  auto& mine = entry->second;
  auto which = std::find_if(mine.unanswered.begin(), mine.unanswered.end(),
                            [id](const auto& x) {
                              return x.id == id;
                            });
  if (which != mine.unanswered.end()) {
    mine.unanswered.erase(which);
    mine.answered = now;
    mine.patience = how_.patience;
    mine.calls_max = std::min(mine.calls_max + 1, how_.calls_max);
  }
  if (bytes > how_.heavy)
    charge(mine, bytes, now);
}

/// One after the other, whosever they are: together they may not keep Chrome
/// busy either.
void send_window::charge(line& x, std::size_t bytes, time now) {
  auto price = how_.pause_per_byte * static_cast<duration::rep>(bytes);
  paid_until_ = std::max(paid_until_, now) + price;
  x.paused_until = paid_until_;
  x.calls_max = 1;
  x.patience = how_.patience_max;
}

void send_window::withdraw(const std::string& session, time now) {
  auto is_over = [&](const auto& x) {
    return x.session == session;
  };
  for (auto entry = lines_.begin(); entry != lines_.end();) {
    auto& mine = entry->second;
    auto& waiting = mine.waiting;
    waiting.erase(std::remove_if(waiting.begin(), waiting.end(), is_over),
                  waiting.end());
    mine.bytes = 0;
    for (const auto& x : waiting)
      mine.bytes += x.text.size();
    auto& calls = mine.unanswered;
    calls.erase(std::remove_if(calls.begin(), calls.end(), is_over),
                calls.end());
    bool is_idle = waiting.empty() && calls.empty() && mine.paused_until <= now;
    entry = is_idle ? lines_.erase(entry) : std::next(entry);
  }
}

std::optional<send_window::time> send_window::due(time now) const {
  if (!own_.empty())
    return now;
  std::optional<time> result;
  for (const auto& [whose, mine] : lines_) {
    if (mine.waiting.empty())
      continue;
    auto from = may_send_from(whose, mine, now);
    if (!result || from < *result)
      result = from;
  }
  return result;
}

bool send_window::is_alone(party whose, time now) const {
  return std::none_of(lines_.begin(), lines_.end(), [&](const auto& x) {
    return x.first != whose && x.second.present + how_.presence > now;
  });
}

send_window::time
send_window::may_send_from(party whose, const line& x, time now) const {
  auto result = now;
  if (x.paused_until > now && !is_alone(whose, now))
    result = std::min(x.paused_until, now + how_.presence);
  if (x.unanswered.size() >= x.calls_max)
    result = std::max(result, std::max(x.answered, x.unanswered.front().since)
                                + x.patience);
  return result;
}

} // namespace berth::cdp
