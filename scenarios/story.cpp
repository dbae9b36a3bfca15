#include "scenarios/story.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <utility>

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;

/// How long an act takes, so that a story need not wait for every answer.
constexpr duration act_time = 1s;

bool is_told(const std::string& line) {
  auto colon = line.find(':');
  return colon != std::string::npos && colon < line.find(' ');
}

bool is_prose(const std::string& line) {
  return line.empty() || line.front() == '#';
}

std::string read(const std::string& path) {
  std::ostringstream result;
  result << std::ifstream{path}.rdbuf();
  return result.str();
}

} // namespace

// -- words --------------------------------------------------------------------

std::string story::words::next() {
  if (left.empty())
    return {};
  auto result = left.front();
  left.erase(left.begin());
  return result;
}

bool story::words::take(const std::string& flag) {
  return std::erase(left, flag) > 0;
}

std::string story::words::after(const std::string& keyword) {
  auto i = std::ranges::find(left, keyword);
  if (i == left.end() || i + 1 == left.end())
    return {};
  auto result = *(i + 1);
  left.erase(i, i + 2);
  return result;
}

duration story::words::time_after(const std::string& keyword) {
  return parse_duration(after(keyword)).value_or(duration{0});
}

// -- the telling --------------------------------------------------------------

std::string story::tell(const std::string& text) {
  std::istringstream lines{text};
  std::vector<std::string> script;
  for (std::string line; std::getline(lines, line);)
    if (is_prose(line) || !is_told(line))
      script.push_back(line);
  for (size_t i = 0; i < script.size(); ++i) {
    told_ << script[i] << '\n';
    if (is_prose(script[i]))
      continue;
    play(script[i]);
    if (i + 1 < script.size() && script[i + 1].rfind("and ", 0) == 0)
      continue;
    if (daemon_)
      pass(act_time);
    report();
  }
  return told_.str();
}

void story::play(const std::string& line) {
  std::istringstream text{line};
  words rest;
  for (std::string word; text >> word;)
    if (!rest.left.empty() || word != "and")
      rest.left.push_back(word);
  auto who = rest.next();
  bool understood = true;
  if (who == "given")
    set(rest);
  else if (who == "wait")
    pass(parse_duration(rest.next()).value_or(duration{0}) - act_time);
  else if (who == "Chrome")
    understood = play_chrome(rest);
  else if (who == "the")
    understood = play_disk(rest);
  else
    play_person(who, rest);
  if (!understood)
    not_understood(line);
}

void story::not_understood(const std::string& line) {
  told_ << "story: cannot play `" << line << "`\n";
}

void story::pass(duration by) {
  daemon();
  if (by > duration{0})
    world_.advance(by);
}

/// Writes down what has been heard and answered since the last line.
void story::report() {
  report_pages();
  for (auto& name : order_) {
    auto& who = people_.at(name);
    auto& heard = who.self.heard();
    for (; who.heard < heard.size(); ++who.heard) {
      auto& news = heard[who.heard];
      if (news.kind == event_kind::ticket_issued)
        who.ticket = news.ticket;
      if (auto said = to_words(news))
        told_ << name << ": " << *said << '\n';
    }
    std::erase_if(who.open, [&](auto& question) {
      auto said = question();
      if (said)
        told_ << name << ": " << *said << '\n';
      return said.has_value();
    });
  }
}

tests::daemon& story::daemon() {
  if (!daemon_) {
    how_.session.times.of_provider = {{"chatgpt", {}}, {"gemini", {}}};
    daemon_ = std::make_unique<tests::daemon>(world_, how_, pages_.maker());
    world_.advance(act_time);
  }
  return *daemon_;
}

story::person& story::find(const std::string& who) {
  if (auto known = people_.find(who); known != people_.end())
    return known->second;
  order_.push_back(who);
  auto made
    = people_.emplace(who, daemon().make_guest(order_.size(), who)).first;
  made->second.self.join();
  world_.settle();
  return made->second;
}

// -- what is not done by agents -----------------------------------------------

void story::set(words& line) {
  auto name = line.next();
  line.take("=");
  if (name == "browsers") {
    how_.browser.name = {line.next()};
    for (auto& x : line.left)
      how_.more_browsers.emplace_back().name = {x};
    return;
  }
  if (auto wrong = set_option(how_, name, line.next()))
    told_ << "story: " << *wrong << '\n';
}

/// Of the browser that is named, else of the first one.
bool story::play_chrome(words& line) {
  auto verb = line.next();
  auto which = how_.browser.name;
  for (const auto& x : browsers_of(how_))
    if (x.name.value == verb) {
      which = x.name;
      verb = line.next();
    }
  auto& chrome = daemon().chrome(which);
  if (verb == "dies")
    chrome.die();
  else if (verb == "stops")
    chrome.halt();
  else if (verb == "goes")
    chrome.go_on();
  else if (verb == "bears")
    chrome.bear_dead();
  else if (verb == "refuses")
    chrome.refuse_starts(line.take("always")  ? SIZE_MAX
                         : line.take("twice") ? 2
                                              : 1);
  else if (verb == "never")
    chrome.answer_never(line.after("answers"));
  else if (verb == "answers")
    chrome.answer_late(line.next(), line.time_after("after"));
  else if (verb == "counts") {
    auto pages = chrome.pages();
    auto tabs = std::ranges::count_if(pages, [](const auto& x) {
      return !x.anchor;
    });
    auto whose = which == browser_settings{}.name ? "" : ' ' + which.value;
    told_ << "Chrome" << whose << ": " << tabs << (tabs == 1 ? " tab" : " tabs")
          << '\n';
  } else
    return false;
  return true;
}

bool story::play_disk(words& line) {
  auto& journal = daemon().journal();
  auto what = line.next();
  if (what == "page")
    return play_page(line);
  auto verb = line.next();
  if (what == "journal") {
    for (; journal_read_ < journal.entries.size(); ++journal_read_)
      told_ << "journal: " << journal_line(journal.entries[journal_read_].what)
            << '\n';
    return true;
  }
  if (what == "front" && verb == "door" && line.take("fails"))
    for (auto& door : world_.find("gateway"))
      world_.kill(door);
  else if (what == "daemon" && verb == "is" && line.take("killed"))
    daemon().be_killed();
  else if (what == "disk" && verb == "refuses")
    journal.refusals = line.take("twice") ? 2 : 1;
  else if (what == "disk" && verb == "takes")
    journal.slowness = parse_duration(line.next()).value_or(duration{0});
  else
    return false;
  return true;
}

void story::play_person(const std::string& name, words& line) {
  auto owner = name.ends_with("'s");
  auto& who = find(owner ? name.substr(0, name.size() - 2) : name);
  auto verb = line.next();
  if (owner) {
    if (!happen(who, verb, line))
      not_understood(name + ' ' + verb);
    return;
  }
  auto known = verbs().find(verb);
  if (known == verbs().end())
    not_understood(name + ' ' + verb);
  else
    (this->*known->second)(who, line);
}

bool story::happen(person& whom, const std::string& what, words& line) {
  if (what == "tab")
    return happen_to_tab(whom, line);
  if (what != "process")
    return false;
  whom.self.die();
  whom.open.clear();
  return true;
}

bool story::happen_to_tab(person& whom, words& line) {
  auto& target = whom.held.target;
  auto& chrome = daemon().chrome_of(target);
  auto verb = line.next();
  if (verb == "crashes")
    chrome.crash(target);
  else if (verb == "closes")
    chrome.destroy(target);
  else if (verb == "stops")
    chrome.stop_renderer(target);
  else if (verb == "goes")
    chrome.go_on(target);
  else if (verb == "clings")
    chrome.cling(target);
  else if (verb == "loses")
    lose_driver(whom);
  else if (verb == "lets")
    chrome.cling(target, false);
  else if (verb == "opens")
    chrome.open_popup(target, line.next());
  else if (verb == "ctrl-clicks")
    chrome.ctrl_click(target, line.next());
  else
    return false;
  return true;
}

/// Who drives it ends, as by a bug in it.
void story::lose_driver(person& whom) {
  auto registry = daemon().crew().registry;
  auto found = world_.ask<actors::opened_lease>(
    registry, actors::find_tab{whom.held.lease.ref});
  world_.settle();
  if (found->value)
    world_.kill(found->value->tab);
}

// -- files --------------------------------------------------------------------

bool play_stories(const std::vector<std::string>& files, bool update) {
  bool result = true;
  for (auto& file : files) {
    auto written = read(file);
    auto told = story{}.tell(written);
    if (update)
      std::ofstream{file} << told;
    else if (told != written) {
      result = false;
      std::cout << file << " came out differently:\n\n" << told << '\n';
    }
  }
  return result;
}

} // namespace berth::scenarios
