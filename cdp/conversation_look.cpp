#include "cdp/conversation_look.hpp"

#include "cdp/read_json.hpp"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <charconv>

namespace berth::cdp {

using namespace protocol;

namespace {

using nlohmann::json;

/// What JavaScript's numbers hold exactly.
constexpr double whole_max = 9007199254740992.0;

uint64_t whole_in(const json& from, const char* key) {
  auto x = number_in(from, key);
  return x > 0 && x < whole_max ? static_cast<uint64_t>(x) : 0;
}

page_trouble trouble_in(const json& from) {
  auto kind = text_in(from, "trouble");
  return kind == "login"          ? page_trouble::login
         : kind == "interstitial" ? page_trouble::interstitial
         : kind == "rate_limit"   ? page_trouble::rate_limit
                                  : page_trouble::none;
}

std::string_view without_fragment(std::string_view url) {
  url = url.substr(0, url.find('#'));
  return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

/// The unit that a word begins with. Zero: it is none of time.
duration unit_of(std::string_view word) {
  using namespace std::chrono_literals;
  return word.starts_with("sec")    ? duration{1s}
         : word.starts_with("min")  ? duration{1min}
         : word.starts_with("hour") ? duration{1h}
                                    : duration{};
}

} // namespace

std::optional<page_look> read_look(std::string_view text) {
  auto got = read_object(text);
  page_look result;
  result.of = text_in(got, "of");
  if (result.of.empty())
    return std::nullopt;
  result.fresh = is_true_in(got, "fresh");
  result.turns = whole_in(got, "turns");
  auto at = number_in(got, "at");
  if (at >= 0 && at < static_cast<double>(result.turns))
    result.at = static_cast<int64_t>(at);
  result.answer
    = {whole_in(got, "length"), whole_in(got, "hash"), is_true_in(got, "done"),
       is_true_in(got, "stop"), is_true_in(got, "thinking")};
  result.composer = is_true_in(got, "composer");
  result.typed = is_true_in(got, "typed");
  result.trouble = trouble_in(got);
  result.words = text_in(got, "words");
  result.url = text_in(got, "url");
  result.title = text_in(got, "title");
  return result;
}

failure explain(const page_look& x, const provider_profile& at) {
  assert(x.trouble != page_trouble::none);
  auto says = x.words.empty() ? "." : ": " + x.words;
  switch (x.trouble) {
    case page_trouble::none:
    case page_trouble::login:
      break;
    case page_trouble::interstitial:
      return fail(errc::interstitial,
                  "A page of " + at.name + " stands in the way" + says);
    case page_trouble::rate_limit: {
      auto result = fail(errc::rate_limited,
                         at.name + " takes no more prompts for now" + says);
      result.retry_after = read_retry(x.words).value_or(at.retry_after);
      return result;
    }
  }
  return fail(errc::login_required, at.name + " asks for a login" + says);
}

std::optional<duration> read_retry(std::string_view words) {
  constexpr auto is_digit = [](unsigned char c) {
    return std::isdigit(c) != 0;
  };
  for (auto i = words.begin(); i != words.end();) {
    i = std::find_if(i, words.end(), is_digit);
    auto end = std::find_if_not(i, words.end(), is_digit);
    uint32_t count = 0;
    std::from_chars(std::to_address(i), std::to_address(end), count);
    auto word = std::find_if(end, words.end(), [](char c) {
      return c != ' ';
    });
    auto unit = unit_of({word, words.end()});
    if (count > 0 && count <= 1000 && unit > duration{0})
      return count * unit;
    i = end;
  }
  return std::nullopt;
}

std::optional<std::string>
read_answer_text(std::string_view text, const page_look& seen) {
  auto got = read_object(text);
  auto result = text_in(got, "text");
  bool same = text_in(got, "of") == seen.of
              && whole_in(got, "hash") == seen.answer.hash;
  if (!same || result.empty())
    return std::nullopt;
  return result;
}

bool same_page(std::string_view x, std::string_view y) {
  return without_fragment(x) == without_fragment(y);
}

} // namespace berth::cdp
