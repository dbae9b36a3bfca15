#include "actors/errors.hpp"

namespace berth::actors {

using namespace protocol;

namespace {

constexpr auto our_category = caf::detail::error_factory<errc>::category;

errc classify(caf::sec x) {
  using caf::sec;
  switch (x) {
    case sec::request_timeout:
      return errc::deadline_exceeded;
    // The request came too late: its receiver had ended in order.
    case sec::request_receiver_down:
      return errc::client_gone;
    case sec::no_actor_published_at_port:
    case sec::disconnect_during_handshake:
    case sec::no_route_to_receiving_node:
    case sec::cannot_connect_to_node:
    case sec::remote_linking_failed:
    case sec::socket_disconnected:
    case sec::socket_operation_failed:
    case sec::remote_lookup_failed:
    case sec::connection_timeout:
    case sec::network_syscall_failed:
      return errc::unreachable;
    case sec::unexpected_actor_messaging_interface:
    case sec::incompatible_versions:
    case sec::incompatible_application_ids:
      return errc::version_mismatch;
    default:
      return errc::internal;
  }
}

errc classify(caf::exit_reason x) {
  switch (x) {
    case caf::exit_reason::remote_link_unreachable:
    case caf::exit_reason::unreachable:
      return errc::unreachable;
    case caf::exit_reason::normal:
    case caf::exit_reason::user_shutdown:
    case caf::exit_reason::kill:
      return errc::client_gone;
    default:
      return errc::internal;
  }
}

/// What CAF has to say beside the code, if anything.
std::string with_context(std::string text, const caf::error& x) {
  if (!x.context().empty())
    text += ' ' + to_string(x.context());
  return text;
}

} // namespace

caf::error to_error(failure x) {
  auto code = x.code == errc::ok ? errc::internal : x.code;
  x.code = code;
  return caf::make_error(code, std::move(x));
}

failure to_failure(const caf::error& x) {
  if (!x)
    return fail(errc::internal, "failed without an error");
  if (x.category() == our_category) {
    if (x.context().match_elements<failure>()) {
      auto result = x.context().get_as<failure>(0);
      // A peer may send anything, but a failure is never ok in this house.
      if (result.code == errc::ok || size_t(result.code) >= errc_count)
        result.code = errc::internal;
      return result;
    }
    auto known = x.code() > 0 && x.code() < errc_count;
    return fail(known ? errc{x.code()} : errc::internal, to_string(x));
  }
  if (x.category() == caf::atom("system")) {
    auto code = caf::sec{x.code()};
    return fail(classify(code), with_context(to_string(code), x));
  }
  if (x.category() == caf::atom("exit")) {
    auto reason = caf::exit_reason{x.code()};
    return fail(classify(reason), with_context(to_string(reason), x));
  }
  return fail(errc::internal, to_string(x));
}

} // namespace berth::actors
