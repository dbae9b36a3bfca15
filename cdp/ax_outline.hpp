#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace berth::cdp {

/// How much of an outline is kept; what is left out is said in its last line.
inline constexpr std::size_t outline_max = std::size_t{4} << 20;

/// The result of `Accessibility.getFullAXTree` as text that people and models
/// read, a line a node, children indented:
///
///     - heading "Title" [level=1]
///     - textbox "Name" [focused]: Ada
///
/// Nodes that say nothing are left out; their children take their place.
std::string outline_ax_tree(std::string_view result);

/// Everybody waits while a tree is read, some 20 ms for each MiB of it: a
/// larger one is not.
inline constexpr std::size_t ax_tree_max = std::size_t{16} << 20;

} // namespace berth::cdp
