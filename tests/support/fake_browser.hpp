// The inside of a Chrome, as far as Berth looks at it: commands go in, answers
// and events come out. How it behaves was measured on a real one.

#pragma once

#include "cdp/message.hpp"
#include "protocol/types.hpp"

#include "tests/support/fake_site.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace berth::tests {

using namespace protocol;

/// One command, as it came over the wire.
struct chrome_command {
  uint64_t id = 0;
  std::string session; ///< Empty: the root.
  std::string method;
  std::string params;      ///< JSON text, or empty.
  uint64_t connection = 0; ///< Over which it came.

  /// A text among them.
  std::string param(const char* key) const {
    return params.empty() ? std::string{} : cdp::read_text_field(params, key);
  }
};

/// As Berth wrote it.
chrome_command read_command(std::string_view text);

/// A page, the tab of the window system around it, and what is wrong with it.
struct fake_page {
  target_id id;
  target_id tab;
  target_id opener;
  context_id context;
  std::string url;
  std::string loader;
  std::string bound_for; ///< The loader under way: a later one takes its place.
  bool anchor = false;   ///< Chrome's own first page.
  bool popup = false;

  fake_document shown; ///< If it is of the site that holds conversations.
  std::string watcher; ///< The world of the script that watches it.

  std::string session;        ///< Empty: nobody is attached to the page,
  std::string tab_session;    ///< or to its tab.
  std::string parent_session; ///< Where its session was begun.
  bool waiting = false;       ///< Held before its first script.
  bool lifecycle = false;     ///< Its lifecycle events are wanted.

  // What its holder leaves in the tab, and what takes that away.
  std::string washer;           ///< A second session beside the holder's.
  bool washed = false;          ///< There was one since that came.
  bool intercepts = false;      ///< That one decides what is loaded.
  std::set<std::string> stored; ///< Origins that have something in the tab.
  size_t past = 1;              ///< Of its history.
  bool named = false;
  bool inert = false;  ///< It shows what was served in the page's place.
  bool soiled = false; ///< Attached to anew with any of that in it.
  std::optional<chrome_command> paused; ///< A navigation to be decided.

  bool is_clean() const {
    return stored.empty() && past == 1 && !named && watcher.empty()
           && url == "about:blank";
  }

  bool stillborn = false; ///< Crashes as soon as it runs.
  bool crashed = false;   ///< Answers nothing until it navigates.
  bool stopped = false;   ///< As by SIGSTOP: answers later, if ever.
  bool clings = false;    ///< Does not close when it is asked to.
  bool leaving = false;   ///< On its way to an address: may not heed it either.
  std::set<target_id> blocked_by;      ///< Its popups that were not resumed.
  std::optional<chrome_command> busy;  ///< A script that does not end.
  std::optional<chrome_command> alert; ///< A dialog that is not answered.
  std::deque<chrome_command> held;     ///< What waits for its renderer.

  bool hangs() const {
    return crashed || stopped || busy || alert || !blocked_by.empty();
  }
};

/// One Chrome, from its start to its end.
class fake_browser {
public:
  /// What a Chrome needs of the world around it.
  struct surroundings {
    std::function<void(const chrome_command&, std::string)> answer;
    std::function<void(std::string)> tell; ///< An event.
    std::function<void(duration, std::function<void()>)> later;
    std::function<uint64_t(uint64_t)> draw; ///< Below its argument.
    std::function<void()> quit;
    std::function<timestamp()> now;
    fake_site* site = nullptr;
    std::function<bool()> stillborn; ///< New tabs crash when they run.
  };

  explicit fake_browser(surroundings around);

  void hear(const chrome_command& x);

  /// The connection is gone, and with it all sessions; pages stay.
  void let_go();

  fake_page* find(const target_id& page);

  const std::map<target_id, fake_page>& pages() const {
    return pages_;
  }

  /// Whose session this is; empty for the root, and for one that is gone.
  target_id page_of_session(const std::string& session) const {
    auto i = sessions_.find(session);
    return i == sessions_.end() ? target_id{} : i->second;
  }

  /// An answer to a session that is gone reaches nobody.
  bool hears(const std::string& session) const {
    return session.empty() || sessions_.contains(session);
  }

  // -- fake_mishaps.cpp: what happens to pages
  // --------------------------------------------------

  void crash(const target_id& which);
  void tell_if_crashed(const chrome_command& x);
  void destroy(const target_id& which);
  void go_on(const target_id& which); ///< After it was stopped.
  target_id open_popup(const target_id& opener, const std::string& url);
  target_id ctrl_click(const target_id& opener, const std::string& url);
  void begin_download(const target_id& which);

private:
  using handler = void (fake_browser::*)(const chrome_command&);

  // -- fake_browser.cpp: targets ----------------------------------------------

  void discover(const chrome_command& x);
  void attach_to_all(const chrome_command& x);
  void create_context(const chrome_command& x);
  void dispose_context(const chrome_command& x);
  void create_target(const chrome_command& x);
  void close_target(const chrome_command& x);
  void get_targets(const chrome_command& x);
  void get_target_info(const chrome_command& x);
  void get_version(const chrome_command& x);
  void close_browser(const chrome_command& x);
  void agree(const chrome_command& x);

  fake_page& make_page(const context_id& context, const std::string& url);
  void announce(fake_page& x);
  void attach_tab(fake_page& x);
  void attach_page(fake_page& x);
  void tell_attached(const fake_page& x, const std::string& session,
                     const std::string& parent = {});
  void changed(const fake_page& x);

  // -- fake_page.cpp: sessions ------------------------------------------------

  static const std::map<std::string, handler>& at_page();
  void hear_page(fake_page& whom, const chrome_command& x);
  void attach_to_page(const chrome_command& x);
  void resume(const chrome_command& x);
  void want_lifecycle(const chrome_command& x);
  void navigate(const chrome_command& x);
  void commit(const target_id& which, const std::string& loader,
              const std::string& url);
  void
  reach(const target_id& which, const std::string& loader, const char* stage);
  void get_frame_tree(const chrome_command& x);
  void evaluate(const chrome_command& x);
  void terminate(const chrome_command& x);
  void answer_dialog(const chrome_command& x);
  void flush(const target_id& which);
  fake_page& page_of(const chrome_command& x);

  // -- fake_parking.cpp: what a tab keeps, and its cleaning
  // --------------------

  void attach_to_target(const chrome_command& x);
  void detach_from_target(const chrome_command& x);
  void intercept(const chrome_command& x);
  void pause(fake_page& whom, const chrome_command& x);
  void fulfill(const chrome_command& x);
  void forget_past(const chrome_command& x);
  bool answer_washer(const chrome_command& x);

  // -- fake_conversation.cpp: pages of the site that holds conversations ------

  void watch(const chrome_command& x);
  void make_world(const chrome_command& x);
  void ask_watched(const chrome_command& x);
  void insert_text(const chrome_command& x);
  void press(const chrome_command& x);
  std::string find_element(fake_page& whom, const std::string& script);
  void take_prompt(fake_page& whom);
  void load_conversation(fake_page& whom);
  void stir(const target_id& which);
  void stir_later(const target_id& which);

  // -- words ------------------------------------------------------------------

  /// Results and params are JSON text.
  void reply(const chrome_command& to, std::string_view result = "{}");
  void refuse(const chrome_command& to, int code, const std::string& why);
  void tell(std::string_view method, std::string_view params,
            std::string_view session = {});
  std::string hex_id();
  duration some_time(duration most);

  surroundings around_;
  std::map<target_id, fake_page> pages_;
  std::map<std::string, target_id> sessions_; ///< Of pages and of tabs.
  std::set<context_id> contexts_;
  context_id default_context_;
  bool discovers_ = false;
  bool attaches_ = false;
};

} // namespace berth::tests
