#include "tests/support/fake_site.hpp"

#include <algorithm>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string start = "http://talk/";
const std::string talks = "http://talk/c/";

uint64_t hash_of(const std::string& text) {
  uint64_t result = 14695981039346656037u;
  for (unsigned char c : text)
    result = (result ^ c) * 1099511628211u;
  return result >> 11; // As many bits as JavaScript's numbers hold.
}

size_t words_in(const answer_plan& plan) {
  size_t result = 0;
  for (const auto& x : plan)
    result += x.words;
  return result;
}

} // namespace

fake_site::fake_site(surroundings around) : around_{std::move(around)} {
  // nop
}

provider_profile fake_site::profile() {
  provider_profile result;
  result.name = "talk";
  result.key = {"talk"};
  result.start_url = start;
  result.conversation_url = talks + "*";
  result.parts.composer = {"#composer"};
  result.parts.send = {"#send"};
  result.parts.turns = {".turn"};
  result.parts.answer = {".answer"};
  result.parts.stop = {"#stop"};
  result.parts.done = {".done"};
  result.parts.thinking = {".thinking"};
  return result;
}

/// It quotes the prompt, as answers do.
std::string fake_site::whole_answer(const std::string& prompt, size_t words) {
  auto result = "To '" + prompt + "':";
  for (size_t i = 0; i < words; ++i)
    result += " w" + std::to_string(i);
  return result;
}

void fake_site::answer_with(answer_plan plan) {
  plan_ = std::move(plan);
}

size_t fake_site::words_of(const std::string& prompt) const {
  for (const auto& [url, all] : talks_)
    for (const auto& x : all)
      if (x.prompt == prompt)
        return words_in(x.plan);
  return 0;
}

bool fake_site::gave(const std::string& prompt,
                     const std::string& answer) const {
  for (const auto& [url, all] : talks_)
    for (const auto& x : all)
      if (x.prompt == prompt && !x.stopped && see(x).done
          && answer == whole_answer(prompt, words_in(x.plan)))
        return true;
  return false;
}

bool fake_site::has(const std::string& url) {
  return url.rfind(start, 0) == 0;
}

fake_document fake_site::load() const {
  fake_document result;
  result.hydrated = around_.now() + 1ms * around_.draw(400);
  return result;
}

std::string fake_site::take(const std::string& url, const std::string& prompt) {
  auto where = url == start ? talks + std::to_string(talks_.size() + 1) : url;
  auto& talk = talks_[where];
  bool interrupts = false;
  if (!talk.empty()) {
    auto last = see(talk.back());
    interrupts = last.stoppable || last.thinks;
  }
  taken_.push_back({around_.now(), where, prompt, interrupts});
  talk.push_back(
    {prompt, around_.now(), plan_ ? *plan_ : draw_plan(), std::nullopt});
  return where;
}

void fake_site::stop(const std::string& url) {
  auto i = talks_.find(url);
  if (i != talks_.end() && !see(i->second.back()).done)
    i->second.back().stopped = around_.now();
}

/// Some think first or in the middle, some pause, some show that they work and
/// some do not.
answer_plan fake_site::draw_plan() const {
  answer_plan result;
  auto& draw = around_.draw;
  for (auto left = 1 + draw(6); left > 0; --left) {
    answer_part part;
    part.thinks = draw(4) == 0;
    part.bare = !part.thinks && draw(6) == 0;
    part.words = part.thinks ? 0 : 1 + draw(20);
    // Without any sign of work a pause must be shorter than patience is.
    part.lasts = 1ms * draw(part.bare ? 3000 : 6000);
    result.push_back(part);
  }
  result.push_back({1, 0ms});
  return result;
}

answer_view fake_site::see(const fake_turn& x) const {
  auto left = x.stopped.value_or(around_.now()) - x.taken;
  answer_view result;
  size_t words = 0;
  for (const auto& part : x.plan) {
    words += part.words;
    result.thinks = part.thinks;
    result.stoppable = !part.bare;
    left -= part.lasts;
    if (left < 0ms)
      break;
  }
  result.done = left >= 0ms || x.stopped;
  if (result.done)
    result.thinks = result.stoppable = false;
  if (words > 0)
    result.text = whole_answer(x.prompt, words);
  return result;
}

const std::vector<fake_turn>& fake_site::turns(const std::string& url) const {
  static const std::vector<fake_turn> none;
  auto i = talks_.find(url);
  return i == talks_.end() ? none : i->second;
}

std::optional<timestamp> fake_site::next_change(const std::string& url) const {
  if (turns(url).empty() || turns(url).back().stopped)
    return std::nullopt;
  auto at = turns(url).back().taken;
  for (const auto& part : turns(url).back().plan) {
    at += part.lasts;
    if (at > around_.now())
      return at;
  }
  return std::nullopt;
}

json fake_site::look(const std::string& url, const fake_document& in) const {
  bool there = in.hydrated <= around_.now();
  auto before = in.asked.value("before", int64_t{0});
  auto prompt = in.asked.value("prompt", "");
  const auto& all = turns(url);
  json result{{"of", in.asked.value("of", "")},
              {"url", url},
              {"title", "Talk"},
              {"turns", there ? 2 * all.size() : 0},
              {"composer", there},
              {"typed", there && in.draft.find(prompt) != std::string::npos},
              {"at", -1},
              {"length", 0},
              {"hash", 0}};
  if (!there || all.empty())
    return result;
  auto last = see(all.back());
  result["stop"] = last.stoppable;
  result["thinking"] = last.thinks;
  for (size_t i = 0; i < all.size(); ++i) {
    auto at = static_cast<int64_t>(2 * i);
    bool first = before < 0 || result["at"] == -1;
    if (at < before || !first || all[i].prompt != prompt)
      continue;
    auto shown = see(all[i]);
    result["at"] = at;
    result["length"] = shown.text.size();
    result["hash"] = hash_of(shown.text);
    result["done"] = shown.done;
  }
  return result;
}

json fake_site::answer(const std::string& url, const fake_document& in) const {
  auto seen = look(url, in);
  auto at = seen["at"].get<int64_t>();
  auto text = at < 0 ? "" : see(turns(url)[static_cast<size_t>(at) / 2]).text;
  return {{"of", seen["of"]}, {"hash", hash_of(text)}, {"text", text}};
}

bool fake_site::shows(const std::string& url, const fake_document& in,
                      const std::string& selector) const {
  if (in.hydrated > around_.now())
    return false;
  if (selector == "#stop")
    return !turns(url).empty() && see(turns(url).back()).stoppable;
  return selector == "#composer" || selector == "#send";
}

} // namespace berth::tests
