#include "scenarios/swarm.hpp"

#include "scenarios/invariants.hpp"
#include "scenarios/port.hpp"

#include <array>

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;
using tests::reply_to;

constexpr size_t agents_count = 12;
constexpr std::array<const char*, 3> keys{"red", "green", "blue"};
constexpr duration round_time = 500ms;
constexpr duration command_time = 5s;
constexpr duration wait_time = 20s;
constexpr duration ttl = 10s;

/// How long any request of an agent may stay unanswered.
constexpr duration answer_max = 90s;

/// A request under way, and since when.
template <class T>
struct asked {
  std::shared_ptr<reply_to<T>> reply;
  timestamp since;

  explicit operator bool() const {
    return reply != nullptr;
  }
};

struct agent {
  client_id id;
  ears hearing;
  asked<actors::welcome> hello;
  std::optional<actors::client_actor> door;
  asked<grant> acquiring;
  std::optional<grant> held;
  asked<answer> command;
  std::string page; ///< Where it went, in its own tab.
  bool silent = false;
  bool wronged = false;
  size_t served = 0;
};

class swarm {
public:
  explicit swarm(const swarm_options& how)
    : options_{how},
      port_{how.seed, limits()},
      law_{port_.how().admission.global} {
    port_.on_command = [this](const auto&, const auto&, const auto& params) {
      // An old token's command carries this mark, and must never get here.
      if (params.value("expression", "") == "stale")
        complain("a command passed with an old token");
    };
    for (size_t i = 0; i < agents_count; ++i) {
      agents_.emplace_back();
      agents_.back().id = {i + 1};
    }
  }

  swarm_result run() {
    rounds(options_.chaos_seconds, true);
    port_.set_faults({});
    for (auto& x : agents_)
      x.served = 0;
    rounds(options_.peace_seconds, false);
    rounds(30, false, true);
    judge_peace();
    return {complaint_.empty() ? law_.complaint() : complaint_,
            port_.world().steps(), port_.world().hash()};
  }

private:
  static config limits() {
    config result;
    result.admission.per_key = 3;
    result.admission.global = 6;
    result.admission.tabs = 8;
    result.restart.restarts_max = 1000;
    return result;
  }

  bool over() const {
    return !complaint_.empty() || !law_.complaint().empty();
  }

  void rounds(int seconds, bool chaos, bool leaving = false) {
    chaos_ = chaos;
    leaving_ = leaving;
    if (chaos)
      port_.set_faults({0.01, 0.01, 0.003});
    for (duration t{}; t < std::chrono::seconds{seconds} && !over();
         t += round_time) {
      for (auto& x : agents_)
        act(x);
      if (chaos)
        harm();
      port_.world().advance(round_time);
      for (auto& x : agents_)
        learn(x);
      check();
    }
  }

  // -- what agents do ---------------------------------------------------------

  void act(agent& x) {
    if (!x.door) {
      if (!x.hello && !leaving_) {
        x.hearing = port_.make_ears();
        x.hello = ask(port_.connect(x.id, x.hearing));
      }
      return;
    }
    if (chaos_ && chance(0.01))
      return die(x);
    x.silent = chaos_ && chance(x.silent ? 0.9 : 0.02);
    if (x.silent)
      return;
    if (!x.held) {
      if (!x.acquiring && !leaving_ && chance(0.5))
        acquire_tab(x);
    } else if (leaving_ || chance(0.1))
      release(x);
    else if (!x.command)
      drive(x);
  }

  void acquire_tab(agent& x) {
    acquire what;
    what.key = {keys[x.id.value % keys.size()]};
    what.wait = chance(0.2) ? duration{0} : wait_time;
    what.ttl = ttl;
    what.grace = chance(0.3) ? duration{2s} : duration{0};
    what.profile = chance(0.2) ? profile_kind::isolated : profile_kind::shared;
    x.acquiring = ask(port_.world().ask<grant>(*x.door, what));
  }

  void release(agent& x) {
    port_.world().ask<void>(*x.door, release_lease{x.held->lease});
    x.held.reset();
    x.command = {};
  }

  void drive(agent& x) {
    addressee to{x.held->lease, {}, command_time};
    if (chance(0.1)) {
      auto old = to;
      --old.lease.token.sequence;
      port_.world().ask<answer>(*x.door, evaluate{old, "stale"});
    }
    if (x.page.empty()) {
      x.page = "http://agent-" + std::to_string(x.id.value) + "/";
      x.command = ask(port_.world().ask<answer>(*x.door, navigate{to, x.page}));
    } else if (chance(0.05))
      x.command
        = ask(port_.world().ask<answer>(*x.door, evaluate{to, "never"}));
    else
      x.command
        = ask(port_.world().ask<answer>(*x.door, evaluate{to, "whoami"}));
  }

  void recover(agent& x) {
    addressee to{x.held->lease, {}, command_time};
    x.command = ask(port_.world().ask<answer>(*x.door, recover_tab{to}));
  }

  void die(agent& x) {
    port_.kill(x.hearing);
    auto id = x.id;
    x = agent{};
    // Another process, another client.
    x.id = {id.value + agents_count * 1000};
  }

  /// What happens to Chrome.
  void harm() {
    auto pages = port_.chrome().pages();
    if (!pages.empty() && chance(0.1)) {
      auto& page = pages[pick(pages.size())];
      switch (pick(4)) {
        case 0:
          port_.chrome().crash(page);
          break;
        case 1:
          port_.chrome().destroy(page);
          break;
        case 2:
          port_.chrome().freeze(page);
          break;
        default:
          port_.chrome().open_popup(page);
      }
    }
    if (chance(0.005))
      port_.chrome().die();
  }

  // -- what they learn --------------------------------------------------------

  void learn(agent& x) {
    if (x.hello && !x.hello.reply->pending()) {
      if (x.hello.reply->value)
        x.door = x.hello.reply->value->client;
      x.hello = {};
    }
    if (x.acquiring && !x.acquiring.reply->pending()) {
      x.held = x.acquiring.reply->value;
      x.page.clear();
      x.acquiring = {};
      if (x.held)
        ++x.served;
    }
    if (x.command && !x.command.reply->pending())
      digest(x);
  }

  void digest(agent& x) {
    auto reply = std::exchange(x.command, {}).reply;
    if (reply->value) {
      auto& value = reply->value->value;
      if (value.starts_with("\"http://agent-") && value != "\"" + x.page + "\"")
        complain("an answer came from another's page");
      return;
    }
    auto& why = *reply->why;
    if (why.code == errc::tab_lost && x.held)
      recover(x);
    else if (why.code == errc::lease_gone || why.code == errc::client_gone
             || why.code == errc::stale_token)
      x.held.reset();
  }

  // -- what must hold ---------------------------------------------------------

  void check() {
    law_.read(port_.journal());
    if (port_.chrome().working_pages() > port_.how().admission.global)
      complain("there are more tabs than were admitted");
    for (auto& x : agents_) {
      overdue(x.hello, "a hello");
      overdue(x.acquiring, "an acquire");
      overdue(x.command, "a command");
    }
  }

  template <class T>
  void overdue(const asked<T>& x, const char* what) {
    if (x && x.reply->pending() && port_.world().now() - x.since > answer_max)
      complain(std::string{what} + " is never answered");
  }

  void judge_peace() {
    if (over())
      return;
    for (auto& x : agents_)
      if (x.served == 0)
        return complain("agent " + std::to_string(x.id.value)
                        + " was not served in peace");
    if (law_.slots() != 0)
      complain(std::to_string(law_.slots()) + " slots leaked");
    else if (law_.bound() != 0)
      complain("a lease is left");
    else if (!port_.chrome().pages().empty())
      complain(std::to_string(port_.chrome().pages().size())
               + " tabs are left");
  }

  // -- chance -----------------------------------------------------------------

  template <class T>
  asked<T> ask(std::shared_ptr<reply_to<T>> reply) {
    return {std::move(reply), port_.world().now()};
  }

  bool chance(double p) {
    return port_.world().chance(p);
  }

  size_t pick(size_t count) {
    return std::uniform_int_distribution<size_t>{0, count
                                                      - 1}(port_.world().rng());
  }

  void complain(std::string what) {
    if (complaint_.empty())
      complaint_ = std::move(what);
  }

  swarm_options options_;
  port port_;
  invariants law_;
  std::vector<agent> agents_;
  bool chaos_ = false;
  bool leaving_ = false;
  std::string complaint_;
};

} // namespace

swarm_result run_swarm(const swarm_options& how) {
  return swarm{how}.run();
}

} // namespace berth::scenarios
