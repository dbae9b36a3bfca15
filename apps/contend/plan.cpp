#include "apps/contend/plan.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace berth::apps::contend {

namespace {

struct naming {
  const char* name;
  const char* title;
  char letter;
};

/// In the order of `fault`.
constexpr std::array<naming, all_faults.size()> names{{
  {"kill", "agent killed", 'K'},
  {"stop", "agent stopped", 'S'},
  {"crash", "page crashed", 'C'},
  {"chromium", "Chromium killed", 'X'},
  {"daemon", "daemon killed", 'D'},
}};

/// Up to a quarter of the interval early or late. The standard's own
/// distributions are not the same everywhere; a remainder is.
duration jitter(std::mt19937_64& rng, duration every) {
  auto half = every.count() / 4;
  auto draw = static_cast<int64_t>(rng() % static_cast<uint64_t>(2 * half + 1));
  return duration{draw - half};
}

std::vector<fault>
round_of(std::mt19937_64& rng, const std::vector<fault>& faults) {
  std::vector<fault> result;
  for (auto x : faults)
    result.insert(result.end(), x == fault::kill_agent ? kills_per_round : 1,
                  x);
  for (auto i = result.size(); i > 1; --i)
    std::swap(result[i - 1], result[rng() % i]);
  return result;
}

} // namespace

const char* flag_of(fault x) {
  return names[static_cast<size_t>(x)].name;
}

const char* title_of(fault x) {
  return names[static_cast<size_t>(x)].title;
}

char letter_of(fault x) {
  return names[static_cast<size_t>(x)].letter;
}

std::optional<fault> parse_fault(std::string_view name) {
  for (auto x : all_faults)
    if (name == flag_of(x))
      return x;
  return std::nullopt;
}

std::vector<strike> draw_plan(const plan_options& how) {
  std::vector<strike> result;
  std::mt19937_64 rng{how.seed};
  auto add = [&](duration every, auto next) {
    for (int64_t i = 1; every > duration{0}; ++i) {
      auto at = every * i + jitter(rng, every);
      if (at > how.length - how.calm)
        return;
      auto what = next();
      result.push_back({at, what, rng()});
    }
  };
  std::vector<fault> deck;
  if (!how.faults.empty())
    add(how.every, [&] {
      if (deck.empty())
        deck = round_of(rng, how.faults);
      auto what = deck.back();
      deck.pop_back();
      return what;
    });
  for (auto& [what, every] : how.paced)
    add(every, [what = what] {
      return what;
    });
  std::ranges::stable_sort(result, {}, &strike::at);
  return result;
}

} // namespace berth::apps::contend
