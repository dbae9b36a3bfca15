#pragma once

#include <span>
#include <string>
#include <string_view>

namespace berth::cdp {

/// Why this file may not be handed to a page, or this directory not take a
/// page's files, as a sentence; empty if it may. It must be in one of `dirs`,
/// or below, and neither hidden there (no part of its path below that directory
/// begins with a dot) nor one of `never`, nor in one of them. All paths are
/// absolute, without symbolic links and without `.` and `..`.
std::string
refuse_upload(std::string_view path, std::span<const std::string> dirs,
              std::span<const std::string> never);

} // namespace berth::cdp
