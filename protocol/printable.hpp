// Text of a page or a client, made fit for a terminal or a log: whatever could
// move the cursor, start a line, or turn text around is shown as an escape.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace berth::protocol {

/// Which text still holds line ends and tabs afterwards.
enum class text_shape : unsigned char {
  line, ///< None: always one line.
  block ///< For text of several lines; `\n` and `\t` stay, `\r\n` becomes `\n`.
};

/// Valid UTF-8 without control characters (C0, DEL, C1), line and paragraph
/// separators, bidirectional controls, byte order marks and tag characters:
/// they become `\n`, `\x1b`, `\u202e` and so on, as do bytes that are no UTF-8
/// (`\xff`). All other text is returned as it is.
std::string
printable(std::string_view text, text_shape shape = text_shape::line);

/// The same on one line, cut off with `...` between two characters if it would
/// be longer than `bytes_max`.
std::string printable(std::string_view text, std::size_t bytes_max);

} // namespace berth::protocol
