// Every setting by name: the one table that the file, the environment, the
// flags, the help, the example and the documents go by.

#include "protocol/nearest.hpp"
#include "protocol/option_text.hpp"

#include <algorithm>
#include <utility>

namespace berth::protocol {

namespace {

using namespace detail;

access flags() {
  return {[](const config& x) {
            std::string result;
            for (const auto& flag : x.browser.flags)
              result += (result.empty() ? "" : " ") + flag;
            return result;
          },
          [](config& x, std::string_view text) -> std::optional<std::string> {
            x.browser.flags = split(text, ' ');
            return std::nullopt;
          }};
}

/// `/home/me/notes:/srv/files`
access directories() {
  return {[](const config& x) {
            std::string result;
            for (const auto& dir : x.upload.dirs)
              result += (result.empty() ? "" : ":") + dir;
            return result;
          },
          [](config& x, std::string_view text) -> std::optional<std::string> {
            auto read = split(text, ':');
            for (const auto& dir : read)
              if (!dir.starts_with('/'))
                return wrong(dir, "an absolute path");
            x.upload.dirs = std::move(read);
            return std::nullopt;
          }};
}

/// `chatgpt=3,gemini=2`
access caps() {
  return {[](const config& x) {
            std::string result;
            for (const auto& [key, cap] : x.admission.of_key)
              result += (result.empty() ? "" : ",") + key.value + "="
                        + std::to_string(cap);
            return result;
          },
          [](config& x, std::string_view text) -> std::optional<std::string> {
            std::map<work_key, size_t> read;
            for (const auto& entry : split(text, ',')) {
              auto at = entry.find('=');
              auto cap = at == std::string::npos
                           ? std::nullopt
                           : to_number(std::string_view{entry}.substr(at + 1));
              if (!cap)
                return wrong(entry, "a cap such as chatgpt=3");
              read[{entry.substr(0, at)}] = static_cast<size_t>(*cap);
            }
            x.admission.of_key = std::move(read);
            return std::nullopt;
          }};
}

/// `fixture=http://127.0.0.1:4711`
access origins() {
  return {[](const config& x) {
            std::string result;
            for (const auto& [name, origin] : x.provider.origins)
              result.append(result.empty() ? "" : ",")
                .append(name)
                .append("=")
                .append(origin);
            return result;
          },
          [](config& x, std::string_view text) -> std::optional<std::string> {
            std::map<std::string, std::string> read;
            for (const auto& entry : split(text, ',')) {
              auto at = entry.find('=');
              if (at == std::string::npos)
                return wrong(entry, "an origin such as grok=https://grok.com");
              read[entry.substr(0, at)] = entry.substr(at + 1);
            }
            x.provider.origins = std::move(read);
            return std::nullopt;
          }};
}

/// `1000,1001`
access users() {
  return {[](const config& x) {
            std::string result;
            for (auto uid : x.door.uids)
              result += (result.empty() ? "" : ",") + std::to_string(uid);
            return result;
          },
          [](config& x, std::string_view text) -> std::optional<std::string> {
            std::vector<uint32_t> read;
            for (const auto& entry : split(text, ',')) {
              auto uid = to_number(entry);
              // The last one means nobody.
              if (!uid || *uid >= std::numeric_limits<uint32_t>::max())
                return wrong(entry, "a user's number such as 1000");
              read.push_back(static_cast<uint32_t>(*uid));
            }
            x.door.uids = std::move(read);
            return std::nullopt;
          }};
}

access how_durable() {
  return {[](const config& x) -> std::string {
            return to_string(x.journal.keep);
          },
          [](config& x, std::string_view text) -> std::optional<std::string> {
            auto read = parse_durability(text);
            if (!read)
              return wrong(text, "full, normal or memory");
            x.journal.keep = *read;
            return std::nullopt;
          }};
}

// One line a setting; a macro only because a member's path is no value.
// NOLINTBEGIN(bugprone-macro-parentheses): `x.path` is one.
#define BERTH_FIELD(path)                                                      \
  [](config & x) -> auto& {                                                    \
    return x.path;                                                             \
  }
// NOLINTEND(bugprone-macro-parentheses)

// NOLINTNEXTLINE(readability-function-size): a table.
const std::vector<setting>& settings() {
  static const std::vector<setting> all{
    {{"state_dir", "text", "Where the daemon keeps its state and profile."},
     word(BERTH_FIELD(state_dir))},
    {{"log_level", "text", "debug, info, warn, error or off."},
     word(BERTH_FIELD(log_level))},
    {{"events_kept", "count", "How many events `berth events` can show."},
     count(BERTH_FIELD(events_kept))},
    {{"orphans_after", "time",
      "When the reaper goes after a tab that did not close."},
     time(BERTH_FIELD(orphans_after))},
    {{"log.file", "text", "Where `berth serve` logs; empty: standard error."},
     word(BERTH_FIELD(log.file))},
    {{"log.size_max", "bytes", "How large log.file becomes; then a new one."},
     bytes(BERTH_FIELD(log.size_max))},
    {{"log.kept", "count", "How many full log files are kept beside it."},
     count(BERTH_FIELD(log.kept))},
    {{"journal.durability", "text",
      "full (outlives a power failure), normal (a kill) or memory."},
     how_durable()},
    {{"journal.audit_max", "count", "Events that the journal keeps."},
     count(BERTH_FIELD(journal.audit_max))},
    {{"journal.size_max", "bytes", "The largest that its file may become."},
     bytes(BERTH_FIELD(journal.size_max))},
    {{"door.host", "text", "Where clients connect: a loopback address."},
     word(BERTH_FIELD(door.host))},
    {{"door.port", "count", "The port of the CAF network; 0: any free one."},
     count(BERTH_FIELD(door.port))},
    {{"door.heartbeat", "time", "How often each end shows that it lives."},
     time(BERTH_FIELD(door.heartbeat))},
    {{"door.silence_max", "time", "How long an end may be silent."},
     time(BERTH_FIELD(door.silence_max))},
    {{"door.clients_max", "count", "How many clients may be connected."},
     count(BERTH_FIELD(door.clients_max))},
    {{"door.message_max", "bytes", "The largest message that is let in."},
     bytes(BERTH_FIELD(door.message_max))},
    {{"door.uids", "list", "Users who may connect, beside root and its own."},
     users()},
    {{"browser.name", "text", "What it is called, beside others."},
     word(BERTH_FIELD(browser.name.value))},
    {{"browser.url", "text", "Attach to this Chrome; empty: launch one."},
     word(BERTH_FIELD(browser.url))},
    {{"browser.program", "text", "What to launch; empty: look on PATH."},
     word(BERTH_FIELD(browser.program))},
    {{"browser.profile", "text", "Its directory; empty: in the state_dir."},
     word(BERTH_FIELD(browser.profile))},
    {{"browser.headless", "yes/no", "Whether it has no visible window."},
     yes_no(BERTH_FIELD(browser.headless))},
    {{"browser.flags", "list", "Flags added to our own."}, flags()},
    {{"browser.start_within", "time", "How long it may take to start."},
     time(BERTH_FIELD(browser.start_within))},
    {{"browser.stop_within", "time", "How long it may take to stop."},
     time(BERTH_FIELD(browser.stop_within))},
    {{"browser.per_key", "count", "Its own admission.per_key; 0: that one."},
     count(BERTH_FIELD(browser.per_key))},
    {{"browser.global", "count", "Its own admission.global; 0: that one."},
     count(BERTH_FIELD(browser.global))},
    {{"browser.tabs", "count", "Its own admission.tabs; 0: that one."},
     count(BERTH_FIELD(browser.tabs))},
    {{"browser.age_max", "time",
      "Recycled when it is older and nobody uses it; 0: never."},
     time(BERTH_FIELD(browser.age_max))},
    {{"browser.tabs_made_max", "count",
      "Recycled after so many tabs when nobody uses it; 0: never."},
     count(BERTH_FIELD(browser.tabs_made_max))},
    {{"browser.memory_max", "bytes",
      "Recycled when it uses more after a tab and nobody uses it; 0: never."},
     bytes(BERTH_FIELD(browser.memory_max))},
    {{"stop.drain_within", "time",
      "How long runs under way may take to end before the daemon does."},
     time(BERTH_FIELD(stop.drain_within))},
    {{"provider.dir", "text", "Your own profiles; empty: the usual place."},
     word(BERTH_FIELD(provider.dir))},
    {{"provider.origins", "origins",
      "Where providers are instead: fixture=http://127.0.0.1:4711"},
     origins()},
    {{"upload.dirs", "list",
      "Where uploads may come from, such as /a:/b; empty: home and /tmp."},
     directories()},
    {{"tab.command_default", "time", "A command's time if it names none."},
     time(BERTH_FIELD(tab.command_default))},
    {{"tab.command_max", "time", "The longest that a command may take."},
     time(BERTH_FIELD(tab.command_max))},
    {{"tab.in_flight_max", "count", "Commands under way in one tab."},
     count(BERTH_FIELD(tab.in_flight_max))},
    {{"tab.request_max", "bytes", "The longest text of a command."},
     bytes(BERTH_FIELD(tab.request_max))},
    {{"tab.answer_max", "bytes", "The largest answer of a command."},
     bytes(BERTH_FIELD(tab.answer_max))},
    {{"tab.probe", "time", "How long a late tab has to show that it lives."},
     time(BERTH_FIELD(tab.probe))},
    {{"tab.open_within", "time", "How long it may take to make a tab."},
     time(BERTH_FIELD(tab.open_within))},
    {{"admission.per_key", "count", "Tabs of one key at once."},
     count(BERTH_FIELD(admission.per_key))},
    {{"admission.keys", "caps", "Caps of single keys: chatgpt=3,gemini=2"},
     caps()},
    {{"admission.global", "count", "Leased tabs of all keys at once."},
     count(BERTH_FIELD(admission.global))},
    {{"admission.tabs", "count", "Tabs at once, popups included."},
     count(BERTH_FIELD(admission.tabs))},
    {{"admission.waiters_max", "count", "Tickets in the queue at once."},
     count(BERTH_FIELD(admission.waiters_max))},
    {{"admission.waiters_per_client_max", "count",
      "Tickets of one client at once."},
     count(BERTH_FIELD(admission.waiters_per_client_max))},
    {{"admission.wait_max", "time", "The longest wait that is granted."},
     time(BERTH_FIELD(admission.wait_max))},
    {{"admission.retry_after_min", "time", "The least `retry_after`."},
     time(BERTH_FIELD(admission.retry_after_min))},
    {{"admission.turn_guess", "time",
      "How long a tab is held, until experience tells."},
     time(BERTH_FIELD(admission.turn_guess))},
    {{"lease.ttl_default", "time",
      "How long a lease lives after its last sign of use."},
     time(BERTH_FIELD(lease.ttl_default))},
    {{"lease.ttl_max", "time", "The longest ttl that is granted."},
     time(BERTH_FIELD(lease.ttl_max))},
    {{"lease.grace_max", "time",
      "How long a lease may outlive its connection at most."},
     time(BERTH_FIELD(lease.grace_max))},
    {{"lease.return_within", "time",
      "How long clients may take to come back after a restart."},
     time(BERTH_FIELD(lease.return_within))},
    {{"target.popups_max", "count", "Popups of one lease."},
     count(BERTH_FIELD(target.popups_max))},
    {{"parked.per_key", "count", "Released tabs that are kept for one key."},
     count(BERTH_FIELD(parked.per_key))},
    {{"parked.max", "count", "Released tabs that are kept for all keys."},
     count(BERTH_FIELD(parked.max))},
    {{"parked.within", "time", "How long they are kept; 0: not at all."},
     time(BERTH_FIELD(parked.within))},
    {{"session.sessions_max", "count", "Sessions that are open at once."},
     count(BERTH_FIELD(sessions.sessions_max))},
    {{"session.interactive_max", "count",
      "Runs of one session that may wait for their turn."},
     count(BERTH_FIELD(session.queue.interactive_max))},
    {{"session.background_max", "count",
      "Background runs of one session that may wait."},
     count(BERTH_FIELD(session.queue.background_max))},
    {{"session.waiters_max", "count",
      "Calls that may wait for runs of one session."},
     count(BERTH_FIELD(session.waiters_max))},
    {{"session.runs_kept_max", "count",
      "Runs of one session that are kept when over."},
     count(BERTH_FIELD(session.runs_kept_max))},
    {{"session.tabs_lost_max", "count", "How often one run may lose its tab."},
     count(BERTH_FIELD(session.tabs_lost_max))},
    {{"session.prompt_max", "bytes", "The longest prompt."},
     bytes(BERTH_FIELD(session.prompt_max))},
    {{"session.stop_within", "time",
      "How soon a run that is told to stop should end."},
     time(BERTH_FIELD(session.stop_within))},
    {{"session.wait_max", "time", "The longest wait of a call for a run."},
     time(BERTH_FIELD(session.wait_max))},
    {{"session.delay_max", "time", "How far ahead a run may be scheduled."},
     time(BERTH_FIELD(session.delay_max))},
    {{"session.idle_max", "time", "How long an unused session stays open."},
     time(BERTH_FIELD(session.idle_max))},
    {{"session.retry_after_min", "time",
      "The least `retry_after` of a session."},
     time(BERTH_FIELD(session.retry_after_min))},
    {{"session.run_guess", "time", "How long a run takes, as far as is known."},
     time(BERTH_FIELD(session.run_guess))},
    {{"timeouts.instant", "time", "How long an instant answer may take."},
     time(BERTH_FIELD(session.times.of_tier[size_t(tier::instant)]))},
    {{"timeouts.standard", "time", "How long a standard answer may take."},
     time(BERTH_FIELD(session.times.of_tier[size_t(tier::standard)]))},
    {{"timeouts.thinking", "time",
      "How long an answer with thinking may take."},
     time(BERTH_FIELD(session.times.of_tier[size_t(tier::thinking)]))},
    {{"timeouts.pro", "time", "How long an answer of a pro model may take."},
     time(BERTH_FIELD(session.times.of_tier[size_t(tier::pro)]))},
    {{"timeouts.heavy", "time", "How long a heavy answer may take."},
     time(BERTH_FIELD(session.times.of_tier[size_t(tier::heavy)]))},
    {{"timeouts.deep_research", "time", "How long deep research may take."},
     time(BERTH_FIELD(session.times.of_tier[size_t(tier::deep_research)]))},
    {{"timeouts.heartbeat", "time", "How often a run shows that it lives."},
     time(BERTH_FIELD(session.times.heartbeat))},
    {{"timeouts.silence", "time", "Then its tab is taken for lost."},
     time(BERTH_FIELD(session.times.silence))},
    {{"timeouts.grace", "time",
      "How long a lease outlives its run's deadline."},
     time(BERTH_FIELD(session.times.grace))},
    {{"timeouts.explicit_max", "time", "The longest timeout that is granted."},
     time(BERTH_FIELD(session.times.explicit_max))},
    {{"restart.restarts_max", "count", "Restarts within the window."},
     count(BERTH_FIELD(restart.restarts_max))},
    {{"restart.window", "time", "What restarts are counted within."},
     time(BERTH_FIELD(restart.window))},
    {{"restart.backoff_min", "time", "The wait before the second restart."},
     time(BERTH_FIELD(restart.backoff_min))},
    {{"restart.backoff_max", "time", "The longest wait before a restart."},
     time(BERTH_FIELD(restart.backoff_max))},
    {{"quarantine.lasts", "time",
      "How long a browser rests that died too often, if there is another."},
     time(BERTH_FIELD(quarantine.lasts))},
    {{"pulse.every", "time",
      "How long Chrome may be silent before it is asked; 0: it never is."},
     time(BERTH_FIELD(pulse.ping_every))},
    {{"pulse.within", "time", "How long it may take to answer that."},
     time(BERTH_FIELD(pulse.ping_within))},
    {{"pulse.idle_misses_max", "count",
      "Replaced after so many misses in a row if it does nothing meanwhile."},
     count(BERTH_FIELD(pulse.idle_misses_max))},
    {{"pulse.busy_misses_max", "count",
      "Replaced after so many misses in a row if it is busy."},
     count(BERTH_FIELD(pulse.busy_misses_max))},
    {{"pulse.crashes_max", "count",
      "Replaced after so many new tabs in a row that crash; 0: never."},
     count(BERTH_FIELD(pulse.crashes_max))},
  };
  return all;
}

#undef BERTH_FIELD

const setting* find(std::string_view name) {
  for (const auto& x : settings())
    if (x.what.name == name)
      return &x;
  return nullptr;
}

} // namespace

const std::vector<option>& options() {
  static const auto all = [] {
    std::vector<option> result;
    for (const auto& x : settings())
      result.push_back(x.what);
    return result;
  }();
  return all;
}

std::optional<std::string>
get_option(const config& from, std::string_view name) {
  if (auto x = find(name))
    return x->how.get(from);
  return std::nullopt;
}

std::optional<std::string>
set_option(config& to, std::string_view name, std::string_view text) {
  if (auto x = find(name))
    return x->how.set(to, text);
  auto near = nearest_option(name);
  return "There is no setting '" + std::string{name} + "'"
         + (near ? "; did you mean '" + *near + "'?" : ".");
}

std::optional<std::string> nearest_option(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& x : settings())
    names.emplace_back(x.what.name);
  return nearest(name, names);
}

} // namespace berth::protocol
