#include "actors/wire_words.hpp"

#include "actors/interfaces.hpp"
#include "actors/wire_reader.hpp"

#include <map>

namespace berth::actors {

namespace {

using protocol::message_head;
using protocol::node_name;
using protocol::receiver;

using read_one = bool (*)(wire_reader&);
using vocabulary = std::map<std::string_view, read_one>;

constexpr std::string_view empty = "@<>";

/// The text of a request that may be large; none: all of its texts are short.
template <class T>
const std::string* large_text_of(const T& x) {
  using namespace protocol;
  if constexpr (std::is_same_v<T, navigate>)
    return &x.url; // With its document, if it is a `data:` one.
  else if constexpr (std::is_same_v<T, evaluate>)
    return &x.expression;
  else if constexpr (std::is_same_v<T, type_text>)
    return &x.text;
  else if constexpr (std::is_same_v<T, wait_for>)
    return &x.what;
  else if constexpr (std::is_same_v<T, call_cdp>)
    return &x.params;
  else if constexpr (std::is_same_v<T, send_prompt>)
    return &x.what.text;
  else
    return nullptr;
}

template <class T>
bool read_value(wire_reader& from) {
  T nothing{};
  if (auto large = large_text_of(nothing))
    from.expect_large(*large);
  return from(nothing);
}

template <class T>
struct requests_of;

/// Each signature begins with the types of its request.
template <class... Signatures>
struct requests_of<caf::typed_actor<Signatures...>> {
  template <class In, class Out>
  static void add(vocabulary& to, caf::typed_mpi<In, Out>*) {
    using type = caf::detail::tl_head_t<In>;
    static_assert(caf::detail::tl_size<In>::value == 1);
    if constexpr (caf::detail::is_complete<caf::type_id<type>>::value)
      to.emplace(caf::type_name<type>::value, read_value<type>);
  }

  static vocabulary all() {
    vocabulary result;
    (add(result, static_cast<Signatures*>(nullptr)), ...);
    return result;
  }
};

/// How an error's context or an answer may be made.
bool read_error(wire_reader& from);

bool read_words(wire_reader& from, std::string_view types,
                bool may_be_an_error) {
  if (types == empty || types == "@<>+@unit")
    return true;
  if (types == "@<>+@error")
    return may_be_an_error && read_error(from);
  if (types == "@<>+@str")
    return read_value<std::string>(from);
  if (types.substr(0, 4) == "@<>+"
      && types.substr(4) == caf::type_name<protocol::failure>::value)
    return read_value<protocol::failure>(from);
  return false;
}

/// A code, a category, and a message: never another error in it.
bool read_error(wire_reader& from) {
  constexpr size_t code_and_category = 9;
  constexpr std::string_view no_type{"\0\0", 2};
  if (!from.skip(code_and_category) || !from.left().starts_with(no_type)
      || !from.skip(no_type.size()))
    return false;
  auto types = from.read_text();
  return types && read_words(from, *types, false);
}

} // namespace

bool is_request(receiver whom, const message_head& what,
                const node_name& peer) {
  static const auto to_door = requests_of<gateway_actor>::all();
  static const auto to_client = requests_of<client_actor>::all();
  static const auto to_desk = requests_of<operator_actor>::all();
  static const vocabulary nothing;
  const auto& known = whom == receiver::front_door   ? to_door
                      : whom == receiver::own_client ? to_client
                      : whom == receiver::own_desk   ? to_desk
                                                     : nothing;
  if (!what.types.starts_with("@<>+"))
    return false;
  auto i = known.find(what.types.substr(4));
  wire_reader from{what.body, peer};
  return i != known.end() && i->second(from) && from.left().empty();
}

bool is_answer(const message_head& what, const node_name& peer) {
  wire_reader from{what.body, peer};
  return read_words(from, what.types, true) && from.left().empty();
}

bool is_error(std::string_view bytes, const node_name& peer) {
  wire_reader from{bytes, peer};
  return read_error(from) && from.left().empty();
}

} // namespace berth::actors
