// Reads what a peer sent without making any of it: only whether it is sound.

#pragma once

#include "protocol/enums.hpp"
#include "protocol/wire_gate.hpp"

#include <caf/meta/annotation.hpp>
#include <caf/typed_actor.hpp>

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace berth::actors {

/// An inspector for CAF's binary format. What it inspects stays as it is: texts
/// and sequences are skipped, and nothing is allocated.
class wire_reader {
public:
  static constexpr bool reads_state = false;
  static constexpr bool writes_state = true;

  using result_type = bool;

  /// Elements of all sequences together; CAF makes a value of each.
  static constexpr size_t elements_max = 4096;

  /// Bytes of one text: a name, a key, a selector, a path.
  static constexpr size_t text_max = size_t{64} << 10;

  /// @param peer The only node whose actors may be in it.
  wire_reader(std::string_view bytes, const protocol::node_name& peer)
    : left_{bytes}, peer_{peer} {
    // nop
  }

  /// This text may be as large as the message: a script, a prompt.
  void expect_large(const std::string& x) {
    large_ = &x;
  }

  std::string_view left() const {
    return left_;
  }

  template <class... Ts>
  bool operator()(Ts&&... xs) {
    return (read(xs) && ...);
  }

  /// A number of CAF's for what comes next.
  std::optional<size_t> read_size() {
    size_t result = 0;
    for (int shift = 0; shift <= 28 && !left_.empty(); shift += 7) {
      auto byte = static_cast<uint8_t>(left_.front());
      left_.remove_prefix(1);
      result |= size_t{byte & 0x7Fu} << shift;
      if ((byte & 0x80) == 0)
        return result;
    }
    return std::nullopt;
  }

  bool skip(size_t size) {
    if (size > left_.size())
      return false;
    left_.remove_prefix(size);
    return true;
  }

  std::optional<std::string_view> read_text() {
    auto size = read_size();
    if (!size || *size > left_.size())
      return std::nullopt;
    auto result = left_.substr(0, *size);
    left_.remove_prefix(*size);
    return result;
  }

  /// An actor of the peer's, or none.
  bool read_handle() {
    constexpr size_t id = 8;
    constexpr std::string_view nobody{"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xf", 16};
    if (left_.starts_with(nobody))
      return skip(nobody.size());
    return skip(id) && left_.starts_with({peer_.data(), peer_.size()})
           && skip(peer_.size());
  }

private:
  template <class T>
  bool read(T& x) {
    using type = std::remove_cv_t<T>;
    if constexpr (caf::meta::is_annotation<type>::value)
      return true;
    else if constexpr (std::is_same_v<type, long double>)
      return false;
    else if constexpr (std::is_enum_v<type>)
      return read_enum<type>();
    else if constexpr (std::is_arithmetic_v<type>)
      return skip(sizeof(type));
    else
      return read_made(x);
  }

  /// A value that there is: a `switch` over it need not know of others.
  template <class Enum>
  bool read_enum() {
    static_assert(sizeof(Enum) == 1);
    if (left_.empty())
      return false;
    auto number = static_cast<uint8_t>(left_.front());
    return protocol::is_value_of<Enum>(number) && skip(1);
  }

  template <class Rep, class Period>
  bool read_made(std::chrono::duration<Rep, Period>&) {
    return skip(sizeof(Rep));
  }

  bool read_made(std::string& x) {
    auto text = read_text();
    return text && (text->size() <= text_max || &x == large_);
  }

  /// These have no size before them.
  template <class T, size_t Size>
  bool read_made(std::array<T, Size>&) {
    static_assert(std::is_arithmetic_v<T>);
    return skip(sizeof(T) * Size);
  }

  template <class T>
  bool read_made(std::vector<T>&) {
    static_assert(!std::is_same_v<T, bool>, "CAF packs these");
    return read_elements<T>();
  }

  template <class Key, class Value>
  bool read_made(std::map<Key, Value>&) {
    return read_elements<std::pair<Key, Value>>();
  }

  template <class First, class Second>
  bool read_made(std::pair<First, Second>& x) {
    return read(x.first) && read(x.second);
  }

  template <class... Signatures>
  bool read_made(caf::typed_actor<Signatures...>&) {
    return read_handle();
  }

  template <class T>
  auto read_made(T& x) -> decltype(inspect(*this, x)) {
    return inspect(*this, x);
  }

  template <class T>
  bool read_elements() {
    auto count = read_size();
    if (!count || *count > elements_max - elements_)
      return false;
    elements_ += *count;
    for (size_t i = 0; i < *count; ++i)
      if (T element{}; !read(element))
        return false;
    return true;
  }

  std::string_view left_;
  const protocol::node_name& peer_;
  size_t elements_ = 0;
  const std::string* large_ = nullptr; ///< See `expect_large`.
};

} // namespace berth::actors
