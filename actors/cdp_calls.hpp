// One actor's calls to Chrome: numbered, sent, answered once each.

#pragma once

#include "cdp/call_table.hpp"
#include "cdp/chrome.hpp"
#include "protocol/failure.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace berth::actors {

/// How a call came out: Chrome's frame, or why there is none.
struct reply {
  cdp::frame_ptr frame;
  std::optional<protocol::failure> why;
  bool sent = true; ///< False: Chrome never saw the call.

  bool ok() const {
    return !why;
  }

  /// Chrome has said nothing within the time.
  bool is_late() const {
    return sent && why && why->code == protocol::errc::deadline_exceeded;
  }

  /// Raw JSON of the result; `{}` if there is none.
  std::string_view result() const {
    return frame && !frame->head.result.empty() ? frame->head.result : "{}";
  }
};

/// Hands out the ids of one connection. CDP's ids are 32-bit and, on one
/// connection, told apart by nothing else when a session is gone.
class call_ids {
public:
  call_ids();
  uint64_t next();

private:
  struct counter;
  std::shared_ptr<counter> counter_;
};

/// Calls of one actor over one connection, on one attachment or the root.
class cdp_calls {
public:
  using continuation = std::function<void(const reply&)>;

  struct command {
    std::string_view method;
    std::string_view params = {};
    std::string_view session = {};
    protocol::timestamp deadline;
    bool in_turn = false; ///< It is an agent's, and waits for its lease's turn.
  };

  /// Over this connection from now on. Nothing may be under way.
  void connect(std::shared_ptr<cdp::chrome> link, call_ids ids);

  /// Sends it; `then` runs exactly once: with the answer, with Chrome's own
  /// refusal (`cdp.error`), at the deadline, or when the calls are abandoned.
  /// `late` runs, if there is one, with what comes after the deadline: what
  /// nobody waits for any more may have to be undone.
  void send(const command& what, continuation then, continuation late = {});

  /// Sends it where nobody waits for the answer.
  void tell(std::string_view method, std::string_view params,
            std::string_view session);

  /// An answer that belongs to none of these calls is dropped.
  void hear(const cdp::frame_ptr& answer);

  /// Answers those whose deadline has come with `deadline.exceeded`. What was
  /// not sent until then never is.
  void expire(protocol::timestamp now);

  /// Answers all of them with this; the same.
  void abandon(const protocol::failure& why);

  std::optional<protocol::timestamp> next_deadline() const {
    return table_.next_deadline();
  }

  size_t size() const {
    return table_.size();
  }

  const std::shared_ptr<cdp::chrome>& link() const {
    return link_;
  }

  const call_ids& ids() const {
    return ids_;
  }

private:
  struct asker {
    uint64_t id = 0;
    std::string method;
    continuation then;
    continuation late;
  };

  bool take_back(uint64_t id);

  std::shared_ptr<cdp::chrome> link_;
  call_ids ids_;
  cdp::call_table<asker> table_;
  std::map<uint64_t, continuation> overdue_; ///< The latest few.
};

} // namespace berth::actors
