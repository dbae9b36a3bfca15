// Writing CDP messages, and reading the little that is read of their insides.

#pragma once

#include "cdp/envelope.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::cdp {

/// `text` as a JSON string, quotes included. Bytes that are not UTF-8 come out
/// as U+FFFD: what goes to Chrome is always valid JSON.
std::string quote(std::string_view text);

/// One command as it goes to Chrome. `params` is the JSON text of an object,
/// or empty; it is not looked at. `session` is empty at the root.
std::string write_command(uint64_t id, std::string_view method,
                          std::string_view params, std::string_view session);

/// An answer in Chrome's form, for a command that is not sent to it.
std::string write_refusal(const envelope& command, std::string_view why);

/// The same in place of an answer that is too large, of which only both ends
/// are there. Empty if it is no answer.
std::string answer_too_large(std::string_view ends, std::size_t most);

/// What Chrome says in an answer's `error`.
struct chrome_error {
  int64_t code = 0;
  std::string message;
};

chrome_error read_error(std::string_view text);

/// A text among the fields of an object; empty if there is none of that name.
std::string read_text_field(std::string_view text, const char* key);

/// What `Runtime.evaluate` with `returnByValue` answered.
struct evaluation {
  std::string value;     ///< JSON text; `null` for undefined.
  std::string exception; ///< What was thrown; empty if nothing was.
  std::string object;    ///< The objectId, if it was not asked by value.
};

evaluation read_evaluation(std::string_view text);

} // namespace berth::cdp
