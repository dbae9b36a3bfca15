// Page sides as a real daemon has them, in tabs of the fake Chrome, on the
// site that holds conversations.

#pragma once

#include "actors/page.hpp"

#include "tests/support/daemon.hpp"

namespace berth::tests {

/// What page sides hold leases as: nobody else is called so.
inline constexpr client_id first_page{1'000'000'000'000};

page_maker
site_pages(world& where, actors::provider_profiles known, timeouts times);

} // namespace berth::tests
