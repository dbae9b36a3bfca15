// Plays a story: a text of what clients do, and what they are told.
//
//     alice acquires web            played
//     alice: granted 1:1.1          told
//     wait 30s                      time passes
//
// The story is told anew from its played lines, and must come out word for word
// as it was written. Lines that start with # and empty ones are kept.

#pragma once

#include <string>

namespace berth::scenarios {

std::string tell_story(const std::string& written);

} // namespace berth::scenarios
