// An actor system in which time stands still and only the seed decides who
// runs next: the same seed replays the same run, message for message.

#pragma once

#include "actors/errors.hpp"
#include "actors/interfaces.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

namespace berth::tests {

using namespace protocol;

/// One request, and what became of it, whatever its answer is.
struct any_question {
  std::optional<failure> why;
  timestamp asked;
  timestamp answered;
  size_t times = 0; ///< How often it was answered: twice would be a bug.

  virtual ~any_question() = default;
  virtual bool pending() const = 0;
};

template <class T>
struct question final : any_question {
  std::optional<T> value;

  bool pending() const override {
    return !value && !why;
  }
};

template <class T>
using asked = std::shared_ptr<question<T>>;

/// What is answered where the answer says no more than that.
struct nothing {};

class world {
public:
  explicit world(uint64_t seed = 1);

  /// Ends every actor, whoever spawned it and whatever it waits for.
  ~world();

  world(const world&) = delete;
  world& operator=(const world&) = delete;

  template <class... Ts>
  auto spawn(Ts&&... xs) {
    return system_.spawn(std::forward<Ts>(xs)...);
  }

  template <class Actor, class... Ts>
  auto spawn(Ts&&... xs) {
    return system_.spawn<Actor>(std::forward<Ts>(xs)...);
  }

  template <class Handle>
  void kill(const Handle& whom) {
    caf::anon_send_exit(whom, caf::exit_reason::kill);
  }

  /// Asks on behalf of nobody in particular, and keeps the answer. `T` is
  /// `nothing` for requests that are answered with nothing.
  template <class T, class Handle, class Request>
  asked<T> ask(const Handle& whom, Request request);

  /// Delivers messages, one at a time and in the seed's order, until none is
  /// left that is due by now.
  void settle();

  /// Moves time forward from timer to timer, so that each fires in its turn.
  void advance(duration by);

  /// As if the machine had slept: it is later at once, and every timer that
  /// was due meanwhile fires now.
  void jump(duration by);

  /// When the last jump ended: what was due before that may happen after it.
  timestamp woke() const {
    return woke_;
  }

  /// For how long it has slept in all.
  duration slept() const {
    return slept_;
  }

  /// Does it between two deliveries, when so many more were made.
  void after(size_t deliveries, std::function<void()> what);

  /// Nothing of what was to be done so.
  void drop_plans() {
    plans_.clear();
  }

  /// Everybody of this name who lives, the oldest first.
  std::vector<caf::actor> find(std::string_view name) const;

  timestamp now() const;

  /// Below `most`, by the seed.
  uint64_t draw(uint64_t most);
  duration draw(duration most);
  bool chance(double p);

  /// How many messages were delivered so far.
  size_t steps() const {
    return steps_;
  }

  /// Who ran when, and whatever else was mixed in: equal runs have equal
  /// hashes.
  uint64_t hash() const {
    return hash_;
  }

  void mix(std::string_view what);

private:
  static caf::actor_system_config& configure(caf::actor_system_config& config);

  bool run_one();
  void mix(uint64_t what);
  void meet(caf::resumable* job);
  void end_everybody();

  std::mt19937_64 rng_;
  caf::actor_system_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  double unrest_; ///< How often the oldest message is not the next.
  size_t steps_ = 0;
  uint64_t hash_ = 14695981039346656037u;
  timestamp woke_;
  duration slept_{};
  std::multimap<size_t, std::function<void()>> plans_; ///< By `steps_`.
  std::vector<caf::actor_addr> met_; ///< Everybody who ever ran, in order.
  std::vector<bool> known_;          ///< By actor id: who was met.
  size_t met_max_ = 1024;            ///< When to forget those who have ended.
};

/// Asks once, and counts what comes back: CAF itself drops a second answer
/// without a word.
template <class T, class Handle, class Request>
class asker : public caf::event_based_actor {
public:
  asker(caf::actor_config& config, Handle whom, Request what, asked<T> into)
    : caf::event_based_actor{config},
      whom_{std::move(whom)},
      what_{std::move(what)},
      into_{std::move(into)} {
    // nop
  }

  void
  enqueue(caf::mailbox_element_ptr what, caf::execution_unit* on) override {
    if (what->mid.is_response())
      ++into_->times;
    caf::event_based_actor::enqueue(std::move(what), on);
  }

  caf::behavior make_behavior() override {
    auto kept = into_;
    auto over = [this, kept](const caf::error& why) {
      kept->why = actors::to_failure(why);
      kept->answered = clock().now();
    };
    auto question = request(whom_, caf::infinite, std::move(what_));
    if constexpr (std::is_same_v<T, nothing>)
      question.then(
        [this, kept] {
          kept->value.emplace();
          kept->answered = clock().now();
        },
        over);
    else
      question.then(
        [this, kept](T& value) {
          kept->value = std::move(value);
          kept->answered = clock().now();
        },
        over);
    return {};
  }

private:
  Handle whom_;
  Request what_;
  asked<T> into_;
};

template <class T, class Handle, class Request>
asked<T> world::ask(const Handle& whom, Request request) {
  auto result = std::make_shared<question<T>>();
  result->asked = now();
  spawn<asker<T, Handle, Request>>(whom, std::move(request), result);
  return result;
}

} // namespace berth::tests
