#pragma once

#include <string>
#include <string_view>

namespace berth::cdp {

/// Why a tab of a shared browser may not be sent to this address, as a
/// sentence; empty if it may. Web pages, data:, blob: and about:blank may be
/// opened; files of the machine and Chrome's own pages may not.
std::string refuse_url(std::string_view url);

} // namespace berth::cdp
