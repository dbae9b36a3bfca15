// Which directory may hold what concerns nobody else: leases, prompts, a
// browser's profile. One that exists is looked at and never changed: its mode
// may be shared with other programs. Also included from C++17 files.

#pragma once

#include <cstdint>
#include <string>

namespace berth::protocol {

enum class path_kind : std::uint8_t { missing, directory, link, other };

/// What the file system says of a path, without following a link there.
struct path_facts {
  path_kind kind = path_kind::missing;
  std::uint64_t owner = 0; ///< Its user id.
  unsigned mode = 0;       ///< The permission bits.
};

/// Why this user may not use it, and the remedy; empty: it may be used, or
/// made. `what` begins the sentence: "The state directory". Root gets no
/// exception: what it leaves in another user's directory that user cannot open.
std::string objection(const std::string& what, const std::string& path,
                      const path_facts& seen, std::uint64_t user);

/// The text as one word of a shell's command line.
std::string shell_word(const std::string& text);

} // namespace berth::protocol
