// What an agent's program uses: a connection to a daemon, and leased tabs.
//
// Blocking calls, each bounded, each answered with an `outcome`. A connection
// that breaks is made again by itself; leases that lived on (see `grace`) are
// kept, others are reported lost. Any member may be called from any thread.

#pragma once

#include "protocol/command.hpp"
#include "protocol/event.hpp"
#include "protocol/outcome.hpp"
#include "protocol/request.hpp"
#include "protocol/session_view.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace berth::client {

namespace words = berth::protocol;

struct settings {
  std::string host = "127.0.0.1";
  uint16_t port = 9334;
  std::string name = "agent"; ///< For people: `berth status` shows it.
  words::duration connect_within = std::chrono::seconds{5};
  /// How often the link proves that it lives, and how long it may be silent.
  words::duration heartbeat = std::chrono::seconds{1};
  words::duration silence_max = std::chrono::seconds{10};
  /// Of a daemon on this machine, `operator.key` in its state directory: for
  /// what only operators may do. Empty: the rights of an agent.
  std::string operator_key;
  /// Whose daemon it may be, beside root's and one's own: a port on this
  /// machine that another user holds is not spoken to.
  std::vector<uint32_t> daemon_uids;
  /// Called for events of this client (or all, after `watch_all`), one at a
  /// time, on a thread of the connection; must not call the connection.
  std::function<void(const words::event&)> on_event;
};

class connection;

/// A leased tab. Move-only; gives the lease back when it is destroyed, unless
/// it was adopted. Its lease is renewed behind the scenes while it lives.
class tab {
public:
  tab(tab&&) noexcept;
  tab& operator=(tab&&) noexcept;
  ~tab();

  /// Opens the lease: for whoever shall drive the tab as well, and for nobody
  /// else. `lease().ref` is its name.
  const words::lease_credential& lease() const;
  const words::grant& granted() const;

  /// Why the lease is over, if it is: set as soon as the daemon says so.
  std::optional<words::failure> lost() const;

  /// Any command; `to.lease` is filled in.
  template <class Command>
  words::outcome<words::answer> run(Command what) {
    what.to.lease = lease();
    return ask(std::move(what));
  }

  words::outcome<words::answer> navigate(std::string url);
  words::outcome<words::answer> evaluate(std::string expression);
  words::outcome<words::answer> click(std::string selector);
  words::outcome<words::answer> type(std::string selector, std::string text);
  words::outcome<words::answer> wait_visible(std::string selector);
  words::outcome<words::answer> screenshot();
  words::outcome<words::answer> text();
  words::outcome<words::answer> recover();

  /// Gives it back now; answers once the tab is gone.
  words::outcome<void> release();

  /// From now on the lease is not given back with this object, nor when the
  /// connection ends if it is session-held: for one that another program goes
  /// on with. It is renewed as long as the connection lives.
  words::lease_credential keep();

private:
  friend class connection;
  struct impl;
  explicit tab(std::unique_ptr<impl> x);

  // Defined in tab.cpp, for every command there is.
  template <class Command>
  words::outcome<words::answer> ask(Command what);

  std::unique_ptr<impl> impl_;
};

class connection {
public:
  /// `daemon.unreachable` if nobody answers there within `connect_within`;
  /// `client.rights` if there is a key to be read, and it cannot be.
  static words::outcome<connection> open(const settings& how);

  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;
  ~connection(); ///< Says goodbye: what it holds ends at once.

  /// Blocks for `what.wait` at most (and a little for the tab to be made).
  words::outcome<tab> acquire(words::acquire what = {});

  /// Drives a lease that someone else holds, without owning it.
  tab adopt(words::lease_credential lease);

  words::outcome<words::duration> renew(words::renew_lease what);
  words::outcome<void> release(words::lease_credential lease);
  words::outcome<void> cancel(words::ticket_id ticket);
  words::outcome<words::status> status();

  // -- for operators: `client.rights` without `settings::operator_key`

  words::outcome<void> revoke(words::lease_id lease);
  words::outcome<words::events> recent(uint64_t most);
  words::outcome<void> watch_all();
  words::outcome<words::browser_view> change(words::change_browser what);
  words::outcome<words::browser_view> add(words::add_browser what);

  // -- sessions: one that is not named is the only one there is

  /// In this browser, or where its first tab happens to be.
  words::outcome<words::session_view>
  open_session(std::string provider, words::browser_name where = {});

  /// Blocks until the run is accepted, sent or done, as `what.until` says.
  words::outcome<words::run_view> send(words::send_prompt what);

  /// Blocks for `what.wait` at most.
  words::outcome<words::run_view> poll(words::poll_run what);

  words::outcome<words::run_view> stop(words::stop_run what);
  words::outcome<words::session_view> switch_to(words::switch_provider what);
  words::outcome<words::session_view> reattach(words::session_id session = {});
  words::outcome<words::session_view> close(words::session_id session = {});
  words::outcome<words::session_view> show(words::session_id session = {});
  words::outcome<words::session_list> sessions();

  /// `on_event` hears of this session, too, from the state on that this
  /// answers with.
  words::outcome<words::session_view> watch(words::session_id session = {});

  /// Why there is no connection now, if it broke. It is made again by itself.
  std::optional<words::failure> broken() const;

  /// Of the daemon's program.
  std::string version() const;
  words::client_id id() const;

private:
  friend class tab;
  struct impl;
  explicit connection(std::shared_ptr<impl> x);
  std::shared_ptr<impl> impl_;
};

} // namespace berth::client
