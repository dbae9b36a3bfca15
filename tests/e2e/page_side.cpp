#include "tests/e2e/page_side.hpp"

#include "actors/errors.hpp"
#include "actors/harbour.hpp"
#include "actors/loop_scheduler.hpp"
#include "actors/wire.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace berth::tests {

using namespace actors;

namespace {

std::string read_file(const std::string& path) {
  std::ostringstream result;
  result << std::ifstream{path}.rdbuf();
  return result.str();
}

page_listener_actor::behavior_type
listen(page_listener_actor::pointer, page_log* into) {
  return {
    [into](const page_report& x) {
      into->add(x);
    },
    [](const line_left&) {
      // No run waits here.
    },
  };
}

timestamp an_hour_from_now() {
  return std::chrono::steady_clock::now() + 1h;
}

/// Of tests/e2e/conversation.html, served there.
provider_profile
talking_page(const std::string& origin, const std::string& kind) {
  provider_profile result;
  result.name = "talk";
  result.key = {"talk"};
  result.start_url = origin + "/?" + kind;
  result.conversation_url = origin + "/c/*";
  result.parts.composer = {"#nowhere", "#composer", "#rich"};
  result.parts.send = {"!!", "#send"};
  result.parts.attach = {"#files"};
  result.parts.turns = {"[data-turn]"};
  result.parts.answer = {".text"};
  result.parts.stop = {"#stop"};
  result.parts.done = {".done"};
  result.parts.thinking = {"#thinking"};
  result.troubles.login = {"#login"};
  result.troubles.rate_limit = {"#limit"};
  result.models["fast"] = {{"#mode"}, {"#fast"}};
  return result;
}

} // namespace

void page_log::add(const page_report& x) {
  std::lock_guard guard{mutex_};
  all_.push_back({x, std::chrono::system_clock::now()});
  changed_.notify_all();
}

std::vector<heard_report> page_log::all() const {
  std::lock_guard guard{mutex_};
  return all_;
}

page_side::page_side(const std::string& kind, page_limits most)
  : server_{read_file(std::string{ROOT} + "/tests/e2e/conversation.html")} {
  config how;
  cdp::launch_options options;
  options.program = cdp::find_chrome();
  options.profile = dir_.path() + "/profile";
  options.pipes = {options.profile + ".in", options.profile + ".out"};
  options.log = dir_.path() + "/chrome.log";
  options.owner = dir_.path();
  options.sandbox = ::geteuid() != 0;
  speak_berth(settings_, {how.door.heartbeat, how.door.silence_max});
  run_actors_on(settings_, loop_);
  system_ = std::make_unique<caf::actor_system>(settings_);
  auto make = [loop = loop_, options] {
    return cdp::managed_chrome(loop, options);
  };
  harbour_
    = system_->spawn(harbour, harbour_start{how, always(make), dir_.path(), [] {
                                              return succession{1, {}, {}};
                                            }});
  crew_ = ask<crew>(harbour_, get_crew{});
  listener_ = system_->spawn(listen, &log);
  auto profile = talking_page(server_.origin(), kind);
  auto known = std::make_shared<provider_profiles>();
  known->emplace(profile.name, std::move(profile));
  page_ = system_->spawn(
    page, page_start{{1}, {77}, listener_, known, {}, most, crew_});
}

page_side::~page_side() {
  act(leave_tab{});
  ask<caf::unit_t>(harbour_, stop_harbour{});
  caf::anon_send_exit(listener_, caf::exit_reason::user_shutdown);
  page_ = nullptr;
  listener_ = nullptr;
  crew_ = {};
  harbour_ = nullptr;
  system_.reset();
}

template <class T, class Handle, class Request>
T page_side::ask(const Handle& whom, Request what) {
  caf::scoped_actor self{*system_};
  T result{};
  auto question = self->request(whom, patience, std::move(what));
  auto fails = [](const caf::error& why) {
    ADD_FAILURE() << to_failure(why).what;
  };
  if constexpr (std::is_same_v<T, caf::unit_t>)
    question.receive([] {}, std::move(fails));
  else
    question.receive(
      [&](T& x) {
        result = std::move(x);
      },
      std::move(fails));
  return result;
}

void page_side::begin(prompt what) {
  run_ = {{run_.run.value + 1}, 1};
  what_ = std::move(what);
  act(begin_run{run_, "talk", address(), what_, an_hour_from_now()});
}

bool page_side::send(const std::string& text) {
  begin({text, {}, {}, {}});
  return hear<prompt_seen>().has_value();
}

std::string page_side::answer() {
  act(follow_run{run_});
  return hear<answer_done>().value_or(answer_done{}).text;
}

bool page_side::recover() {
  ++run_.leg;
  act(recover_tab_of{run_, "talk", address(), what_, an_hour_from_now()});
  return hear<tab_back>().has_value();
}

std::string page_side::address() const {
  std::string result;
  for (const auto& x : log.all())
    if (auto named = std::get_if<page_named>(&x.what.what))
      result = named->url;
  return result;
}

std::vector<lease_view> page_side::leases() {
  return ask<lease_list>(crew_.registry, get_leases{}).leases;
}

void page_side::crash_renderers() {
  auto chrome
    = ask<browser_list>(crew_.fleet, get_browsers{}).browsers.front().pid;
  for (auto pid : renderers_of(chrome))
    ::kill(pid, SIGKILL);
}

} // namespace berth::tests
