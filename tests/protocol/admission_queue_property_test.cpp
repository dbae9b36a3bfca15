// What holds for the admission queue whatever is asked of it, in any order:
// random operations, and every invariant checked after each.

#include "protocol/admission_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

/// Knuth's linear congruential generator: the same numbers on every machine.
class dice {
public:
  explicit dice(uint64_t seed) : state_{seed} {
    // nop
  }

  uint64_t below(uint64_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 33) % limit;
  }

private:
  uint64_t state_;
};

/// Beside the queue goes a model, that believes only what the events say.
class drill {
public:
  explicit drill(uint64_t seed) : dice_{seed}, queue_{draw_limits()} {
    // nop
  }

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      now_ += std::chrono::milliseconds{dice_.below(3000)};
      step();
      check();
    }
    come_to_rest();
  }

private:
  struct place {
    client_id client;
    work_key key;
    timestamp deadline;
  };

  admission_queue::limits draw_limits() {
    admission_queue::limits result;
    result.per_key = 1 + dice_.below(4);
    result.of_key = {{{"k0"}, dice_.below(3)}};
    result.global = 1 + dice_.below(8);
    result.tabs = 1 + dice_.below(10);
    result.waiters_max = 1 + dice_.below(20);
    result.waiters_per_client_max = 1 + dice_.below(6);
    result.wait_max = 1min;
    return result;
  }

  work_key draw_key() {
    return {"k" + std::to_string(dice_.below(4))};
  }

  client_id draw_client() {
    return {1 + dice_.below(5)};
  }

  void step() {
    switch (dice_.below(12)) {
      default:
        ask();
        break;
      case 5:
      case 6:
      case 7:
      case 8:
        learn(queue_.give_back({dice_.below(slots_seen_ + 2)}, now_));
        break;
      case 9:
        extra_ = dice_.below(6);
        learn(queue_.note_extra_tabs(extra_, now_));
        break;
      case 10:
        cancel();
        break;
      case 11:
        if (dice_.below(4) == 0)
          drop();
        else
          learn(queue_.expire(now_));
        break;
    }
  }

  void ask() {
    ask_slot what{draw_client(), draw_key(), dice_.below(90) * 1s};
    auto before = queue_.waiting(now_);
    auto room = has_room(what.key);
    auto decision = queue_.ask(what, now_);
    EXPECT_EQ(room, decision.why.code == errc::ok && is_grant(decision));
    if (decision.why.code != errc::ok) {
      EXPECT_TRUE(decision.events.empty());
      EXPECT_EQ(queue_.waiting(now_), before);
      EXPECT_GE(decision.why.active, decision.why.cap);
      EXPECT_GE(decision.why.retry_after, queue_.most().retry_after_min);
    } else
      EXPECT_EQ(decision.events.size(), 1u);
    learn(decision);
  }

  void cancel() {
    ticket_id which{dice_.below(tickets_seen_ + 2)};
    auto client = draw_client();
    auto i = waiting_.find(which);
    bool mine = i != waiting_.end() && i->second.client == client;
    auto decision = queue_.cancel(client, which, now_);
    EXPECT_EQ(decision.why.code, mine ? errc::ok : errc::ticket_unknown);
    EXPECT_EQ(decision.events.size(), mine ? 1u : 0u);
    learn(decision);
  }

  void drop() {
    auto client = draw_client();
    learn(queue_.drop(client, now_));
    for (auto& [id, x] : waiting_)
      EXPECT_NE(x.client, client);
  }

  static bool is_grant(const admission_decision& x) {
    return x.events.size() == 1
           && std::holds_alternative<slot_granted>(x.events[0]);
  }

  void learn(const admission_decision& what) {
    for (const auto& x : what.events)
      std::visit(
        [this](const auto& event) {
          hear(event);
        },
        x);
  }

  /// The caps hold when a slot is granted; extra tabs may come later.
  void hear(const slot_granted& x) {
    EXPECT_TRUE(has_room(x.key));
    EXPECT_GT(x.slot.value, slots_seen_) << "a slot twice";
    slots_seen_ = x.slot.value;
    if (x.ticket) {
      auto entry = waiting_.extract(x.ticket);
      ASSERT_TRUE(entry) << "a ticket that ended before";
      EXPECT_EQ(entry.mapped().client, x.client);
      EXPECT_EQ(entry.mapped().key, x.key);
      EXPECT_GT(entry.mapped().deadline, now_);
    } else
      EXPECT_FALSE(waits(x.key)) << "overtaken";
    slots_[x.slot] = x.key;
  }

  void hear(const ticket_issued& x) {
    EXPECT_GT(x.ticket.id.value, tickets_seen_);
    tickets_seen_ = x.ticket.id.value;
    EXPECT_GT(x.ticket.deadline, now_);
    EXPECT_LE(x.ticket.deadline, now_ + queue_.most().wait_max);
    waiting_[x.ticket.id] = {x.ticket.client, x.ticket.key, x.ticket.deadline};
  }

  void hear(const ticket_ended& x) {
    auto entry = waiting_.extract(x.ticket);
    ASSERT_TRUE(entry) << "a ticket that ended before";
    EXPECT_EQ(entry.mapped().client, x.client);
    EXPECT_TRUE(x.why != errc::ticket_expired
                || entry.mapped().deadline <= now_);
  }

  void hear(const slot_returned& x) {
    auto entry = slots_.extract(x.slot);
    ASSERT_TRUE(entry) << "a slot that was not taken";
    EXPECT_EQ(entry.mapped(), x.key);
  }

  size_t active(const work_key& key) const {
    return static_cast<size_t>(
      std::ranges::count_if(slots_, [&](const auto& x) {
        return x.second == key;
      }));
  }

  bool has_room(const work_key& key) const {
    auto& most = queue_.most();
    return active(key) < queue_.cap(key) && slots_.size() < most.global
           && slots_.size() + extra_ < most.tabs;
  }

  bool waits(const work_key& key) const {
    return std::ranges::any_of(waiting_, [&](const auto& x) {
      return x.second.key == key;
    });
  }

  void check() const {
    auto& most = queue_.most();
    EXPECT_LE(slots_.size(), most.global);
    EXPECT_EQ(queue_.active(), slots_.size());
    for (const auto& key : queue_.keys()) {
      EXPECT_LE(active(key), queue_.cap(key));
      EXPECT_EQ(queue_.active(key), active(key));
      EXPECT_FALSE(waits(key) && has_room(key)) << key.value << " idles";
    }
    check_line();
  }

  void check_line() const {
    auto& most = queue_.most();
    auto line = queue_.waiting(now_);
    EXPECT_LE(line.size(), most.waiters_max);
    ASSERT_EQ(line.size(), waiting_.size());
    std::map<client_id, size_t> of_client;
    std::map<work_key, std::set<uint64_t>> places;
    std::map<work_key, size_t> of_key;
    std::optional<timestamp> first;
    for (const auto& x : line) {
      auto i = waiting_.find(x.id);
      ASSERT_NE(i, waiting_.end());
      EXPECT_EQ(x.deadline, i->second.deadline);
      EXPECT_LE(++of_client[x.client], most.waiters_per_client_max);
      places[x.key].insert(x.ahead);
      ++of_key[x.key];
      first = first ? std::min(*first, x.deadline) : x.deadline;
    }
    EXPECT_EQ(queue_.next_deadline(), first);
    for (auto& [key, count] : of_key) {
      EXPECT_EQ(places[key].size(), count) << "a place twice";
      EXPECT_EQ(*places[key].rbegin(), count - 1) << "a place too far";
    }
  }

  /// Liveness: if every slot comes back, every ticket is served or expires.
  void come_to_rest() {
    learn(queue_.note_extra_tabs(extra_ = 0, now_));
    while (!slots_.empty() && !testing::Test::HasFailure()) {
      learn(queue_.give_back(slots_.begin()->first, now_));
      check();
    }
    for (const auto& [id, x] : waiting_)
      EXPECT_EQ(queue_.cap(x.key), 0u) << "starved";
    now_ += queue_.most().wait_max;
    learn(queue_.expire(now_));
    EXPECT_TRUE(queue_.waiting(now_).empty());
    EXPECT_EQ(queue_.next_deadline(), std::nullopt);
  }

  dice dice_;
  admission_queue queue_;
  timestamp now_{1h};
  size_t extra_ = 0;
  uint64_t slots_seen_ = 0;
  uint64_t tickets_seen_ = 0;
  std::map<slot_id, work_key> slots_;
  std::map<ticket_id, place> waiting_;
};

} // namespace

TEST(AdmissionQueueProperty, T5_L6_HoldsWhateverIsAsked) {
  for (uint64_t seed = 1; seed <= 200 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    drill{seed}.run(300);
  }
}
