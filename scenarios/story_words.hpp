// How a story says what clients are told.

#pragma once

#include "protocol/command.hpp"
#include "protocol/event.hpp"
#include "protocol/request.hpp"
#include "protocol/session_view.hpp"

#include <optional>
#include <string>

namespace berth::scenarios {

using namespace protocol;

/// `refused provider.capacity, 2 of 2 taken, again in 10s`
std::string to_words(const failure& x);

/// `granted 1:1.1`
std::string to_words(const grant& x);

/// `sees 2 slots taken, 1 lease, 1 waiting, Chrome ready`
std::string to_words(const status& x);
std::string to_words(const browser_view& x);

/// `run 1 is queued: busy, 1 ahead`, `run 1 is complete: hi`
std::string to_words(const run_view& x);

/// `session 1 with chatgpt is polling, 0 queued`
std::string to_words(const session_view& x);

/// `begins run 1`: what a page side is told to do.
std::string to_words(const session_act& x);

/// `hears that its tab is lost: crashed`; none for what is no news to a reader.
std::optional<std::string> to_words(const event& x);

/// `lease_granted 1:1.1`: a line of the journal.
std::string journal_line(const event& x);

} // namespace berth::scenarios
