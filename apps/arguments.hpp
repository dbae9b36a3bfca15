// What the words of a command line must look like, whichever command they are
// for: numbers, times, and that what is named is not empty.

#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>

namespace berth::apps {

/// The type of options that are times; `check_arguments` knows them by it.
inline constexpr const char* time_type = "TIME";

/// Why this is not a whole number; empty if it is one.
std::string refuse_number(const std::string& text);

/// Why this is not a number of zero or more; empty if it is one.
std::string refuse_decimal(const std::string& text);

/// Why this is not a time; empty if it is one.
std::string refuse_time(const std::string& text);

/// Has each command refuse what is no number, time or text where it takes
/// one. CLI11 by itself reads -1 as 18446744073709551615, and what is too
/// large as the largest number. To be called when all commands are there.
void check_arguments(CLI::App& program);

} // namespace berth::apps
