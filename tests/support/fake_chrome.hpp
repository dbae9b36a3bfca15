// Chrome as the browser actor reaches it, without a process or a socket: an
// actor of the world, so that the seed decides when its words arrive. Beside
// the model (fake_browser.hpp) this has the faults that a test may inject.

#pragma once

#include "cdp/chrome.hpp"

#include "tests/support/fake_browser.hpp"
#include "tests/support/world.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace berth::tests {

/// One command as Berth sent it.
struct sent_frame {
  timestamp at;
  target_id page; ///< Empty: the root, or a session that is gone.
  chrome_command what;
};

/// A tab, as a person would see it.
struct page_view {
  target_id id;
  target_id opener; ///< As Chrome tells it.
  context_id context;
  std::string url;
  bool anchor = false; ///< Chrome's own first one.
  bool popup = false;
  bool waiting = false; ///< Held before its first script.
  bool hangs = false;
  bool soiled = false; ///< Its holder got it with what another had left in it.
};

/// All Chromes of one browser: each run is a new one, with new targets, unless
/// the last one was let go.
class fake_chrome {
public:
  /// Shows the conversations of this site; null: of one of its own.
  explicit fake_chrome(world& where, std::shared_ptr<fake_site> site = nullptr);
  ~fake_chrome();
  fake_chrome(const fake_chrome&) = delete;
  fake_chrome& operator=(const fake_chrome&) = delete;

  /// What the browser actor starts its Chromes with.
  cdp::chrome_factory factory();

  // -- looks ------------------------------------------------------------------

  bool runs() const;
  size_t starts() const;

  /// When one of them last ended; none has, if it is zero.
  timestamp last_end() const;

  /// Every page of the present run, the anchor included.
  std::vector<page_view> pages() const;
  std::optional<page_view> find(const target_id& which) const;

  /// The site that holds conversations; it outlives every Chrome.
  const std::shared_ptr<fake_site>& site() const;

  /// What was sent since the last time this was asked.
  std::vector<sent_frame> take_sent();

  // -- faults: each takes effect when its message is delivered ----------------

  /// The renderer is gone; the target stays listed, pending calls unanswered.
  void crash(const target_id& which);

  /// The tab is closed by a person, or by its own page.
  void destroy(const target_id& which);

  /// As by SIGSTOP: no event, no answer, until `go_on`.
  void stop_renderer(const target_id& which);
  void go_on(const target_id& which);

  /// It says yes when it is asked to close, and stays; until told not to.
  void cling(const target_id& which, bool on = true);

  /// The page calls window.open.
  void open_popup(const target_id& opener, const std::string& url);

  /// Its page begins a download, which is canceled at once.
  void begin_download(const target_id& which);

  /// The person clicks a link with the control key held down.
  void ctrl_click(const target_id& opener, const std::string& url);

  /// The process dies: nothing pending is ever answered.
  void die();

  /// As by SIGSTOP of its process: no word, no answer, until it goes on.
  void halt();
  void go_on();

  /// Every tab that is made from now on crashes as soon as it runs; on until
  /// this Chrome ends, as when it cannot start renderers any more.
  void bear_dead();

  /// The next so many starts fail.
  void refuse_starts(size_t count);

  /// From now on Chrome ends as soon as it is started with this profile, or
  /// with any.
  void damage_profile(bool with_any = false);

  /// What it uses from now on, in bytes.
  void use_memory(uint64_t bytes);

  /// The next so many answers to this method come this late, or never, or
  /// twice.
  void answer_late(const std::string& method, duration by, size_t count = 1);
  void answer_never(const std::string& method, size_t count = 1);
  void answer_twice(const std::string& method, size_t count = 1);

  /// When a call of this method is answered, the tab that it is about, or that
  /// it has made, is destroyed: just before that, or just after.
  void destroy_at(const std::string& method, bool before);

  /// Nothing of all this from now on: what clings lets go, what is stopped
  /// goes on.
  void heal();

  struct shared_state;

private:
  using change = std::function<void(fake_browser&)>;

  void inflict(change what);

  std::shared_ptr<shared_state> state_;
};

} // namespace berth::tests
