#include "apps/contend/report.hpp"
#include "apps/print.hpp"

#include <cstdio>

namespace berth::apps::contend {

using namespace protocol;

namespace {

using rows = std::vector<std::vector<std::string>>;

constexpr const char* style = R"(
:root{color-scheme:light dark;--paper:#fcfcfb;--ink:#1b1d22;--soft:#666b75;
--rule:#dcdee3;--card:#fff;--good:#1f7a44;--bad:#c0271d;--queue:#8793a8;
--sat:58%;--light:72%;--on:#16181d;--kill:#c0271d;--stop:#8a5a00;
--crash:#7a3db8;--chromium:#1c5fb0;--daemon:#35363b}
@media (prefers-color-scheme:dark){:root{--paper:#15171b;--ink:#e8eaee;
--soft:#9aa1ad;--rule:#31353d;--card:#1d2026;--good:#5fcf8d;--bad:#ff8178;
--queue:#596478;--sat:42%;--light:40%;--on:#f6f7f9;--kill:#e0483d;
--stop:#b98318;--crash:#9b66d6;--chromium:#3f83d8;--daemon:#777c87}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1180px;padding:32px 24px 64px;
background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:26px;margin:0 0 4px}h2{font-size:17px;margin:36px 0 10px}
p{margin:4px 0}.soft{color:var(--soft)}
.verdict{display:inline-block;margin-top:12px;padding:3px 12px;
border-radius:99px;font-weight:600;border:1.5px solid}
.kept{color:var(--good)}.broken{color:var(--bad)}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(126px,1fr));
gap:10px;margin-top:22px}
.sum{background:var(--card);border:1px solid var(--rule);border-radius:10px;
padding:10px 14px}.sum b{display:block;font-size:23px;line-height:1.25;
font-variant-numeric:tabular-nums}.sum span{color:var(--soft);font-size:13px}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--rule);
border-radius:10px;padding:12px 8px}
.halves{display:grid;gap:0 40px;
grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr))}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
th,td{text-align:left;padding:4px 18px 4px 0;border-bottom:1px solid
var(--rule);vertical-align:top}th{color:var(--soft);font-weight:500;
font-size:13px}td.n,th.n{text-align:right;
white-space:nowrap;padding:4px 0 4px 12px}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;margin-top:10px;
font-size:13px;color:var(--soft)}.legend i{display:inline-block;
vertical-align:middle;width:18px;
height:18px;border-radius:99px;color:#fff;font:600 11px/18px system-ui;
text-align:center;margin-right:6px}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
svg{display:block;font:12px system-ui,sans-serif}
svg .small{fill:var(--soft)}svg .grid{stroke:var(--rule)}
svg .seat{fill:hsl(var(--hue,0) var(--sat) var(--light));rx:3;
stroke:var(--card);stroke-width:1}
svg .closing{opacity:.35}svg .holder{fill:var(--on);font-weight:600}
svg .hatch{fill:var(--bad)}svg .outage{fill:url(#out);opacity:.75}
svg .struck{fill:var(--bad)}svg .queue{fill:var(--queue);opacity:.55}
svg .strike{stroke:var(--ink);stroke-opacity:.45;stroke-dasharray:2 3}
svg .mark{fill:#fff;font-weight:600;font-size:11px}
.kill{background:var(--kill);fill:var(--kill)}
.stop{background:var(--stop);fill:var(--stop)}
.crash{background:var(--crash);fill:var(--crash)}
.chromium{background:var(--chromium);fill:var(--chromium)}
.daemon{background:var(--daemon);fill:var(--daemon)}
.lost{background:repeating-linear-gradient(45deg,var(--bad) 0 3px,
transparent 3px 6px)}
)";

std::string decimal(double x, const char* format = "%.1f") {
  char result[32];
  std::snprintf(result, sizeof result, format, x);
  return result;
}

std::string ms(duration x) {
  return decimal(std::chrono::duration<double, std::milli>(x).count()) + " ms";
}

std::string at(duration x) {
  return decimal(std::chrono::duration<double>(x).count(), "%.2f") + " s";
}

/// @param numbers From this column on they are numbers.
std::string table(const rows& all, size_t numbers) {
  std::string result = "<div class=\"wide\"><table>\n";
  for (size_t i = 0; i < all.size(); ++i) {
    auto tag = i == 0 ? "th" : "td";
    result += "<tr>";
    for (size_t j = 0; j < all[i].size(); ++j)
      result += std::string{"<"} + tag + (j >= numbers ? " class=\"n\">" : ">")
                + escape(all[i][j]) + "</" + tag + ">";
    result += "</tr>\n";
  }
  return result + "</table></div>\n";
}

std::string section(const char* title, const std::string& inside) {
  return std::string{"<section><h2>"} + title + "</h2>\n" + inside
         + "</section>\n";
}

/// Hues far from each other, whoever sits side by side.
std::string seat_colours(const run_result& x) {
  std::string result;
  for (size_t seat = 1; seat <= x.asked.agents; ++seat)
    result += ".seat" + std::to_string(seat)
              + "{--hue:" + std::to_string(seat * 137 % 360) + "}";
  return result + "\n";
}

std::string head(const run_result& x, const std::vector<finding>& found) {
  auto kept = all_kept(found);
  return "<h1>Contention on a real Chromium</h1>\n<p class=\"soft\">"
         + std::to_string(x.asked.agents) + " agents, "
         + std::to_string(x.asked.tabs) + " tabs, "
         + escape(to_string(x.asked.length)) + ", a fault about every "
         + escape(to_string(x.asked.every)) + ", seed "
         + std::to_string(x.asked.seed) + "</p>\n<p class=\"verdict "
         + (kept ? "kept\">Every promise was kept"
                 : "broken\">A promise was broken")
         + "</p>\n";
}

std::string sums(const figures& n) {
  std::vector<std::pair<std::string, std::string>> all{
    {std::to_string(n.commands), "commands"},
    {std::to_string(n.wrong), "wrong answers"},
    {std::to_string(n.turns), "turns"},
    {std::to_string(n.refusals), "refusals"},
    {std::to_string(n.tabs_lost), "tabs lost"},
    {std::to_string(n.recoveries), "recoveries"},
    {decimal(n.jain, "%.3f"), "Jain index of turns"},
    {std::to_string(n.orphans), "orphans left"}};
  std::string result = "<div class=\"sums\">\n";
  for (auto& [value, name] : all)
    result.append("<div class=\"sum\"><b>")
      .append(value)
      .append("</b><span>")
      .append(name)
      .append("</span></div>\n");
  return result + "</div>\n";
}

std::string promises(const std::vector<finding>& found) {
  std::string result = "<table>\n";
  for (auto& x : found)
    result += std::string{"<tr><td class=\""}
              + (x.kept ? "kept\">kept" : "broken\"><b>broken</b>")
              + "</td><td>" + escape(x.name) + "</td><td>" + escape(x.what)
              + "</td></tr>\n";
  return section("Promises", result + "</table>\n");
}

std::string timeline(const run_result& x) {
  std::string result = "<h2>Who held which tab</h2>\n<div class=\"scroll\">\n"
                       + svg_timeline(x) + "</div>\n<div class=\"legend\">";
  for (auto kind : all_faults)
    result += std::string{"<span><i class=\""} + flag_of(kind) + "\">"
              + letter_of(kind) + "</i>" + title_of(kind) + "</span>";
  return result
         + "<span><i class=\"lost\"></i>tab lost, until recovered</span>"
           "<span>A number is the agent's; one after a dot came in the place "
           "of a killed one. T: a conversation's. Pale: the tab is being "
           "closed.</span></div>\n";
}

std::string strikes(const run_result& x) {
  rows all{{"Fault", "Whom", "At", "Seen after"}};
  for (auto& s : x.what.strikes)
    all.push_back({title_of(s.what), s.whom, at(s.at),
                   s.seen   ? ms(*s.seen - s.at)
                   : s.moot ? "too late"
                            : "never"});
  return section("Faults", table(all, 2));
}

std::string reclaims(const figures& n) {
  rows all{{"A slot came back after", "Count", "p50", "p99", "Max"}};
  for (auto& r : n.reclaims)
    all.push_back(
      {name_of(r), std::to_string(r.count), ms(r.p50), ms(r.p99), ms(r.max)});
  return section("Reclaimed", table(all, 1));
}

std::string failures(const run_result& x) {
  rows all{{"Failure that agents were told", "Count"}};
  for (auto& [code, times] : x.what.failures)
    all.push_back({to_string(code), std::to_string(times)});
  auto result = table(all, 1);
  for (auto& why : x.what.unexplained)
    result += "<p class=\"broken\">Without a fault: " + escape(why) + "</p>\n";
  for (auto& m : x.what.mistakes)
    result += "<p class=\"broken\">" + escape(m.agent) + " got <code>"
              + escape(m.got) + "</code> instead of <code>" + escape(m.expected)
              + "</code></p>\n";
  return section("Failures", result);
}

std::string agents(const run_result& x) {
  rows all{{"Agent", "By", "Fate", "Turns", "Commands", "Refusals", "Wrong"}};
  for (auto& a : x.what.agents)
    all.push_back({a.name, a.by_cli ? "command line" : "library", fate_of(a),
                   std::to_string(a.turns), std::to_string(a.commands),
                   std::to_string(a.refusals), std::to_string(a.wrong)});
  return section("Agents", table(all, 3));
}

} // namespace

std::string html_report(const run_result& x) {
  auto n = count(x);
  auto found = judge(x);
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta "
         "charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width\">\n<title>Contention, seed "
         + std::to_string(x.asked.seed) + "</title>\n<style>" + style
         + seat_colours(x) + "</style>\n</head>\n<body>\n" + head(x, found)
         + sums(n) + timeline(x) + "<div class=\"halves\">\n<div>"
         + promises(found) + reclaims(n) + failures(x) + "</div>\n<div>"
         + strikes(x) + agents(x) + "</div>\n</div>\n</body>\n</html>\n";
}

} // namespace berth::apps::contend
