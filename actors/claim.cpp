#include "actors/claim.hpp"

#include "actors/door_question.hpp"
#include "cdp/transport/proc.hpp"

#include <chrono>
#include <spdlog/spdlog.h>
#include <thread>

namespace berth::actors {

namespace {

using namespace protocol;
using namespace std::chrono_literals;

using std::chrono::steady_clock;

constexpr duration answer_within = 1s;
constexpr duration look_again = 100ms;

/// What a start takes beside that of Chrome.
constexpr duration spare = 15s;

class claimant {
public:
  claimant(const std::string& path, const config& how,
           const std::function<std::optional<failure>()>& may_start)
    : path_{path},
      may_start_{may_start},
      most_{longest_of(how, &browser_settings::start_within) + spare,
            how.door.silence_max,
            2 * longest_of(how, &browser_settings::stop_within)
              + how.stop.drain_within + spare} {
    // nop
  }

  outcome<claim> run(const std::function<bool()>& stop_requested) {
    while (!stop_requested || !stop_requested()) {
      auto got = state_dir::try_own(path_);
      if (!got)
        return got.error();
      auto seen = look(!*got);
      auto move = decide(seen, most_);
      if (move != starter_move::take_over && move != starter_move::give_up)
        kept_out_.reset();
      switch (move) {
        case starter_move::take:
          return claim{std::move(*got), {}, false};
        case starter_move::join:
          return claim{std::nullopt, owner_, false};
        case starter_move::give_up:
          return given_up();
        case starter_move::take_over: {
          auto taken = take_over();
          if (!taken || taken->mine)
            return taken;
          if (!kept_out_)
            kept_out_ = steady_clock::now();
          break;
        }
        case starter_move::ask_to_step_down:
          if (auto told = ask_to_step_down(*owner_, answer_within);
              told && told->stopping)
            spdlog::warn("{} has no Chrome, and steps down", describe(*owner_));
          break;
        case starter_move::wait:
          break;
      }
      std::this_thread::sleep_for(look_again);
    }
    return fail(errc::stopping, "It was told to end while it waited.");
  }

private:
  owner_sight look(bool held) {
    owner_sight result;
    result.held = held;
    if (!held)
      return result;
    auto owner = read_record(path_);
    auto now = steady_clock::now();
    auto who = owner ? owner->process : std::string{};
    if (!seen_ || who != owner_->process) {
      owner_ = owner.value_or(daemon_record{});
      seen_ = heard_ = now;
      kept_out_.reset();
    }
    if (owner) {
      owner_ = owner;
      result.process = fate_of(*owner);
      result.opened = owner->port != 0;
    }
    // What was written down by one that is dead leads to somebody else's door.
    if (result.opened && result.process != process_fate::gone)
      if (auto told = ask_health(*owner, answer_within);
          told && told->pid == owner->pid) {
        result.told = *told;
        heard_ = steady_clock::now();
      }
    result.silent = now - *heard_;
    result.watched = now - *seen_;
    if (kept_out_)
      result.kept_out = now - *kept_out_;
    return result;
  }

  outcome<claim> take_over() {
    if (auto why = may_start_())
      return *why;
    auto mine = state_dir::take_over(path_, *owner_);
    if (!mine)
      return mine.error();
    if (*mine)
      spdlog::warn("{} does not answer: its place is taken", describe(*owner_));
    bool connected = *mine && !cdp::cut_off(owner_->process);
    return claim{std::move(*mine), owner_, connected};
  }

  failure given_up() const {
    if (kept_out_)
      return fail(errc::occupied,
                  "Another process keeps '" + path_
                    + "/guard' and does not let go of it: perhaps a start that "
                      "was stopped. Find it (fuser, or /proc/locks), end it "
                      "(kill -9), and start again.");
    auto whom
      = owner_->pid > 0 ? describe(*owner_) : std::string{"nobody says"};
    return fail(errc::occupied, "The state directory '" + path_
                                  + "' has an owner (" + whom
                                  + ") that does not serve, and that cannot "
                                    "be replaced from here.");
  }

  std::string path_;
  std::function<std::optional<failure>()> may_start_;
  starter_limits most_;
  std::optional<daemon_record> owner_;
  std::optional<steady_clock::time_point> seen_;
  std::optional<steady_clock::time_point> heard_;
  std::optional<steady_clock::time_point> kept_out_; ///< By another starter.
};

} // namespace

outcome<claim>
claim_directory(const std::string& path, const config& how,
                const std::function<bool()>& stop_requested,
                const std::function<std::optional<failure>()>& may_start) {
  return claimant{path, how, may_start}.run(stop_requested);
}

} // namespace berth::actors
