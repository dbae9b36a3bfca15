// The JavaScript that commands run in a page, as expressions for
// `Runtime.evaluate`. Each is a promise of one object: `{ok: true, ...}` or
// `{error: "missing" | "hidden" | "covered" | "disabled" | "selector", ...}`.

#pragma once

#include "protocol/command.hpp"

#include <string>
#include <string_view>

namespace berth::cdp {

/// Waits until the element can be clicked, scrolls to it, and answers with its
/// middle: `{ok, x, y}` in CSS pixels of the viewport.
std::string find_to_click(std::string_view selector, protocol::duration within);

/// Waits until the element can be typed into and focuses it; selects what is
/// in it if `clear`.
std::string
find_to_type(std::string_view selector, bool clear, protocol::duration within);

/// Waits for what `wait_for` waits for.
std::string wait_until(protocol::wait_kind kind, std::string_view what,
                       protocol::duration within);

/// What a person could read: `{ok, text, blank}`.
std::string read_text();

/// The `<input type=file>` itself, or null.
std::string find_input(std::string_view selector);

} // namespace berth::cdp
