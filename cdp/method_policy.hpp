#pragma once

#include "protocol/outcome.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace berth::cdp {

/// Why a holder may not call this method in the session of its own page, as a
/// sentence; empty if it may. Everything is refused that is not known to stay
/// within the page: Chrome itself lets a page's session drive other tabs
/// (Target.*, Browser.*) and read or wipe what other origins stored.
std::string refuse_method(std::string_view method);

/// Why these parameters (an object) are refused for a method that is not;
/// empty if they are fine. What is refused reaches files of the machine.
std::string
refuse_params(std::string_view method, const nlohmann::json& params);

/// The parameters to send to Chrome, for a call that is permitted: they are
/// read once (`read_params`), checked, and written anew. Fails with
/// `cdp.denied`, or with what `read_params` fails with.
protocol::outcome<std::string>
admit_call(std::string_view method, std::string_view params);

} // namespace berth::cdp
