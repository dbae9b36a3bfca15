#include "apps/contend/report.hpp"

#include "apps/print.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace berth::apps::contend {

using namespace protocol;
using nlohmann::json;

namespace {

double seconds(duration x) {
  return std::chrono::duration<double>(x).count();
}

double milliseconds(duration x) {
  return std::chrono::duration<double, std::milli>(x).count();
}

std::string ms(duration x) {
  char result[32];
  std::snprintf(result, sizeof result, "%.1f ms", milliseconds(x));
  return result;
}

std::string to_text(double x) {
  char result[32];
  std::snprintf(result, sizeof result, "%.3f", x);
  return result;
}

} // namespace

std::string text_report(const run_result& x) {
  auto n = count(x);
  std::vector<std::vector<std::string>> sums{
    {"commands", std::to_string(n.commands)},
    {"turns", std::to_string(n.turns)},
    {"wrong answers", std::to_string(n.wrong)},
    {"refusals", std::to_string(n.refusals)},
    {"tabs lost", std::to_string(n.tabs_lost)},
    {"recoveries", std::to_string(n.recoveries)},
    {"Jain index", to_text(n.jain)},
    {"orphans left", std::to_string(n.orphans)}};
  auto result = to_table(sums);
  if (!n.reclaims.empty()) {
    std::vector<std::vector<std::string>> rows{
      {"SLOT BACK AFTER", "COUNT", "P50", "P99", "MAX"}};
    for (auto& r : n.reclaims)
      rows.push_back(
        {name_of(r), std::to_string(r.count), ms(r.p50), ms(r.p99), ms(r.max)});
    result += "\n" + to_table(rows);
  }
  if (!x.what.failures.empty()) {
    std::vector<std::vector<std::string>> rows{{"FAILURE", "COUNT"}};
    for (auto& [code, times] : x.what.failures)
      rows.push_back({to_string(code), std::to_string(times)});
    result += "\n" + to_table(rows);
  }
  for (auto& m : x.what.mistakes)
    result += "\nWRONG  " + m.agent + " got " + m.got + "\n       instead of "
              + m.expected + "\n";
  if (!x.talks.failures.empty()) {
    std::vector<std::vector<std::string>> rows{
      {"OF CONVERSATIONS", "COUNT"},
      {"never sent", std::to_string(x.talks.unsent)}};
    for (auto& [code, times] : x.talks.failures)
      rows.push_back({to_string(code), std::to_string(times)});
    result += "\n" + to_table(rows);
  }
  for (auto& why : x.what.unexplained)
    result += "\nUNEXPLAINED  " + why + "\n";
  std::vector<std::vector<std::string>> verdicts;
  for (auto& f : judge(x))
    verdicts.push_back({f.kept ? "  kept" : "  BROKEN", f.name, f.what});
  return result + "\nPromises:\n" + to_table(verdicts);
}

json json_report(const run_result& x) {
  auto n = count(x);
  auto found = judge(x);
  json result{{"seed", x.asked.seed},
              {"agents", x.asked.agents},
              {"tabs", x.asked.tabs},
              {"seconds", seconds(x.asked.length)},
              {"commands", n.commands},
              {"turns", n.turns},
              {"wrong", n.wrong},
              {"refusals", n.refusals},
              {"tabs_lost", n.tabs_lost},
              {"recoveries", n.recoveries},
              {"unexplained", n.unexplained},
              {"jain", n.jain},
              {"tabs_most", n.tabs_most},
              {"orphans", n.orphans},
              {"reclaims", json::array()},
              {"faults", json::object()},
              {"failures", json::object()},
              {"promises", json::array()},
              {"kept", all_kept(found)}};
  for (auto& r : n.reclaims)
    result["reclaims"].push_back({{"fault", flag_of(r.what)},
                                  {"by", r.by_cli ? "cli" : "library"},
                                  {"count", r.count},
                                  {"p50_ms", milliseconds(r.p50)},
                                  {"p99_ms", milliseconds(r.p99)},
                                  {"max_ms", milliseconds(r.max)}});
  for (auto& f : n.faults)
    result["faults"][flag_of(f.what)]
      = {{"struck", f.struck}, {"seen", f.seen}, {"moot", f.moot}};
  for (auto& [code, times] : x.what.failures)
    result["failures"][to_string(code)] = times;
  if (x.asked.talks > 0) {
    auto& t = x.talks;
    auto& to = result["conversations"];
    to = {{"sessions", t.sessions},    {"lost", t.lost},
          {"turns", t.turns},          {"wrong", t.wrong},
          {"unsent", t.unsent},        {"doubled", t.doubled},
          {"failures", json::object()}};
    for (auto& [code, times] : t.failures)
      to["failures"][to_string(code)] = times;
  }
  for (auto& f : found)
    result["promises"].push_back(
      {{"promise", f.name}, {"kept", f.kept}, {"what", f.what}});
  return result;
}

std::string junit_report(const run_result& x) {
  auto found = judge(x);
  auto broken = std::count_if(found.begin(), found.end(), [](auto& f) {
    return !f.kept;
  });
  auto counts = " tests=\"" + std::to_string(found.size()) + "\" failures=\""
                + std::to_string(broken) + "\" time=\""
                + to_text(seconds(x.asked.length)) + "\"";
  auto result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<testsuites>\n<testsuite name=\"contend.seed-"
                + std::to_string(x.asked.seed) + "\"" + counts + ">\n";
  for (auto& f : found) {
    result += "<testcase classname=\"contend\" name=\"" + escape(f.name) + "\"";
    result += f.kept ? "/>\n"
                     : ">\n<failure message=\"" + escape(f.what)
                         + "\"/>\n</testcase>\n";
  }
  return result + "</testsuite>\n</testsuites>\n";
}

std::string escape(const std::string& text) {
  std::string result;
  for (char c : text)
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
          result += c;
    }
  return result;
}

} // namespace berth::apps::contend
