// Files that the program carries within itself: nothing needs to be found.

#pragma once

#include <string_view>

namespace berth::apps {

/// The text of a file of this project, by its path. Empty: it is not carried.
std::string_view embedded(std::string_view path);

} // namespace berth::apps
