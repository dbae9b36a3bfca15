// The way of a prompt, until it may have been sent.

#include "actors/page_tab.hpp"
#include "cdp/conversation_script.hpp"

#include <charconv>

namespace berth::actors {

namespace {

std::string words(const selectors& list) {
  std::string result;
  for (const auto& x : list)
    result += (result.empty() ? "'" : ", '") + x + "'";
  return result;
}

} // namespace

/// Everything in its order, and each only after the one before.
void page_state::prepare() {
  enter(page_phase::preparing);
  mine->begun = true;
  choice steps;
  auto add = [&](const auto& from, const std::string& which) {
    auto i = from.find(which);
    if (i != from.end())
      steps.insert(steps.end(), i->second.begin(), i->second.end());
    return which.empty() || i != from.end();
  };
  auto effort = what.effort.empty() ? at->times.effort_default : what.effort;
  if (!add(at->models, what.model))
    finish(page_failed{fail(errc::invalid_argument,
                            at->name + " has no model '" + what.model + "'.")});
  else if (!add(at->efforts, effort))
    finish(page_failed{fail(errc::invalid_argument,
                            at->name + " has no effort '" + effort + "'.")});
  else
    choose(steps, [this] {
      attach([this] {
        compose();
      });
    });
}

void page_state::choose(const choice& steps, const next& then) {
  if (steps.empty()) {
    then();
    return;
  }
  auto fails = [this](const failure& why) {
    not_done(why);
  };
  auto rest = choice{steps.begin() + 1, steps.end()};
  find(
    steps.front(), false,
    [=, this](const std::string& selector) {
      ask(
        click{{}, selector}, with.most.step_within,
        [=, this](const std::string&) {
          choose(rest, then);
        },
        fails);
    },
    fails);
}

void page_state::attach(const next& then) {
  if (what.files.empty()) {
    then();
    return;
  }
  auto fails = [this](const failure& why) {
    not_done(why);
  };
  if (at->parts.attach.empty())
    fails(fail(errc::invalid_argument, at->name + " takes no files."));
  else
    find(
      at->parts.attach, true,
      [=, this](const std::string& selector) {
        ask(
          upload{{}, selector, what.files}, with.most.step_within,
          [then](const std::string&) {
            then();
          },
          fails);
      },
      fails);
}

void page_state::compose() {
  auto fails = [this](const failure& why) {
    not_done(why);
  };
  if (what.text.empty()) {
    send();
    return;
  }
  find(
    at->parts.composer, false,
    [=, this](const std::string& selector) {
      ask(
        type_text{{}, selector, what.text, true, false}, with.most.ready_within,
        [this](const std::string&) {
          enter(page_phase::composing);
          step_by = now() + with.most.step_within;
          look();
        },
        fails);
    },
    fails);
}

void page_state::send() {
  enter(page_phase::preparing);
  bool by_enter = at->parts.send.empty();
  find(
    by_enter ? at->parts.composer : at->parts.send, false,
    [=, this](const std::string& selector) {
      enter(page_phase::sending);
      auto sent = [this](const std::string&) {
        enter(page_phase::seeking);
        step_by = now() + with.most.seen_within;
        look();
      };
      auto fails = [this](const failure& why) {
        not_sent(why);
      };
      if (by_enter)
        ask(type_text{{}, selector, "", false, true}, with.most.ready_within,
            sent, fails);
      else // Which waits for files to be there, and the button enabled.
        ask(click{{}, selector}, with.most.ready_within, sent, fails);
    },
    [this](const failure& why) {
      not_done(why);
    });
}

/// A click that was not answered in time may have been one.
void page_state::not_sent(const failure& why) {
  if (why.code != errc::deadline_exceeded && why.code != errc::cdp_error) {
    not_done(why);
    return;
  }
  enter(page_phase::seeking);
  step_by = now() + with.most.seen_within;
  look();
}

void page_state::find(const selectors& list, bool hidden,
                      const with_selector& then, const with_failure& fails) {
  auto within = with.most.step_within;
  ask(
    ask_watched{{}, cdp::first_of(list, hidden, within)}, within + tab_margin,
    [=](const std::string& json) {
      size_t i = list.size();
      std::from_chars(json.data(), json.data() + json.size(), i);
      if (i < list.size())
        then(list[i]);
      else
        fails(fail(errc::element_missing,
                   "The page shows none of " + words(list) + "."));
    },
    fails);
}

} // namespace berth::actors
