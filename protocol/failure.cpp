#include "protocol/failure.hpp"

#include <array>
#include <utility>

namespace berth::protocol {

namespace {

struct entry {
  const char* name;
  advice what;
};

constexpr const char* nothing = "Nothing was done.";
constexpr const char* no_command = "The command was not carried out.";

/// In the order of `errc`.
constexpr std::array<entry, errc_count> entries{{
  {"ok", {"", "", false}},
  {"lease.stale_token",
   {no_command, "Use the token of the newest grant, or acquire anew.", false}},
  {"lease.gone",
   {"A command that was under way was cut off and may have taken effect; a "
    "later one was not carried out.",
    "Acquire a new lease.", false}},
  {"lease.ttl_too_long",
   {nothing, "Ask for a shorter ttl, and renew in time.", false}},
  {"lease.grace_too_long", {nothing, "Ask for a shorter grace.", false}},
  {"lease.opening", {no_command, "Wait until the acquire was answered.", true}},
  {"lease.wrong_credential",
   {nothing, "Show the credential that acquire answered with, whole.", false}},
  {"provider.capacity",
   {"No tab, no lease and no ticket was made.",
    "Ask again after retry_after, or wait in the queue (wait > 0).", true}},
  {"admission.queue_full",
   {"No tab, no lease and no ticket was made.", "Ask again after retry_after.",
    true}},
  {"ticket.expired",
   {"No tab and no lease was made.", "Ask again, with a longer wait.", true}},
  {"ticket.cancelled",
   {"No tab and no lease was made.", "Ask again if the tab is still wanted.",
    false}},
  {"ticket.unknown",
   {nothing, "Look at the leases: it may have been served.", false}},
  {"tab.lost",
   {"Commands under way were cut off; what they had begun may have taken "
    "effect.",
    "If it is restorable, recover it: a new tab at the last address.", false}},
  {"tab.overloaded",
   {no_command, "Wait for answers before sending more.", true}},
  {"tab.target_unknown",
   {no_command, "Leave the target out, or name a popup of this lease.", false}},
  {"page.navigation_failed",
   {"The page was not loaded.", "Check the address and the network.", false}},
  {"page.script_threw",
   {"The script ended where it threw.", "Correct the script.", false}},
  {"page.element_not_found",
   {no_command, "Check the selector, or allow more time.", false}},
  {"page.element_unusable",
   {no_command, "Wait until it is visible, uncovered and enabled.", false}},
  {"page.blank",
   {"There was nothing to read.", "Navigate somewhere first.", false}},
  {"session.busy",
   {"The prompt was not sent.",
    "Ask again after retry_after, wait longer, or interrupt the owner.", true}},
  {"session.queue_full",
   {"The prompt was not sent, and it is not queued.",
    "Ask again after retry_after, or stop what is queued.", true}},
  {"session.closed", {nothing, "Open a new session.", false}},
  {"session.unknown",
   {nothing, "Look at the sessions that there are, or open one.", false}},
  {"session.ambiguous", {nothing, "Name one of the candidates.", false}},
  {"session.limit",
   {"No session was opened.", "Close one that is not used any more.", true}},
  {"session.restarted",
   {"The request was cut off; it may have taken effect.",
    "Look at the session's runs before you ask again.", true}},
  {"run.unknown",
   {nothing, "Leave the run out, or look at the session's runs.", false}},
  {"run.stale",
   {"The report changed nothing.", "Drop it: its run goes on without it.",
    false}},
  {"run.stopped",
   {"The answer is not complete.", "Send the prompt again if it is wanted.",
    false}},
  {"run.superseded",
   {"The answer is not complete, and will not be.",
    "Look at the run that took its place.", false}},
  {"run.timed_out",
   {"The answer is not complete.",
    "Look at the conversation, or send again with a longer timeout.", false}},
  {"send.unconfirmed",
   {"It is not known whether the prompt was sent; it was not sent again.",
    "Look whether the conversation has its turn, then send it anew or not.",
    false}},
  {"provider.unknown",
   {nothing, "Use one of the names, or write a profile.", false}},
  {"provider.login_required",
   {"Nothing more was done in the page.",
    "Log in, in the browser's own window (berth serve --headful).", false}},
  {"provider.rate_limited",
   {"The provider takes no prompt now.", "Ask again after retry_after.", true}},
  {"provider.interstitial",
   {"The conversation could not be reached.",
    "Look at the tab: a person must pass what stands in the way.", false}},
  {"deadline.exceeded",
   {"There is no answer; the command may still take effect.",
    "Look at the page before you repeat it, or allow more time.", true}},
  {"request.invalid", {nothing, "Correct the request.", false}},
  {"request.too_large", {nothing, "Send less at once.", false}},
  {"answer.too_large",
   {"The command was carried out; its answer was dropped.",
    "Ask for less at once.", false}},
  {"cdp.denied",
   {no_command, "Use a command of Berth's own, or a browser of your own.",
    false}},
  {"file.denied",
   {no_command,
    "Copy it into one of these directories, or name its own in upload.dirs.",
    false}},
  {"cdp.error", {no_command, "Chrome's own words say why.", false}},
  {"browser.unavailable",
   {nothing,
    "If the reason will not pass by itself, see chrome.log (or "
    "chrome-NAME.log) in the state directory; else ask again later.",
    true}},
  {"browser.unknown",
   {nothing, "Use one of the names that `berth status` shows.", false}},
  {"browser.busy",
   {nothing, "Drain it first; what is left in it then ends with it.", true}},
  {"client.limit",
   {"The connection was not served.", "Close other connections first.", true}},
  {"client.gone",
   {"The request was cut off; it may have taken effect.",
    "Connect anew and acquire again.", false}},
  {"client.rights",
   {nothing,
    "Ask as the user who runs the daemon, with its state directory named "
    "(BERTH_STATE_DIR): operator.key there gives the right.",
    false}},
  {"client.version",
   {"The connection was not served.",
    "Use a client and a daemon of the same version.", false}},
  {"daemon.stopping", {nothing, "Try again when it is back.", true}},
  {"daemon.unreachable",
   {nothing,
    "Start one with `berth serve`, or name the right one with --state-dir.",
    true}},
  {"daemon.cut_off",
   {"It may have taken effect.",
    "See what it did before you repeat it: leases and pages outlive the "
    "daemon.",
    false}},
  {"daemon.occupied",
   {nothing, "End the process that has it, or use another state directory.",
    false}},
  {"journal.failed",
   {"What cannot be recorded is not done.",
    "See the disk of the state directory, then ask again.", true}},
  {"journal.damaged",
   {"The daemon does not serve; the file was left as it is.",
    "Save what can be read: berth journal export. Then move the file away, "
    "and import that, or begin without any lease and conversation.",
    false}},
  {"journal.newer",
   {"The daemon does not serve; the file was left as it is.",
    "Use the version of Berth that wrote it, or a later one.", false}},
  {"journal.fenced",
   {"Nothing was recorded.", "Ask the daemon that serves now.", false}},
  {"output.failed",
   {"What it was to print is lost, or not complete.",
    "Make room, or print to somewhere else.", false}},
  {"berth.internal",
   {"It is not known what was done.", "Please report this, with the log.",
    false}},
}};

/// In the order of `loss_cause`.
constexpr std::array<const char*, 8> causes{
  "none",     "crashed",      "destroyed",    "closed",
  "detached", "unresponsive", "browser_gone", "driver_gone"};

static_assert(causes.size() == size_t(loss_cause::driver_gone) + 1);

const entry& at(errc x) {
  auto i = static_cast<size_t>(x);
  return entries[i < entries.size() ? i : entries.size() - 1];
}

} // namespace

const char* to_string(errc x) {
  return at(x).name;
}

std::optional<errc> parse_errc(std::string_view name) {
  for (size_t i = 0; i < entries.size(); ++i)
    if (entries[i].name == name)
      return static_cast<errc>(i);
  return std::nullopt;
}

advice advice_for(errc x) {
  return at(x).what;
}

const char* to_string(loss_cause x) {
  auto i = static_cast<size_t>(x);
  return i < causes.size() ? causes[i] : "unknown";
}

failure fail(errc code, std::string what) {
  failure result;
  result.code = code;
  result.what = std::move(what);
  return result;
}

} // namespace berth::protocol
