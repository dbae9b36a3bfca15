#include "actors/tab_cleaning.hpp"

#include "cdp/base64.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::actors {

namespace {

using nlohmann::json;

/// A tab that takes longer is closed.
constexpr protocol::duration patience = std::chrono::seconds{3};

constexpr const char* blank = R"({"url":"about:blank"})";

std::string evaluation(const char* expression) {
  return cdp::write_json({{"expression", expression},
                          {"returnByValue", true},
                          {"awaitPromise", true}});
}

} // namespace

tab_cleaning::tab_cleaning(cdp_calls& calls, host whom)
  : calls_{&calls}, host_{std::move(whom)} {
  // nop
}

void tab_cleaning::expect(const target_id& target, lease_id whose) {
  tabs_[target] = {whose, host_.now() + patience, {}, {}, {}};
}

/// Ours is there before the last holder's is gone, so that no page of the tab
/// goes unseen.
void tab_cleaning::begin(const target_id& target,
                         const cdp::page_traces& shown) {
  auto i = tabs_.find(target);
  if (i == tabs_.end())
    return;
  i->second.traces.add(shown);
  ask(target, "Target.attachToTarget",
      cdp::write_json({{"targetId", target.value}, {"flatten", true}}),
      [this, target](tab& what, std::string_view result) {
        what.session = cdp::read_text_field(result, "sessionId");
        leave_page(target);
      });
}

void tab_cleaning::fail(const target_id& target) {
  forget(target);
  host_.failed(target);
}

/// One step; whatever goes wrong, it has failed. At the root before there is an
/// attachment of ours.
void tab_cleaning::ask(const target_id& target, std::string_view method,
                       const std::string& params, then_asked then) {
  auto i = tabs_.find(target);
  if (i == tabs_.end())
    return;
  calls_->send({method, params, i->second.session, i->second.deadline},
               [this, target, then = std::move(then)](const reply& x) {
                 auto at = tabs_.find(target);
                 if (at == tabs_.end())
                   return;
                 auto wrong = cdp::read_text_field(x.result(), "errorText");
                 if (x.ok() && wrong.empty())
                   then(at->second, x.result());
                 else
                   fail(target);
               });
  host_.arm();
}

/// Nothing that it asks for is let out any more.
void tab_cleaning::leave_page(const target_id& target) {
  auto ignore = [](tab&, std::string_view) {};
  ask(target, "Page.enable", {}, ignore);
  ask(target, "Network.enable", {}, ignore);
  ask(target, "Network.setBypassServiceWorker", R"({"bypass":true})", ignore);
  ask(target, "Fetch.enable", R"({"patterns":[{"urlPattern":"*"}]})", ignore);
  host_.let_go(target);
  ask(target, "Page.navigate", blank,
      [this, target](tab& what, std::string_view) {
        what.traces.add(host_.frames_of(what.whose));
        if (!what.traces.can_be_cleaned()) {
          fail(target);
          return;
        }
        what.left = what.traces.origins();
        clear_next(target);
      });
}

/// One origin after the other, each with its frames.
void tab_cleaning::clear_next(const target_id& target) {
  auto& what = tabs_.at(target);
  if (what.left.empty()) {
    leave_blank(target);
    return;
  }
  auto origin = what.left.begin()->first;
  ask(target, "Page.navigate", cdp::write_json({{"url", origin + '/'}}),
      [this, target, origin](tab&, std::string_view) {
        ask_whether_clear(target, origin);
      });
}

/// Until the document is there, and its script has run.
void tab_cleaning::ask_whether_clear(const target_id& target,
                                     const std::string& origin) {
  auto then = [this, target, origin](tab& what, std::string_view result) {
    auto got = cdp::read_evaluation(result);
    if (!got.exception.empty())
      ask_whether_clear(target, origin);
    else if (got.value != cdp::quote(origin))
      fail(target);
    else {
      what.left.erase(origin);
      clear_next(target);
    }
  };
  ask(target, "Runtime.evaluate", evaluation(cdp::clean_origin), then);
}

/// What its next lease gets is what was looked at in the end.
void tab_cleaning::leave_blank(const target_id& target) {
  auto check = [this, target](tab& what, std::string_view result) {
    if (cdp::read_evaluation(result).value != "true") {
      fail(target);
      return;
    }
    json params{{"sessionId", std::exchange(what.session, {})}};
    ask(target, "Target.detachFromTarget", cdp::write_json(params),
        [this, target](tab&, std::string_view) {
          done(target);
        });
  };
  auto look = [this, target, check](tab&, std::string_view) {
    ask(target, "Runtime.evaluate", evaluation(cdp::check_blank().c_str()),
        check);
  };
  // Chrome answers before the document is there, which a script waits for.
  auto reset = [this, target, look](tab&, std::string_view) {
    ask(target, "Page.resetNavigationHistory", {}, look);
  };
  ask(target, "Page.navigate", blank,
      [this, target, reset](tab&, std::string_view) {
        ask(target, "Runtime.evaluate", evaluation("1"), reset);
      });
}

void tab_cleaning::done(const target_id& target) {
  auto entry = tabs_.extract(target);
  host_.cleaned(target, entry.mapped().whose);
}

/// In the last holder's attachment, until it is gone, and in ours.
bool tab_cleaning::hear(const cdp::frame& x) {
  auto& head = x.head;
  if (tabs_.empty() || head.session.empty())
    return false;
  auto last = host_.page_in(head.session);
  auto i = std::ranges::find_if(tabs_, [&](const auto& entry) {
    return entry.second.session == head.session
           || (last && entry.first == last);
  });
  if (i == tabs_.end())
    return false;
  auto& [target, what] = *i;
  auto params = cdp::read_object(head.params);
  if (head.method == "Page.frameNavigated") {
    auto shown = cdp::object_in(params, "frame");
    auto parent = cdp::text_in(shown, "parentId");
    if (parent.empty())
      what.traces.document(cdp::text_in(shown, "url"));
    else
      what.traces.frame(cdp::text_in(shown, "url"), parent != target.value);
  } else if (head.method == "Fetch.requestPaused")
    serve(target, params);
  else if (head.method == "Page.javascriptDialogOpening")
    calls_->tell("Page.handleJavaScriptDialog", R"({"accept":true})",
                 what.session);
  return true;
}

/// Of what is asked for, only the document that clears the origin, and those
/// of its frames, are there.
void tab_cleaning::serve(const target_id& target, const json& params) {
  auto& what = tabs_.at(target);
  json answer{{"requestId", cdp::text_in(params, "requestId")}};
  auto url = cdp::text_in(cdp::object_in(params, "request"), "url");
  bool of_main = cdp::text_in(params, "frameId") == target.value;
  auto first = what.left.begin();
  bool wanted = first != what.left.end()
                && cdp::text_in(params, "resourceType") == "Document"
                && (of_main ? cdp::origin_of(url) == first->first
                            : first->second.contains(cdp::origin_of(url)));
  if (!wanted) {
    answer["errorReason"] = "Aborted";
    calls_->tell("Fetch.failRequest", cdp::write_json(answer), what.session);
    return;
  }
  answer["responseCode"] = 200;
  answer["responseHeaders"]
    = json::array({{{"name", "Content-Type"}, {"value", "text/html"}}});
  answer["body"] = cdp::encode_base64(
    of_main ? cdp::clearing_page(first->second) : cdp::clearing_frame());
  calls_->tell("Fetch.fulfillRequest", cdp::write_json(answer), what.session);
}

} // namespace berth::actors
