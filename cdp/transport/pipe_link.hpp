// The link to a managed Chrome: two FIFOs, each text ended by a NUL byte. There
// is no port that anybody else could connect to.
//
// Chrome holds both ends of both FIFOs, so it does not notice when its daemon
// dies, and the next daemon opens them again. What the first one left half
// written or half read is for the reader above to sort out (`virtual_root`).

#pragma once

#include "cdp/chrome.hpp"
#include "cdp/transport/chrome_link.hpp"
#include "cdp/transport/io_loop.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace berth::cdp {

struct pipe_options {
  pipe_names names;
  /// What one text from Chrome may have. In place of a larger answer the
  /// asker hears an error in Chrome's form; a larger event is dropped.
  std::size_t message_max = 0;
  /// Whether Chrome is this process's still. A process that was stopped may
  /// find out only after another one has taken its place, and must not read
  /// what is meant for that one.
  std::function<bool()> ours;
};

/// Opens the FIFOs, on the loop's thread. Nobody but the one who owns the
/// Chrome's profile may do so: two readers would steal from each other.
std::shared_ptr<chrome_link>
open_pipes(std::shared_ptr<io_loop> loop, pipe_options how,
           chrome_link::events to);

/// Makes two new FIFOs (0600) of these names, in place of those that are
/// there. On failure says why.
std::string make_pipes(const pipe_names& names);

/// Whether a Chrome reads its commands there, also one that cannot be seen, as
/// it runs in another namespace of processes.
bool is_read(const pipe_names& names);

} // namespace berth::cdp
