// Page sides without pages: they do what a test or a story says.

#pragma once

#include "protocol/session_event.hpp"

#include "tests/support/daemon.hpp"

#include <map>
#include <memory>
#include <vector>

namespace berth::tests {

/// The page sides of all sessions of a world. They write down what they are
/// told, and report what they are told to see. What is not forbidden they do
/// by themselves: find the prompt in the conversation, stop, come back.
class scripted_pages {
public:
  /// What a page side does without being told.
  struct manners {
    bool sends = true;    ///< A prompt that is to be sent is soon seen.
    bool stops = true;    ///< What is halted ends.
    bool recovers = true; ///< A lost tab comes back, and shows the prompt.
    bool closes = true;   ///< A discarded tab is gone.
  };

  explicit scripted_pages(world& where);

  page_maker maker();

  manners& of(session_id which) {
    return (*pages_)[which].does;
  }

  /// The sessions that had a page so far.
  std::vector<session_id> known() const;

  /// What its session wanted so far.
  const std::vector<session_act>& acts(session_id which) const {
    return (*pages_)[which].acts;
  }

  template <class Act>
  std::vector<Act> all(session_id which) const {
    std::vector<Act> result;
    for (const auto& x : acts(which))
      if (auto act = std::get_if<Act>(&x))
        result.push_back(*act);
    return result;
  }

  /// The run, and its leg, that it heard of last.
  run_ref latest(session_id which) const {
    return (*pages_)[which].latest;
  }

  /// What is seen in the page of the latest run.
  template <class What>
  void see(session_id which, What what) {
    see_of(which, latest(which), std::move(what));
  }

  template <class What>
  void see_of(session_id which, run_ref run, What what) {
    caf::anon_send((*pages_)[which].session, page_report{run, std::move(what)});
  }

  /// The page side itself has an accident.
  void kill(session_id which);

  const actors::page_listener_actor& session(session_id which) const {
    return (*pages_)[which].session;
  }

  /// How many page sides the session had so far.
  size_t made(session_id which) const {
    return (*pages_)[which].made;
  }

private:
  struct page {
    actors::page_listener_actor session;
    actors::page_actor self;
    manners does;
    std::vector<session_act> acts;
    run_ref latest;
    size_t made = 0;
  };

  using pages = std::map<session_id, page>;

  static actors::page_actor::behavior_type
  play(actors::page_actor::pointer self, const std::shared_ptr<pages>& all,
       session_id mine);

  world& where_;
  std::shared_ptr<pages> pages_ = std::make_shared<pages>();
};

} // namespace berth::tests
