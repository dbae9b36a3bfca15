#include "scenarios/naive_daemon.hpp"

#include "scenarios/naive_client.hpp"

namespace berth::scenarios {

namespace {

actors::gateway_actor::behavior_type
let_in(actors::gateway_actor::pointer self, const naive_start& with) {
  return {
    [=](const actors::hello& x) -> caf::result<actors::welcome> {
      auto mine = with;
      mine.who = x;
      mine.id = actors::id_of(x.secret);
      return actors::welcome{self->spawn(naive_client, mine), {}, 1, "naive"};
    },
    [](const protocol::get_health&) {
      return protocol::owner_health{};
    },
    [](const protocol::step_down&) {
      return protocol::owner_health{};
    },
  };
}

} // namespace

naive_daemon::naive_daemon(tests::world& where, const config& how)
  : quay{where, how.browser.name} {
  journal_->open = true; // As long as there are files.
  auto port = where.spawn(naive_port, chrome_.factory());
  naive_start with{{},
                   {},
                   how,
                   port,
                   chrome_.site().get(),
                   std::make_shared<naive_store>(),
                   journal_};
  *gateway_ = where.spawn(let_in, with);
}

} // namespace berth::scenarios
