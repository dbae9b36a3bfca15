#pragma once

#include <string>
#include <string_view>

namespace berth::cdp {

/// Why a holder may not call this method in the session of its own page, as a
/// sentence; empty if it may. Everything is refused that is not known to stay
/// within the page: Chrome itself lets a page's session drive other tabs
/// (Target.*, Browser.*) and read or wipe what other origins stored.
std::string refuse_method(std::string_view method);

/// Why these parameters (the JSON text of an object, or empty) are refused for
/// a method that is not; empty if they are fine.
std::string refuse_params(std::string_view method, std::string_view params);

} // namespace berth::cdp
