// Commands that act on elements: find it, wait until it can be used, use it.

#include "actors/file_places.hpp"
#include "actors/tab.hpp"
#include "cdp/message.hpp"
#include "cdp/page_script.hpp"
#include "cdp/read_json.hpp"

#include <filesystem>

namespace berth::actors {

namespace {

namespace fs = std::filesystem;

using nlohmann::json;

/// Chrome's words for a page that went away under a script.
bool page_left(const failure& why) {
  return why.what.find("navigated or closed") != std::string::npos
         || why.what.find("context was destroyed") != std::string::npos
         || why.what.find("Cannot find context") != std::string::npos
         || why.what.find("No frame for given id") != std::string::npos;
}

/// What a script of ours says when it gave up.
failure not_found(const json& got, const std::string& what) {
  auto why = cdp::text_in(got, "error", "missing");
  if (why == "missing")
    return fail(errc::element_missing,
                "'" + what + "' did not appear within the deadline.");
  if (why == "selector")
    return fail(errc::invalid_argument, "'" + what + "' is not a CSS selector: "
                                          + cdp::text_in(got, "detail"));
  if (why == "threw")
    return fail(errc::script_threw, cdp::text_in(got, "detail"));
  if (why == "false" || why == "visible")
    return fail(errc::deadline_exceeded,
                "'" + what + "' did not come true within the deadline.");
  return fail(errc::element_unusable,
              "'" + what + "' is " + why + ", and was so until the deadline.");
}

/// Scripts give up a little before the command does, so that their reason is
/// told and not a mere deadline.
duration script_time(duration left) {
  return left - std::min(left / 10, duration{std::chrono::milliseconds{200}});
}

/// The files as Chrome gets them: where they really are, so that no link leads
/// out of the directories that they may be in.
outcome<std::vector<std::string>>
resolve(const std::vector<std::string>& paths, const config& how) {
  std::vector<std::string> result;
  for (const auto& path : paths) {
    if (path.find('\0') != std::string::npos)
      return fail(errc::invalid_argument,
                  "A file's name cannot have a zero byte in it.");
    if (!path.starts_with('/'))
      return fail(errc::invalid_argument,
                  "'" + path + "' is not an absolute path.");
    if (auto why = refuse_name(path, how); !why.empty())
      return fail(errc::file_denied, why);
    // What is not there is refused first as well: else one could ask for the
    // names of others' files.
    std::error_code failed;
    auto real = fs::weakly_canonical(path, failed).string();
    if (auto why = refuse_place(real, how); !why.empty())
      return fail(errc::file_denied, why);
    if (failed || !fs::is_regular_file(real, failed))
      return fail(errc::invalid_argument,
                  "There is no file '" + path + "' on the daemon's machine.");
    // Agents of the daemon's own user could read it without Chrome.
    auto others = how.door.uids.empty() ? "" : refuse_changeable(real);
    if (!others.empty())
      return fail(errc::file_denied, others);
    result.push_back(real);
  }
  return result;
}

std::string mouse(const char* type, double x, double y, int buttons) {
  json params{{"type", type},       {"x", x},           {"y", y},
              {"buttons", buttons}, {"button", "left"}, {"clickCount", 1}};
  if (std::string_view{type} == "mouseMoved") {
    params["button"] = "none";
    params["clickCount"] = 0;
  }
  return cdp::write_json(params);
}

} // namespace

void tab_state::run(const click& x, const operation_ptr& whose) {
  auto selector = x.selector;
  auto script = [this, whose, selector] {
    return cdp::find_to_click(selector, script_time(left(whose)));
  };
  ask_page(whose, script, [this, whose, selector](std::string_view result) {
    auto got = cdp::read_object(result);
    if (!cdp::is_true_in(got, "ok")) {
      finish(whose, not_found(got, selector));
      return;
    }
    auto at_x = cdp::number_in(got, "x");
    auto at_y = cdp::number_in(got, "y");
    auto ignore = [](std::string_view) {};
    call(whose, "Input.dispatchMouseEvent", mouse("mouseMoved", at_x, at_y, 0),
         ignore);
    call(whose, "Input.dispatchMouseEvent",
         mouse("mousePressed", at_x, at_y, 1), ignore);
    call(whose, "Input.dispatchMouseEvent",
         mouse("mouseReleased", at_x, at_y, 0),
         [this, whose, selector](std::string_view) {
           finish(whose, selector);
         });
  });
}

void tab_state::run(const type_text& x, const operation_ptr& whose) {
  auto script = [this, whose, selector = x.selector, clear = x.clear] {
    return cdp::find_to_type(selector, clear, script_time(left(whose)));
  };
  ask_page(whose, script, [this, whose, x](std::string_view result) {
    auto got = cdp::read_object(result);
    if (!cdp::is_true_in(got, "ok")) {
      finish(whose, not_found(got, x.selector));
      return;
    }
    auto done = [this, whose, selector = x.selector](std::string_view) {
      finish(whose, selector);
    };
    auto ignore = [](std::string_view) {};
    auto typed = R"({"text":)" + cdp::quote(x.text) + "}";
    if (x.clear && x.text.empty())
      call(whose, "Input.dispatchKeyEvent",
           R"({"type":"keyDown","key":"Delete","code":"Delete",)"
           R"("windowsVirtualKeyCode":46})",
           x.submit ? then_result{ignore} : then_result{done});
    else
      call(whose, "Input.insertText", typed,
           x.submit ? then_result{ignore} : then_result{done});
    if (!x.submit)
      return;
    call(whose, "Input.dispatchKeyEvent",
         R"({"type":"keyDown","key":"Enter","code":"Enter","text":"\r",)"
         R"("windowsVirtualKeyCode":13})",
         ignore);
    call(whose, "Input.dispatchKeyEvent",
         R"({"type":"keyUp","key":"Enter","code":"Enter",)"
         R"("windowsVirtualKeyCode":13})",
         done);
  });
}

void tab_state::run(const wait_for& x, const operation_ptr& whose) {
  if (x.kind == wait_kind::expression) {
    wait_until_true(x.what, now() + script_time(left(whose)), whose);
    return;
  }
  auto script = [this, whose, x] {
    return cdp::wait_until(x.kind, x.what, script_time(left(whose)));
  };
  ask_page(whose, script,
           [this, whose, what = x.what](std::string_view result) {
             auto got = cdp::read_object(result);
             if (cdp::is_true_in(got, "ok"))
               finish(whose, what);
             else
               finish(whose, not_found(got, what));
           });
}

/// The expression is asked in the page's world, when to ask again in ours.
void tab_state::wait_until_true(const std::string& expression, timestamp until,
                                const operation_ptr& whose) {
  auto again = [=, this](std::string_view) {
    if (now() < until)
      wait_until_true(expression, until, whose);
    else
      finish(whose, not_found({{"error", "false"}}, expression));
  };
  json params{{"returnByValue", true},
              {"expression", cdp::truth_of(expression)}};
  calls.send({"Runtime.evaluate", cdp::write_json(params), attachment.value,
              whose->deadline, true},
             [=, this](const reply& got) {
               if (over(whose))
                 return;
               missed_deadline |= got.is_late();
               auto result = cdp::read_evaluation(got.result());
               if (!got.ok() && !page_left(*got.why))
                 finish(whose, *got.why);
               else if (got.ok() && !result.exception.empty())
                 finish(whose, fail(errc::script_threw, result.exception));
               else if (got.ok() && result.value == "true")
                 finish(whose, expression);
               else
                 ask_page(whose, cdp::next_change, again);
             });
}

void tab_state::run(const upload& x, const operation_ptr& whose) {
  auto files = resolve(x.paths, with.how);
  if (!files) {
    finish(whose, files.error());
    return;
  }
  find_world(whose, [this, whose, x, files = *files](int64_t world) {
    if (world < 0) {
      run(x, whose); // The page went away: the next one is asked.
      return;
    }
    json params{{"contextId", world},
                {"expression", cdp::find_input(x.selector)}};
    call(whose, "Runtime.evaluate", cdp::write_json(params),
         [this, whose, x, files](std::string_view result) {
           auto got = cdp::read_evaluation(result);
           if (!got.exception.empty())
             finish(whose, fail(errc::invalid_argument, got.exception));
           else if (got.object.empty())
             finish(whose, fail(errc::element_missing,
                                "'" + x.selector + "' selects nothing."));
           else {
             json chosen{{"files", files}, {"objectId", got.object}};
             call(whose, "DOM.setFileInputFiles", cdp::write_json(chosen),
                  [this, whose, count = files.size()](std::string_view) {
                    finish(whose, std::to_string(count));
                  });
           }
         });
  });
}

// -- scripts of ours ----------------------------------------------------------

/// Made where it is not there yet: each document has its own.
void tab_state::find_world(const operation_ptr& x,
                           std::function<void(int64_t)> then) {
  auto where = cdp::script_world(target.value);
  calls.send(
    {"Page.createIsolatedWorld", where, attachment.value, x->deadline, true},
    [this, x, then = std::move(then)](const reply& got) {
      if (over(x))
        return;
      missed_deadline |= got.is_late();
      if (!got.ok() && page_left(*got.why))
        then(-1);
      else if (!got.ok())
        finish(x, *got.why);
      else
        then(static_cast<int64_t>(cdp::number_in(cdp::read_object(got.result()),
                                                 "executionContextId")));
    });
}

/// A page that goes away under a script takes the script with it: the next
/// page is asked again, until the command's deadline.
void tab_state::ask_page(const operation_ptr& x,
                         std::function<std::string()> script,
                         then_result then) {
  find_world(x, [this, x, script = std::move(script),
                 then = std::move(then)](int64_t world) {
    if (world < 0) {
      ask_page(x, script, then);
      return;
    }
    json params{{"contextId", world},
                {"returnByValue", true},
                {"awaitPromise", true},
                {"expression", script()}};
    calls.send({"Runtime.evaluate", cdp::write_json(params), attachment.value,
                x->deadline, true},
               [this, x, script, then](const reply& got) {
                 if (over(x))
                   return;
                 if (!got.ok() && page_left(*got.why)) {
                   ask_page(x, script, then);
                   return;
                 }
                 missed_deadline |= got.is_late();
                 if (!got.ok()) {
                   finish(x, *got.why);
                   return;
                 }
                 auto result = cdp::read_evaluation(got.result());
                 if (!result.exception.empty())
                   finish(
                     x, fail(errc::script_threw, std::move(result.exception)));
                 else
                   then(result.value);
               });
  });
}

} // namespace berth::actors
