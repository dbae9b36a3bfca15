// What holds for the parked pool whatever is done with it, in any order:
// random operations, and every invariant checked after each.

#include "protocol/parked_pool.hpp"

#include <gtest/gtest.h>

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

/// Beside the pool goes a model, that knows each tab's last word.
class drill {
public:
  explicit drill(uint64_t seed)
    : dice_{seed},
      most_{dice_.below(4), dice_.below(6),
            std::chrono::seconds{dice_.below(60)}},
      pool_{most_} {
    // nop
  }

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      now_ += std::chrono::milliseconds{dice_.below(3000)};
      step();
      check();
    }
  }

private:
  struct parked {
    work_key key;
    timestamp since;
    bool clean = false;
  };

  work_key draw_key() {
    return {"k" + std::to_string(dice_.below(3))};
  }

  target_id draw_target() {
    return {"t" + std::to_string(dice_.below(12))};
  }

  void step() {
    switch (dice_.below(6)) {
      default:
        offer();
        break;
      case 2:
        clean();
        break;
      case 3:
        take();
        break;
      case 4:
        forget();
        break;
      case 5:
        if (dice_.below(4) == 0)
          give_way();
        else
          expire();
    }
  }

  void forget() {
    auto target = draw_target();
    EXPECT_EQ(pool_.forget(target), model_.erase(target) > 0);
  }

  /// The oldest that is clean: the others are somebody's still.
  void give_way() {
    auto got = pool_.give_way();
    for (auto& [target, x] : model_)
      EXPECT_TRUE(!x.clean || (got && x.since >= model_.at(*got).since));
    if (got) {
      EXPECT_TRUE(model_.at(*got).clean);
      model_.erase(*got);
    }
  }

  void expire() {
    for (auto& x : pool_.expire(now_)) {
      EXPECT_GE(now_, model_.at(x).since + most_.within);
      model_.erase(x);
    }
    for (auto& [target, x] : model_)
      EXPECT_TRUE(!x.clean || now_ < x.since + most_.within);
  }

  void offer() {
    auto target = draw_target();
    auto key = draw_key();
    auto place = pool_.offer(target, key, now_);
    EXPECT_EQ(model_.erase(place.closes), place.closes ? 1u : 0u);
    EXPECT_EQ(place.found && !model_.contains(target), place.found);
    if (place.found)
      model_[target] = {key, now_, false};
  }

  void clean() {
    auto target = draw_target();
    pool_.cleaned(target, now_);
    if (auto i = model_.find(target); i != model_.end())
      i->second = {i->second.key, now_, true};
  }

  void take() {
    auto key = draw_key();
    auto got = pool_.take(key, now_);
    if (!got) {
      for (auto& [target, x] : model_)
        EXPECT_FALSE(x.key == key && x.clean && now_ < x.since + most_.within);
      return;
    }
    auto entry = model_.extract(*got);
    ASSERT_TRUE(entry) << got->value << " was not there to be given";
    EXPECT_EQ(entry.mapped().key, key);
    EXPECT_TRUE(entry.mapped().clean);
    EXPECT_LT(now_, entry.mapped().since + most_.within);
  }

  void check() {
    EXPECT_EQ(pool_.size(), model_.size());
    EXPECT_LE(pool_.size(), most_.max);
    std::map<work_key, size_t> of_key;
    std::optional<timestamp> due;
    for (auto& [target, x] : model_) {
      EXPECT_TRUE(pool_.has(target));
      EXPECT_LE(++of_key[x.key], most_.per_key);
      if (auto until = x.since + most_.within; x.clean)
        due = std::min(due.value_or(until), until);
    }
    EXPECT_EQ(pool_.next_deadline(), due);
  }

  dice dice_;
  parked_pool::limits most_;
  parked_pool pool_;
  timestamp now_{1h};
  std::map<target_id, parked> model_;
};

} // namespace

TEST(ParkedPoolProperty, HoldsForWhateverIsParked) {
  for (uint64_t seed = 1; seed <= 500 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    drill{seed}.run(400);
  }
}
