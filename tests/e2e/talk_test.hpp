// Conversations with the fixture site on a real Chromium: what tests of them
// have in common.

#pragma once

#include "apps/fixture/service.hpp"

#include "tests/e2e/harness.hpp"

#include <string>
#include <vector>

namespace berth::tests {

using lines = std::vector<std::string>;

/// What a call was answered with; an empty one, and a failed test, if it was
/// refused.
template <class T>
T got(outcome<T> x) {
  if (x)
    return std::move(*x);
  ADD_FAILURE() << x.error().what;
  return {};
}

/// A site, and a daemon that knows it as four providers: `fixture`; `mirror`,
/// the same with tabs of its own; `late`, where the composer comes late; and
/// `framed`, whose answers are in frames of another site. All have a model
/// `missing` that their menu does not show.
class talk_test : public testing::Test {
protected:
  explicit talk_test(const std::function<void(config&)>& change = {});

  // -- asking -----------------------------------------------------------------

  session_id open(const std::string& provider = "fixture");

  /// One that waits for its turn as long as a test does.
  static send_prompt order(session_id where, const std::string& text,
                           wait_until until = wait_until::accepted);

  run_view begin(session_id where, const std::string& text,
                 wait_until until = wait_until::accepted);

  /// Sends it, and waits for its answer.
  static outcome<run_view>
  query(client::connection& whose, session_id where, const std::string& text);

  outcome<run_view> query(session_id where, const std::string& text) {
    return query(me, where, text);
  }

  run_view poll(session_id where, run_id which, duration wait = {});
  run_view stop(session_id where, run_id which = {});

  /// The whole answer to this prompt, and no other's.
  static testing::AssertionResult
  is_own(const outcome<run_view>& x, const std::string& prompt);

  // -- hearing ----------------------------------------------------------------

  /// Waits for this about the run.
  std::optional<event> hear(event_kind kind, session_id where, run_id which);

  /// Until some of its answer was seen.
  bool is_writing(session_id where, run_id which);

  /// What became of the session's runs, in its order, once the last of them
  /// has ended: `run_started 1`, `run_settled 1 complete`.
  static lines story(event_log& log, session_id where, run_id last);

  lines story(session_id where, run_id last) {
    return story(berth.log(), where, last);
  }

  // -- the site ---------------------------------------------------------------

  /// Every prompt that came, and its fate: `taken say well`.
  lines arrived() const;

  /// The turns of this conversation, in a tab that no run has: whether the
  /// answer is `whole`, `stopped` or `open`, and the prompt.
  lines turns_at(const std::string& url);

  apps::fixture::service site;
  live_daemon berth;
  client::connection me = berth.connect();
};

} // namespace berth::tests
