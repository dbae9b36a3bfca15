// What happens to pages, by themselves or by a person.

#include "tests/support/fake_browser.hpp"
#include "tests/support/json_text.hpp"

namespace berth::tests {

using namespace std::chrono_literals;

void fake_browser::crash(const target_id& which) {
  auto page = find(which);
  if (!page || page->crashed)
    return;
  page->crashed = true;
  page->busy.reset();
  page->alert.reset();
  page->held.clear();
  if (!page->session.empty())
    tell("Inspector.targetCrashed", "{}", page->session);
  if (discovers_)
    tell("Target.targetCrashed", json_object{}
                                   .text("targetId", which.value)
                                   .text("status", "crashed")
                                   .raw("errorCode", "11")
                                   .str());
}

void fake_browser::tell_if_crashed(const chrome_command& x) {
  if (page_of(x).crashed)
    tell("Inspector.targetCrashed", "{}", x.session);
  agree(x);
}

/// A popup that goes before it was resumed leaves its opener blocked for good.
void fake_browser::destroy(const target_id& which) {
  auto entry = pages_.extract(which);
  if (!entry)
    return;
  auto& page = entry.mapped();
  auto detached = [&](const std::string& session, const target_id& target,
                      const std::string& parent) {
    if (session.empty())
      return;
    tell("Target.detachedFromTarget",
         json_object{}
           .text("sessionId", session)
           .text("targetId", target.value)
           .str(),
         parent);
    sessions_.erase(session);
  };
  if (!page.session.empty())
    tell("Inspector.detached", R"({"reason":"target_closed"})", page.session);
  detached(page.session, page.id, page.parent_session);
  detached(page.washer, page.id, {});
  detached(page.tab_session, page.tab, {});
  if (!discovers_)
    return;
  for (auto& gone : {page.id, page.tab})
    tell("Target.targetDestroyed",
         json_object{}.text("targetId", gone.value).str());
}

void fake_browser::go_on(const target_id& which) {
  if (auto page = find(which))
    page->stopped = false;
  flush(which);
}

target_id
fake_browser::open_popup(const target_id& opener, const std::string& url) {
  auto from = find(opener);
  if (!from || from->hangs())
    return {};
  auto& made = make_page(from->context, url);
  made.opener = opener;
  made.popup = true;
  if (attaches_)
    find(opener)->blocked_by.insert(made.id);
  announce(made);
  return made.id;
}

void fake_browser::begin_download(const target_id& which) {
  tell("Browser.downloadWillBegin", json_object{}
                                      .text("guid", which.value)
                                      .text("frameId", which.value)
                                      .text("suggestedFilename", "a.txt")
                                      .str());
  tell("Browser.downloadProgress",
       json_object{}.text("guid", which.value).text("state", "canceled").str());
}

/// Chrome does not say who opened it: only a word in the session of the page
/// that was clicked in goes before, and the tab takes a moment to be there.
target_id
fake_browser::ctrl_click(const target_id& opener, const std::string& url) {
  auto from = find(opener);
  if (!from || from->hangs())
    return {};
  if (!from->session.empty())
    tell("Page.frameRequestedNavigation",
         json_object{}
           .text("frameId", opener.value)
           .text("reason", "anchorClick")
           .text("url", url)
           .text("disposition", "newTab")
           .str(),
         from->session);
  auto& made = make_page(from->context, url);
  made.popup = true;
  around_.later(1ms + some_time(20ms), [this, which = made.id] {
    if (auto page = find(which))
      announce(*page);
  });
  return made.id;
}

} // namespace berth::tests
