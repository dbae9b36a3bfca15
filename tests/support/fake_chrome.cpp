#include "tests/support/fake_chrome.hpp"

#include "tests/support/answer_faults.hpp"

#include <algorithm>
#include <utility>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

/// Anything that one run of Chrome has to do next, as a message to its actor.
struct errand {
  std::function<void()> what;
};

class fake_run;

} // namespace

/// What outlives a run.
struct fake_chrome::shared_state {
  explicit shared_state(world& x)
    : where{&x},
      site{{[&x] {
              return x.now();
            },
            [&x](uint64_t most) {
              return x.draw(most);
            }}} {
    // nop
  }

  world* where;
  fake_site site;
  size_t starts = 0;
  size_t refused_starts = 0;
  answer_faults faults;
  std::vector<sent_frame> sent;
  std::weak_ptr<fake_run> present;
};

} // namespace berth::tests

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::tests::errand)

namespace berth::tests {

namespace {

using shared_ptr = std::shared_ptr<fake_chrome::shared_state>;

/// The actor only runs errands: its mailbox and its timers are the wire.
caf::behavior run_errands(caf::event_based_actor*) {
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
    ++state_->starts;
    run_later(50ms + state_->where->draw(150ms), [](fake_run& self) {
      self.come_up();
    });
  }

  void send(std::string message) override {
    if (ended_)
      return;
    auto what = read_command(message);
    state_->where->mix(message);
    auto page = inside_ ? inside_->page_of_session(what.session) : target_id{};
    state_->sent.push_back({state_->where->now(), page, what});
    run([what = std::move(what)](fake_run& self) {
      if (self.inside_)
        self.inside_->hear(what);
    });
  }

  void route(std::string session,
             std::function<void(cdp::frame_ptr)> heard) override {
    routes_[std::move(session)] = std::move(heard);
  }

  void unroute(const std::string& session) override {
    routes_.erase(session);
  }

  void stop(std::chrono::milliseconds) override {
    run_later(state_->where->draw(50ms), [](fake_run& self) {
      self.end(cdp::chrome_end::stopped, "");
    });
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
    auto told = std::move(listener_.ended);
    listener_ = {};
    told({why, detail});
  }

  fake_browser* inside() {
    return inside_.get();
  }

private:
  template <class F>
  errand make_errand(F what) {
    return {[weak = weak_from_this(), what = std::move(what)] {
      if (auto self = weak.lock(); self && !self->ended_)
        what(*self);
    }};
  }

  void come_up() {
    if (state_->refused_starts > 0) {
      --state_->refused_starts;
      end(cdp::chrome_end::not_started, "The fake Chrome refused to start.");
      return;
    }
    inside_ = std::make_unique<fake_browser>(surroundings());
    listener_.started({"Chrome/156.0.0.0", "ws://fake", 4711});
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
        run_later(by, [what = std::move(what)](fake_run&) {
          what();
        });
      },
      [this](uint64_t most) {
        return state_->where->draw(most);
      },
      [this] {
        run([](fake_run& self) {
          self.end(cdp::chrome_end::connection_lost, "Chrome was closed.");
        });
      },
      [this] {
        return state_->where->now();
      },
      &state_->site,
    };
  }

  void answer(const chrome_command& to, std::string text) {
    auto fault = state_->faults.take(to.method);
    if (!fault) {
      say(std::move(text));
      return;
    }
    if (fault->how == answer_fault::kind::twice) {
      say(text);
      say(std::move(text));
    } else if (fault->how == answer_fault::kind::late)
      run_later(fault->by,
                [session = to.session, text = std::move(text)](fake_run& self) {
                  // The session may have ended meanwhile.
                  if (self.inside_->hears(session))
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
      run([text = std::move(text)](fake_run& self) {
        self.say(text);
      });
  }

  /// As soon as Chrome has finished what it is at.
  void destroy(const target_id& which) {
    run([=](fake_run& self) {
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
    whom(std::move(frame));
  }

  shared_ptr state_;
  caf::actor actor_;
  cdp::chrome_listener listener_;
  std::map<std::string, std::function<void(cdp::frame_ptr)>> routes_;
  std::unique_ptr<fake_browser> inside_; ///< While it runs.
  bool ended_ = false;
};

page_view look_at(const fake_page& x) {
  return {x.id,     x.opener, x.context, x.url,
          x.anchor, x.popup,  x.waiting, x.hangs()};
}

} // namespace

fake_chrome::fake_chrome(world& where)
  : state_{std::make_shared<shared_state>(where)} {
  // nop
}

cdp::chrome_factory fake_chrome::factory() {
  return [state = state_] {
    auto result = std::make_shared<fake_run>(state);
    state->present = result;
    return result;
  };
}

// -- looks --------------------------------------------------------------------

bool fake_chrome::runs() const {
  auto run = state_->present.lock();
  return run && run->inside();
}

size_t fake_chrome::starts() const {
  return state_->starts;
}

std::vector<page_view> fake_chrome::pages() const {
  std::vector<page_view> result;
  if (auto run = state_->present.lock(); run && run->inside())
    for (auto& [id, page] : run->inside()->pages())
      result.push_back(look_at(page));
  return result;
}

std::optional<page_view> fake_chrome::find(const target_id& which) const {
  for (auto& x : pages())
    if (x.id == which)
      return x;
  return std::nullopt;
}

fake_site& fake_chrome::site() {
  return state_->site;
}

std::vector<sent_frame> fake_chrome::take_sent() {
  return std::exchange(state_->sent, {});
}

// -- faults -------------------------------------------------------------------

void fake_chrome::inflict(change what) {
  if (auto run = state_->present.lock())
    run->run([what = std::move(what)](fake_run& self) {
      if (self.inside())
        what(*self.inside());
    });
}

void fake_chrome::crash(const target_id& which) {
  inflict([=](fake_browser& x) {
    x.crash(which);
  });
}

void fake_chrome::destroy(const target_id& which) {
  inflict([=](fake_browser& x) {
    x.destroy(which);
  });
}

void fake_chrome::stop_renderer(const target_id& which) {
  inflict([=](fake_browser& x) {
    if (auto page = x.find(which))
      page->stopped = true;
  });
}

void fake_chrome::go_on(const target_id& which) {
  inflict([=](fake_browser& x) {
    x.go_on(which);
  });
}

void fake_chrome::cling(const target_id& which, bool on) {
  inflict([=](fake_browser& x) {
    if (auto page = x.find(which))
      page->clings = on;
  });
}

void fake_chrome::open_popup(const target_id& opener, const std::string& url) {
  inflict([=](fake_browser& x) {
    x.open_popup(opener, url);
  });
}

void fake_chrome::ctrl_click(const target_id& opener, const std::string& url) {
  inflict([=](fake_browser& x) {
    x.ctrl_click(opener, url);
  });
}

void fake_chrome::die() {
  if (auto run = state_->present.lock())
    run->run([](fake_run& self) {
      self.end(cdp::chrome_end::connection_lost, "The fake Chrome died.");
    });
}

void fake_chrome::refuse_starts(size_t count) {
  state_->refused_starts = count;
}

void fake_chrome::answer_late(const std::string& method, duration by,
                              size_t count) {
  state_->faults.add({method, answer_fault::kind::late, by, count});
}

void fake_chrome::answer_never(const std::string& method, size_t count) {
  state_->faults.add({method, answer_fault::kind::never, {}, count});
}

void fake_chrome::answer_twice(const std::string& method, size_t count) {
  state_->faults.add({method, answer_fault::kind::twice, {}, count});
}

void fake_chrome::destroy_at(const std::string& method, bool before) {
  using kind = answer_fault::kind;
  state_->faults.add(
    {method, before ? kind::dies_before : kind::dies_after, {}, 1});
}

void fake_chrome::heal() {
  state_->faults.heal();
  state_->refused_starts = 0;
  for (auto& page : pages()) {
    cling(page.id, false);
    go_on(page.id);
  }
}

} // namespace berth::tests
