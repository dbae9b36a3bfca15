// Frames of other sites have processes of their own, into which the script of
// the page cannot look. It runs in each of them as well; what such a frame
// shows is asked for when it tells of a change, and handed to the script of the
// frame that it is in, as a part of that.

#include "actors/tab.hpp"
#include "cdp/conversation_script.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <utility>

namespace berth::actors {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// A page that has more of them is watched in the first ones only.
constexpr size_t frames_max = 16;

constexpr duration patience = 5s;

} // namespace

void tab_state::frame_attached(const cdp::frame_ptr& frame) {
  auto what = cdp::read_object(frame->head.params);
  auto info = cdp::object_in(what, "targetInfo");
  auto session = cdp::text_in(what, "sessionId");
  if (!watched || cdp::text_in(info, "type") != "iframe"
      || frames.size() >= frames_max)
    return;
  frames[session]
    = {std::string{frame->head.session}, {cdp::text_in(info, "targetId")}};
  calls.link()->route(session, with.lease.id.value,
                      [tab = tab_actor{self}](cdp::frame_ptr x) {
                        caf::anon_send(tab, std::move(x));
                      });
  auto ignore = [](const reply&) {};
  auto deadline = now() + patience;
  calls.send({"Page.enable", {}, session, deadline}, ignore);
  install_at(session, deadline, ignore);
}

/// It is gone, or shows a page of its parent's site by now.
void tab_state::frame_detached(const cdp::frame_ptr& frame) {
  auto session = cdp::read_text_field(frame->head.params, "sessionId");
  if (frames.erase(session) > 0)
    calls.link()->unroute(session);
}

void tab_state::forget_frames() {
  for (const auto& [session, frame] : std::exchange(frames, {}))
    calls.link()->unroute(session);
}

void tab_state::hear_frame(const cdp::frame_ptr& frame) {
  if (frame->head.method == "Runtime.bindingCalled" && may_tell(frame)
      && cdp::read_text_field(frame->head.params, "name") == cdp::watch_world)
    ask_frame(std::string{frame->head.session});
}

/// One question at a time.
void tab_state::ask_frame(const std::string& session) {
  auto& whom = frames.at(session);
  if (std::exchange(whom.asked, true)) {
    whom.again = true;
    return;
  }
  auto fails = [this, session] {
    frame_answered(session);
  };
  in_world(session, whom.id, fails, [=, this](int64_t world) {
    json params{{"contextId", world},
                {"expression", cdp::read_part()},
                {"returnByValue", true}};
    read(session, "Runtime.evaluate", params, fails, [=, this](const json& x) {
      hand_in(session, cdp::object_in(cdp::object_in(x, "result"), "value"));
    });
  });
}

void tab_state::frame_answered(const std::string& session) {
  auto i = frames.find(session);
  if (i == frames.end())
    return;
  i->second.asked = false;
  if (std::exchange(i->second.again, false))
    ask_frame(session);
}

/// To the script of the frame's own document's parent, by the element that the
/// frame is in.
void tab_state::hand_in(const std::string& session, const json& part) {
  auto i = frames.find(session);
  if (i == frames.end())
    return;
  auto parent = i->second.parent;
  auto outer = frames.find(parent);
  auto where = outer == frames.end() ? target : outer->second.id;
  auto done = [this, session] {
    frame_answered(session);
  };
  auto give = [=, this](const json& x) {
    auto element = cdp::text_in(cdp::object_in(x, "object"), "objectId");
    json params{{"objectId", element},
                {"functionDeclaration", cdp::take_part},
                {"arguments", json::array({{{"value", part}}})},
                {"returnByValue", true}};
    read(parent, "Runtime.callFunctionOn", params, done,
         [=, this](const json&) {
           read(parent, "Runtime.releaseObject", {{"objectId", element}}, done,
                [done](const json&) {
                  done();
                });
         });
  };
  in_world(parent, where, done, [=, this, id = i->second.id](int64_t world) {
    read(parent, "DOM.getFrameOwner", {{"frameId", id.value}}, done,
         [=, this](const json& x) {
           auto node = static_cast<int64_t>(cdp::number_in(x, "backendNodeId"));
           json params{{"backendNodeId", node}, {"executionContextId", world}};
           read(parent, "DOM.resolveNode", params, done, give);
         });
  });
}

/// Frames come and go: what cannot be had of one is not missed.
void tab_state::read(const std::string& session, std::string_view method,
                     const json& params, std::function<void()> fails,
                     then_read then) {
  calls.send(
    {method, cdp::write_json(params), session, now() + patience},
    [fails = std::move(fails), then = std::move(then)](const reply& x) {
      if (x.ok())
        then(cdp::read_object(x.result()));
      else
        fails();
    });
  arm();
}

void tab_state::in_world(const std::string& session, const target_id& frame,
                         std::function<void()> fails,
                         std::function<void(int64_t world)> then) {
  json where{{"frameId", frame.value}, {"worldName", cdp::watch_world}};
  read(session, "Page.createIsolatedWorld", where, std::move(fails),
       [then = std::move(then)](const json& x) {
         then(static_cast<int64_t>(cdp::number_in(x, "executionContextId")));
       });
}

} // namespace berth::actors
