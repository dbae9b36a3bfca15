#include "actors/lease_changes.hpp"

#include "actors/errors.hpp"
#include "actors/lease_words.hpp"
#include "actors/patience.hpp"
#include "protocol/session.hpp"

#include <utility>

namespace berth::actors {

namespace {

using self_ptr = lease_registry_shell::stateful_pointer<registry_state>;

caf::expected<duration> renew_now(self_ptr self, const renew_lease& x,
                                  const carry_out_decision& settle) {
  auto now = self->clock().now();
  auto decision = self->state.table.renew(x, now);
  settle(decision);
  if (decision.verdict != errc::ok)
    return refuse(decision.verdict, x.lease.ref, self->state.with.how.lease);
  return self->state.table.find(x.lease.ref.lease)->deadline - now;
}

/// Its end is durable; it ends now, if it has not for another reason.
void end_now(self_ptr self, lease_id which, end_reason why,
             const carry_out_decision& settle) {
  auto i = self->state.entries.find(which);
  if (i == self->state.entries.end())
    return;
  i->second.written = true;
  settle(self->state.table.end(which, why, self->clock().now()));
}

/// The journal refused its end, so it stays as it is. If it has ended
/// meanwhile, for another reason, that has happened and is still to be written.
/// A conversation's lease ends all the same: nobody would use it any more.
void do_not_end(self_ptr self, const lease_event& what, lease_id which,
                const caf::error& why, const carry_out_decision& settle) {
  auto i = self->state.entries.find(which);
  if (i == self->state.entries.end()) {
    caf::anon_send(self->state.with.recorder, record{{*describe(what)}});
    return;
  }
  i->second.ending = false;
  auto row = self->state.table.find(which);
  if (row && row->state == lease_state::bound) {
    auto& end = std::get<lease_ended>(what);
    if (session_of(row->client)) {
      settle(self->state.table.end(which, end.why, self->clock().now()));
      return;
    }
    // With what became of it meanwhile.
    caf::anon_send(self->state.with.recorder, record{{}, {*row}});
    for (auto& x : std::exchange(i->second.closed, {}))
      x.deliver(why);
    return;
  }
  caf::anon_send(self->state.with.recorder, record{{*describe(what)}});
}

} // namespace

namespace {

/// A row that was given to the journal meanwhile has the ttl that it had: then
/// the new one is written once more.
void write_ttl(self_ptr self, const renew_lease& x,
               const carry_out_decision& settle,
               caf::typed_response_promise<duration> promise) {
  auto id = x.lease.ref.lease;
  auto changed = *self->state.table.find(id);
  changed.ttl = x.ttl;
  auto rows = self->state.entries.at(id).rows;
  self
    ->request(self->state.with.recorder, recorder_patience,
              record{{}, {std::move(changed)}})
    .then(
      [=]() mutable {
        auto i = self->state.entries.find(id);
        auto row = self->state.table.find(id);
        if (row && row->state == lease_state::bound
            && i != self->state.entries.end() && !i->second.ending
            && i->second.rows != rows) {
          write_ttl(self, x, settle, promise);
          return;
        }
        auto left = renew_now(self, x, settle);
        if (left)
          promise.deliver(*left);
        else
          promise.deliver(std::move(left.error()));
      },
      [=](caf::error& why) mutable {
        promise.deliver(std::move(why));
      });
}

} // namespace

caf::result<duration> renew_when_durable(self_ptr self, const renew_lease& x,
                                         const carry_out_decision& settle) {
  auto id = x.lease.ref.lease;
  // It may live on, if the journal refuses its end; but as it was.
  if (self->state.is_ending(id))
    return renew_now(self, {x.lease, {}}, settle);
  auto row = self->state.table.find(id);
  auto most = self->state.with.how.lease.ttl_max;
  if (!row || row->state != lease_state::bound || x.ttl <= duration{0}
      || x.ttl == row->ttl || x.ttl > most
      || self->state.table.check(x.lease.ref, self->clock().now()) != errc::ok)
    return renew_now(self, x, settle);
  // It lives, whatever becomes of its ttl.
  settle(self->state.table.touch(x.lease.ref, self->clock().now()));
  auto promise = self->make_response_promise<duration>();
  write_ttl(self, x, settle, promise);
  return promise;
}

caf::result<void>
end_when_durable(self_ptr self, lease_ref which, errc verdict, end_reason why,
                 const carry_out_decision& settle) {
  if (verdict != errc::ok)
    return refuse(verdict, which, self->state.with.how.lease);
  auto id = which.lease;
  auto& entry = self->state.entries.at(id);
  auto row = *self->state.table.find(id);
  auto promise = self->make_response_promise();
  entry.closed.push_back(promise);
  if (row.state != lease_state::bound) {
    // Nobody was told of it, and it does not live on.
    settle(self->state.table.end(id, why, self->clock().now()));
    return promise;
  }
  if (std::exchange(entry.ending, true))
    return promise;
  lease_event what = lease_ended{row, why};
  self
    ->request(self->state.with.recorder, recorder_patience,
              record{{*describe(what)}})
    .then(
      [=] {
        end_now(self, id, why, settle);
      },
      [=](const caf::error& trouble) {
        do_not_end(self, what, id, trouble, settle);
      });
  return promise;
}

} // namespace berth::actors
