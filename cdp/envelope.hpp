// The outside of a CDP message: who it is for and what kind it is. The inside
// (`params`, `result`) stays text until someone needs it.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace berth::cdp {

/// What `read_envelope` finds; every view points into the text it was given.
/// Also included from files that are compiled as C++17: plain aggregate.
struct envelope {
  uint64_t id = 0;          ///< 0: an event, or not a whole number.
  std::string_view method;  ///< Empty for an answer.
  std::string_view session; ///< The attachment; empty at the root.
  std::string_view params;  ///< Raw JSON of an event's `params`.
  std::string_view result;  ///< Raw JSON of an answer's `result`.
  std::string_view error;   ///< Raw JSON of an answer's `error`.

  bool is_event() const {
    return !method.empty();
  }

  bool is_answer() const {
    return id != 0 && method.empty();
  }
};

/// One text message from Chrome. Never copied: it travels as a `frame_ptr`,
/// because `head` points into `text`.
struct frame {
  explicit frame(std::string from_chrome);
  frame(const frame&) = delete;
  frame& operator=(const frame&) = delete;

  std::string text;
  envelope head;
  bool readable = false; ///< False: not a CDP message; `head` is empty.
};

using frame_ptr = std::shared_ptr<const frame>;

/// Reads the top level of one message, in any order of its keys, stepping over
/// the values: it checks that they end, not what is in them. Returns false for
/// anything that is not one JSON object, or has a key of ours with a value of
/// the wrong kind. Escapes in `method` or `sessionId` are refused: CDP has
/// none.
bool read_envelope(std::string_view text, envelope& out);

/// One text message to Chrome, and what of its outside decides when it goes.
struct outgoing {
  std::string text;
  uint64_t id = 0;     ///< 0: not a call.
  std::string session; ///< Empty at the root.
};

} // namespace berth::cdp
