// The JavaScript that watches a conversation: built from a provider's profile,
// run by Chrome in a world of its own in every document of the tab, where the
// page's own scripts reach neither it nor what it calls.
//
// It tells of changes by itself, through a binding: coalesced, once more when
// what it saw stands still, and not at all while nothing that counts changes.

#pragma once

#include "protocol/provider.hpp"
#include "protocol/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::cdp {

/// The world that it runs in, and the binding through which it tells.
inline constexpr const char* watch_world = "berthTell";

/// What is looked for in the conversation.
struct look_order {
  std::string of;     ///< Told with every look, so that none is mistaken.
  int64_t before = 0; ///< Turns before the prompt; below zero: unknown.
  std::string prompt; ///< Empty: any new turn is the prompt's.
};

/// To be run in every document, before its own scripts.
std::string conversation_script(const protocol::provider_profile& from);

// -- expressions for the same world; `null` where the script does not run -----

/// A look: read it with `read_look`. What the script tells from now on is of
/// this order.
std::string look_now(const look_order& what);

/// The answer that was looked at: `{of, hash, text}`.
std::string read_answer();

/// What a frame shows that the page cannot look into; see `take_part`.
std::string read_part();

/// A function of the frame's element in the document that it is in: from now on
/// the frame shows this.
inline constexpr const char* take_part
  = "function(part) { globalThis.berth?.inside(this, part); }";

/// Which of the selectors is the first to match: its index, or -1 if none does
/// within the time. An invisible element counts only if `hidden`.
std::string first_of(const protocol::selectors& from, bool hidden,
                     protocol::duration within);

} // namespace berth::cdp
