// Stands in for websocketpp's UTF-8 validator, which goes byte by byte and
// takes twice as long as the transfer of a screenshot. Every file that includes
// websocketpp includes this first: it takes the place of websocketpp's header,
// and a program may have only one of the two.

#pragma once

#ifdef UTF8_VALIDATOR_HPP
#error "include websocket_utf8.hpp before any websocketpp header"
#endif
#define UTF8_VALIDATOR_HPP

#include "cdp/utf8_stream.hpp"

#include <cstdint>
#include <iterator>
#include <string>

namespace websocketpp {
namespace utf8_validator {

class validator {
public:
  bool consume(uint8_t byte) {
    return decode(&byte, &byte + 1);
  }

  /// websocketpp calls it with iterators of its buffers, which are contiguous.
  template <typename Iterator>
  bool decode(Iterator begin, Iterator end) {
    if (begin == end)
      return true;
    auto size = static_cast<size_t>(std::distance(begin, end));
    return text_.feed({reinterpret_cast<const char*>(&*begin), size});
  }

  bool complete() {
    return text_.complete();
  }

  void reset() {
    text_.reset();
  }

private:
  berth::cdp::utf8_stream text_;
};

inline bool validate(const std::string& text) {
  berth::cdp::utf8_stream all;
  return all.feed(text) && all.complete();
}

} // namespace utf8_validator
} // namespace websocketpp
