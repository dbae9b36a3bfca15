// A lease that outlives its command, until its credential is printed: whoever
// ends the command before that by force leaves a tab that nobody can use.

#pragma once

#include "actors/remote/connection.hpp"
#include "protocol/request.hpp"

#include <chrono>
#include <utility>

namespace berth::apps {

/// How long such a lease outlives its command. As long as that runs, it is
/// renewed.
inline constexpr protocol::duration untold_ttl = std::chrono::seconds{15};

/// Asks for that instead, and returns the ttl that is wanted; zero: it needs no
/// change.
inline protocol::duration untold(protocol::acquire& what) {
  if (what.ttl <= untold_ttl)
    return {};
  return std::exchange(what.ttl, untold_ttl);
}

/// Its credential is printed next. Returns how long it lives from now.
inline protocol::outcome<protocol::duration>
give_ttl(client::connection& daemon, const client::tab& tab,
         protocol::duration ttl) {
  if (ttl == protocol::duration{0})
    return tab.granted().expires_in;
  return daemon.renew({tab.lease(), ttl});
}

} // namespace berth::apps
