// What a tab keeps of the pages that it showed, and how that is taken out of
// it.

#include "cdp/page_traces.hpp"

#include "tests/support/fake_browser.hpp"
#include "tests/support/json_text.hpp"

#include <utility>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

std::string result_of(const char* type, const std::string& value) {
  auto inner = json_object{}.text("type", type).raw("value", value).str();
  return json_object{}.raw("result", inner).str();
}

} // namespace

/// Beside the session of a hub there may be one more. Whoever comes when there
/// is none is the next holder. Those without a hub share one here.
void fake_browser::attach_to_target(const chrome_command& x) {
  auto page = find({x.param("targetId")});
  if (!page) {
    refuse(x, -32602, "No target with given id found");
    return;
  }
  if (!attaches_) {
    attach_page(*page);
    reply(x, json_object{}.text("sessionId", page->session).str());
    return;
  }
  bool second = !page->session.empty();
  // Nobody was there in between: it is the same holder's.
  if (!second && std::exchange(page->washed, false) && !page->is_clean())
    page->soiled = true;
  page->washed |= second;
  auto made = hex_id();
  sessions_[made] = page->id;
  (second ? page->washer : page->session) = made;
  if (!second)
    page->parent_session.clear();
  tell_attached(*page, made);
  reply(x, json_object{}.text("sessionId", made).str());
}

/// With a session goes what was done through it.
void fake_browser::detach_from_target(const chrome_command& x) {
  auto which = x.param("sessionId");
  auto page = find(page_of_session(which));
  bool second = page && page->washer == which;
  auto parent = page && !second ? page->parent_session : std::string{};
  if (!page || x.session != parent) {
    refuse(x, -32602, "No session with given id");
    return;
  }
  sessions_.erase(which);
  if (second) {
    page->washer.clear();
    page->intercepts = false;
    page->paused.reset();
  } else {
    page->session.clear();
    page->watcher.clear();
    page->lifecycle = false;
  }
  tell("Target.detachedFromTarget",
       json_object{}
         .text("sessionId", which)
         .text("targetId", page->id.value)
         .str(),
       parent);
  reply(x);
}

void fake_browser::intercept(const chrome_command& x) {
  page_of(x).intercepts = true;
  reply(x);
}

void fake_browser::pause(fake_page& whom, const chrome_command& x) {
  whom.paused = x;
  whom.bound_for.clear();
  auto request = json_object{}.text("url", x.param("url")).str();
  tell("Fetch.requestPaused",
       json_object{}
         .text("requestId", "1")
         .raw("request", request)
         .text("frameId", whom.id.value)
         .text("resourceType", "Document")
         .str(),
       whom.washer);
}

/// What is served has no scripts but ours.
void fake_browser::fulfill(const chrome_command& x) {
  auto& page = page_of(x);
  reply(x);
  auto asked = std::exchange(page.paused, std::nullopt);
  if (!asked)
    return;
  around_.later(some_time(20ms), [this, which = page.id, asked = *asked] {
    auto whom = find(which);
    if (!whom)
      return;
    whom->url = asked.param("url");
    whom->loader = hex_id();
    whom->inert = true;
    ++whom->past;
    whom->stored.erase(cdp::origin_of(whom->url));
    changed(*whom);
    reply(asked, json_object{}
                   .text("frameId", which.value)
                   .text("loaderId", whom->loader)
                   .str());
  });
}

void fake_browser::forget_past(const chrome_command& x) {
  page_of(x).past = 1;
  reply(x);
}

/// The two questions of whoever cleans.
bool fake_browser::answer_washer(const chrome_command& x) {
  auto& page = page_of(x);
  auto asked = x.param("expression");
  if (asked == cdp::clean_origin) {
    auto origin = page.inert ? cdp::origin_of(page.url) : std::string{};
    reply(x, result_of("string", '"' + origin + '"'));
  } else if (asked == cdp::check_blank()) {
    page.named = false;
    bool clean = page.url == "about:blank" && page.past == 1;
    reply(x, result_of("boolean", clean ? "true" : "false"));
  } else
    return false;
  return true;
}

} // namespace berth::tests
