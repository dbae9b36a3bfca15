#include "scenarios/naive_trial.hpp"

#include <cstdio>

namespace berth::scenarios {

namespace {

/// What the model cannot keep. The others it may keep by chance.
constexpr std::array must_break{
  promise::recovery, promise::bind, promise::order,     promise::crash,
  promise::live,     promise::cap,  promise::exclusive, promise::kept,
};

/// What was found out about one promise.
struct finding {
  size_t seeds = 0; ///< In how many it was broken.
  uint64_t first = 0;
  std::string complaint;
};

using findings = std::array<finding, promise_names.size()>;

void print(const findings& all, size_t seeds) {
  std::printf("%zu seeds\n%-14s broken in  first\n", seeds, "promise");
  for (size_t i = 0; i < all.size(); ++i)
    if (auto& x = all[i]; x.seeds == 0)
      std::printf("%-14s %9d\n", promise_names[i], 0);
    else
      std::printf("%-14s %9zu  seed %llu: %s\n", promise_names[i], x.seeds,
                  static_cast<unsigned long long>(x.first),
                  x.complaint.c_str());
}

} // namespace

bool try_naive(const swarm_options& options) {
  findings all;
  transcript silent{false};
  auto end = options.first + options.seeds;
  for (auto seed = options.first; seed < end; ++seed) {
    auto report = play(options, seed, silent);
    std::printf("%s", report.story.c_str());
    for (auto& [which, complaint] : report.broken)
      if (auto& x = all.at(static_cast<size_t>(which)); ++x.seeds == 1) {
        x.first = seed;
        x.complaint = complaint;
      }
  }
  print(all, options.seeds);
  bool good = true;
  for (auto x : must_break)
    if (all.at(static_cast<size_t>(x)).seeds == 0) {
      std::printf("%s must break, and did not\n", to_string(x).c_str());
      good = false;
    }
  return good;
}

} // namespace berth::scenarios
