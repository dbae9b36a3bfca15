// berth session open, send, poll, query, watch, stop, interrupt, switch,
// reattach, list, show, close

#include "apps/arguments.hpp"
#include "apps/moment.hpp"
#include "apps/output.hpp"
#include "apps/print.hpp"
#include "apps/session_arguments.hpp"
#include "apps/signals.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

namespace berth::apps {

using namespace protocol;

namespace {

/// Leaves `out` alone if there is no text.
bool read_time(const std::string& text, duration& out, std::string& wrong) {
  auto read = text.empty() ? out : parse_duration(text);
  if (!read)
    wrong = "'" + text + "' is not a time such as 90s.";
  else
    out = *read;
  return read.has_value();
}

bool read_files(const session_arguments& with, send_prompt& out,
                std::string& wrong) {
  std::error_code unseen;
  for (const auto& file : with.files) {
    if (!std::filesystem::is_regular_file(file, unseen)) {
      wrong = "There is no file '" + file + "'.";
      return false;
    }
    out.what.files.push_back(std::filesystem::absolute(file).string());
  }
  return true;
}

int show(const context& how, const outcome<session_view>& x) {
  if (!x)
    return report(how, x.error());
  if (how.json)
    print_line(to_json(*x));
  else
    std::printf("%s", to_text(*x).c_str());
  return done;
}

int open(const context& how, const session_arguments& with) {
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    auto opened = daemon.open_session(with.provider, {with.browser});
    auto code = show(how, opened);
    if (!opened || !output_is_lost())
      return code;
    // Nobody was told its number.
    std::ignore = daemon.close(opened->session);
    return report_lost_output("The session was opened, and closed again.");
  });
}

int send(const context& how, const session_arguments& with) {
  std::string wrong;
  auto what = read_prompt(with, wrong);
  if (!what)
    return misuse(how, wrong);
  // What waits for its time is not waited for.
  bool later = what->background || what->delay > duration{0};
  what->until = later ? wait_until::accepted : wait_until::sent;
  signal_watch stop;
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    auto sent = stop.during(
      [&] {
        return daemon.send(*what);
      },
      [] {
        std::_Exit(interrupted); // The run goes on.
      });
    if (!sent)
      return report(how, sent.error());
    auto code = show_run(how, with, *sent);
    if (output_is_lost())
      return report_lost_output(
        "The prompt was sent, as run " + std::to_string(sent->run.value)
        + " of session " + std::to_string(sent->session.value) + ".");
    return code == try_later ? int{done} : code;
  });
}

int stop(const context& how, const session_arguments& with) {
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    auto x = daemon.stop({{with.run}, {with.session}});
    if (!x)
      return report(how, x.error());
    if (how.json)
      print_line(to_json(*x));
    else
      std::printf("%s\n", to_text(*x).c_str());
    return int{done};
  });
}

int change_provider(const context& how, const session_arguments& with) {
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    return show(how, daemon.switch_to({with.provider, {with.session}}));
  });
}

int reattach(const context& how, const session_arguments& with) {
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    return show(how, daemon.reattach({with.session}));
  });
}

int show_one(const context& how, const session_arguments& with) {
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    return show(how, daemon.show({with.session}));
  });
}

int close(const context& how, const session_arguments& with) {
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    return show(how, daemon.close({with.session}));
  });
}

int list(const context& how, const session_arguments&) {
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    auto all = daemon.sessions();
    if (!all)
      return report(how, all.error());
    if (!how.json)
      std::printf("%s", to_text(all->sessions).c_str());
    for (const auto& x : all->sessions)
      if (how.json)
        print_line(to_json(x));
    return int{done};
  });
}

using arguments_ptr = std::shared_ptr<session_arguments>;

void add_format(CLI::App* to, const arguments_ptr& with) {
  to->add_option("--format", with->format, "How to print the answer")
    ->check(CLI::IsMember({"text", "markdown", "json"}));
}

answer_format format_of(const context& how, const session_arguments& with) {
  if (how.json || with.format == "json")
    return answer_format::json;
  return with.format == "text" ? answer_format::text : answer_format::markdown;
}

void add_prompt(CLI::App* to, const arguments_ptr& with) {
  to->add_option("prompt", with->prompt, "What to send; - or none: from stdin");
  to->add_option("--attach", with->files, "A file to send with it")
    ->take_all()
    ->allow_extra_args(false);
  to->add_option("--model", with->model, "The provider's model");
  to->add_option("--effort", with->effort, "The provider's effort");
  to->add_option("--timeout", with->timeout, "How long its answer may take")
    ->type_name(time_type);
  to->add_option("--wait", with->wait, "Wait for its turn that long")
    ->type_name(time_type);
  to->add_option("--at", with->at, "Start then: 14:30, +2h, 2026-11-22T08:00");
  to->add_flag("--background", with->background, "Give way to other runs");
  add_format(to, with);
}

} // namespace

std::optional<send_prompt>
read_prompt(const session_arguments& with, std::string& wrong) {
  send_prompt result;
  result.session = {with.session};
  result.what.text = with.prompt;
  if (with.prompt.empty() || with.prompt == "-")
    result.what.text
      = std::string{std::istreambuf_iterator<char>{std::cin}, {}};
  result.what.model = with.model;
  result.what.effort = with.effort;
  result.background = with.background;
  result.interrupt = with.interrupt;
  if (!read_time(with.timeout, result.timeout, wrong)
      || !read_time(with.wait, result.wait, wrong)
      || !read_files(with, result, wrong))
    return std::nullopt;
  if (with.at.empty())
    return result;
  auto until = until_moment(with.at, std::time(nullptr));
  if (!until) {
    wrong = "'" + with.at + "' is no time to come, such as 14:30 or +2h.";
    return std::nullopt;
  }
  result.delay = *until;
  result.background = true;
  return result;
}

int show_run(const context& how, const session_arguments& with,
             const run_view& x) {
  auto format = format_of(how, with);
  if (x.state == session_state::complete) {
    std::printf("%s", to_be_shown(answer_of(x, format)).c_str());
    return done;
  }
  if (format == answer_format::json)
    print_line(to_json(x));
  else if (x.why.code == errc::ok)
    std::printf("%s\n", to_text(x).c_str());
  if (x.why.code == errc::ok)
    return try_later; // It goes on.
  context text = how;
  text.json = false;
  return format == answer_format::json ? exit_code_of(x.why.code)
                                       : report(text, x.why);
}

void add_session(CLI::App& program, context& how) {
  auto sessions = program.add_subcommand("session", "Talk to a web AI");
  sessions->require_subcommand(1);
  auto with = std::make_shared<session_arguments>();
  auto add = [&](const char* name, const char* what,
                 int (*run)(const context&, const session_arguments&)) {
    auto result = sessions->add_subcommand(name, what);
    result->callback([&how, with, run] {
      how.run = [&how, with, run] {
        return run(how, *with);
      };
    });
    return result;
  };
  auto add_which = [&](CLI::App* to) {
    to->add_option("-s,--session", with->session,
                   "Its number (default: the only one)");
    return to;
  };
  auto opening = add("open", "Begin a conversation", open);
  opening->add_option("provider", with->provider, "Such as chatgpt")
    ->required();
  opening->add_option("--browser", with->browser,
                      "Its home (default: where its first tab is)");
  for (auto [name, what, run] :
       {std::tuple{"send", "Send a prompt, and leave", &send},
        std::tuple{"query", "Send a prompt, and wait for its answer",
                   &query}}) {
    auto one = add_which(add(name, what, run));
    add_prompt(one, with);
    one->add_flag("--interrupt", with->interrupt,
                  "Supersede the run under way");
  }
  auto interrupting = add_which(
    add("interrupt", "Send a prompt in place of the run under way", nullptr));
  add_prompt(interrupting, with);
  interrupting->callback([&how, with] {
    with->interrupt = true;
    how.run = [&how, with] {
      return send(how, *with);
    };
  });
  auto polling = add_which(add("poll", "Show a run, and its answer", poll));
  polling->add_option("run", with->run, "Its number (default: the last one)");
  polling->add_option("--wait", with->wait, "Wait for its end that long")
    ->type_name(time_type);
  add_format(polling, with);
  add_which(add("stop", "Stop a run", stop))
    ->add_option("run", with->run, "Its number (default: the one under way)");
  add_which(
    add("switch", "Send later prompts to another provider", change_provider))
    ->add_option("provider", with->provider, "Such as gemini")
    ->required();
  add_which(add("watch", "Show what happens, until it is closed", watch));
  add_which(add("reattach", "Bring its tab back", reattach));
  add_which(add("show", "Show a session and its runs", show_one));
  add_which(add("close", "End a session and all of its runs", close));
  add("list", "Show all sessions", list);
}

} // namespace berth::apps
