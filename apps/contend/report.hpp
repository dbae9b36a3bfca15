// What is told of a contention run when it is over.

#pragma once

#include "apps/contend/figures.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace berth::apps::contend {

std::string text_report(const run_result& x);

/// One object.
nlohmann::json json_report(const run_result& x);

/// JUnit's XML: a test case for each promise.
std::string junit_report(const run_result& x);

/// One page that needs nothing else, with the timeline.
std::string html_report(const run_result& x);

/// Lanes of tabs, faults and the queue as SVG. Colours come from the page's
/// style: `seatN` for whoever holds the tab, and others by what they show.
std::string svg_timeline(const run_result& x);

/// For XML and HTML, in texts and in attributes. Characters that XML 1.0 does
/// not know are left out.
std::string escape(const std::string& text);

} // namespace berth::apps::contend
