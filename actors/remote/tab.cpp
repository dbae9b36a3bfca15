#include "actors/remote/link.hpp"

namespace berth::client {

using namespace protocol;

struct tab::impl {
  std::shared_ptr<connection::impl> link;
  grant granted;
  bool owned; ///< We give it back.

  impl(std::shared_ptr<connection::impl> via, grant what, bool ours)
    : link(std::move(via)), granted(std::move(what)), owned(ours) {
    // nop
  }

  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  ~impl() {
    // Nobody waits for this: it goes before any later request, and before the
    // goodbye of the connection.
    if (owned && !link->lost->find(granted.lease.ref))
      caf::anon_send(link->engine.mooring(), release_lease{granted.lease});
    link->lost->forget(granted.lease.ref);
  }
};

outcome<tab> connection::acquire(words::acquire what) {
  auto granted = impl_->ask<grant>(std::move(what));
  if (!granted)
    return granted.error();
  return tab{std::make_unique<tab::impl>(impl_, std::move(*granted), true)};
}

tab connection::adopt(lease_credential lease) {
  grant known;
  known.lease = lease;
  return tab{std::make_unique<tab::impl>(impl_, std::move(known), false)};
}

tab::tab(std::unique_ptr<impl> x) : impl_(std::move(x)) {
  // nop
}

tab::tab(tab&&) noexcept = default;
tab& tab::operator=(tab&&) noexcept = default;
tab::~tab() = default;

const lease_credential& tab::lease() const {
  return impl_->granted.lease;
}

const grant& tab::granted() const {
  return impl_->granted;
}

std::optional<failure> tab::lost() const {
  return impl_->link->lost->find(lease().ref);
}

template <class Command>
outcome<answer> tab::ask(Command what) {
  auto result = impl_->link->ask<answer>(std::move(what));
  // For an adopted lease no event comes: its holder hears them.
  if (!result && ends_lease(result.error()))
    impl_->link->lost->add(lease().ref, result.error());
  return result;
}

template outcome<answer> tab::ask(words::navigate);
template outcome<answer> tab::ask(words::evaluate);
template outcome<answer> tab::ask(words::click);
template outcome<answer> tab::ask(words::type_text);
template outcome<answer> tab::ask(words::wait_for);
template outcome<answer> tab::ask(words::screenshot);
template outcome<answer> tab::ask(words::snapshot);
template outcome<answer> tab::ask(words::upload);
template outcome<answer> tab::ask(words::set_download_directory);
template outcome<answer> tab::ask(words::call_cdp);
template outcome<answer> tab::ask(words::recover_tab);
template outcome<answer> tab::ask(words::describe_tab);

outcome<answer> tab::navigate(std::string url) {
  return run(words::navigate{{}, std::move(url)});
}

outcome<answer> tab::evaluate(std::string expression) {
  return run(words::evaluate{{}, std::move(expression)});
}

outcome<answer> tab::click(std::string selector) {
  return run(words::click{{}, std::move(selector)});
}

outcome<answer> tab::type(std::string selector, std::string text) {
  return run(words::type_text{{}, std::move(selector), std::move(text)});
}

outcome<answer> tab::wait_visible(std::string selector) {
  return run(words::wait_for{{}, wait_kind::visible, std::move(selector)});
}

outcome<answer> tab::screenshot() {
  return run(words::screenshot{});
}

outcome<answer> tab::text() {
  return run(words::snapshot{});
}

outcome<answer> tab::recover() {
  return run(words::recover_tab{});
}

outcome<void> tab::release() {
  impl_->owned = false;
  auto result = impl_->link->ask<void>(release_lease{lease()});
  impl_->link->lost->add(lease().ref, fail(errc::lease_gone, "released"));
  return result;
}

lease_credential tab::keep() {
  impl_->owned = false;
  return lease();
}

} // namespace berth::client
