// What Chrome tells of the page.

#include "actors/recorder.hpp"
#include "actors/tab.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"
#include "protocol/session.hpp"

#include <algorithm>
#include <utility>

namespace berth::actors {

namespace {

using namespace std::chrono_literals;

constexpr size_t past_loaders_max = 8;

/// How often a tab's address is written down at most.
constexpr duration address_period = 1s;

nlohmann::json inside(const cdp::frame_ptr& frame) {
  return cdp::read_object(frame->head.params);
}

} // namespace

void tab_state::hear(const cdp::frame_ptr& frame) {
  auto& head = frame->head;
  bool of_page = head.session == attachment.value;
  if (!of_page && !frames.contains(std::string{head.session}))
    return; // The last words of a tab that was lost.
  if (head.is_answer())
    calls.hear(frame);
  else if (head.method == "Target.attachedToTarget")
    frame_attached(frame);
  else if (head.method == "Target.detachedFromTarget")
    frame_detached(frame);
  else if (!of_page)
    hear_frame(frame);
  else if (head.method == "Page.lifecycleEvent")
    page_reached(frame);
  else if (head.method == "Page.frameNavigated"
           || head.method == "Page.navigatedWithinDocument")
    page_moved(frame);
  else if (head.method == "Runtime.bindingCalled")
    script_told(frame);
  else if (head.method == "Page.javascriptDialogOpening")
    dialog_opened(frame);
  else if (head.method == "Inspector.targetCrashed")
    gone({target, loss_cause::crashed});
  else if (head.method == "Page.frameRequestedNavigation") {
    auto what = inside(frame);
    auto where = cdp::text_in(what, "disposition");
    if (where == "newTab" || where == "newWindow")
      self->send(with.browser,
                 opener_hint{target, {}, cdp::text_in(what, "url")});
  }
  arm();
}

/// The main frame's document got on with loading. Its frame has the id of the
/// target.
void tab_state::page_reached(const cdp::frame_ptr& frame) {
  auto what = [&](const char* key) {
    return cdp::read_text_field(frame->head.params, key);
  };
  if (what("frameId") != target.value)
    return;
  reach(what("loaderId"), what("name"));
}

void tab_state::reach(const std::string& document, std::string stage) {
  if (document != loader) {
    past_loaders.push_back(loader);
    if (past_loaders.size() > past_loaders_max)
      past_loaders.pop_front();
    loader = document;
    reached.clear();
  }
  reached.insert(std::move(stage));
  check_arrivals();
}

void tab_state::page_moved(const cdp::frame_ptr& frame) {
  auto what = inside(frame);
  auto main = cdp::object_in(what, "frame");
  if (main.empty()) {
    if (cdp::text_in(what, "frameId") == target.value) {
      url = cdp::text_in(what, "url", url);
      note_address();
    }
  } else if (main.contains("parentId"))
    traces.frame(cdp::text_in(main, "url"),
                 cdp::text_in(main, "parentId") != target.value);
  else {
    traces.document(cdp::text_in(main, "url"));
    // Of Chrome's own page about it: what did not load is where the tab was to
    // be, and where it goes when it is recovered.
    auto unreachable = cdp::text_in(main, "unreachableUrl");
    url = unreachable.empty()
            ? cdp::text_in(main, "url", url) + cdp::text_in(main, "urlFragment")
            : unreachable;
    // Chrome has a lifecycle event of this name, and sends it for the first
    // document only.
    reach(cdp::text_in(main, "loaderId"), "commit");
    note_address();
  }
}

/// For a crew that may come after this one. Not each time: some pages never
/// stay where they are. Sessions have addresses of their own.
void tab_state::note_address() {
  address_due.reset();
  if (with.popup || session_of(with.lease.client) || url == written_url
      || url.size() > detail_max)
    return;
  if (auto due = address_written + address_period; now() < due) {
    address_due = due;
    arm();
    return;
  }
  write_address();
}

void tab_state::write_address() {
  address_due.reset();
  address_written = now();
  written_url = url;
  journal(event_kind::tab_moved, url);
}

/// A navigation has arrived when its document got as far as was asked. If the
/// page went on to another document meanwhile, that one counts.
void tab_state::check_arrivals() {
  for (auto& x : std::exchange(arrivals, {})) {
    if (over(x.whose))
      continue;
    if (std::ranges::find(past_loaders, x.loader) != past_loaders.end())
      x.loader = loader;
    if (x.loader == loader && reached.contains(x.stage))
      finish(x.whose, x.value.empty() ? url : x.value);
    else
      arrivals.push_back(std::move(x));
  }
}

/// Those who were promised an answer whatever the page does.
void tab_state::arrive_late() {
  for (auto& x : std::exchange(arrivals, {}))
    if (x.patience && *x.patience <= now())
      finish(x.whose, x.value);
    else
      arrivals.push_back(std::move(x));
}

/// Answered at once, so that no dialog blocks a tab that nobody looks at.
void tab_state::dialog_opened(const cdp::frame_ptr& frame) {
  auto what = inside(frame);
  auto type = cdp::text_in(what, "type");
  bool accept = type == "alert" || type == "beforeunload";
  calls.send({"Page.handleJavaScriptDialog",
              accept ? R"({"accept":true})" : R"({"accept":false})",
              attachment.value, now() + with.how.tab.command_default},
             [](const reply&) {});
  journal(event_kind::dialog_answered,
          type + ": " + cdp::text_in(what, "message").substr(0, 1000));
}

} // namespace berth::actors
