#pragma once

#include "protocol/types.hpp"

#include <map>
#include <optional>
#include <vector>

namespace berth::protocol {

/// Which pages of one Chrome can be driven, and in which session each.
///
/// Invariant: a page has one session, and a session has one page.
class attached_pages {
public:
  struct attachment {
    attachment_id session;
    attachment_id parent; ///< Where it is begun and ended; empty: the root.
  };

  /// Takes the place of an earlier session of the page.
  void attach(const target_id& page, attachment what);

  /// The page cannot be driven any more, in the session that it had. None: it
  /// had none.
  std::optional<attachment> detach(const target_id& page);

  std::optional<attachment_id> session_of(const target_id& page) const;

  /// Empty: the session is no page's, or not any more.
  target_id page_in(const attachment_id& session) const;

  bool contains(const target_id& page) const {
    return sessions_.contains(page);
  }

  std::vector<target_id> pages() const;

private:
  std::map<target_id, attachment> sessions_;
  std::map<attachment_id, target_id> pages_;
};

} // namespace berth::protocol
