#include "protocol/timeouts.hpp"

namespace berth::protocol {

namespace {

constexpr std::array<const char*, tier_count> names{
  "instant", "standard", "thinking", "pro", "heavy", "deep_research"};

} // namespace

const char* to_string(tier x) {
  auto i = static_cast<size_t>(x);
  return i < names.size() ? names[i] : "unknown";
}

std::optional<tier> parse_tier(std::string_view name) {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<tier>(i);
  return std::nullopt;
}

effort_time effort_at(const timeouts& from, const std::string& provider,
                      const std::string& effort) {
  auto at = from.of_provider.find(provider);
  if (at == from.of_provider.end())
    return {};
  const auto& [efforts, fallback] = at->second;
  auto i = efforts.find(effort.empty() ? fallback : effort);
  return i == efforts.end() ? effort_time{} : i->second;
}

duration run_time(const timeouts& from, const std::string& provider,
                  const std::string& effort, duration wanted) {
  if (wanted > duration{0})
    return wanted;
  auto [kind, own] = effort_at(from, provider, effort);
  return own > duration{0} ? own : from.of_tier[static_cast<size_t>(kind)];
}

timestamp lease_deadline(const timeouts& from, timestamp deadline) {
  return deadline + from.grace;
}

std::vector<complaint> validate(const timeouts& x, duration lease_max) {
  std::vector<complaint> result;
  auto positive = [&](std::string field, duration value) {
    if (value <= duration{0})
      result.push_back({std::move(field), "must be more than 0."});
  };
  auto fits = [&](std::string field, duration value) {
    if (value + x.grace > lease_max)
      result.push_back({std::move(field), "is " + to_string(value)
                                            + ", which with the grace is over "
                                              "lease.ttl_max, "
                                            + to_string(lease_max) + "."});
  };
  for (size_t i = 0; i < tier_count; ++i) {
    auto field = std::string{"timeouts."} + names[i];
    positive(field, x.of_tier[i]);
    fits(field, x.of_tier[i]);
  }
  for (const auto& [provider, times] : x.of_provider)
    for (const auto& [effort, time] : times.efforts) {
      auto field = provider;
      field.append(".efforts.").append(effort).append(".timeout");
      fits(field, time.timeout);
    }
  positive("timeouts.heartbeat", x.heartbeat);
  positive("timeouts.grace", x.grace);
  positive("timeouts.explicit_max", x.explicit_max);
  fits("timeouts.explicit_max", x.explicit_max);
  if (x.heartbeat > x.silence / 3)
    result.push_back(
      {"timeouts.silence", "must be at least three times timeouts.heartbeat."});
  return result;
}

} // namespace berth::protocol
