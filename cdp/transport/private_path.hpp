// Files and directories that concern nobody but this user. Links are never
// followed in their last component.

#pragma once

#include <string>
#include <string_view>

namespace berth::cdp {

/// Makes the directory (0700, with the directories above it), or looks at the
/// one that is there. Returns why it cannot be used; empty: it can. `what`
/// begins the sentence: "The state directory".
std::string private_dir(const std::string& what, const std::string& path);

/// The text of a regular file, as far as `bytes_max`; empty if there is none.
std::string
read_private(const std::string& path, std::size_t bytes_max = 1 << 20);

/// Puts a file (0600) in the place of what is there, whole and durable, with
/// its name: whoever dies at any byte leaves the old one or the new one. False
/// and `errno` if it is not known to be so.
bool replace_private(const std::string& path, std::string_view text);

/// Opens a file for appending, made with 0600 if it is missing. -1 and `errno`
/// if that failed; what is no regular file counts as one that failed.
int open_private_log(const std::string& path);

} // namespace berth::cdp
