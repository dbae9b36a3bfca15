// Page sides as a real daemon has them, in tabs of the fake Chrome, on the
// site that holds conversations.

#pragma once

#include "actors/page.hpp"

#include "tests/support/daemon.hpp"

namespace berth::tests {

page_maker
site_pages(world& where, actors::provider_profiles known, timeouts times);

} // namespace berth::tests
