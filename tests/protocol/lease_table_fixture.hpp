// A lease table with two clients, for the tests of its rules.

#pragma once

#include "protocol/lease_table.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace berth::protocol {

using namespace std::chrono_literals;

inline constexpr client_id alice{1};
inline constexpr client_id bob{2};
inline constexpr timestamp start{1h};
inline const target_id tab{"T1"};
inline const target_id other_tab{"T2"};

struct LeaseTable : testing::Test {
  lease_table table{3,
                    {.ttl_default = 60s, .ttl_max = 10min, .grace_max = 30s}};

  LeaseTable() {
    table.join(alice, start);
    table.join(bob, start);
  }

  /// What alice asks for, in the slot of the same number.
  static grant_lease order(uint64_t slot, duration grace = {}) {
    return {alice, {"web"}, {slot}, holder_kind::client, {}, 20s, grace};
  }

  lease_ref granted(const grant_lease& what, timestamp now = start) {
    auto decision = table.grant(what, now);
    EXPECT_EQ(decision.verdict, errc::ok);
    auto& row = std::get<lease_granted>(decision.events.at(0)).lease;
    return {row.id, row.token};
  }

  lease_ref bound(const grant_lease& what, const target_id& target = tab) {
    auto result = granted(what);
    EXPECT_EQ(table.bind({result, target, 1}, start).verdict, errc::ok);
    return result;
  }

  /// The row as it is now, or in another state.
  lease row(lease_ref which) const {
    return *table.find(which.lease);
  }

  lease ended(lease_ref which) const {
    auto result = row(which);
    result.state = lease_state::closing;
    return result;
  }

  static lease_ref older(lease_ref x) {
    --x.token.sequence;
    return x;
  }
};

inline lease_decision refused(errc why) {
  return {why, {}};
}

template <class... Ts>
lease_decision told(Ts... xs) {
  return {errc::ok, {std::move(xs)...}};
}

} // namespace berth::protocol
