#include "actors/browser.hpp"

#include "actors/errors.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::actors {

namespace {

using nlohmann::json;

/// How long Chrome may take for a call of the hub's own.
constexpr duration call_patience = std::chrono::seconds{10};
constexpr duration create_patience = std::chrono::minutes{10};

/// Everything at the root goes through here; tab targets only, each paused
/// until its page is attached: two attachers would race for every popup.
constexpr const char* discover = R"({"discover":true,"filter":[{}]})";
constexpr const char* attach_tabs
  = R"({"autoAttach":true,"waitForDebuggerOnStart":true,"flatten":true,)"
    R"("filter":[{"type":"tab"},{"exclude":true}]})";

} // namespace

browser_state::~browser_state() {
  for (auto& [id, whose] : berths)
    if (whose.tab)
      caf::anon_send_exit(whose.tab, caf::exit_reason::user_shutdown);
  for (auto& [target, tab] : popups)
    caf::anon_send_exit(tab, caf::exit_reason::user_shutdown);
  // With the tabs in it: the next crew knows whose they are. Without a journal
  // nobody does, and from an attached Chrome nobody else would clear them away.
  if (link && attached_mode() && with.how.journal.keep == durability::memory)
    for (auto& target : owned_pages())
      calls.tell("Target.closeTarget",
                 cdp::write_json({{"targetId", target.value}}), {});
  if (link)
    link->let_go();
}

bool browser_state::attached_mode() const {
  return !with.how.browser.url.empty();
}

std::vector<target_id> browser_state::owned_pages() const {
  std::vector<target_id> result;
  for (auto& target : pages.pages())
    if (targets.owner(target))
      result.push_back(std::move(target));
  return result;
}

timestamp browser_state::now() const {
  return self->clock().now();
}

void browser_state::call(std::string_view method, const std::string& params,
                         cdp_calls::continuation then,
                         std::string_view session) {
  calls.send({method, params, session, now() + call_patience}, std::move(then));
  arm();
}

void browser_state::call_create(const std::string& params,
                                cdp_calls::continuation then) {
  calls.send({"Target.createTarget", params, {}, now() + create_patience},
             std::move(then), [this](const reply& x) {
               target_id made{cdp::read_text_field(x.result(), "targetId")};
               if (made)
                 close_target(made);
             });
  arm();
}

void browser_state::journal(event what) {
  what.browser = with.how.browser.name.value;
  caf::anon_send(with.recorder, record{{std::move(what)}});
}

void browser_state::launch() {
  next_launch.reset();
  ++run;
  ++view.starts;
  enter(browser_health::starting);
  link = with.make_chrome();
  auto whom = caf::actor_cast<caf::actor>(self);
  auto mine = run;
  cdp::chrome_listener listener{
    [=](cdp::chrome_started x) {
      caf::anon_send(whom, chrome_up{mine, std::move(x)});
    },
    [=](cdp::frame_ptr x) {
      caf::anon_send(whom, chrome_said{mine, std::move(x)});
    },
    [=](cdp::chrome_ended x) {
      caf::anon_send(whom, chrome_down{mine, std::move(x)});
    },
  };
  link->start(std::move(listener));
}

void browser_state::started(const cdp::chrome_started& x) {
  care.came_up(now());
  view.product = x.product;
  view.endpoint = x.endpoint;
  view.pid = x.pid;
  calls.connect(link, call_ids{});
  survivor = x.ran_before && !attached_mode();
  anchor = {};
  call("Target.setDiscoverTargets", discover, [](const reply&) {});
  // The profile of an attached Chrome is its user's, and so are its downloads.
  if (!attached_mode())
    accept_downloads({});
  auto attach_to_all = [this] {
    call("Target.setAutoAttach", attach_tabs, [this](const reply& answer) {
      if (answer.ok())
        ready();
      else if (link) // Else it is Chrome's own end that answers here.
        link->stop(std::chrono::milliseconds{0});
    });
  };
  if (x.ran_before && run == 1 && !with.kept.empty())
    find_crashed(attach_to_all);
  else
    attach_to_all();
}

void browser_state::ready() {
  enter(browser_health::ready);
  pulse.came_up(now());
  for (auto& target : std::exchange(leftovers, {}))
    close_target(target);
  view.trouble.clear();
  event up;
  up.kind = event_kind::browser_up;
  up.detail = view.product;
  journal(std::move(up));
  for (auto& x : std::exchange(waiters, {}))
    x.then(std::nullopt);
}

void browser_state::ended(const cdp::chrome_ended& x) {
  link.reset();
  pulse.ended();
  auto why = fail(errc::browser_unavailable,
                  x.detail.empty() ? "The browser has ended." : x.detail);
  if (!given_up.empty())
    why.what = std::exchange(given_up, {});
  view.pid = 0;
  view.trouble = why.what;
  if (attached_mode())
    for (auto& target : owned_pages())
      leftovers.push_back(std::move(target));
  for (const auto& page : pages.pages())
    lost(page, loss_cause::browser_gone);
  probes.clear();
  crashed.clear();
  closing = {};
  cleaning.clear();
  parked = parked_pool{with.how.parked};
  downloads.discard();
  for (auto& [target, tab] : std::exchange(popups, {}))
    caf::anon_send_exit(tab, caf::exit_reason::user_shutdown);
  targets.clear();
  count_tabs();
  // Now that nothing is left to be done in it: whoever asks for more while it
  // hears of this finds no connection.
  std::exchange(calls, {}).abandon(why);
  std::vector<lease_id> cut_off;
  for (auto& [target, id] : std::exchange(ousted, {}))
    cut_off.push_back(id);
  for (auto& [id, whose] : berths) {
    if (whose.again)
      drive_lost(whose);
    else if (whose.made_unseen())
      cut_off.push_back(id);
    whose.target = {};
    whose.context = {};
  }
  for (auto id : cut_off)
    not_made(id, why);
  for (auto i = berths.begin(); i != berths.end();) {
    auto at = i++;
    if (at->second.closing)
      closed(at->first);
  }
  event down;
  down.kind = event_kind::browser_down;
  down.detail = why.what;
  journal(std::move(down));
  if (!stopping) {
    succeed(x.cause);
    return;
  }
  enter(browser_health::stopped);
  for (auto& waiter : std::exchange(waiters, {}))
    waiter.then(why);
  for (auto& promise : stopped)
    promise.deliver(caf::unit);
  self->quit();
}

caf::result<void> browser_state::stop() {
  auto result = self->make_response_promise();
  stopped.push_back(result);
  if (std::exchange(stopping, true))
    return result;
  if (!link) {
    result.deliver(caf::unit);
    self->quit();
    return result;
  }
  leave_by = now() + with.how.browser.stop_within;
  if (attached_mode() && view.state == browser_health::ready)
    for (auto& target : owned_pages())
      close_target(target);
  leave();
  return result;
}

/// Once the tabs that we are to leave behind us are closed, or it takes too
/// long. A managed Chrome takes all of them with it.
void browser_state::leave() {
  if (!leave_by || (attached_mode() && !closing.is_done() && now() < *leave_by))
    return;
  leave_by.reset();
  auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(
    with.how.browser.stop_within);
  if (link)
    link->stop(patience);
}

void browser_state::arm() {
  auto due = earlier(earlier(calls.next_deadline(), next_launch), leave_by);
  for (const auto& x : waiters)
    due = earlier(due, x.deadline);
  due = earlier(due, closing.next_deadline());
  for (const auto& [id, x] : berths)
    if (x.waits_for_chrome())
      due = earlier(due, x.made_by);
  due = earlier(due, parked.next_deadline());
  due = earlier(due, pulse.next_deadline(is_used()));
  if (is_idle())
    due = earlier(due, care.too_old_at());
  alarm.arm(self, due);
}

void browser_state::wake() {
  alarm.rang(now());
  calls.expire(now());
  if (next_launch && *next_launch <= now())
    launch();
  std::vector<waiting> late;
  std::erase_if(waiters, [&](waiting& x) {
    if (x.deadline > now())
      return false;
    late.push_back(std::move(x));
    return true;
  });
  auto why = unready();
  for (auto& x : late)
    x.then(why);
  auto unclosed = closing.look(now());
  for (const auto& target : unclosed.ask)
    ask_to_close(target);
  for (const auto& target : unclosed.orphaned)
    orphaned(target);
  for (const auto& target : parked.expire(now()))
    close_parked(target, "nobody wanted it");
  answer_those_too_late();
  feel_pulse();
  recycle_if_worn();
  leave();
  arm();
}

caf::result<tab_actor> browser_state::find(const find_popup& x) const {
  auto i = popups.find(x.target);
  if (i == popups.end() || targets.owner(x.target) != x.lease)
    return to_error(
      fail(errc::target_unknown, "Lease " + std::to_string(x.lease.value)
                                   + " has no tab " + x.target.value + "."));
  return i->second;
}

caf::result<browser_view> browser_state::await(duration within) {
  auto promise = self->make_response_promise<browser_view>();
  when_ready(now() + within, [promise, this](const seen& why) mutable {
    if (why)
      promise.deliver(to_error(*why));
    else
      promise.deliver(look());
  });
  return promise;
}

namespace {

void begin(browser_state& state, const browser_start& with) {
  state.with = with;
  state.targets = target_table{with.how.target};
  state.care = browser_care{
    {with.how.restart, with.how.quarantine.lasts, with.how.browser.age_max,
     with.how.browser.tabs_made_max, with.how.browser.memory_max,
     with.how.browser.url.empty() && with.how.browser.profile.empty()}};
  state.pulse = browser_pulse{with.how.pulse};
  state.parked = parked_pool{with.how.parked};
  state.cleaning = tab_cleaning{state.calls, state.cleaning_host()};
  state.downloads
    = browser_downloads{with.downloads, with.how, state.downloads_host()};
  state.self->set_down_handler([&state](const caf::down_msg& down) {
    state.lost_driver(down.source);
  });
  state.leftovers = with.astray;
  state.claim_kept();
  state.launch();
}

} // namespace

browser_shell::behavior_type
browser(browser_state::pointer self, const browser_start& with) {
  auto& state = self->state;
  begin(state, with);
  return {
    [&state](const open_tab& x) {
      return state.open(x);
    },
    [&state](const drive_tab& x) {
      return state.drive(x);
    },
    [&state](const close_tabs& x) {
      return state.close(x.lease);
    },
    [&state](const recreate_tab& x) {
      return state.recreate(x.lease);
    },
    [&state](const find_popup& x) {
      return state.find(x);
    },
    [&state](const ask_alive& x) {
      return state.ask(x);
    },
    [&state](const watch_tabs& x) {
      state.admission = x.whom;
      state.count_tabs();
    },
    [&state](const note_downloads& x) {
      if (auto i = state.berths.find(x.lease); i != state.berths.end())
        i->second.downloads = x.path;
    },
    [&state](const opener_hint& x) {
      state.carry_out(state.targets.hint(x, state.now()));
    },
    [&state](const get_orphans&) -> caf::result<std::vector<target_id>> {
      return state.closing.idle_orphans();
    },
    [&state](const close_orphan& x) {
      if (state.closing.is_orphan(x.target))
        state.close_target(x.target);
    },
    [&state](const get_browser&) -> caf::result<browser_view> {
      return state.look();
    },
    [&state](const await_browser& x) {
      return state.await(x.within);
    },
    [&state](const restart_chrome&) {
      return state.restart();
    },
    [&state](const stop_browser&) {
      return state.stop();
    },
    [&state](const chrome_up& x) {
      if (x.run == state.run)
        state.started(x.what);
    },
    [&state](const chrome_down& x) {
      if (x.run == state.run)
        state.ended(x.what);
    },
    [&state](const chrome_said& x) {
      if (x.run == state.run && state.link)
        state.hear(x.what);
    },
    [&state](wake_atom) {
      state.wake();
    },
  };
}

} // namespace berth::actors
