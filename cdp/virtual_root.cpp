#include "cdp/virtual_root.hpp"

#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <utility>

namespace berth::cdp {

namespace {

/// The ids of the bare root's calls. Those of the root's user are others', as
/// answers in a session are told apart by the session.
constexpr uint64_t id_space = uint64_t{1} << 30;

constexpr const char* list_roots
  = R"({"discover":true,"filter":[{"type":"browser"},{"exclude":true}]})";

std::string target_of(std::string_view json) {
  return text_in(object_in(read_object(json), "targetInfo"), "targetId");
}

} // namespace

std::string read_command(std::string_view text, envelope& head) {
  // Chrome ends a message at the first NUL and takes the rest for another one.
  if (text.find('\0') != std::string_view::npos)
    return "A command to Chrome must not contain a NUL byte.";
  if (text.size() > command_max)
    return "The command has " + std::to_string(text.size())
           + " bytes; Chrome takes at most " + std::to_string(command_max)
           + ".";
  return read_envelope(text, head) ? "" : "The command is not a CDP message.";
}

virtual_root::virtual_root(uint32_t nonce)
  : next_id_{1 + nonce % (id_space / 2)} {
  // nop
}

std::vector<std::string> virtual_root::open(bool used_before) {
  used_before_ = used_before;
  if (!used_before) {
    state_ = state::attaching;
    return {ask("Target.attachToBrowserTarget")};
  }
  state_ = state::fencing;
  return {"\x01", ask("Browser.getVersion")};
}

std::string virtual_root::ask(const char* method, const std::string& params,
                              const std::string& session) {
  awaited_.insert(next_id_);
  return write_command(next_id_++, method, params, session);
}

bool virtual_root::answers(const frame& x) const {
  return x.head.is_answer() && awaited_.count(x.head.id) > 0
         && (x.head.session.empty()
             || (state_ != state::open && x.head.session == root_));
}

virtual_root::result virtual_root::fail(std::string why) {
  state_ = state::closed;
  result told;
  told.what = outcome::closed;
  told.why = std::move(why);
  return told;
}

virtual_root::result virtual_root::hear(std::string text) {
  auto x = std::make_shared<frame>(std::move(text));
  if (!x->readable || state_ == state::idle || state_ == state::closed)
    return {};
  auto& head = x->head;
  if (answers(*x)) {
    awaited_.erase(head.id);
    return proceed(*x);
  }
  if (state_ == state::listing && head.session == root_
      && head.method == "Target.targetCreated") {
    roots_.insert(target_of(head.params));
    return {};
  }
  if (!root_.empty() && head.session.empty()
      && head.method == "Target.detachedFromTarget"
      && text_in(read_object(head.params), "sessionId") == root_)
    return fail("Chrome has ended its session");
  return state_ == state::open ? deliver(std::move(x)) : result{};
}

virtual_root::result virtual_root::proceed(const frame& x) {
  auto& head = x.head;
  result told;
  auto write = [&](std::string text) {
    told.write.push_back(std::move(text));
  };
  // A root that is already gone cannot be detached, and need not be.
  if (!head.error.empty() && state_ != state::removing)
    return fail("Chrome refuses a session: " + read_error(head.error).message);
  switch (state_) {
    case state::fencing:
      state_ = state::attaching;
      write(ask("Target.attachToBrowserTarget"));
      break;
    case state::attaching:
      root_ = read_text_field(head.result, "sessionId");
      if (root_.empty())
        return fail("Chrome gives no session");
      if (!used_before_) {
        state_ = state::open;
        told.what = outcome::opened;
        break;
      }
      state_ = state::naming;
      write(ask("Target.getTargetInfo"));
      write(ask("Target.getTargetInfo", {}, root_));
      break;
    case state::naming:
      ours_.insert(target_of(head.result));
      if (!awaited_.empty())
        break;
      state_ = state::listing;
      write(ask("Target.setDiscoverTargets", list_roots, root_));
      break;
    case state::listing:
      return remove_others();
    case state::removing:
      if (!awaited_.empty())
        break;
      state_ = state::open;
      told.what = outcome::opened;
      break;
    case state::idle:
    case state::open:
    case state::closed:
      break;
  }
  return told;
}

virtual_root::result virtual_root::remove_others() {
  state_ = state::removing;
  result told;
  for (const auto& target : roots_)
    if (ours_.count(target) == 0)
      told.write.push_back(
        ask("Target.detachFromTarget", write_json({{"targetId", target}})));
  told.write.push_back(
    ask("Target.setDiscoverTargets", R"({"discover":false})", root_));
  return told;
}

virtual_root::result virtual_root::deliver(std::shared_ptr<frame> x) {
  auto& head = x->head;
  if (head.session.empty())
    return {}; // The bare root's: nobody here has asked it anything.
  if (head.session == root_)
    head.session = {};
  result told;
  told.what = outcome::delivered;
  told.message = std::move(x);
  return told;
}

bool virtual_root::address(outgoing& what, std::string& why) const {
  auto& text = what.text;
  if (state_ != state::open) {
    why = "The session with Chrome is not open.";
    return false;
  }
  envelope head;
  why = read_command(text, head);
  if (!why.empty())
    return false;
  what.id = head.id;
  what.session = head.session;
  if (head.session.empty())
    text.insert(text.find('{') + 1, "\"sessionId\":\"" + root_ + "\",");
  return true;
}

} // namespace berth::cdp
