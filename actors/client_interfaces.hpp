// What crosses the CAF network: the actors of the daemon that a client speaks
// with, as it sees them, and how it says hello. See also docs/protocol.md.

#pragma once

#include "actors/client_secret.hpp"
#include "actors/inspect.hpp"
#include "actors/keys.hpp"
#include "actors/messages.hpp"
#include "actors/session_messages.hpp"

#include <caf/all.hpp>

#include <string>
#include <type_traits>

namespace berth::actors {

using namespace protocol;

/// Hears events, in order. It lives with a client, often in another process.
/// The next batch comes only after the last one was answered.
using watcher_actor = caf::typed_actor<caf::replies_to<events>::with<void>>;

/// What clients may ask of sessions. One that is not named is the only one
/// there is; else `session.unknown`, `session.ambiguous {candidates}`.
using session_service = caf::typed_actor<
  // Answers with a new conversation, or `provider.unknown`, `session.limit`.
  caf::replies_to<open_session>::with<session_view>,
  // Answers when the run is accepted, sent or done, as `until` says; or with
  // `session.busy {owner, retry_after}`, `session.queue_full`. What becomes of
  // an accepted run is in the view, also if it failed.
  caf::replies_to<send_prompt>::with<run_view>,
  // Answers now, or when the run is over or the wait is.
  caf::replies_to<poll_run>::with<run_view>,
  // Answers at once: the run has its result, and may be `ending` still.
  caf::replies_to<stop_run>::with<run_view>,
  caf::replies_to<switch_provider>::with<session_view>,
  caf::replies_to<reattach_session>::with<session_view>,
  caf::replies_to<close_session>::with<session_view>,
  caf::replies_to<show_session>::with<session_view>,
  caf::replies_to<list_sessions>::with<session_list>>;

/// One connection of an agent. Whatever is about a lease must show its
/// credential, or is answered with `lease.wrong_credential`.
using client_actor = session_service::extend<
  caf::replies_to<acquire>::with<grant>,
  caf::replies_to<renew_lease>::with<duration>,
  caf::replies_to<release_lease>::with<void>,
  caf::replies_to<cancel_ticket>::with<void>,
  caf::replies_to<get_status>::with<status>,
  // Commands go on to the lease's tab, which checks the token.
  caf::replies_to<navigate>::with<answer>,
  caf::replies_to<evaluate>::with<answer>, caf::replies_to<click>::with<answer>,
  caf::replies_to<type_text>::with<answer>,
  caf::replies_to<wait_for>::with<answer>,
  caf::replies_to<screenshot>::with<answer>,
  caf::replies_to<snapshot>::with<answer>,
  caf::replies_to<upload>::with<answer>,
  caf::replies_to<set_download_directory>::with<answer>,
  caf::replies_to<call_cdp>::with<answer>,
  caf::replies_to<recover_tab>::with<answer>,
  caf::replies_to<describe_tab>::with<answer>,
  caf::replies_to<watch_session>::with<session_view>,
  // A clean goodbye: what it holds ends at once.
  caf::replies_to<goodbye>::with<void>>;

/// What only operators may ask, beside what every client may. Who has the
/// handle has the right: a client gets it with its welcome, or never.
using operator_actor = caf::typed_actor<
  // Ends another's lease. Answers once its tab is gone.
  caf::replies_to<revoke_lease>::with<void>,
  caf::replies_to<change_browser>::with<browser_view>,
  caf::replies_to<add_browser>::with<browser_view>,
  // From now on the client's watcher hears everything, not only what concerns
  // it.
  caf::replies_to<watch_all>::with<void>,
  // The last events, oldest first.
  caf::replies_to<get_recent>::with<events>>;

template <class T, class... Ts>
inline constexpr bool is_one_of = (std::is_same_v<T, Ts> || ...);

/// Goes to the `operator_actor`, and not to the `client_actor`.
template <class Request>
inline constexpr bool is_for_operators
  = is_one_of<Request, revoke_lease, change_browser, add_browser, watch_all,
              get_recent>;

/// The first message of a client.
struct hello {
  uint32_t version = wire_version;
  client_secret secret;  ///< Kept over reconnects: see `id_of`.
  std::string name;      ///< For people.
  watcher_actor watcher; ///< Lives with the client; its death is the client's.
  interest wants = interest::own; ///< What the watcher is told.
  operator_proof proof = {};      ///< That it may have an operator's rights.
};

struct welcome {
  client_actor client;
  operator_actor operator_; ///< None: it has the rights of an agent.
  uint64_t epoch = 0;
  std::string version; ///< Of the daemon's program.
};

/// The front door, published on the CAF network.
using gateway_actor = caf::typed_actor<
  // Answers with an actor that serves this client alone, or `client.version`,
  // `client.limit`, `daemon.stopping`.
  caf::replies_to<hello>::with<welcome>,
  // From whoever would serve in this daemon's place: see `steward_actor`.
  caf::replies_to<get_health>::with<owner_health>,
  caf::replies_to<step_down>::with<owner_health>>;

template <class Inspector>
auto inspect(Inspector& f, hello& x) {
  return f(caf::meta::type_name("hello"), x.version, x.secret, x.name,
           x.watcher, x.wants, x.proof);
}

template <class Inspector>
auto inspect(Inspector& f, welcome& x) {
  return f(caf::meta::type_name("welcome"), x.client, x.operator_, x.epoch,
           x.version);
}

} // namespace berth::actors
