// How a tab comes up, is lost, and comes back.

#include "actors/errors.hpp"
#include "actors/patience.hpp"
#include "actors/tab.hpp"
#include "cdp/message.hpp"

#include <utility>

namespace berth::actors {

namespace {

using namespace std::chrono_literals;

/// How long Chrome may take to set a tab up.
constexpr duration setup_patience = 10s;

/// How long a tab whose lease is over goes on saying so.
constexpr duration linger = 1s;

} // namespace

// -- life and death -----------------------------------------------------------

/// Everything is sent at once, the resumption last: the page runs nothing
/// before it is set up.
caf::result<void> tab_state::attached(const tab_attached& x) {
  auto promise = self->make_response_promise();
  calls.abandon(loss());
  forget_frames();
  calls.connect(x.link, x.ids);
  target = x.target;
  attachment = x.attachment;
  loader.clear();
  reached.clear();
  if (!x.url.empty()) {
    url = x.url;
    note_address();
    note_whether_lost();
  }
  auto set_up = [&](std::string_view method, std::string_view params,
                    cdp_calls::continuation then) {
    calls.send({method, params, attachment.value, now() + setup_patience},
               std::move(then));
  };
  auto ignore = [](const reply&) {};
  // A page that crashed before is told of here, and loaded again by Chrome as
  // soon as it is shown, which the emulation below does.
  set_up("Inspector.enable", {}, ignore);
  set_up("Page.enable", {}, ignore);
  set_up("Page.setLifecycleEventsEnabled", R"({"enabled":true})", ignore);
  set_up("Emulation.setFocusEmulationEnabled", R"({"enabled":true})", ignore);
  if (watched)
    install(setup_patience, ignore);
  set_up("Runtime.runIfWaitingForDebugger", {},
         [promise](const reply& last) mutable {
           if (last.ok())
             promise.deliver(caf::unit);
           else
             promise.deliver(to_error(*last.why));
         });
  if (generation == 0)
    generation = 1;
  arm();
  return promise;
}

void tab_state::gone(const tab_gone& x) {
  if (x.target != target || closed.code != errc::ok
      || (lost != loss_cause::none && !restoring))
    return;
  lost = x.cause;
  auto why = loss();
  if (std::exchange(restoring, false))
    not_recovered(why);
  finish_all(why);
  calls.abandon(why);
  forget_frames();
  tell_watcher(why);
  if (address_due)
    write_address();
  journal(event_kind::tab_lost, url);
  note_whether_lost();
}

/// For those who look at the leases. A popup's end is none of its lease's tab.
void tab_state::note_whether_lost() {
  auto& mine = with.lease;
  if (!with.popup)
    self->send(with.registry,
               note_tab{{mine.id, mine.token}, lost != loss_cause::none});
}

void tab_state::close(const tab_closed& x) {
  if (closed.code != errc::ok)
    return;
  closed = x.why;
  restoring = false;
  recovering.clear();
  report.reset();
  address_due.reset();
  finish_all(closed);
  calls.abandon(closed);
  forget_frames();
  tell_watcher(closed);
  // For a moment it still tells why to those who have not heard.
  end = now() + linger;
  arm();
}

// -- recovery -----------------------------------------------------------------

/// One recovery at a time: whoever asks while it runs gets its outcome.
caf::result<answer> tab_state::recover(const recover_tab& x) {
  auto whose = begin(x.to);
  auto result = whose->promise;
  arm();
  if (over(whose))
    return result;
  if (lost == loss_cause::none && !restoring) {
    finish(whose, target.value);
    return result;
  }
  if (with.popup) {
    finish(whose, loss());
    return result;
  }
  recovering.push_back(whose);
  if (std::exchange(restoring, true))
    return result;
  ++recoveries;
  self
    ->request(with.browser, 2 * with.how.tab.open_within,
              recreate_tab{with.lease.id})
    .then(
      [this, mine = recoveries](const target_id& made) {
        if (mine == recoveries)
          recovered(made);
      },
      [this, mine = recoveries](const caf::error& why) {
        if (mine == recoveries)
          not_recovered(to_failure(why));
      });
  return result;
}

void tab_state::recovered(const target_id& made) {
  if (!restoring || made != target)
    return;
  ++generation;
  auto& mine = with.lease;
  self
    ->request(with.registry, recorder_patience,
              bind_lease{{mine.id, mine.token}, target, generation})
    .then(
      [this, which = recoveries] {
        // The new tab may be lost again already, and another be on its way.
        if (which != recoveries || !std::exchange(restoring, false))
          return;
        lost = loss_cause::none;
        note_whether_lost();
        journal(event_kind::tab_recovered, url);
        auto waiting = std::exchange(recovering, {});
        if (url == "about:blank") {
          for (auto& x : waiting)
            finish(x, target.value);
          return;
        }
        go_back(waiting);
        arm();
      },
      [this, which = recoveries](const caf::error& why) {
        if (which == recoveries)
          not_recovered(to_failure(why));
      });
}

/// To where the lost tab was. Whether the page comes up again is for the
/// holder to see: it has a tab in any case.
void tab_state::go_back(const std::vector<operation_ptr>& waiting) {
  auto params = R"({"url":)" + cdp::quote(url) + "}";
  calls.send({"Page.navigate", params, attachment.value,
              now() + with.how.tab.open_within},
             [this, waiting](const reply& got) {
               auto document = cdp::read_text_field(got.result(), "loaderId");
               auto failed = cdp::read_text_field(got.result(), "errorText");
               for (auto& x : waiting)
                 if (document.empty() || !failed.empty())
                   finish(x, target.value);
                 else
                   arrivals.push_back(
                     {x, document, "load", target.value, now() + left(x) / 2});
               check_arrivals();
               arm();
             });
}

void tab_state::not_recovered(const failure& why) {
  restoring = false;
  for (auto& x : std::exchange(recovering, {}))
    finish(x, why);
}

// -- dead or busy? ---------------------------------------------------------

/// A deadline passed without a word from the page. Is it busy, or dead? Ask;
/// then stop whatever runs in it and ask once more.
void tab_state::probe(bool second_try) {
  probing = true;
  auto again = [this, second_try](const reply& x) {
    if (x.ok() || lost != loss_cause::none || closed.code != errc::ok) {
      probing = false;
      return;
    }
    if (second_try) {
      probing = false;
      gone({target, loss_cause::unresponsive});
    } else
      probe(true);
  };
  // The first question is a short one: what runs in the page is stopped if it
  // is not answered, so that the tab is of use again.
  auto patience = second_try ? with.how.tab.probe : with.how.tab.probe / 4;
  auto deadline = now() + patience;
  if (second_try)
    calls.send({"Runtime.terminateExecution", {}, attachment.value, deadline},
               [](const reply&) {});
  calls.send(
    {"Runtime.evaluate", R"({"expression":"1"})", attachment.value, deadline},
    again);
  arm();
}

} // namespace berth::actors
