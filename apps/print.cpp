#include "apps/print.hpp"

#include "apps/output.hpp"
#include "protocol/printable.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>
#include <unistd.h>

namespace berth::apps {

using nlohmann::json;
using namespace protocol;

namespace {

/// A clock that was set back makes some times negative; nobody is shown those.
duration shown(duration x) {
  return std::max(x, duration{0});
}

double seconds(duration x) {
  return std::chrono::duration<double>(shown(x)).count();
}

/// A client's id is a random number of 64 bits, which JSON's numbers may not
/// carry.
std::string to_hex(client_id x) {
  char result[17];
  std::snprintf(result, sizeof result, "%016llx",
                static_cast<unsigned long long>(x.value));
  return result;
}

bool is_healthy(const status& x) {
  return x.journal_trouble.empty()
         && std::ranges::any_of(x.browsers, [](const browser_view& one) {
              return one.state == browser_health::ready;
            });
}

const char* health_of(const status& x) {
  if (!x.journal_trouble.empty())
    return "cannot write its journal";
  return is_healthy(x) ? "healthy" : "without Chrome";
}

bool is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

std::string short_id(const std::string& target) {
  return target.size() > 8 ? target.substr(0, 8) : target;
}

} // namespace

// -- JSON ---------------------------------------------------------------------

json to_json(const failure& x) {
  auto [not_done, next, again] = advice_for(x.code);
  json error{{"code", to_string(x.code)},
             {"what", x.what},
             {"not_done", not_done},
             {"next", next}};
  if (x.retry_after > duration{0})
    error["retry_after"] = seconds(x.retry_after);
  if (x.cap > 0) {
    error["active"] = x.active;
    error["cap"] = x.cap;
  }
  if (x.owner > 0)
    error["owner"] = x.owner;
  if (!x.candidates.empty())
    error["candidates"] = x.candidates;
  if (x.code == errc::tab_lost) {
    error["cause"] = to_string(x.cause);
    error["generation"] = x.generation;
    error["restorable"] = x.restorable;
  }
  return {{"error", std::move(error)}};
}

json to_json(const grant& x) {
  return {{"lease", write_credential(x.lease)},
          {"name", to_string(x.lease.ref)},
          {"key", x.key.value},
          {"holder", to_string(x.kind)},
          {"profile", to_string(x.profile)},
          {"target", x.target.value},
          {"generation", x.generation},
          {"expires_in", seconds(x.expires_in)},
          {"browser", x.browser.value}};
}

json to_json(const lease_view& x) {
  return {{"lease", x.lease.value},       {"key", x.key.value},
          {"holder", to_string(x.kind)},  {"profile", to_string(x.profile)},
          {"state", to_string(x.state)},  {"client", to_hex(x.client)},
          {"client_name", x.client_name}, {"pid", x.pid},
          {"target", x.target.value},     {"lost", x.lost},
          {"generation", x.generation},   {"expires_in", seconds(x.expires_in)},
          {"browser", x.browser.value}};
}

json to_json(const event& x) {
  json result{
    {"number", x.number}, {"at", seconds(x.at)}, {"event", to_string(x.kind)}};
  if (x.lease)
    result["lease"] = to_string(lease_ref{x.lease, x.token});
  if (x.client)
    result["client"] = to_hex(x.client);
  if (x.ticket)
    result["ticket"] = x.ticket.value;
  if (x.slot)
    result["slot"] = x.slot.value;
  if (x.session)
    result["session"] = x.session.value;
  if (x.run)
    result["run"] = x.run.value;
  if (x.kind == event_kind::run_progressed)
    result["characters"] = x.length;
  if (!x.key.empty())
    result["key"] = x.key;
  if (!x.target.empty())
    result["target"] = x.target;
  if (x.generation > 0)
    result["generation"] = x.generation;
  if (x.cause != loss_cause::none)
    result["cause"] = to_string(x.cause);
  if (x.kind == event_kind::ticket_issued || x.kind == event_kind::run_queued)
    result["ahead"] = x.ahead;
  if (x.estimate > duration{0})
    result["estimate"] = seconds(x.estimate);
  if (!x.browser.empty())
    result["browser"] = x.browser;
  if (!x.detail.empty())
    result["detail"] = x.detail;
  return result;
}

json to_json(const browser_view& x) {
  return {{"name", x.name.value},
          {"state", to_string(x.state)},
          {"draining", x.draining},
          {"since", seconds(x.since)},
          {"again_in", seconds(x.again_in)},
          {"deaths", x.deaths},
          {"managed", x.managed},
          {"product", x.product},
          {"endpoint", x.endpoint},
          {"pid", x.pid},
          {"starts", x.starts},
          {"slots", x.slots},
          {"slots_max", x.slots_max},
          {"waiting", x.waiting},
          {"tabs", x.tabs},
          {"tabs_max", x.tabs_max},
          {"unowned", x.unowned},
          {"parked", x.parked},
          {"trouble", x.trouble}};
}

json to_json(const status& x) {
  json result{{"version", x.version},
              {"pid", x.pid},
              {"healthy", is_healthy(x)},
              {"journal_trouble", x.journal_trouble},
              {"log_trouble", x.log_trouble},
              {"epoch", x.epoch},
              {"uptime", seconds(x.uptime)},
              {"clients", x.clients},
              {"slots", x.slots},
              {"slots_max", x.slots_max},
              {"tabs_max", x.tabs_max},
              {"browsers", json::array()},
              {"keys", json::array()},
              {"leases", json::array()},
              {"tickets", json::array()}};
  for (const auto& browser : x.browsers)
    result["browsers"].push_back(to_json(browser));
  for (const auto& key : x.keys)
    result["keys"].push_back({{"key", key.key.value},
                              {"browser", key.browser.value},
                              {"active", key.active},
                              {"cap", key.cap},
                              {"waiting", key.waiting}});
  for (const auto& lease : x.leases)
    result["leases"].push_back(to_json(lease));
  for (const auto& ticket : x.tickets)
    result["tickets"].push_back({{"ticket", ticket.ticket.value},
                                 {"client", to_hex(ticket.client)},
                                 {"key", ticket.key.value},
                                 {"browser", ticket.browser.value},
                                 {"ahead", ticket.ahead},
                                 {"estimate", seconds(ticket.estimate)},
                                 {"expires_in", seconds(ticket.expires_in)}});
  return result;
}

void print_line(const json& x) {
  // JSON leaves some characters as they are that move a terminal's cursor.
  auto text = x.dump(-1, ' ', is_terminal(), json::error_handler_t::replace);
  std::printf("%s\n", text.c_str());
  std::ignore = output_is_lost(); // Whoever must know asks again.
}

std::string to_be_shown(std::string_view document) {
  return is_terminal() ? printable(document, text_shape::block)
                       : std::string{document};
}

// -- text ---------------------------------------------------------------------

std::string to_table(std::vector<std::vector<std::string>> rows) {
  std::vector<size_t> widths;
  for (auto& row : rows)
    for (auto& cell : row)
      cell = printable(cell);
  for (const auto& row : rows)
    for (size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i)
        widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string result;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size())
        line.append(widths[i] + 2 - row[i].size(), ' ');
    }
    result += line + "\n";
  }
  return result;
}

namespace {

/// `connection agent-1, process 4711`
std::string holder_of(const lease_view& x) {
  std::string result = to_string(x.kind);
  if (!x.client_name.empty())
    result += ' ' + x.client_name;
  if (x.pid > 0)
    result += ", process " + std::to_string(x.pid);
  return result;
}

} // namespace

std::string to_text(const std::vector<lease_view>& x) {
  std::vector<std::vector<std::string>> rows{{"LEASE", "KEY", "BROWSER",
                                              "STATE", "HOLDER", "PROFILE",
                                              "TARGET", "EXPIRES IN"}};
  for (const auto& lease : x)
    rows.push_back(
      {std::to_string(lease.lease.value), lease.key.value, lease.browser.value,
       std::string{to_string(lease.state)} + (lease.lost ? ", tab lost" : ""),
       holder_of(lease), to_string(lease.profile), short_id(lease.target.value),
       to_string(shown(lease.expires_in))});
  return x.empty() ? "no leases\n" : to_table(rows);
}

/// `browser  work: ready for 2m, drained, ...`
std::string to_text(const browser_view& x) {
  std::ostringstream out;
  out << "browser  " << printable(x.name.value) << ": " << to_string(x.state)
      << " for "
      << to_string(
           duration{std::chrono::floor<std::chrono::seconds>(shown(x.since))})
      << (x.draining ? ", drained" : "");
  if (x.again_in > duration{0})
    out << ", tried again in " << to_string(x.again_in);
  if (!x.product.empty())
    out << ", " << printable(x.product);
  out << (x.managed ? ", managed" : ", attached")
      << (x.pid > 0 ? ", process " + std::to_string(x.pid) : "") << ", "
      << x.deaths << (x.deaths == 1 ? " death" : " deaths") << "\n         "
      << x.slots << " of " << x.slots_max << " slots, " << x.waiting
      << " waiting, " << x.tabs << " of " << x.tabs_max << " tabs leased, "
      << x.parked << " parked, " << x.unowned << " others\n";
  if (!x.trouble.empty())
    out << "trouble  " << printable(x.trouble) << "\n";
  return out.str();
}

std::string to_text(const status& x) {
  std::ostringstream out;
  out << "berth " << printable(x.version) << ", process " << x.pid << ", epoch "
      << x.epoch << ", up " << to_string(shown(x.uptime)) << ", "
      << health_of(x) << "\n";
  if (!x.journal_trouble.empty())
    out << "trouble  " << printable(x.journal_trouble) << "\n";
  if (!x.log_trouble.empty())
    out << "log      " << printable(x.log_trouble) << "\n";
  for (const auto& browser : x.browsers)
    out << to_text(browser);
  out << "slots    " << x.slots << " of " << x.slots_max << " in use, "
      << x.tickets.size() << " waiting, " << x.clients << " clients\n\n";
  std::vector<std::vector<std::string>> keys{
    {"KEY", "BROWSER", "ACTIVE", "CAP", "WAITING"}};
  for (const auto& key : x.keys)
    keys.push_back({key.key.value, key.browser.value,
                    std::to_string(key.active), std::to_string(key.cap),
                    std::to_string(key.waiting)});
  if (keys.size() > 1)
    out << to_table(keys) << "\n";
  out << to_text(x.leases);
  std::vector<std::vector<std::string>> tickets{
    {"TICKET", "KEY", "BROWSER", "AHEAD", "ESTIMATE", "EXPIRES IN"}};
  for (const auto& ticket : x.tickets)
    tickets.push_back({std::to_string(ticket.ticket.value), ticket.key.value,
                       ticket.browser.value, std::to_string(ticket.ahead),
                       to_string(shown(ticket.estimate)),
                       to_string(shown(ticket.expires_in))});
  if (tickets.size() > 1)
    out << "\n" << to_table(tickets);
  return out.str();
}

namespace {

/// A page's words may have several lines; none of them looks like one of ours.
std::string indented(std::string_view text) {
  std::string result;
  for (char c : printable(text, text_shape::block))
    if (result.ends_with('\n') && c != ' ')
      result.append("  ").push_back(c);
    else
      result.push_back(c);
  return result;
}

} // namespace

std::string to_text(const failure& x) {
  auto [not_done, next, again] = advice_for(x.code);
  auto result = std::string{to_string(x.code)} + ": " + indented(x.what) + "\n";
  if (*not_done)
    result += "  " + std::string{not_done} + "\n";
  if (x.code == errc::tab_lost)
    result += x.restorable ? "  It can be recovered: berth lease recover.\n"
                           : "  It cannot be recovered.\n";
  if (x.retry_after > duration{0})
    result += "  Retry after " + to_string(x.retry_after) + ".\n";
  if (!x.candidates.empty()) {
    result += "  Candidates:";
    for (auto candidate : x.candidates)
      result += ' ' + std::to_string(candidate);
    result += '\n';
  }
  if (*next)
    result += "  " + std::string{next} + "\n";
  return result;
}

std::string to_text(const event& x) {
  std::ostringstream out;
  char at[32];
  std::snprintf(at, sizeof at, "%10.3f", seconds(x.at));
  out << at << "  " << to_string(x.kind);
  if (x.lease)
    out << "  lease " << to_string(lease_ref{x.lease, x.token});
  if (x.ticket)
    out << "  ticket " << x.ticket.value;
  if (x.session)
    out << "  session " << x.session.value;
  if (x.run)
    out << "  run " << x.run.value;
  if (x.kind == event_kind::run_progressed)
    out << "  " << x.length << " characters";
  if (!x.key.empty())
    out << "  key " << x.key;
  if (!x.target.empty())
    out << "  tab " << short_id(x.target);
  if (!x.browser.empty())
    out << "  in " << x.browser;
  if (x.cause != loss_cause::none)
    out << "  " << to_string(x.cause);
  if (!x.detail.empty())
    out << "  " << x.detail;
  return printable(out.str()) + "\n"; // All of an event is on one line.
}

} // namespace berth::apps
