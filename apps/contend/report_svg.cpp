#include "apps/contend/report.hpp"
#include "apps/print.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace berth::apps::contend {

using namespace protocol;

namespace {

constexpr double gutter = 64, faults_height = 26, lane_height = 30,
                 lane_gap = 6, queue_height = 64, axis_height = 26,
                 label_margin = 4, digit_width = 7.5;

std::string num(double x) {
  char result[32];
  std::snprintf(result, sizeof result, "%.1f", x);
  return result;
}

double seconds(duration x) {
  return std::chrono::duration<double>(x).count();
}

std::string text(double x, double y, const std::string& what,
                 const char* anchor, const char* style) {
  return "<text x=\"" + num(x) + "\" y=\"" + num(y) + "\" class=\"" + style
         + "\" text-anchor=\"" + anchor + "\">" + escape(what) + "</text>";
}

std::string rect(double x, double y, double width, double height,
                 const std::string& style) {
  return "<rect x=\"" + num(x) + "\" y=\"" + num(y) + "\" width=\"" + num(width)
         + "\" height=\"" + num(height) + "\" class=\"" + style + "\"/>";
}

std::string
line(double x1, double y1, double x2, double y2, const char* style) {
  return "<line x1=\"" + num(x1) + "\" y1=\"" + num(y1) + "\" x2=\"" + num(x2)
         + "\" y2=\"" + num(y2) + "\" class=\"" + style + "\"/>";
}

class drawing {
public:
  explicit drawing(const run_result& x) : run_{x} {
    auto& all = x.what;
    end_ = std::max(all.last, duration{std::chrono::seconds{1}});
    begin_ = end_;
    for (auto& agent : all.agents)
      begin_ = std::min(begin_, agent.from);
    for (auto& held : all.holdings)
      lanes_ = std::max(lanes_, held.lane + 1);
    for (auto& step : all.queue)
      most_waiting_ = std::max(most_waiting_, step.waiting);
    auto length = std::max(1.0, seconds(end_ - begin_));
    scale_ = std::clamp(1000 / length, 14.0, 60.0);
    width_ = gutter + length * scale_ + 16;
    queue_top_ = top_of(lanes_) + 14;
    height_ = queue_top_ + queue_height + axis_height;
  }

  std::string draw() const {
    auto size = "width=\"" + num(width_) + "\" height=\"" + num(height_) + "\"";
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size
           + " role=\"img\" aria-label=\"Who held which tab, and when\">\n"
             "<defs><pattern id=\"out\" width=\"6\" height=\"6\" "
             "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
             "<rect width=\"3\" height=\"6\" class=\"hatch\"/></pattern>"
             "</defs>\n"
           + axis() + holdings() + queue() + strikes() + "</svg>\n";
  }

private:
  double x_of(duration at) const {
    return gutter + seconds(at - begin_) * scale_;
  }

  static double top_of(size_t lane) {
    return faults_height + static_cast<double>(lane) * (lane_height + lane_gap);
  }

  std::string axis() const {
    std::string result;
    // A tick about every hundred pixels, at a round number of seconds.
    double every = 1;
    for (auto step : {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600})
      if (every = step; every * scale_ >= 90)
        break;
    auto bottom = height_ - axis_height;
    auto ticks = static_cast<int>(seconds(end_ - begin_) / every);
    for (int i = 0; i <= ticks; ++i) {
      auto s = i * every;
      auto x = gutter + s * scale_;
      result += line(x, faults_height, x, bottom, "grid");
      result += text(x, bottom + 17, num(s) + " s", "middle", "small");
    }
    for (size_t i = 0; i < lanes_; ++i)
      result += text(gutter - 10, top_of(i) + lane_height / 2 + 4,
                     "tab " + std::to_string(i + 1), "end", "small");
    return result + "\n";
  }

  std::string holdings() const {
    std::string result;
    for (auto& x : run_.what.holdings)
      result += draw(x);
    return result;
  }

  std::string draw(const holding& x) const {
    auto who = x.agent ? &run_.what.agents[*x.agent] : nullptr;
    auto ended = x.ended.value_or(end_);
    auto gone = x.to.value_or(ended);
    auto top = top_of(x.lane);
    auto left = x_of(x.from);
    auto width = std::max(1.5, x_of(ended) - left);
    auto style = who ? "seat seat" + std::to_string(who->seat) : "seat";
    std::string result = "<g><title>" + escape(story_of(x, who)) + "</title>"
                         + rect(left, top, width, lane_height, style);
    if (gone > ended)
      result += rect(x_of(ended), top, x_of(gone) - x_of(ended), lane_height,
                     style + " closing");
    for (auto& out : x.outages)
      result += rect(x_of(out.from), top,
                     x_of(out.to.value_or(ended)) - x_of(out.from), lane_height,
                     "outage");
    auto label = who ? short_name(*who) : x.talk ? "T" : "?";
    if (width > label_margin + digit_width * static_cast<double>(label.size()))
      result += text(left + width / 2, top + lane_height / 2 + 4, label,
                     "middle", "holder");
    if (x.strike)
      result += rect(x_of(ended) - 1.5, top - 2, 3, lane_height + 4, "struck");
    return result + "</g>\n";
  }

  static std::string short_name(const agent_record& x) {
    return x.name.substr(x.name.find('-') + 1);
  }

  std::string story_of(const holding& x, const agent_record* who) const {
    auto ended = x.ended.value_or(end_);
    auto result = (who ? who->name : "unknown") + ", lease "
                  + std::to_string(x.lease.value) + ": held "
                  + to_string(ended - x.from)
                  + (x.reason.empty() ? "" : ", " + x.reason);
    for (auto& out : x.outages)
      result
        += "; tab lost for " + to_string(out.to.value_or(ended) - out.from);
    return result;
  }

  std::string queue() const {
    auto bottom = queue_top_ + queue_height - 8;
    auto most = std::max<size_t>(1, most_waiting_);
    auto y_of = [&](size_t waiting) {
      return bottom
             - (queue_height - 8) * static_cast<double>(waiting)
                 / static_cast<double>(most);
    };
    auto path = "M" + num(x_of(begin_)) + " " + num(bottom);
    for (auto& step : run_.what.queue)
      path += " H" + num(x_of(step.at)) + " V" + num(y_of(step.waiting));
    path += " H" + num(x_of(end_)) + " V" + num(bottom) + " Z";
    return "<path d=\"" + path
           + "\" class=\"queue\"><title>Agents that wait in "
             "the queue</title></path>\n"
           + text(gutter - 10, queue_top_ + 10,
                  "wait: " + std::to_string(most_waiting_), "end", "small")
           + text(gutter - 10, bottom, "0", "end", "small") + "\n";
  }

  std::string strikes() const {
    std::string result;
    for (auto& x : run_.what.strikes) {
      auto at = x_of(x.at);
      auto told = std::string{title_of(x.what)}
                  + (x.whom.empty() ? "" : ": " + x.whom) + ", at "
                  + num(seconds(x.at - begin_)) + " s";
      result += "<g><title>" + escape(told) + "</title>"
                + line(at, faults_height - 6, at, queue_top_ + queue_height - 8,
                       "strike")
                + "<circle cx=\"" + num(at) + "\" cy=\"11\" r=\"9\" class=\""
                + flag_of(x.what) + "\"/>"
                + text(at, 15, std::string{letter_of(x.what)}, "middle", "mark")
                + "</g>\n";
    }
    return result;
  }

  const run_result& run_;
  duration begin_{}, end_{};
  size_t lanes_ = 0;
  size_t most_waiting_ = 0;
  double scale_ = 1, width_ = 0, height_ = 0, queue_top_ = 0;
};

} // namespace

std::string svg_timeline(const run_result& x) {
  return drawing{x}.draw();
}

} // namespace berth::apps::contend
