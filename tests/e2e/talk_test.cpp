#include "tests/e2e/talk_test.hpp"

#include "apps/provider_files.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace berth::tests {

using apps::fixture::mark_of;
using nlohmann::json;

namespace {

live_daemon::providers known_at(const std::string& origin) {
  provider_settings how;
  how.origins = {{"fixture", origin}};
  auto result = apps::profiles_of(apps::load_providers(how));
  result.at("fixture").models["missing"] = {{"#model"}, {"#nothing"}};
  for (auto [name, query] : {std::pair{"mirror", ""},
                             {"late", "?late=5000"},
                             {"framed", "?answers=framed"}}) {
    auto& x = result[name] = result.at("fixture");
    x.name = x.key.value = name;
    x.start_url += query;
  }
  return result;
}

bool is_told(event_kind x) {
  switch (x) {
    case event_kind::provider_switched:
    case event_kind::run_started:
    case event_kind::run_confirmed:
    case event_kind::run_yielding:
    case event_kind::run_settled:
    case event_kind::run_ended:
      return true;
    default:
      return false;
  }
}

std::string line_of(const event& x) {
  std::string result = to_string(x.kind);
  if (x.run)
    result += " " + std::to_string(x.run.value);
  return x.detail.empty() ? result : result + " " + x.detail;
}

} // namespace

talk_test::talk_test(const std::function<void(config&)>& change)
  : site{must(apps::fixture::service::start())},
    berth{change, known_at(site.origin())} {
  // nop
}

session_id talk_test::open(const std::string& provider) {
  return got(me.open_session(provider)).session;
}

send_prompt
talk_test::order(session_id where, const std::string& text, wait_until until) {
  send_prompt result;
  result.session = where;
  result.what.text = text;
  result.until = until;
  result.wait = patience;
  return result;
}

run_view
talk_test::begin(session_id where, const std::string& text, wait_until until) {
  return got(me.send(order(where, text, until)));
}

outcome<run_view> talk_test::query(client::connection& whose, session_id where,
                                   const std::string& text) {
  auto what = order(where, text, wait_until::done);
  what.timeout = patience;
  return whose.send(std::move(what));
}

run_view talk_test::poll(session_id where, run_id which, duration wait) {
  poll_run what;
  what.session = where;
  what.run = which;
  what.wait = wait;
  return got(me.poll(what));
}

run_view talk_test::stop(session_id where, run_id which) {
  return got(me.stop({.run = which, .session = where}));
}

testing::AssertionResult
talk_test::is_own(const outcome<run_view>& x, const std::string& prompt) {
  if (!x)
    return testing::AssertionFailure() << x.error().what;
  if (x->state != session_state::complete)
    return testing::AssertionFailure()
           << to_string(x->state) << ": " << x->why.what;
  auto end = std::min(x->url.find('?'), x->url.size());
  auto begin = x->url.rfind('/', end) + 1;
  auto mark = mark_of(x->url.substr(begin, end - begin), prompt);
  if (x->answer.starts_with("[" + mark) && x->answer.ends_with(mark + "]"))
    return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << x->url << " answered: " << x->answer << " for " << mark;
}

std::optional<event>
talk_test::hear(event_kind kind, session_id where, run_id which) {
  return berth.log().wait([=](const event& x) {
    return x.kind == kind && x.session == where && x.run == which;
  });
}

bool talk_test::is_writing(session_id where, run_id which) {
  auto seen = berth.log().wait([=](const event& x) {
    return x.kind == event_kind::run_progressed && x.session == where
           && x.run == which && x.length > 0;
  });
  return seen.has_value();
}

lines talk_test::story(event_log& log, session_id where, run_id last) {
  auto ended = log.wait([=](const event& x) {
    return x.kind == event_kind::run_ended && x.session == where
           && x.run == last;
  });
  EXPECT_TRUE(ended) << "Run " << last.value << " has not ended.";
  lines result;
  for (const auto& x : log.all())
    if (x.session == where && is_told(x.kind))
      result.push_back(line_of(x));
  return result;
}

lines talk_test::arrived() const {
  lines result;
  for (const auto& x : site.log())
    result.push_back(std::string{to_string(x.result)} + " " + x.what.text);
  return result;
}

lines talk_test::turns_at(const std::string& url) {
  auto tab = me.acquire();
  if (!tab || !tab->navigate(url) || !tab->wait_visible(".turn")) {
    ADD_FAILURE() << "No tab shows " << url;
    return {};
  }
  auto seen = got(tab->evaluate(R"(
    [...document.querySelectorAll('.user')].map((user) => {
      const answer = user.nextElementSibling;
      const has = (kind) => answer.querySelector(kind) !== null;
      const state
        = has('.stopped') ? 'stopped' : has('.copy') ? 'whole' : 'open';
      return state + ' ' + user.querySelector('.prompt').innerText;
    }))"));
  return json::parse(seen.value).get<lines>();
}

} // namespace berth::tests
