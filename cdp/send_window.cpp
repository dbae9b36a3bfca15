#include "cdp/send_window.hpp"

#include <algorithm>
#include <utility>

namespace berth::cdp {

namespace {

/// Of a Chrome that has much to do, in times of what an answer costs.
constexpr int slowness = 4;

} // namespace

bool send_window::put(std::string& text) {
  if (own_bytes_ + text.size() > how_.waiting_all_max)
    return false;
  own_bytes_ += text.size();
  own_.push_back(std::move(text));
  return true;
}

bool send_window::put(lease_number whose, outgoing& what, time now) {
  auto [at, fresh] = lines_.try_emplace(whose);
  auto& mine = at->second;
  if (fresh) {
    mine.calls_max = how_.calls_first;
    mine.patience = how_.patience;
    mine.since = now;
  }
  mine.sent = now;
  mine.has_left = false;
  auto size = what.text.size();
  bool too_much = mine.bytes > 0 && mine.bytes + size > how_.waiting_max;
  bool too_much_of_all = bytes_ + size > how_.waiting_all_max
                         && mine.bytes + size > how_.waiting_least;
  if (too_much || too_much_of_all)
    return false;
  mine.bytes += size;
  bytes_ += size;
  mine.waiting.push_back(std::move(what));
  return true;
}

std::optional<std::string> send_window::next(time now) {
  if (!own_.empty()) {
    auto text = std::move(own_.front());
    own_.pop_front();
    own_bytes_ -= text.size();
    return text;
  }
  if (auto last = std::exchange(unwritten_, std::nullopt))
    written(*last, now);
  // Heavy ones let others pass, but not for ever.
  bool any_order = paused_until() + how_.pause_max <= now;
  for (bool heavy : {false, true}) {
    auto& last = heavy ? heavy_ : last_;
    auto at = lines_.upper_bound(last);
    for (std::size_t count = 0; count < lines_.size(); ++count, ++at) {
      if (at == lines_.end())
        at = lines_.begin();
      auto& [whose, mine] = *at;
      if (mine.waiting.empty())
        continue;
      bool heavy_now = is_heavy(mine, now);
      if ((heavy_now != heavy && !any_order) || may_send_from(mine, now) > now)
        continue;
      last = whose;
      if (heavy_now) { // No other one until it is answered.
        heavy_ = whose;
        answer_due_ = now + answer_within(mine);
      }
      return take(whose, mine, now);
    }
  }
  return std::nullopt;
}

std::string send_window::take(lease_number whose, line& x, time now) {
  if (x.unanswered.size() >= calls_of(x)) {
    x.unanswered.pop_front();
    x.answered = now;
    x.patience = std::min(2 * x.patience, how_.patience_max);
  }
  auto next = std::move(x.waiting.front());
  x.waiting.pop_front();
  x.bytes -= next.text.size();
  bytes_ -= next.text.size();
  if (charge(x, next.text.size(), now))
    unwritten_ = {whose, price_of(next.text.size()), now};
  x.unanswered.push_back({next.id, std::move(next.session), now});
  return std::move(next.text);
}

void send_window::heard(lease_number whose, uint64_t id, std::size_t bytes,
                        time now) {
  auto at = lines_.find(whose);
  if (at == lines_.end())
    return;
  auto& mine = at->second;
  if (id != 0) { // Also one that is not counted any more.
    mine.is_known = true;
    mine.expected = std::max(price_of(bytes), mine.expected / 2);
    if (whose == heavy_)
      answer_due_ = now;
  }
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
  charge(mine, bytes, now);
}

/// True: now it owes.
bool send_window::charge(line& x, std::size_t bytes, time now) {
  x.paid
    = std::min(std::max(x.paid, now) + price_of(bytes), now + how_.debt_max);
  all_paid_ = std::min(std::max(all_paid_, now) + price_of(bytes),
                       now + how_.pause_max);
  if (!owes(x, now))
    return false;
  x.calls_max = 1;
  x.patience = how_.patience_max;
  pause(price_of(bytes), now);
  return true;
}

/// What it costs begins when it is written, and that takes Chrome's time, too.
void send_window::written(const large& x, time now) {
  pause(x.price, now);
  if (auto at = lines_.find(x.whose); at != lines_.end())
    at->second.paid
      = std::min(at->second.paid + (now - x.since), now + how_.debt_max);
}

send_window::duration send_window::price_of(std::size_t bytes) const {
  return how_.price * static_cast<duration::rep>(bytes);
}

send_window::duration send_window::answer_within(const line& x) const {
  return std::min(how_.pause_max + slowness * x.expected, how_.answer_max);
}

void send_window::pause(duration price, time now) {
  pause_until_ = std::max(pause_until_, now + std::min(price, how_.pause_max));
}

/// When a heavy one may send.
send_window::time send_window::paused_until() const {
  return std::max(pause_until_, answer_due_);
}

/// Also what it will owe counts, as far as that can be told.
bool send_window::is_heavy(const line& x, time now) const {
  auto next
    = x.waiting.empty() ? duration{} : price_of(x.waiting.front().text.size());
  return owes(x, now) || std::max(next, x.expected) > credit(now);
}

bool send_window::owes(const line& x, time now) const {
  return x.paid > now + credit(now);
}

/// All together owe too much.
bool send_window::is_busy(time now) const {
  return all_paid_ > now + how_.credit_all;
}

send_window::duration send_window::credit(time now) const {
  return is_busy(now) ? how_.credit_least : how_.credit;
}

template <class Those>
bool send_window::drop(line& x, Those which) {
  auto& calls = x.unanswered;
  calls.erase(std::remove_if(calls.begin(), calls.end(), which), calls.end());
  auto those = std::stable_partition(x.waiting.begin(), x.waiting.end(),
                                     [&](const auto& one) {
                                       return !which(one);
                                     });
  bool any = those != x.waiting.end();
  for (auto one = those; one != x.waiting.end(); ++one) {
    x.bytes -= one->text.size();
    bytes_ -= one->text.size();
  }
  x.waiting.erase(those, x.waiting.end());
  return any;
}

bool send_window::take_back(uint64_t id) {
  auto is_it = [id](const auto& one) {
    return one.id == id;
  };
  return std::any_of(lines_.begin(), lines_.end(), [&](auto& x) {
    return drop(x.second, is_it);
  });
}

void send_window::withdraw(const std::string& session, time now) {
  auto is_of_it = [&](const auto& x) {
    return x.session == session;
  };
  for (auto& [whose, mine] : lines_) {
    auto before = mine.unanswered.size();
    drop(mine, is_of_it);
    bool is_answered = mine.unanswered.size() < before;
    if (whose == heavy_ && is_answered && mine.unanswered.empty())
      answer_due_ = std::min(answer_due_, now);
  }
}

void send_window::leave(lease_number whose, time now) {
  if (auto at = lines_.find(whose); at != lines_.end())
    at->second.has_left = true;
  for (auto at = lines_.begin(); at != lines_.end();) {
    auto& mine = at->second;
    bool is_over = mine.has_left && mine.waiting.empty() && mine.paid <= now;
    at = is_over ? lines_.erase(at) : std::next(at);
  }
}

std::optional<send_window::time> send_window::due(time now) const {
  if (!own_.empty())
    return now;
  std::optional<time> result;
  for (const auto& [whose, mine] : lines_) {
    if (mine.waiting.empty())
      continue;
    auto from = may_send_from(mine, now);
    if (!result || from < *result)
      result = from;
  }
  // From then on more may be sent.
  if (result && is_busy(now))
    result = std::min(*result, all_paid_ - how_.credit_all);
  return result;
}

/// Calls that wait for long are of no account: a page may never answer them.
bool send_window::is_present(const line& x, time now) const {
  return !x.waiting.empty() || x.sent + how_.presence > now
         || (!x.unanswered.empty()
             && x.unanswered.back().since + how_.presence > now);
}

bool send_window::has_company(const line& whose, time now) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const auto& x) {
    return &x.second != &whose && is_present(x.second, now);
  });
}

/// How many calls of it may be without an answer.
std::size_t send_window::calls_of(const line& x) const {
  std::size_t all = 0;
  for (const auto& [whose, one] : lines_)
    all += one.unanswered.size();
  return all < how_.calls_all_max ? x.calls_max
                                  : std::min(x.calls_max, how_.calls_first);
}

/// Enough calls are under way of leases that have had no answer. One that is
/// not answered for long may wait for anything.
bool send_window::has_strangers(time now) const {
  std::size_t result = 0;
  for (const auto& [whose, one] : lines_)
    if (!one.is_known)
      result += static_cast<std::size_t>(std::count_if(
        one.unanswered.begin(), one.unanswered.end(), [&](const auto& x) {
          return x.since + strangers_within(now) > now;
        }));
  return result >= (is_busy(now) ? 1 : how_.strangers_max);
}

send_window::duration send_window::strangers_within(time now) const {
  return is_busy(now) ? how_.strangers_busy : how_.presence;
}

send_window::duration
send_window::patience_with(const line& x, time now) const {
  return (is_busy(now) ? how_.patience_max : x.patience)
         + slowness * x.expected;
}

send_window::time send_window::may_send_from(const line& x, time now) const {
  auto result = now;
  if (is_heavy(x, now) && has_company(x, now))
    result = std::max(now, paused_until());
  if (!x.is_known && has_strangers(now))
    result = std::max(result, x.since + strangers_within(now));
  if (x.unanswered.size() >= calls_of(x))
    result = std::max(result, std::max(x.answered, x.unanswered.front().since)
                                + patience_with(x, now));
  return result;
}

} // namespace berth::cdp
