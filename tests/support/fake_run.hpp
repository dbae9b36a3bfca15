// One run of the fake Chrome: for fake_chrome.cpp only.

#pragma once

#include "tests/support/answer_faults.hpp"
#include "tests/support/fake_chrome.hpp"

#include <algorithm>
#include <utility>

namespace berth::tests {

using namespace std::chrono_literals;

/// Anything that one run of Chrome has to do next, as a message to its actor.
struct errand {
  std::function<void()> what;
};

class fake_run;

/// What outlives a run.
struct fake_chrome::shared_state {
  shared_state(world& x, std::shared_ptr<fake_site> shown)
    : where{&x}, site{std::move(shown)} {
    if (!site)
      site = std::make_shared<fake_site>(fake_site{{[&x] {
                                                      return x.now();
                                                    },
                                                    [&x](uint64_t most) {
                                                      return x.draw(most);
                                                    }}});
  }

  world* where;
  std::shared_ptr<fake_site> site;
  size_t starts = 0;
  timestamp last_end;
  size_t refused_starts = 0;
  bool profile_damaged = false;
  bool program_damaged = false; ///< Another profile is of no help.
  uint64_t memory = 0;
  bool stillborn = false; ///< Every new tab crashes as soon as it runs.
  answer_faults faults;
  std::vector<sent_frame> sent;
  std::weak_ptr<fake_run> present;
  std::shared_ptr<fake_run> let_go; ///< It runs, and is nobody's.
  bool abandoned = false;           ///< Nobody will come for it any more.
};

} // namespace berth::tests

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::tests::errand)

namespace berth::tests {

using shared_ptr = std::shared_ptr<fake_chrome::shared_state>;

/// The actor only runs errands: its mailbox and its timers are the wire.
inline caf::behavior run_errands(caf::event_based_actor*) {
  return {
    [](const errand& x) {
      x.what();
    },
  };
}

/// One run of one Chrome. Whatever comes in or goes out passes its actor.
class fake_run : public cdp::chrome,
                 public std::enable_shared_from_this<fake_run> {
public:
  explicit fake_run(shared_ptr state)
    : state_{std::move(state)}, actor_{state_->where->spawn(run_errands)} {
    // nop
  }

  ~fake_run() override {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  }

  void start(cdp::chrome_listener listener) override {
    listener_ = std::move(listener);
    if (halted_) // Whoever comes next does not wait for it.
      replace();
    if (!inside_)
      ++state_->starts;
    come_up_later();
    give_up_later();
  }

  void send(std::string message) override {
    if (ended_)
      return;
    auto what = read_command(message);
    what.connection = connection_;
    state_->where->mix(message);
    auto page = inside_ ? inside_->page_of_session(what.session) : target_id{};
    state_->sent.push_back({state_->where->now(), page, what});
    run([what = std::move(what)](fake_run& self) {
      if (self.inside_ && what.connection == self.connection_)
        self.inside_->hear(what);
    });
  }

  void let_go() override {
    if (ended_ || !inside_ || state_->abandoned)
      end(cdp::chrome_end::stopped, "");
    if (ended_)
      return;
    ++connection_;
    listener_ = {};
    routes_.clear();
    state_->let_go = shared_from_this();
    inside_->let_go();
  }

  void route(std::string session, uint64_t,
             std::function<void(cdp::frame_ptr)> heard) override {
    routes_[std::move(session)] = std::move(heard);
  }

  void unroute(const std::string& session) override {
    routes_.erase(session);
  }

  void stop(std::chrono::milliseconds) override {
    kill_later(state_->where->draw(50ms), cdp::chrome_end::stopped, "");
  }

  /// Also one that was stopped.
  void kill_later(duration by, cdp::chrome_end why, const char* detail) {
    errand what{[=, weak = weak_from_this()] {
      if (auto self = weak.lock())
        self->end(why, detail);
    }};
    if (by > duration{0})
      caf::delayed_anon_send(actor_, by, std::move(what));
    else
      caf::anon_send(actor_, std::move(what));
  }

  /// As by SIGSTOP: everything waits until it goes on.
  void halt() {
    halted_ = state_->where->now();
  }

  void go_on() {
    if (!std::exchange(halted_, std::nullopt))
      return;
    for (auto& x : std::exchange(held_, {}))
      caf::anon_send(actor_, std::move(x));
  }

  /// One that runs is as busy as can be.
  std::optional<std::chrono::nanoseconds> effort() const override {
    return halted_.value_or(state_->where->now()).time_since_epoch();
  }

  uint64_t memory() const override {
    return state_->memory;
  }

  std::string set_profile_aside() override {
    state_->profile_damaged = state_->program_damaged;
    return "profile.aside-1";
  }

  void put_profile_back(const std::string&) override {
    state_->profile_damaged = true;
  }

  /// Runs in the actor, unless the run is over by then.
  template <class F>
  void run(F what) {
    caf::anon_send(actor_, make_errand(std::move(what)));
  }

  template <class F>
  void run_later(duration by, F what) {
    caf::delayed_anon_send(actor_, by, make_errand(std::move(what)));
  }

  void end(cdp::chrome_end why, const std::string& detail) {
    if (std::exchange(ended_, true))
      return;
    inside_.reset();
    routes_.clear();
    state_->stillborn = false;
    state_->last_end = state_->where->now();
    auto told = std::move(listener_.ended);
    listener_ = {};
    if (told)
      told({why, detail});
    if (state_->let_go.get() == this)
      state_->let_go.reset();
  }

  fake_browser* inside() {
    return inside_.get();
  }

private:
  template <class F>
  errand make_errand(F what) {
    return {[weak = weak_from_this(), what = std::move(what)] {
      auto self = weak.lock();
      if (!self || self->ended_)
        return;
      if (self->halted_)
        self->held_.push_back(self->make_errand(what));
      else
        what(*self);
    }};
  }

  /// Another process, with the same profile.
  void replace() {
    halted_.reset();
    held_.clear();
    inside_.reset();
    ++browser_;
  }

  void come_up_later() {
    run_later(50ms + state_->where->draw(150ms),
              [mine = connection_](fake_run& self) {
                if (mine == self.connection_)
                  self.come_up();
              });
  }

  /// One that was stopped while it started, or before it was taken over, is
  /// not waited for.
  void give_up_later() {
    errand what{[weak = weak_from_this(), mine = connection_] {
      auto self = weak.lock();
      if (!self || self->ended_ || self->up_ == mine
          || mine != self->connection_)
        return;
      if (!self->inside_)
        return self->end(cdp::chrome_end::not_started,
                         "The fake Chrome did not answer.");
      self->replace();
      ++self->state_->starts;
      self->come_up_later();
      self->give_up_later();
    }};
    caf::delayed_anon_send(actor_, inside_ ? 3s : 20s, std::move(what));
  }

  void come_up() {
    up_ = connection_;
    if (inside_) {
      listener_.started({"Chrome/156.0.0.0", "ws://fake", 4711, true});
      return;
    }
    if (state_->profile_damaged) {
      end(cdp::chrome_end::fell, "The fake Chrome cannot read its profile.");
      return;
    }
    if (state_->refused_starts > 0) {
      --state_->refused_starts;
      end(cdp::chrome_end::not_started, "The fake Chrome refused to start.");
      return;
    }
    inside_ = std::make_unique<fake_browser>(surroundings());
    listener_.started({"Chrome/156.0.0.0", "ws://fake", 4711, false});
  }

  fake_browser::surroundings surroundings() {
    return {
      [this](const chrome_command& to, std::string text) {
        answer(to, std::move(text));
      },
      [this](std::string text) {
        say(std::move(text));
      },
      [this](duration by, std::function<void()> what) {
        run_later(by,
                  [mine = browser_, what = std::move(what)](fake_run& self) {
                    if (mine == self.browser_)
                      what();
                  });
      },
      [this](uint64_t most) {
        return state_->where->draw(most);
      },
      [this] {
        run([mine = browser_](fake_run& self) {
          if (mine == self.browser_)
            self.end(cdp::chrome_end::connection_lost, "Chrome was closed.");
        });
      },
      [this] {
        return state_->where->now();
      },
      state_->site.get(),
      [this] {
        return state_->stillborn;
      },
    };
  }

  void answer(const chrome_command& to, std::string text) {
    if (to.connection != connection_)
      return; // Whoever asked is gone.
    auto fault = state_->faults.take(to.method);
    if (!fault) {
      say(std::move(text));
      return;
    }
    if (fault->how == answer_fault::kind::twice) {
      say(text);
      say(std::move(text));
    } else if (fault->how == answer_fault::kind::late)
      run_later(fault->by, [to, text = std::move(text)](fake_run& self) {
        // The session may have ended meanwhile.
        if (to.connection == self.connection_
            && self.inside_->hears(to.session))
          self.say(text);
      });
    else if (fault->how == answer_fault::kind::dies_before)
      destroy_before(to, std::move(text));
    else if (fault->how == answer_fault::kind::dies_after) {
      destroy(subject_of(to, text));
      say(std::move(text));
    }
  }

  /// Who is spoken of at the root is answered all the same.
  void destroy_before(const chrome_command& to, std::string text) {
    destroy(subject_of(to, text));
    if (to.session.empty())
      run([to, text = std::move(text)](fake_run& self) {
        if (to.connection == self.connection_)
          self.say(text);
      });
  }

  /// As soon as Chrome has finished what it is at.
  void destroy(const target_id& which) {
    run([=](fake_run& self) {
      if (self.inside_)
        self.inside_->destroy(which);
    });
  }

  target_id subject_of(const chrome_command& x, const std::string& answer) {
    if (!x.session.empty())
      return inside_->page_of_session(x.session);
    cdp::envelope said;
    cdp::read_envelope(answer, said);
    auto made = cdp::read_text_field(said.result, "targetId");
    return {made.empty() ? x.param("targetId") : made};
  }

  void say(std::string text) {
    auto frame = std::make_shared<cdp::frame>(std::move(text));
    auto i = routes_.find(std::string{frame->head.session});
    auto whom = i == routes_.end() ? listener_.heard : i->second;
    if (whom)
      whom(std::move(frame));
  }

  shared_ptr state_;
  caf::actor actor_;
  cdp::chrome_listener listener_;
  std::map<std::string, std::function<void(cdp::frame_ptr)>> routes_;
  std::unique_ptr<fake_browser> inside_; ///< While it runs.
  uint64_t browser_
    = 1; ///< Counts them: what one still has to do ends with it.
  uint64_t connection_ = 1; ///< Counts those who had it.
  uint64_t up_ = 0;         ///< Who of them heard that it is up.
  std::optional<timestamp> halted_;
  std::deque<errand> held_; ///< Meanwhile.
  bool ended_ = false;
};

} // namespace berth::tests
