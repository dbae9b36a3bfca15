// The script that watches the tab's page for somebody.

#include "actors/tab.hpp"
#include "cdp/conversation_script.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <utility>

namespace berth::actors {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// What a page may make of the script's words: whoever watches looks for
/// himself, sooner or later, if some are dropped.
constexpr size_t word_max = size_t{64} << 10;
constexpr size_t words_max = 100;
constexpr duration words_per = 1s;

constexpr const char* attach_frames
  = R"({"autoAttach":true,"waitForDebuggerOnStart":false,"flatten":true,)"
    R"("filter":[{"type":"iframe"},{"exclude":true}]})";

} // namespace

void tab_state::run(const watch_page& x, const operation_ptr& whose) {
  if (watched && watched->script == x.script && !watched->installed.empty()) {
    watched->watcher = x.watcher;
    finish(whose, "");
    return;
  }
  auto old = std::exchange(watched, watch{x.script, x.watcher, {}, {}, 0});
  if (old && !old->installed.empty())
    calls.send({"Page.removeScriptToEvaluateOnNewDocument",
                R"({"identifier":)" + cdp::quote(old->installed) + "}",
                attachment.value, whose->deadline},
               [](const reply&) {});
  install(left(whose), [this, whose](const reply& got) {
    if (got.ok())
      finish(whose, "");
    else
      finish(whose, *got.why);
  });
}

void tab_state::install(duration within, cdp_calls::continuation then) {
  auto deadline = now() + within;
  watched->installed.clear();
  for (const auto& [session, frame] : frames)
    install_at(session, deadline, [](const reply&) {});
  install_at(
    attachment.value, deadline,
    [this, mine = watched->script, then = std::move(then)](const reply& got) {
      if (watched && watched->script == mine && got.ok())
        watched->installed = cdp::read_text_field(got.result(), "identifier");
      then(got);
    });
}

/// In a world of its own: neither sees what the other makes of the language.
/// A binding reaches only those who are told of worlds. Frames of other sites
/// are told of as soon as they are there.
void tab_state::install_at(const std::string& session, timestamp deadline,
                           cdp_calls::continuation then) {
  auto ignore = [](const reply&) {};
  json binding{{"name", cdp::watch_world},
               {"executionContextName", cdp::watch_world}};
  json script{{"source", watched->script},
              {"worldName", cdp::watch_world},
              {"runImmediately", true}};
  calls.send({"Target.setAutoAttach", attach_frames, session, deadline},
             ignore);
  calls.send({"Runtime.enable", {}, session, deadline}, ignore);
  calls.send(
    {"Runtime.addBinding", cdp::write_json(binding), session, deadline},
    ignore);
  calls.send({"Page.addScriptToEvaluateOnNewDocument", cdp::write_json(script),
              session, deadline},
             std::move(then));
}

/// The world is made where it is not there yet, and found where it is.
void tab_state::run(const ask_watched& x, const operation_ptr& whose) {
  json where{{"frameId", target.value}, {"worldName", cdp::watch_world}};
  call(whose, "Page.createIsolatedWorld", cdp::write_json(where),
       [this, whose, what = x.expression](std::string_view result) {
         auto world
           = cdp::number_in(cdp::read_object(result), "executionContextId");
         json params{{"contextId", static_cast<int64_t>(world)},
                     {"expression", what},
                     {"returnByValue", true},
                     {"awaitPromise", true}};
         call(whose, "Runtime.evaluate", cdp::write_json(params),
              [this, whose](std::string_view value) {
                auto got = cdp::read_evaluation(value);
                if (got.exception.empty())
                  finish(whose, std::move(got.value));
                else
                  finish(whose,
                         fail(errc::script_threw, std::move(got.exception)));
              });
       });
}

bool tab_state::may_tell(const cdp::frame_ptr& frame) {
  if (!watched || frame->head.params.size() > word_max)
    return false;
  if (now() - watched->since >= words_per) {
    watched->since = now();
    watched->told = 0;
  }
  return ++watched->told <= words_max;
}

void tab_state::script_told(const cdp::frame_ptr& frame) {
  if (!may_tell(frame))
    return;
  auto what = cdp::read_object(frame->head.params);
  if (cdp::text_in(what, "name") == cdp::watch_world)
    self->send(watched->watcher, page_stirred{cdp::text_in(what, "payload")});
}

void tab_state::tell_watcher(const failure& why) {
  if (watched)
    self->send(watched->watcher,
               page_lost{{with.lease.id, with.lease.token}, why});
}

} // namespace berth::actors
