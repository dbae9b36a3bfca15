// berth open, eval, click, type, wait, shot, text, cdp

#include "apps/arguments.hpp"
#include "apps/context.hpp"
#include "apps/lease_option.hpp"
#include "apps/output.hpp"
#include "apps/print.hpp"
#include "apps/signals.hpp"
#include "apps/untold_lease.hpp"
#include "apps/whole_file.hpp"
#include "protocol/printable.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace berth::apps {

namespace {

using namespace protocol;

/// Arguments that many of these commands share.
struct tab_arguments {
  lease_option lease;
  std::string target;
  std::string within;
  // of one command or another
  std::string first;  ///< url, expression, selector, method
  std::string second; ///< text, file, params
  std::string key = "web";
  std::string wait;
  std::string ttl = "10m";
  std::string browser;
  std::string format = "png";
  std::string visible, attached, hidden, text, expression;
  bool isolated = false;
  bool asks_for_new = false; ///< With what only a new tab can have.
  bool fresh = false;        ///< A new tab, whatever the environment says.
  bool clear = false, submit = false;
  bool full = false, accessibility = false;
};

using arguments_ptr = std::shared_ptr<tab_arguments>;

/// Reads a time, or says which argument is none.
bool read_time(const std::string& text, const char* flag, duration& out,
               std::string& wrong) {
  if (text.empty())
    return true;
  auto read = parse_duration(text);
  if (read)
    out = *read;
  else
    wrong = "'" + text + "' is not a time: " + flag + " 30s";
  return read.has_value();
}

int show(const context& how, const outcome<answer>& x, bool raw_json) {
  if (!x)
    return report(how, x.error());
  if (!how.json)
    std::printf("%s\n", to_be_shown(x->value).c_str());
  else {
    auto value = raw_json ? nlohmann::json::parse(x->value, nullptr, false)
                          : nlohmann::json(x->value);
    print_line(
      {{"value", value.is_discarded() ? nlohmann::json(x->value) : value},
       {"target", x->target.value},
       {"generation", x->generation}});
  }
  return done;
}

/// Runs one command on the lease that was named.
template <class Command>
int drive(const context& how, const tab_arguments& with, Command what,
          const std::function<int(const outcome<answer>&)>& then) {
  auto lease = find_lease(with.lease);
  if (!lease)
    return misuse(how, lease.error().what);
  std::string wrong;
  if (!read_time(with.within, "--within", what.to.within, wrong))
    return misuse(how, wrong);
  what.to.target = {with.target};
  return with_daemon(how, "berth", [&](client::connection& daemon) {
    return then(daemon.adopt(*lease).run(std::move(what)));
  });
}

template <class Command>
int drive_and_show(const context& how, const tab_arguments& with, Command what,
                   bool raw_json = false) {
  return drive(how, with, std::move(what), [&](const outcome<answer>& x) {
    return show(how, x, raw_json);
  });
}

/// Whether the lease that was named opens nothing any more.
bool is_over(errc x) {
  return x == errc::lease_gone || x == errc::stale_token
         || x == errc::wrong_credential;
}

/// A new lease that outlives this program, and its page.
int open_new(const context& how, const tab_arguments& with) {
  acquire what;
  what.key = {with.key};
  what.browser = {with.browser};
  what.kind = holder_kind::session;
  what.profile = with.isolated ? profile_kind::isolated : profile_kind::shared;
  std::string wrong;
  navigate go{{}, with.first};
  if (!read_time(with.ttl, "--ttl", what.ttl, wrong)
      || !read_time(with.wait, "--wait", what.wait, wrong)
      || !read_time(with.within, "--within", go.to.within, wrong))
    return misuse(how, wrong);
  auto ttl = untold(what);
  signal_watch stop;
  return with_daemon(how, "berth open", [&](client::connection& daemon) {
    auto tab = stop.during(
      [&] {
        return daemon.acquire(what);
      },
      [] {
        std::_Exit(interrupted);
      });
    if (!tab)
      return report(how, tab.error());
    auto arrived = stop.during(
      [&] {
        return tab->run(go);
      },
      [&] {
        // Nobody has seen its name yet: it would live on unused.
        std::ignore = daemon.release(tab->lease());
        std::_Exit(interrupted);
      });
    auto lives = arrived ? give_ttl(daemon, *tab, ttl) : arrived.error();
    if (!lives) {
      std::ignore = tab->release();
      return report(how, lives.error());
    }
    auto shown = write_credential(tab->lease());
    if (how.json) {
      auto line = to_json(tab->granted());
      line["expires_in"] = std::chrono::duration<double>(*lives).count();
      line["url"] = arrived->value;
      print_line(line);
    } else if (::isatty(STDOUT_FILENO) == 0)
      std::printf("%s\n", shown.c_str()); // For a variable, or a file.
    else
      std::printf("%s\n"
                  "  %s, yours for %s after each command. Next:\n"
                  "  export BERTH_LEASE=%s\n"
                  "  %s text\n"
                  "  %s lease release\n",
                  shown.c_str(), printable(arrived->value).c_str(),
                  with.ttl.c_str(), shown.c_str(), how.program.c_str(),
                  how.program.c_str());
    if (output_is_lost()) {
      std::ignore = tab->release();
      return report_lost_output("The tab was opened, and given back.");
    }
    tab->keep();
    return int{done};
  });
}

int open_url(const context& how, const tab_arguments& with) {
  bool named = !with.lease.name.empty() || !with.lease.file.empty();
  if (with.fresh && named)
    return misuse(how, "--new makes a new tab; -l names one that is there.");
  if (with.fresh || !names_lease(with.lease))
    return open_new(how, with);
  if (with.asks_for_new)
    return misuse(how, "--key, --browser, --wait, --ttl and --isolated are for "
                       "a new tab, but a lease is named, by -l or in "
                       "BERTH_LEASE. For a new tab add --new.");
  return drive(how, with, navigate{{}, with.first},
               [&](const outcome<answer>& x) {
                 if (x)
                   return show(how, x, false);
                 auto why = x.error();
                 if (is_over(why.code))
                   why.what += " `berth open --new` takes another tab.";
                 return report(how, why);
               });
}

int wait_in_tab(const context& how, const tab_arguments& with) {
  std::vector<wait_for> asked;
  auto ask = [&](const std::string& what, wait_kind kind) {
    if (!what.empty())
      asked.push_back({{}, kind, what});
  };
  ask(with.visible, wait_kind::visible);
  ask(with.attached, wait_kind::attached);
  ask(with.hidden, wait_kind::hidden);
  ask(with.text, wait_kind::text);
  ask(with.expression, wait_kind::expression);
  if (asked.size() != 1)
    return misuse(how, "Wait for one thing: --visible, --attached, --hidden, "
                       "--text or --expression.");
  return drive_and_show(how, with, asked.front());
}

int shoot(const context& how, const tab_arguments& with) {
  screenshot what;
  what.full_page = with.full;
  what.format = with.format == "jpeg"   ? image_format::jpeg
                : with.format == "webp" ? image_format::webp
                                        : image_format::png;
  return drive(how, with, what, [&](const outcome<answer>& x) {
    if (!x)
      return report(how, x.error());
    auto file = with.first.empty() ? "tab." + with.format : with.first;
    if (auto why = write_whole(file, x->value))
      return report(how, *why);
    if (how.json)
      print_line({{"file", file}, {"bytes", x->value.size()}});
    else
      std::printf("%s\n", file.c_str());
    return int{done};
  });
}

/// What the command does, with the arguments that all of these have.
CLI::App* let(CLI::App* command, context& how, const arguments_ptr& with,
              int (*run)(const context&, const tab_arguments&)) {
  add_lease_option(*command, with->lease);
  command->add_option("--target", with->target, "A popup of the lease");
  command
    ->add_option("--within", with->within,
                 "How long it may take (default: 30s)")
    ->type_name(time_type);
  command->callback([&how, with, run] {
    how.run = [&how, with, run] {
      return run(how, *with);
    };
  });
  return command;
}

int run_eval(const context& how, const tab_arguments& with) {
  return drive_and_show(how, with, evaluate{{}, with.first}, true);
}

int run_click(const context& how, const tab_arguments& with) {
  return drive_and_show(how, with, click{{}, with.first});
}

int run_type(const context& how, const tab_arguments& with) {
  return drive_and_show(
    how, with, type_text{{}, with.first, with.second, with.clear, with.submit});
}

int run_text(const context& how, const tab_arguments& with) {
  return drive_and_show(how, with,
                        snapshot{{},
                                 with.accessibility
                                   ? snapshot_kind::accessibility
                                   : snapshot_kind::text});
}

int run_cdp(const context& how, const tab_arguments& with) {
  return drive_and_show(how, with, call_cdp{{}, with.first, with.second}, true);
}

} // namespace

void add_tab_commands(CLI::App& program, context& how) {
  auto with = std::make_shared<tab_arguments>();
  auto open = let(
    program.add_subcommand("open", "Open a page in your tab, or in a new one"),
    how, with, open_url);
  open->add_option("url", with->first, "The address")->required();
  open->add_flag("--new", with->fresh, "A new tab, despite $BERTH_LEASE");
  auto of_new = {
    open->add_option("--key", with->key, "What caps count by"),
    open->add_option("--browser", with->browser, "Where (default: anywhere)"),
    open->add_option("--wait", with->wait, "Wait for a turn that long")
      ->type_name(time_type),
    open
      ->add_option("--ttl", with->ttl,
                   "How long it lives after its last sign of use")
      ->type_name(time_type),
    open->add_flag("--isolated", with->isolated, "With cookies of its own")};
  open->callback([&how, with, of_new = std::vector<CLI::Option*>{of_new}] {
    with->asks_for_new = std::ranges::any_of(of_new, [](auto x) {
      return x->count() > 0;
    });
    how.run = [&how, with] {
      return open_url(how, *with);
    };
  });
  auto eval
    = let(program.add_subcommand("eval", "Run JavaScript, print the result"),
          how, with, run_eval);
  eval->add_option("expression", with->first)->required();
  auto click = let(program.add_subcommand("click", "Click an element"), how,
                   with, run_click);
  click->add_option("selector", with->first)->required();
  auto type = let(program.add_subcommand("type", "Type into an element"), how,
                  with, run_type);
  type->add_option("selector", with->first)->required();
  type->add_option("text", with->second)->required();
  type->add_flag("--clear", with->clear, "Empty it first");
  type->add_flag("--submit", with->submit, "Press Enter afterwards");
  auto wait = let(program.add_subcommand("wait", "Wait for the page"), how,
                  with, wait_in_tab);
  wait->add_option("--visible,selector", with->visible, "A selector");
  wait->add_option("--attached", with->attached, "A selector");
  wait->add_option("--hidden", with->hidden, "A selector");
  wait->add_option("--text", with->text, "A text of the page");
  wait->add_option("--expression", with->expression, "JavaScript, to be true");
  auto shot
    = let(program.add_subcommand("shot", "Take a picture"), how, with, shoot);
  shot->add_option("file", with->first, "Where to (default: tab.png)");
  shot->add_option("--format", with->format)
    ->check(CLI::IsMember({"png", "jpeg", "webp"}));
  shot->add_flag("--full", with->full, "The whole page");
  auto text
    = let(program.add_subcommand("text", "Print what a person could read"), how,
          with, run_text);
  text->add_flag("--accessibility", with->accessibility,
                 "The accessibility tree instead");
  auto cdp = let(program.add_subcommand("cdp", "Make one CDP call"), how, with,
                 run_cdp);
  cdp->add_option("method", with->first)->required();
  cdp->add_option("params", with->second, "A JSON object");
}

} // namespace berth::apps
