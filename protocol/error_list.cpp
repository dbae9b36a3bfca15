#include "protocol/error_list.hpp"

#include "protocol/failure.hpp"

#include <array>
#include <string_view>

namespace berth::protocol {

namespace {

/// What causes it, in the order of `errc`.
constexpr std::array<const char*, errc_count> causes{
  "",
  "The lease was granted anew since this credential was given, to another "
  "holder or after a restart that could not keep it.",
  "The lease was released, revoked, or not renewed in time; its client went "
  "away; or there never was one.",
  "`ttl` is over `lease.ttl_max`.",
  "`grace` is over `lease.grace_max`.",
  "The lease was granted, and its tab is still being made.",
  "The credential is not that of the lease. Whether there is such a lease is "
  "not said.",
  "As many tabs are taken as there may be, for this key or in all. The answer "
  "has how many, the limit, and when to ask again.",
  "As many requests wait as there may be.",
  "No tab became free within the wait that was asked for.",
  "The client took its request back.",
  "The request was served, has ended, or never was.",
  "The tab crashed, was closed, or stopped answering, or its Chrome ended. The "
  "answer has the cause, and whether the tab can be recovered.",
  "As many commands are under way in this tab as there may be.",
  "The target is no tab or popup of this lease.",
  "Chrome did not load the page, for the reason it gives.",
  "The script threw, or a promise of it was rejected; the answer has the text.",
  "Nothing on the page matched the selector within the deadline.",
  "What matched is hidden, covered, disabled, or does not stand still.",
  "Nothing was loaded in this tab yet.",
  "Another run has the session; the answer has which, and when to ask again.",
  "As many prompts wait in this session as there may be.",
  "The session was closed; the answer says by whom.",
  "The session has ended, or never was.",
  "Several sessions may be meant; the answer has which.",
  "As many sessions are open as there may be.",
  "What drove the session failed in the middle of the request, and was started "
  "again.",
  "The run was forgotten, or never was.",
  "A report about a run came from an owner that the run does not have any "
  "more.",
  "The run was stopped before its answer was complete.",
  "A later prompt took the run's place; the answer has which.",
  "The answer was not whole at the run's deadline.",
  "The daemon or the page failed after the prompt was typed and before its "
  "turn was seen.",
  "No profile has this name.",
  "The provider shows its login page.",
  "The provider says that too much was asked of it.",
  "A page that is neither the conversation nor a login stands in the way, such "
  "as a challenge or a notice.",
  "The command was not finished in the time that it had.",
  "A field is missing, unknown, malformed or out of range; the answer says "
  "which and why.",
  "The message is over its limit.",
  "The result is over its limit.",
  "The method reaches beyond the lease, or to files of the machine.",
  "The file is in none of the directories that pages may have files of, or "
  "write to.",
  "Chrome refused the command; the answer has its code and words.",
  "Chrome is starting, rests after it died too often, is being drained, or "
  "answers nothing.",
  "No browser has this name.",
  "The browser has leases; the answer has how many.",
  "As many clients are connected as there may be, in all or of one process.",
  "The connection was ended, by the client, by silence, or by the daemon.",
  "Only an operator may do this.",
  "Client and daemon speak different versions of the protocol.",
  "The daemon is ending: it serves nobody new.",
  "No daemon answers there, or another user's process holds the port.",
  "The daemon ended, or the connection broke, before it answered.",
  "The state directory has an owner, or a process that holds its guard, which "
  "cannot be replaced from here.",
  "The journal's disk is full, too slow, or broken.",
  "The journal's file cannot be trusted.",
  "A later version of Berth wrote the journal.",
  "A later daemon serves the same state directory.",
  "Standard output, or the file that was named, takes no more.",
  "A bug.",
};

constexpr const char* head = R"(# Errors

Every failure that a client, the command line or a program can meet. The name is
on every door: `"error"` in the output of `--json`, first on a terminal.
With each comes a sentence about the very case.

*Again* says that the same request may succeed later. Commands end with 69 after
`daemon.unreachable` and `daemon.cut_off`, with 75 when all places are taken or
the daemon or its Chrome is not ready, with 2 after a mistake in the command
line, and with 1 otherwise.

This page is made from the code (`protocol/error_list.cpp`).
)";

/// `lease` of `lease.gone`.
std::string_view group_of(errc x) {
  std::string_view name = to_string(x);
  return name.substr(0, name.find('.'));
}

} // namespace

std::string error_list() {
  std::string result = head;
  std::string_view group;
  for (size_t i = 1; i < errc_count; ++i) {
    auto code = static_cast<errc>(i);
    if (group_of(code) != group) {
      group = group_of(code);
      result += "\n## " + std::string{group} + "\n\n";
      result += "| name | what causes it | what was not done | what to do |\n";
      result += "|---|---|---|---|\n";
    }
    auto [not_done, next, again] = advice_for(code);
    result += std::string{"| `"} + to_string(code) + "` | " + causes[i] + " | "
              + not_done + " | " + next + (again ? " *Again.*" : "") + " |\n";
  }
  return result;
}

} // namespace berth::protocol
