#include "actors/remote/connection.hpp"

#include "actors/remote/link.hpp"

namespace berth::client {

using namespace protocol;

namespace {

/// The goodbye is a courtesy: heartbeats tell the daemon as well.
constexpr duration goodbye_max = std::chrono::seconds{1};

mooring_options
options_for(const settings& how, const actors::client_secret& secret,
            const std::optional<actors::secret_key>& key,
            const std::shared_ptr<lost_leases>& lost,
            const std::shared_ptr<link_state>& state) {
  mooring_options result;
  result.host = how.host;
  result.port = how.port;
  result.name = how.name;
  result.secret = secret;
  result.operator_key = key;
  result.daemon_uids = how.daemon_uids;
  result.connect_within = how.connect_within;
  result.on_event = how.on_event;
  result.on_lost = [lost](const lease_ref& lease, const failure& why) {
    lost->add(lease, why);
  };
  result.on_link = [state](const std::optional<failure>& broken) {
    state->set(broken);
  };
  return result;
}

} // namespace

// -- lost_leases --------------------------------------------------------------

void lost_leases::add(const lease_ref& lease, const failure& why) {
  std::lock_guard guard{mutex_};
  reasons_.emplace(lease, why); // The first reason is the true one.
}

std::optional<failure> lost_leases::find(const lease_ref& lease) const {
  std::lock_guard guard{mutex_};
  auto found = reasons_.find(lease);
  if (found == reasons_.end())
    return std::nullopt;
  return found->second;
}

void lost_leases::forget(const lease_ref& lease) {
  std::lock_guard guard{mutex_};
  reasons_.erase(lease);
}

// -- link_state ---------------------------------------------------------------

void link_state::set(const std::optional<failure>& broken) {
  std::lock_guard guard{mutex_};
  broken_ = broken;
}

std::optional<failure> link_state::get() const {
  std::lock_guard guard{mutex_};
  return broken_;
}

// -- impl ---------------------------------------------------------------------

connection::impl::impl(const settings& how,
                       const std::optional<actors::secret_key>& key)
  : connect_within(how.connect_within),
    engine({how.heartbeat, how.silence_max},
           options_for(how, secret, key, lost, state)) {
  // nop
}

connection::impl::~impl() {
  close();
}

void connection::impl::close() {
  std::ignore = ask_within<void>(goodbye_max, actors::goodbye{});
  engine.stop();
}

// -- connection ---------------------------------------------------------------

outcome<connection> connection::open(const settings& how) {
  std::optional<actors::secret_key> key;
  if (!how.operator_key.empty()) {
    auto read = actors::read_key(how.operator_key);
    if (!read)
      return read.error();
    key = *read;
  }
  try {
    auto within = how.connect_within + way_max;
    auto x = std::make_shared<impl>(how, key);
    auto welcome = x->ask_within<actors::welcome>(within, get_welcome{});
    if (!welcome)
      return welcome.error();
    x->welcome = std::move(*welcome);
    return connection{std::move(x)};
  } catch (const std::exception& x) {
    // No threads or no sockets are left.
    return fail(errc::internal, x.what());
  }
}

connection::connection(std::shared_ptr<impl> x) : impl_(std::move(x)) {
  // nop
}

connection::connection(connection&&) noexcept = default;

connection& connection::operator=(connection&& x) noexcept {
  if (this != &x) {
    if (impl_)
      impl_->close();
    impl_ = std::move(x.impl_);
  }
  return *this;
}

connection::~connection() {
  if (impl_)
    impl_->close();
}

outcome<duration> connection::renew(renew_lease what) {
  return impl_->ask<duration>(what);
}

outcome<void> connection::release(lease_credential lease) {
  return impl_->ask<void>(release_lease{lease});
}

outcome<void> connection::revoke(lease_id lease) {
  return impl_->ask<void>(revoke_lease{lease});
}

outcome<void> connection::cancel(ticket_id ticket) {
  return impl_->ask<void>(cancel_ticket{{}, ticket});
}

outcome<words::status> connection::status() {
  return impl_->ask<words::status>(get_status{});
}

outcome<events> connection::recent(uint64_t most) {
  return impl_->ask<events>(actors::get_recent{most});
}

outcome<void> connection::watch_all() {
  return impl_->ask<void>(actors::watch_all{});
}

outcome<browser_view> connection::change(change_browser what) {
  return impl_->ask<browser_view>(std::move(what));
}

outcome<browser_view> connection::add(add_browser what) {
  return impl_->ask<browser_view>(std::move(what));
}

outcome<session_view>
connection::open_session(std::string provider, browser_name where) {
  return impl_->ask<session_view>(
    protocol::open_session{{}, std::move(provider), std::move(where)});
}

outcome<run_view> connection::send(send_prompt what) {
  return impl_->ask<run_view>(std::move(what));
}

outcome<run_view> connection::poll(poll_run what) {
  return impl_->ask<run_view>(what);
}

outcome<run_view> connection::stop(stop_run what) {
  return impl_->ask<run_view>(what);
}

outcome<session_view> connection::switch_to(switch_provider what) {
  return impl_->ask<session_view>(std::move(what));
}

outcome<session_view> connection::reattach(session_id session) {
  return impl_->ask<session_view>(reattach_session{session});
}

outcome<session_view> connection::close(session_id session) {
  return impl_->ask<session_view>(close_session{session});
}

outcome<session_view> connection::show(session_id session) {
  return impl_->ask<session_view>(show_session{session});
}

outcome<session_list> connection::sessions() {
  return impl_->ask<session_list>(list_sessions{});
}

outcome<session_view> connection::watch(session_id session) {
  return impl_->ask<session_view>(watch_session{session});
}

std::optional<failure> connection::broken() const {
  return impl_->state->get();
}

std::string connection::version() const {
  return impl_->welcome.version;
}

client_id connection::id() const {
  return actors::id_of(impl_->secret);
}

} // namespace berth::client
