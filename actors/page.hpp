#pragma once

#include "actors/alarm.hpp"
#include "actors/interfaces.hpp"
#include "cdp/conversation_look.hpp"
#include "protocol/completion.hpp"
#include "protocol/provider.hpp"
#include "protocol/tab_share.hpp"
#include "protocol/timeouts.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace berth::actors {

/// How long the page side takes over what.
struct page_limits {
  duration ready_within = std::chrono::seconds{30}; ///< Until it takes prompts.
  /// Turns, or an answer, must stand still that long to be taken for all.
  duration calm = std::chrono::milliseconds{500};
  duration step_within = std::chrono::seconds{10}; ///< One click.
  duration seen_within = std::chrono::seconds{30}; ///< After it was sent.
  duration halt_within = std::chrono::seconds{8};
  duration recover_within = std::chrono::seconds{120};
  duration retry_min = std::chrono::seconds{1}; ///< Between two recoveries.
  duration look_within = std::chrono::seconds{10};
  duration look_every = std::chrono::milliseconds{500}; ///< Before an answer.
  duration progress_every = std::chrono::milliseconds{250};
  duration idle_max = std::chrono::seconds{10}; ///< A tab without a run.
  tab_share share;                              ///< When others wait for it.
  duration line_max = std::chrono::minutes{30}; ///< Waiting for a tab.
  /// Without a place in the line: at least and at most until the next try.
  std::pair<duration, duration> line_retry{std::chrono::seconds{1},
                                           std::chrono::seconds{10}};
  size_t losses_max = 3;    ///< Of tabs, before the prompt was sent.
  bool listens = true;      ///< To the page; else it only looks.
  completion::limits whole; ///< What tells a whole answer from a part.
};

using provider_profiles = std::map<std::string, provider_profile>;

struct page_start {
  session_id session;
  client_id holder; ///< Whose the session's leases are: nobody else's.
  page_listener_actor listener; ///< Its end is the page side's, too.
  std::shared_ptr<const provider_profiles> providers;
  timeouts times;
  page_limits most;
  crew with;
};

using page_shell
  = page_actor::extend<caf::reacts_to<page_stirred>, caf::reacts_to<page_lost>,
                       caf::reacts_to<wake_atom>>;

/// How far the present act is.
enum class page_phase : uint8_t {
  idle,        ///< No run.
  waiting,     ///< The run goes on with the session's next word.
  opening,     ///< It gets a tab, and goes to the conversation.
  settling,    ///< The page is to show its composer and all of its turns.
  preparing,   ///< Model, effort, files, the prompt's text.
  composing,   ///< The composer is to show that text.
  withdrawing, ///< Stopped before anything was sent: a last command ends.
  sending,     ///< From here on the prompt may have been sent.
  seeking,     ///< Its turn is to appear.
  confirming,  ///< In a new tab: is its turn there?
  following,   ///< The answer is on its way.
  fetching,    ///< It is whole, and read.
  halting,     ///< It is to stop.
  recovering,  ///< A lost tab is to come back.
  discarding,  ///< The tab is to be closed.
};

/// Carries out the acts of one session in one tab, step by step; what an older
/// step waited for is void. page.cpp has the acts and the reports;
/// page_tab.cpp the lease and its tab; page_send.cpp the way of a prompt;
/// page_looks.cpp what is seen, and what follows from it.
struct page_state {
  static constexpr const char* name = "page";

  using pointer = page_shell::stateful_pointer<page_state>;
  using next = std::function<void()>;
  using with_answer = std::function<void(const std::string& value)>;
  using with_failure = std::function<void(const failure& why)>;

  explicit page_state(pointer x) : self{x} {
    // nop
  }

  /// Gives away what it has.
  ~page_state();

  // -- page.cpp ---------------------------------------------------------------

  void obey(const begin_run& x);
  void obey(const halt_run& x);
  void obey(const recover_tab_of& x);
  void obey(const confirm_prompt& x);
  void obey(const follow_run& x);
  void obey(const join_line& x);
  void obey(const leave_line& x);
  void obey(const discard_tab& x);
  void leave();
  void quit_if_free();

  /// The next step: whatever the last one waited for is void.
  void enter(page_phase into);
  void report(decltype(page_report::what) x);

  /// The last word of this run.
  void finish(decltype(page_report::what) x);
  void rest();
  void set_out();
  void discard();
  void withdrawn();
  bool know(const std::string& provider);
  void out_of_time();
  void wake();
  void arm();
  timestamp now() const;

  // -- page_tab.cpp -----------------------------------------------------------

  /// The right to drive one tab, and the tab.
  struct berth {
    lease_ref lease;
    work_key key;
    tab_actor tab;
    target_id target;
    timestamp since;
    browser_name where{};
    bool lost = false;       ///< It must be recovered before it is of use.
    bool settled = false;    ///< All turns of the conversation were seen there.
    bool begun = false;      ///< Something of an unsent prompt may be there.
    bool driverless = false; ///< The registry knows who drives it now.
  };

  /// Gets a tab that shows the conversation and is watched, then goes on.
  void get_tab(const next& then);
  void join(const next& then);
  void take_over(const opened_lease& x);
  void acquire_tab(const next& then);
  acquire order_tab() const;
  berth berth_of(const opened_lease& x) const;

  /// Waits for a tab as every other client does, and tells the session.
  void stand_in_line();
  void forget_line();
  void had_turn(const work_key& key, const opened_lease& x);
  void had_no_turn(const work_key& key, const failure& why);

  /// Gives the tab away if somebody waits for it.
  void offer();
  void renew(const next& then);
  void find_driver(const next& then);
  void acquire_another(uint64_t number, const next& then);
  void recover(const next& then);
  void watch(const next& then);
  void go_to(const next& then);
  void release(const next& then);

  /// Gives the tab a command, and hears of it unless another step has begun.
  template <class Command>
  void
  ask(Command order, duration within, with_answer then, with_failure fails);

  void not_done(const failure& why);
  void no_tab(const failure& why);
  void lost(const failure& why);
  void retry(const failure& why);

  // -- page_send.cpp ----------------------------------------------------------

  void prepare();
  void choose(const choice& steps, const next& then);
  void attach(const next& then);
  void compose();
  void send();
  void send_by_enter();
  void press_send(const std::string& selector);
  void not_sent(const failure& why);

  using with_selector = std::function<void(const std::string& selector)>;

  /// Finds the first of the selectors that matches, and goes on with it.
  void find(const selectors& list, bool hidden, const with_selector& then,
            const with_failure& fails);

  // -- page_looks.cpp ---------------------------------------------------------

  bool wants_looks() const;
  void look();
  void looked(const std::string& json);
  void stirred(const std::string& json);
  void see(const cdp::page_look& x);
  void settle(const cdp::page_look& x);
  void seek(const cdp::page_look& x);
  void follow(const cdp::page_look& x);
  void fetch_answer(const cdp::page_look& seen);
  void halt(const cdp::page_look& x);
  void press_stop();
  void tell_name(const cdp::page_look& x);
  bool calm(const cdp::page_look& x);

  // -- state ------------------------------------------------------------------

  pointer self;
  page_start with;
  std::optional<berth> mine;
  browser_name home;               ///< Where its tabs are. Empty: anywhere.
  bool joined = false;             ///< The registry knows the holder.
  size_t acquiring = 0;            ///< Leases that may be on their way.
  size_t lines = 0;                ///< Or when a turn comes, in so many lines.
  std::optional<work_key> in_line; ///< The one that still counts.
  failure no_room;                 ///< Why there was no tab at once.
  bool leaving = false;
  size_t under_way = 0; ///< Commands that the tab has not answered.

  // The run, and what is done for it.
  uint64_t step = 0; ///< Counts up; tells late answers from others.
  page_phase phase = page_phase::idle;
  run_ref run;
  const provider_profile* at = nullptr;
  prompt what;
  std::string goal; ///< The conversation's address; empty: a new one.
  timestamp lease_until;
  int64_t before = -1;  ///< Turns before the prompt; below zero: unknown.
  bool repeats = false; ///< Its words may be there from before.
  size_t losses = 0;

  // What was seen of it.
  bool looking = false;
  bool look_again = false;
  cdp::page_look last;
  timestamp calm_since;
  class completion whole;
  uint64_t length_told = 0;
  std::string name_told;
  timestamp told;    ///< The last report.
  timestamp pressed; ///< When its stop button was last clicked, if it was.

  // What is due.
  std::optional<timestamp> next_look;
  std::optional<timestamp> step_by;  ///< Until the step is given up.
  std::optional<timestamp> retry_at; ///< The next recovery.
  std::optional<timestamp> idle_by;  ///< Until the tab is given away.
  std::optional<timestamp> offer_at; ///< To whoever waits for one.
  class alarm alarm;
};

page_shell::behavior_type
page(page_shell::stateful_pointer<page_state> self, const page_start& with);

} // namespace berth::actors
