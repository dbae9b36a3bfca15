// Commands that act on elements: find it, wait until it can be used, use it.

#include "actors/tab.hpp"
#include "cdp/message.hpp"
#include "cdp/page_script.hpp"
#include "cdp/read_json.hpp"

#include <filesystem>

namespace berth::actors {

namespace {

using nlohmann::json;

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
              "'" + what + "' is " + why + " and stayed so.");
}

/// Scripts give up a little before the command does, so that their reason is
/// told and not a mere deadline.
duration script_time(duration left) {
  return left - std::min(left / 10, duration{std::chrono::milliseconds{200}});
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

void tab_state::run(const upload& x, const operation_ptr& whose) {
  std::error_code unseen;
  for (const auto& path : x.paths)
    if (!std::filesystem::is_regular_file(path, unseen)) {
      finish(whose,
             fail(errc::invalid_argument,
                  "There is no file '" + path + "' on the daemon's machine."));
      return;
    }
  json params{{"expression", cdp::find_input(x.selector)}};
  call(whose, "Runtime.evaluate", cdp::write_json(params),
       [this, whose, x](std::string_view result) {
         auto got = cdp::read_evaluation(result);
         if (!got.exception.empty())
           finish(whose, fail(errc::invalid_argument, got.exception));
         else if (got.object.empty())
           finish(whose, fail(errc::element_missing,
                              "'" + x.selector + "' selects nothing."));
         else {
           json files{{"files", x.paths}, {"objectId", got.object}};
           call(whose, "DOM.setFileInputFiles", cdp::write_json(files),
                [this, whose, count = x.paths.size()](std::string_view) {
                  finish(whose, std::to_string(count));
                });
         }
       });
}

} // namespace berth::actors
