// The JavaScript that commands run in a page, as expressions for
// `Runtime.evaluate`. Each is a promise of one object: `{ok: true, ...}` or
// `{error: "missing" | "hidden" | "covered" | "disabled" | "selector", ...}`.
// It runs in a world of its own, so that it sees the page's document but
// nothing that the page has made of the language or the DOM's prototypes.

#pragma once

#include "protocol/command.hpp"

#include <string>
#include <string_view>

namespace berth::cdp {

/// Parameters of `Page.createIsolatedWorld` for that world. A frame has one of
/// a name; whoever asks for it again gets the same one. It has a policy of its
/// own: else it may set no timers where the page's allows no scripts.
std::string script_world(std::string_view frame);

/// Waits until the element can be clicked, scrolls to it, and answers with its
/// middle: `{ok, x, y}` in CSS pixels of the viewport.
std::string find_to_click(std::string_view selector, protocol::duration within);

/// Waits until the element can be typed into and focuses it; selects what is
/// in it if `clear`.
std::string
find_to_type(std::string_view selector, bool clear, protocol::duration within);

/// Waits for what `wait_for` waits for; but see `truth_of` for expressions.
std::string wait_until(protocol::wait_kind kind, std::string_view what,
                       protocol::duration within);

/// Whether this expression of the user's is true, as a boolean. It is about the
/// page's own variables, and so runs in the page's world, and without waiting.
std::string truth_of(std::string_view expression);

/// Waits until the page has changed, or may have: a moment after a mutation, or
/// a tenth of a second without one. `{ok}`
std::string next_change();

/// What a person could read: `{ok, text, blank}`.
std::string read_text();

/// The `<input type=file>` itself, or null.
std::string find_input(std::string_view selector);

} // namespace berth::cdp
