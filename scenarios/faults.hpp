// What goes wrong in a swarm, each by its name. A seed draws which of these it
// has, and when they strike; whom they strike is drawn then.

#pragma once

#include "scenarios/scene.hpp"

#include <array>
#include <vector>

namespace berth::scenarios {

/// How slow the disk is at most.
inline constexpr duration disk_slowness_max = std::chrono::seconds{2};

/// How long the end of a dead client's lease may take, beside its grace: the
/// disk is asked twice.
inline constexpr duration reap_within
  = std::chrono::seconds{1} + 2 * disk_slowness_max;

// -- tabs

void a_renderer_crashes(const scene& x);
void a_tab_is_closed(const scene& x);
void a_renderer_stops(const scene& x);
void a_tab_does_not_close(const scene& x);
void a_page_opens_a_popup(const scene& x);
void a_link_is_ctrl_clicked(const scene& x);

/// Just before, or just after, a call about it is answered: any call, those
/// that make it and set it up, too.
void a_tab_dies_in_a_call(const scene& x);

// -- Chrome; whenever it starts again, all its ids are new ones

void chrome_dies(const scene& x);
void chrome_dies_and_does_not_start(const scene& x);
void chrome_is_stopped(const scene& x);
void every_new_tab_crashes(const scene& x);
void chrome_answers_late(const scene& x);
void chrome_never_answers(const scene& x);
void chrome_answers_twice(const scene& x);

// -- agents

/// Many requests at once, far beyond what it may have waiting or under way.
void an_agent_floods(const scene& x);

/// As by SIGSTOP, for a while; then it goes on with whatever it held.
void an_agent_is_frozen(const scene& x);

/// The next thing it asks for arrives twice.
void a_request_is_sent_twice(const scene& x);

/// The daemon hears nothing more of it, and takes a while to notice. The agent
/// is back before that.
void a_connection_is_half_open(const scene& x);

// -- the machine

void the_disk_changes_its_pace(const scene& x);
void the_disk_refuses_a_write(const scene& x);

/// It sleeps for some minutes: everything is due at once.
void the_clock_jumps(const scene& x);

// -- the daemon's own actors, as by a bug in them

void a_client_actor_dies(const scene& x);
void a_tab_actor_dies(const scene& x);
void a_session_actor_dies(const scene& x);
void a_page_actor_dies(const scene& x);
void the_front_door_dies(const scene& x);
void the_recorder_dies(const scene& x);
void the_browser_actor_dies(const scene& x);
void the_fleet_dies(const scene& x);
void the_registry_dies(const scene& x);
void admission_dies(const scene& x);
void the_reaper_dies(const scene& x);
void the_session_registry_dies(const scene& x);

/// As by SIGKILL, all of it at once, in the middle of whatever the disk is at.
/// The next one is there soon.
void the_daemon_is_killed(const scene& x);

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
  fault{"Chrome is stopped", chrome_is_stopped},
  fault{"every new tab crashes", every_new_tab_crashes},
  fault{"Chrome answers late", chrome_answers_late},
  fault{"Chrome never answers", chrome_never_answers},
  fault{"Chrome answers twice", chrome_answers_twice},
  fault{"a tab dies in a call", a_tab_dies_in_a_call},
  fault{"an agent floods", an_agent_floods},
  fault{"an agent is frozen", an_agent_is_frozen},
  fault{"a request is sent twice", a_request_is_sent_twice},
  fault{"a connection is half open", a_connection_is_half_open},
  fault{"the disk changes its pace", the_disk_changes_its_pace},
  fault{"the disk refuses a write", the_disk_refuses_a_write},
  fault{"the clock jumps", the_clock_jumps},
  fault{"a client actor dies", a_client_actor_dies},
  fault{"a tab actor dies", a_tab_actor_dies},
  fault{"a session actor dies", a_session_actor_dies},
  fault{"a page actor dies", a_page_actor_dies},
  fault{"the front door dies", the_front_door_dies},
  fault{"the recorder dies", the_recorder_dies},
  fault{"the browser actor dies", the_browser_actor_dies},
  fault{"the fleet dies", the_fleet_dies},
  fault{"the registry dies", the_registry_dies},
  fault{"admission dies", admission_dies},
  fault{"the reaper dies", the_reaper_dies},
  fault{"the session registry dies", the_session_registry_dies},
  fault{"the daemon is killed", the_daemon_is_killed},
};

/// Its name as one word: `chrome-answers-late`.
std::string flag_of(const fault& x);

/// The faults of a list of such words; `all`, and `none`, are lists, too.
/// Otherwise `unknown` is the first word that is no fault.
std::optional<std::vector<fault>>
find_faults(const std::string& list, std::string& unknown);

} // namespace berth::scenarios
