#include "apps/session_print.hpp"

#include "apps/print.hpp"
#include "protocol/printable.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace berth::apps {

using nlohmann::json;
using namespace protocol;

namespace {

double seconds(duration x) {
  return std::chrono::duration<double>(std::max(x, duration{0})).count();
}

/// For people: no more than two units, and none below a second.
std::string rough(duration x) {
  return to_string(duration{
    std::chrono::floor<std::chrono::seconds>(std::max(x, duration{0}))});
}

std::string number(uint64_t x) {
  return std::to_string(x);
}

} // namespace

json to_json(const run_view& x) {
  json result{{"session", x.session.value},  {"run", x.run.value},
              {"state", to_string(x.state)}, {"ending", x.ending},
              {"background", x.background},  {"elapsed", seconds(x.elapsed)},
              {"left", seconds(x.left)},     {"characters", x.length}};
  for (auto [name, text] : {std::pair{"provider", &x.provider},
                            {"url", &x.url},
                            {"title", &x.title}})
    if (!text->empty())
      result[name] = *text;
  if (x.state == session_state::queued) {
    result["hold"] = to_string(x.hold);
    result["ahead"] = x.ahead;
    result["due_in"] = seconds(x.due_in);
  }
  if (x.state == session_state::complete)
    result["answer"] = x.answer;
  if (x.why.code != errc::ok)
    result.update(to_json(x.why));
  return result;
}

json to_json(const session_view& x) {
  json result{{"session", x.session.value},  {"provider", x.provider},
              {"state", to_string(x.state)}, {"url", x.url},
              {"owner", x.owner.value},      {"queued", x.queued},
              {"waiting", x.waiting},        {"unused", seconds(x.unused)},
              {"browser", x.browser.value},  {"runs", json::array()}};
  for (const auto& run : x.runs) {
    result["runs"].push_back(to_json(run));
    result["runs"].back().erase("answer"); // It is not in this view.
  }
  return result;
}

std::string to_text(const run_view& x) {
  auto result = "run " + number(x.run.value) + ' ' + to_string(x.state);
  if (x.state == session_state::queued) {
    result += std::string{", "} + to_string(x.hold);
    if (x.due_in > duration{0})
      result += ", starts in " + rough(x.due_in);
    return result + ", " + number(x.ahead) + " ahead";
  }
  if (x.elapsed > duration{0})
    result += ", " + rough(x.elapsed);
  if (x.left > duration{0})
    result += ", " + rough(x.left) + " left";
  if (x.length > 0)
    result += ", " + number(x.length) + " characters";
  if (x.why.code != errc::ok)
    result += std::string{", "} + to_string(x.why.code);
  if (x.ending)
    result += ", not seen to end yet";
  return result;
}

std::string to_text(const session_view& x) {
  std::ostringstream out;
  out << "session " << x.session.value << ", " << printable(x.provider) << ", "
      << (x.browser ? "in " + printable(x.browser.value) + ", " : "")
      << to_string(x.state) << ", " << x.queued << " queued, " << x.waiting
      << " calls waiting, unused for " << rough(x.unused) << '\n';
  if (!x.url.empty())
    out << printable(x.url) << '\n';
  for (const auto& run : x.runs)
    out << to_text(run) << '\n';
  return out.str();
}

std::string to_text(const std::vector<session_view>& x) {
  std::vector<std::vector<std::string>> rows{{"SESSION", "PROVIDER", "BROWSER",
                                              "STATE", "RUN", "QUEUED",
                                              "UNUSED", "ADDRESS"}};
  for (const auto& session : x)
    rows.push_back({number(session.session.value), session.provider,
                    session.browser ? session.browser.value : "-",
                    to_string(session.state),
                    session.owner ? number(session.owner.value) : "-",
                    number(session.queued), rough(session.unused),
                    session.url.empty() ? "-" : session.url});
  return x.empty() ? "no sessions\n" : to_table(rows);
}

std::string answer_of(const run_view& x, answer_format how) {
  if (how == answer_format::json)
    return to_json(x).dump(-1, ' ', false, json::error_handler_t::replace)
           + '\n';
  auto text = x.answer + (x.answer.ends_with('\n') ? "" : "\n");
  if (how == answer_format::text)
    return text;
  auto title = x.title.empty() ? "Session " + number(x.session.value) : x.title;
  return "# " + printable(title) + "\n\n"
         + (x.url.empty() ? "" : '<' + printable(x.url) + ">\n\n") + text;
}

} // namespace berth::apps
