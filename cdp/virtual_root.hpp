// A browser connection of one's own within a link that outlives it.
//
// A managed Chrome is reached over pipes that stay when the daemon dies, and so
// does all that the dead daemon had attached and set. So Berth works in a
// virtual root, a session that `Target.attachToBrowserTarget` gives: whoever
// comes next detaches it, and Chrome undoes all of it, as it does when a
// websocket is closed. The bare root, which every text without a session
// reaches, is used for nothing but opening, removing and watching roots.
//
// Pure: texts in, texts out. Also included from C++17 files.

#pragma once

#include "cdp/envelope.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace berth::cdp {

/// Chrome closes the link for everybody when a command is over 100 MiB.
inline constexpr std::size_t command_max = std::size_t{96} << 20;

/// Why this may not be sent to Chrome; empty: it may, and `head` is read.
std::string read_command(std::string_view text, envelope& head);

/// Invariant: nothing is delivered before the root is open and every root of
/// others is gone; after that only what belongs to the root.
class virtual_root {
public:
  enum class outcome : uint8_t {
    nothing,   ///< Not for the user of the root.
    opened,    ///< From now on texts may go both ways.
    delivered, ///< `message` is for the user of the root.
    closed,    ///< The root is gone, or could not be opened: `why`.
  };

  struct result {
    outcome what = outcome::nothing;
    std::vector<std::string> write; ///< To Chrome, in this order.
    frame_ptr message;              ///< As if the root were a connection.
    std::string why;
  };

  /// @param nonce Random: answers to whoever was here before do not have it.
  explicit virtual_root(uint32_t nonce);

  /// What to write first. To a Chrome that somebody else has used: a byte that
  /// ends a half-written command as garbage, and a fence, whose answer comes
  /// after everything that was meant for the other one.
  std::vector<std::string> open(bool used_before);

  result hear(std::string text);

  /// Empty before it is open.
  const std::string& session() const {
    return root_;
  }

  /// Makes of the text what goes to Chrome: into the root, if it names no
  /// session. False if it may not be sent: `why` says so, and the text is as
  /// it was.
  bool address(outgoing& what, std::string& why) const;

private:
  enum class state : uint8_t {
    idle,
    fencing,
    attaching,
    naming,   ///< Asks which roots are ours.
    listing,  ///< Asks which there are.
    removing, ///< Those of others.
    open,
    closed,
  };

  std::string ask(const char* method, const std::string& params = {},
                  const std::string& session = {});
  result fail(std::string why);
  result proceed(const frame& x);
  result remove_others();
  result deliver(std::shared_ptr<frame> x);
  bool answers(const frame& x) const;

  state state_ = state::idle;
  bool used_before_ = false;
  uint64_t next_id_;
  std::set<uint64_t> awaited_;  ///< Calls of our own, not yet answered.
  std::string root_;            ///< Our session.
  std::set<std::string> ours_;  ///< Targets: the bare root's and our root's.
  std::set<std::string> roots_; ///< Targets of all roots.
};

} // namespace berth::cdp
