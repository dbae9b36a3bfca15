#include "scenarios/faults.hpp"

#include "scenarios/agent.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;

/// A leased tab, drawn at random; none if there is none.
std::optional<tests::page_view> draw_page(const scene& x) {
  std::vector<tests::page_view> leased;
  for (auto& page : x.daemon.pages())
    if (!page.anchor && !page.popup)
      leased.push_back(page);
  if (leased.empty())
    return std::nullopt;
  return leased[x.world.draw(uint64_t{leased.size()})];
}

/// A call whose answer may go astray. Chrome never forgets the answer to a
/// create and yet makes the target: nobody could know whose it is.
std::string draw_method(const scene& x) {
  static constexpr std::array methods{
    "Target.setAutoAttach",
    "Target.closeTarget",
    "Target.getTargetInfo",
    "Target.createBrowserContext",
    "Target.disposeBrowserContext",
    "Target.attachToTarget",
    "Target.detachFromTarget",
    "Fetch.fulfillRequest",
    "Page.resetNavigationHistory",
    "Page.enable",
    "Page.navigate",
    "Inspector.enable",
    "Runtime.evaluate",
    "Runtime.addBinding",
    "Input.insertText",
    "Input.dispatchMouseEvent",
    "Runtime.runIfWaitingForDebugger",
  };
  return methods[x.world.draw(uint64_t{methods.size()})];
}

/// One of them.
tests::fake_chrome& draw_chrome(const scene& x) {
  auto all = x.daemon.chromes();
  return *all[x.world.draw(uint64_t{all.size()})].second;
}

/// Somebody who is connected; null if there is nobody.
agent* draw_agent(const scene& x) {
  std::vector<agent*> present;
  for (auto& who : x.agents)
    if (who.present())
      present.push_back(&who);
  return present.empty() ? nullptr
                         : present[x.world.draw(uint64_t{present.size()})];
}

/// False if there is nobody of that name.
bool kill_one(const scene& x, const char* name) {
  auto all = x.world.find(name);
  if (all.empty())
    return false;
  x.world.kill(all[x.world.draw(uint64_t{all.size()})]);
  return true;
}

} // namespace

// -- tabs ---------------------------------------------------------------------

void a_renderer_crashes(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome_of(page->id).crash(page->id);
}

void a_tab_is_closed(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome_of(page->id).destroy(page->id);
}

void a_renderer_stops(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome_of(page->id).stop_renderer(page->id);
}

void a_tab_does_not_close(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome_of(page->id).cling(page->id);
}

void a_page_opens_a_popup(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome_of(page->id).open_popup(page->id, "http://popup/");
}

void a_link_is_ctrl_clicked(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome_of(page->id).ctrl_click(page->id, "http://clicked/");
}

void a_tab_dies_in_a_call(const scene& x) {
  auto when = x.world.chance(0.2) ? "Target.createTarget" : draw_method(x);
  draw_chrome(x).destroy_at(when, x.world.chance(0.5));
}

// -- Chrome -------------------------------------------------------------------

void chrome_dies(const scene& x) {
  draw_chrome(x).die();
}

void chrome_dies_and_does_not_start(const scene& x) {
  auto& chrome = draw_chrome(x);
  chrome.refuse_starts(1 + x.world.draw(uint64_t{3}));
  chrome.die();
}

/// Nobody makes it go on: somebody has to notice.
void chrome_is_stopped(const scene& x) {
  draw_chrome(x).halt();
}

void every_new_tab_crashes(const scene& x) {
  draw_chrome(x).bear_dead();
}

void chrome_answers_late(const scene& x) {
  auto what = x.world.chance(0.1) ? "Target.createTarget" : draw_method(x);
  draw_chrome(x).answer_late(what, x.world.draw(20s));
}

void chrome_never_answers(const scene& x) {
  draw_chrome(x).answer_never(draw_method(x));
}

void chrome_answers_twice(const scene& x) {
  draw_chrome(x).answer_twice(draw_method(x));
}

// -- agents -------------------------------------------------------------------

void an_agent_floods(const scene& x) {
  if (auto who = draw_agent(x))
    who->flood();
}

void an_agent_is_frozen(const scene& x) {
  if (auto who = draw_agent(x))
    who->freeze(x.world.draw(40s));
}

void a_request_is_sent_twice(const scene& x) {
  if (auto who = draw_agent(x))
    who->stutter();
}

void a_connection_is_half_open(const scene& x) {
  if (auto who = draw_agent(x))
    who->lose_connection();
}

// -- the machine --------------------------------------------------------------

void the_disk_changes_its_pace(const scene& x) {
  x.daemon.journal().slowness
    = x.world.chance(0.5) ? duration{0} : x.world.draw(disk_slowness_max);
}

void the_disk_refuses_a_write(const scene& x) {
  x.daemon.journal().refusals = 1;
}

void the_clock_jumps(const scene& x) {
  x.world.jump(x.world.draw(10min));
}

// -- the daemon's own actors --------------------------------------------------

void a_client_actor_dies(const scene& x) {
  if (auto who = draw_agent(x))
    who->lose_client();
}

void a_tab_actor_dies(const scene& x) {
  kill_one(x, "tab");
}

void a_session_actor_dies(const scene& x) {
  kill_one(x, "session");
}

void a_page_actor_dies(const scene& x) {
  kill_one(x, "page");
}

void the_front_door_dies(const scene& x) {
  kill_one(x, "gateway");
}

void the_recorder_dies(const scene& x) {
  kill_one(x, "recorder");
}

void the_browser_actor_dies(const scene& x) {
  kill_one(x, "browser");
}

void the_fleet_dies(const scene& x) {
  kill_one(x, "fleet");
}

void the_registry_dies(const scene& x) {
  kill_one(x, "lease_registry");
}

void admission_dies(const scene& x) {
  kill_one(x, "admission");
}

void the_reaper_dies(const scene& x) {
  kill_one(x, "reaper");
}

void the_session_registry_dies(const scene& x) {
  kill_one(x, "session_registry");
}

void the_daemon_is_killed(const scene& x) {
  x.daemon.be_killed();
}

// -- their names --------------------------------------------------------------

std::string flag_of(const fault& x) {
  std::string result{x.name};
  for (auto& c : result)
    c = c == ' ' ? '-' : static_cast<char>(std::tolower(c));
  return result;
}

std::optional<std::vector<fault>>
find_faults(const std::string& list, std::string& unknown) {
  if (list == "all")
    return std::vector<fault>{all_faults.begin(), all_faults.end()};
  std::vector<fault> result;
  if (list == "none")
    return result;
  std::istringstream words{list};
  for (std::string word; std::getline(words, word, ',');) {
    auto i = std::ranges::find(all_faults, word, flag_of);
    if (i == all_faults.end()) {
      unknown = word;
      return std::nullopt;
    }
    result.push_back(*i);
  }
  return result;
}

} // namespace berth::scenarios
