#include "tests/support/fake_chrome.hpp"

#include "tests/support/fake_run.hpp"

namespace berth::tests {

namespace {

page_view look_at(const fake_page& x) {
  return {x.id,    x.opener,  x.context, x.url,   x.anchor,
          x.popup, x.waiting, x.hangs(), x.soiled};
}

} // namespace

fake_chrome::fake_chrome(world& where, std::shared_ptr<fake_site> site)
  : state_{std::make_shared<shared_state>(where, std::move(site))} {
  // nop
}

fake_chrome::~fake_chrome() {
  state_->abandoned = true;
  state_->let_go.reset(); // It holds what it is held by.
}

cdp::chrome_factory fake_chrome::factory() {
  return [state = state_] {
    if (auto survivor = std::exchange(state->let_go, {}))
      return survivor;
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

timestamp fake_chrome::last_end() const {
  return state_->last_end;
}

const std::shared_ptr<fake_site>& fake_chrome::site() const {
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

void fake_chrome::begin_download(const target_id& which) {
  inflict([=](fake_browser& x) {
    x.begin_download(which);
  });
}

void fake_chrome::ctrl_click(const target_id& opener, const std::string& url) {
  inflict([=](fake_browser& x) {
    x.ctrl_click(opener, url);
  });
}

void fake_chrome::die() {
  if (auto run = state_->present.lock())
    run->kill_later({}, cdp::chrome_end::connection_lost,
                    "The fake Chrome died.");
}

void fake_chrome::halt() {
  if (auto run = state_->present.lock())
    run->halt();
}

void fake_chrome::go_on() {
  if (auto run = state_->present.lock())
    run->go_on();
}

void fake_chrome::bear_dead() {
  state_->stillborn = true;
}

void fake_chrome::refuse_starts(size_t count) {
  state_->refused_starts = count;
}

void fake_chrome::damage_profile(bool with_any) {
  state_->profile_damaged = true;
  state_->program_damaged = with_any;
}

void fake_chrome::use_memory(uint64_t bytes) {
  state_->memory = bytes;
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
  state_->stillborn = false;
  go_on();
  for (auto& page : pages()) {
    cling(page.id, false);
    go_on(page.id);
  }
}

} // namespace berth::tests
