// The parameters of a CDP call that a client makes: read once, and sent as
// they were read. A text that two readers may understand differently (a key
// twice, escaped keys, something behind the object) never reaches Chrome.

#pragma once

#include "protocol/outcome.hpp"

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace berth::cdp {

inline constexpr size_t params_depth_max = 100;     ///< Objects and arrays.
inline constexpr size_t params_values_max = 100000; ///< Keys count as well.

/// The object that this JSON text is; an empty text is an empty object. Fails
/// with `request.invalid` if it is no JSON object, or if it has a key twice,
/// at any depth; with `request.too_large` if it is over one of the limits.
protocol::outcome<nlohmann::json> read_params(std::string_view text);

} // namespace berth::cdp
