// What holds for several queues whatever is asked of them, in any order: a
// model believes only what the events say.

#include "protocol/admission_board.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

class drill {
public:
  explicit drill(uint64_t seed) : rng_{seed} {
    for (size_t i = 0; i < 3; ++i)
      stand(i, browser_health::ready, false);
  }

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      now_ += std::chrono::milliseconds{below(3000)};
      step();
      check();
    }
  }

private:
  struct waiter {
    browser_name named; ///< Empty: none.
    timestamp deadline;
  };

  uint64_t below(uint64_t most) {
    return std::uniform_int_distribution<uint64_t>{0, most - 1}(rng_);
  }

  static browser_name name(size_t i) {
    return {std::string(1, static_cast<char>('a' + i))};
  }

  work_key key() {
    return {"k" + std::to_string(below(3))};
  }

  void stand(size_t i, browser_health state, bool draining) {
    browser_standing x{name(i), state, draining, "", 1s};
    standings_[x.name] = x;
    learn(board_.stand(x, caps_, now_), {});
  }

  void step() {
    switch (below(8)) {
      case 0:
        stand(below(3), static_cast<browser_health>(below(5)), below(4) == 0);
        break;
      case 1:
      case 2:
      case 3: {
        ask_slot what{{1 + below(4)},
                      key(),
                      std::chrono::seconds{below(60)},
                      below(3) == 0 ? name(below(3)) : browser_name{}};
        auto got = board_.ask(what, now_);
        if (what.browser && !takes_leases(standings_.at(what.browser))) {
          EXPECT_EQ(got.why.what, why_not(standings_.at(what.browser)).what);
        }
        learn(got, what.browser);
        break;
      }
      case 4:
        learn(board_.drop({1 + below(4)}, now_), {});
        break;
      case 5:
        learn(board_.note_extra_tabs(name(below(3)), below(3), now_), {});
        break;
      default:
        if (slots_.empty())
          break;
        auto i = slots_.begin();
        std::advance(i, below(slots_.size()));
        learn(board_.give_back(i->first, now_), {});
    }
    learn(board_.expire(now_), {});
  }

  void learn(const admission_decision& what, const browser_name& named) {
    for (const auto& x : what.events)
      if (auto got = std::get_if<slot_granted>(&x)) {
        EXPECT_TRUE(slots_.emplace(got->slot, got->browser).second);
        EXPECT_TRUE(takes_leases(standings_.at(got->browser)));
        if (got->ticket) {
          auto whom = waiters_.extract(got->ticket);
          ASSERT_TRUE(whom) << "served twice";
          EXPECT_TRUE(!whom.mapped().named
                      || whom.mapped().named == got->browser);
        } else if (named) {
          EXPECT_EQ(got->browser, named);
        }
      } else if (auto waits = std::get_if<ticket_issued>(&x)) {
        EXPECT_TRUE(
          waiters_
            .emplace(waits->ticket.id, waiter{named, waits->ticket.deadline})
            .second);
      } else if (auto over = std::get_if<ticket_ended>(&x)) {
        EXPECT_EQ(waiters_.erase(over->ticket), 1u) << "ended twice";
      } else if (auto back = std::get_if<slot_returned>(&x)) {
        EXPECT_EQ(slots_.at(back->slot), back->browser);
        slots_.erase(back->slot);
      }
  }

  void check() {
    auto waiting = board_.waiting(now_);
    EXPECT_EQ(waiting.size(), waiters_.size());
    for (const auto& x : waiting) {
      auto& whom = waiters_.at(x.id);
      EXPECT_EQ(x.deadline, whom.deadline);
      EXPECT_TRUE(takes_leases(standings_.at(x.browser)));
      EXPECT_TRUE(!whom.named || whom.named == x.browser);
      for (auto& [where, standing] : standings_)
        if ((!whom.named || whom.named == where) && takes_leases(standing)) {
          EXPECT_FALSE(board_.find(where)->has_room(x.key))
            << "somebody waits, and " << where.value << " has room";
        }
    }
    for (auto& [where, standing] : standings_) {
      auto& queue = *board_.find(where);
      auto mine = std::ranges::count_if(slots_, [&](const auto& x) {
        return x.second == where;
      });
      EXPECT_EQ(queue.active(), static_cast<size_t>(mine));
      EXPECT_LE(queue.active(), caps_.global);
    }
  }

  std::mt19937_64 rng_;
  timestamp now_{1h};
  admission_queue::limits caps_{
    .per_key = 2, .of_key = {}, .global = 3, .tabs = 4};
  admission_board board_;
  std::map<browser_name, browser_standing> standings_;
  std::map<slot_id, browser_name> slots_;
  std::map<ticket_id, waiter> waiters_;
};

} // namespace

TEST(AdmissionBoardProperty, HoldsWhateverIsAsked) {
  for (uint64_t seed = 1; seed <= 200 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    drill{seed}.run(200);
  }
}
