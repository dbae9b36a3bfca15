#include "cdp/page_traces.hpp"

#include "cdp/read_json.hpp"

#include <algorithm>
#include <cctype>

namespace berth::cdp {

namespace {

/// To show one takes some ten milliseconds.
constexpr size_t origins_max = 16;

bool stores_nothing(std::string_view url) {
  for (auto scheme : {"about:", "data:", "javascript:", "chrome-error:"})
    if (url.starts_with(scheme))
      return true;
  return url.empty();
}

/// The last two parts of its host: what is of one site has these in common.
std::string_view site_of(std::string_view origin) {
  auto host = origin.substr(origin.find("//") + 2);
  host = host.substr(0, host.find(':'));
  auto dot = host.rfind('.');
  if (dot != std::string_view::npos && dot > 0)
    dot = host.rfind('.', dot - 1);
  return dot == std::string_view::npos ? host : host.substr(dot + 1);
}

} // namespace

std::string origin_of(std::string_view url) {
  if (url.starts_with("blob:"))
    url.remove_prefix(5);
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return {};
  auto from = url.find("//") + 2;
  auto end = std::min(url.find_first_of("/?#\\", from), url.size());
  auto host = url.substr(from, end - from);
  if (auto at = host.rfind('@'); at != std::string_view::npos)
    host.remove_prefix(at + 1);
  return std::string{url.substr(0, from)}.append(host);
}

void page_traces::document(std::string_view url) {
  top_ = origin_of(url);
  if (!top_.empty())
    note(top_, top_);
  else
    lost_ |= !stores_nothing(url);
}

void page_traces::frame(std::string_view url, bool nested) {
  frame_within(top_, url, nested);
}

/// What is nested in another site's frame has a storage of its own if it is of
/// the main frame's site: that is not shown again.
void page_traces::frame_within(std::string_view top, std::string_view url,
                               bool nested) {
  auto main = origin_of(top);
  auto origin = origin_of(url);
  if (origin.empty())
    lost_ |= !stores_nothing(url);
  else if (main.empty() || (nested && site_of(main) == site_of(origin)))
    lost_ = true;
  else
    note(main, origin);
}

void page_traces::note(const std::string& top, const std::string& origin) {
  auto& frames = origins_[top];
  if (origin != top)
    frames.insert(origin);
  size_t count = 0;
  for (const auto& [main, inside] : origins_)
    count += 1 + inside.size();
  lost_ |= count > origins_max;
}

void page_traces::add(const page_traces& more) {
  lost_ |= more.lost_;
  for (const auto& [top, frames] : more.origins_) {
    note(top, top);
    for (const auto& x : frames)
      note(top, x);
  }
}

void page_traces::lose_track() {
  lost_ = true;
}

bool page_traces::can_be_cleaned() const {
  return !lost_;
}

std::string clearing_page(const std::set<std::string>& frames) {
  std::string inside;
  for (const auto& x : frames)
    inside += "<iframe src=" + write_json(x + '/') + "></iframe>";
  return "<!doctype html><link rel=icon href=data:,><script>"
         "const left = new Set("
         + write_json(frames)
         + ");\nconst clean = new Promise(done => {\n"
           "  const look = () => { if (left.size === 0) done("
           "sessionStorage.length === 0 ? location.origin : ''); };\n"
           "  onmessage = x => { if (x.data === 0) left.delete(x.origin); "
           "look(); };\n"
           "  sessionStorage.clear();\n  look();\n});</script>"
         + inside;
}

std::string clearing_frame() {
  return "<!doctype html><script>sessionStorage.clear();"
         "parent.postMessage(sessionStorage.length, '*')</script>";
}

std::string check_blank() {
  return "name = '', location.href === 'about:blank' && name === ''"
         " && history.length === 1 && opener === null && top === window";
}

} // namespace berth::cdp
