// What goes wrong in a swarm, each by its name. A seed draws which of these it
// has, and when they strike; whom they strike is drawn then.

#pragma once

#include "scenarios/scene.hpp"

#include <array>
#include <vector>

namespace berth::scenarios {

/// A leased tab, drawn at random; none if there is none.
inline std::optional<tests::page_view> draw_page(const scene& x) {
  std::vector<tests::page_view> leased;
  for (auto& page : x.daemon.chrome().pages())
    if (!page.anchor && !page.popup)
      leased.push_back(page);
  if (leased.empty())
    return std::nullopt;
  return leased[x.world.draw(uint64_t{leased.size()})];
}

/// A call whose answer may go astray.
inline std::string draw_method(const scene& x) {
  static constexpr std::array methods{
    "Target.closeTarget",
    "Target.getTargetInfo",
    "Target.createBrowserContext",
    "Target.disposeBrowserContext",
    "Page.enable",
    "Page.navigate",
    "Inspector.enable",
    "Runtime.evaluate",
    "Runtime.runIfWaitingForDebugger",
  };
  return methods[x.world.draw(uint64_t{methods.size()})];
}

inline void a_renderer_crashes(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome().crash(page->id);
}

inline void a_tab_is_closed(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome().destroy(page->id);
}

inline void a_renderer_stops(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome().stop_renderer(page->id);
}

inline void a_tab_does_not_close(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome().cling(page->id);
}

inline void a_page_opens_a_popup(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome().open_popup(page->id, "http://popup/");
}

inline void a_link_is_ctrl_clicked(const scene& x) {
  if (auto page = draw_page(x))
    x.daemon.chrome().ctrl_click(page->id, "http://clicked/");
}

inline void chrome_dies(const scene& x) {
  x.daemon.chrome().die();
}

inline void chrome_dies_and_does_not_start(const scene& x) {
  x.daemon.chrome().refuse_starts(1 + x.world.draw(uint64_t{3}));
  x.daemon.chrome().die();
}

inline void chrome_answers_late(const scene& x) {
  x.daemon.chrome().answer_late(draw_method(x),
                                x.world.draw(std::chrono::seconds{20}));
}

inline void chrome_never_answers(const scene& x) {
  x.daemon.chrome().answer_never(draw_method(x));
}

inline void chrome_answers_twice(const scene& x) {
  x.daemon.chrome().answer_twice(draw_method(x));
}

/// How slow the disk is at most.
inline constexpr duration disk_slowness_max = std::chrono::seconds{2};

inline void the_disk_changes_its_pace(const scene& x) {
  x.daemon.journal().slowness
    = x.world.chance(0.5) ? duration{0} : x.world.draw(disk_slowness_max);
}

inline void the_disk_refuses_a_write(const scene& x) {
  x.daemon.journal().refusals = 1;
}

struct fault {
  const char* name;
  void (*strike)(const scene&);
};

inline constexpr std::array all_faults{
  fault{"a renderer crashes", a_renderer_crashes},
  fault{"a tab is closed", a_tab_is_closed},
  fault{"a renderer stops", a_renderer_stops},
  fault{"a tab does not close", a_tab_does_not_close},
  fault{"a page opens a popup", a_page_opens_a_popup},
  fault{"a link is ctrl-clicked", a_link_is_ctrl_clicked},
  fault{"Chrome dies", chrome_dies},
  fault{"Chrome dies and does not start", chrome_dies_and_does_not_start},
  fault{"Chrome answers late", chrome_answers_late},
  fault{"Chrome never answers", chrome_never_answers},
  fault{"Chrome answers twice", chrome_answers_twice},
  fault{"the disk changes its pace", the_disk_changes_its_pace},
  fault{"the disk refuses a write", the_disk_refuses_a_write},
};

/// Its name as one word: `chrome-answers-late`.
std::string flag_of(const fault& x);

/// The faults of a list of such words; `all`, and `none`, are lists, too.
/// Otherwise `unknown` is the first word that is no fault.
std::optional<std::vector<fault>>
find_faults(const std::string& list, std::string& unknown);

} // namespace berth::scenarios
