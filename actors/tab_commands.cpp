// What the commands do in Chrome, one call after the other.

#include "actors/errors.hpp"
#include "actors/file_places.hpp"
#include "actors/patience.hpp"
#include "actors/recorder.hpp"
#include "actors/tab.hpp"
#include "cdp/ax_outline.hpp"
#include "cdp/base64.hpp"
#include "cdp/message.hpp"
#include "cdp/method_policy.hpp"
#include "cdp/page_script.hpp"
#include "cdp/read_json.hpp"
#include "cdp/url_policy.hpp"

#include <filesystem>

namespace berth::actors {

namespace {

using nlohmann::json;

const char* stage_of(load_state x) {
  switch (x) {
    case load_state::commit:
      return "commit";
    case load_state::dom:
      return "DOMContentLoaded";
    case load_state::load:
      break;
  }
  return "load";
}

const char* name_of(image_format x) {
  switch (x) {
    case image_format::png:
      break;
    case image_format::jpeg:
      return "jpeg";
    case image_format::webp:
      return "webp";
  }
  return "png";
}

/// Chrome runs a script before it finds that what came of it is no JSON.
failure without_value(const failure& why) {
  bool ran = why.code == errc::cdp_error
             && (why.what.find("Object reference chain") != std::string::npos
                 || why.what.find("returned by value") != std::string::npos);
  return ran ? fail(errc::script_threw,
                    "The script ran, but its result cannot be told as JSON: "
                      + why.what)
             : why;
}

} // namespace

void tab_state::call(const operation_ptr& x, std::string_view method,
                     const std::string& params, then_result then) {
  calls.send({method, params, attachment.value, x->deadline, true},
             [this, x, then = std::move(then)](const reply& got) {
               if (over(x))
                 return;
               missed_deadline |= got.is_late();
               if (!got.ok())
                 finish(x, *got.why);
               else
                 then(got.result());
             });
}

void tab_state::run(const navigate& x, const operation_ptr& whose) {
  if (auto why = cdp::refuse_url(x.url); !why.empty()) {
    finish(whose, fail(errc::invalid_argument, std::move(why)));
    return;
  }
  auto stage = std::string{stage_of(x.until)};
  call(whose, "Page.navigate", R"({"url":)" + cdp::quote(x.url) + "}",
       [this, whose, stage, asked = x.url](std::string_view result) {
         auto got = cdp::read_object(result);
         if (auto text = cdp::text_in(got, "errorText"); !text.empty())
           finish(whose, fail(errc::navigation_failed,
                              asked.substr(0, 200) + " did not load: " + text));
         else if (auto id = cdp::text_in(got, "loaderId"); id.empty())
           finish(whose, url); // The same document, another fragment.
         else {
           arrivals.push_back({whose, id, stage, {}, {}});
           check_arrivals();
         }
       });
}

void tab_state::run(const evaluate& x, const operation_ptr& whose) {
  auto params = R"({"returnByValue":true,"awaitPromise":true,)"
                R"("userGesture":true,"expression":)"
                + cdp::quote(x.expression) + "}";
  calls.send(
    {"Runtime.evaluate", params, attachment.value, whose->deadline, true},
    [this, whose](const reply& got) {
      if (over(whose))
        return;
      missed_deadline |= got.is_late();
      if (!got.ok()) {
        finish(whose, without_value(*got.why));
        return;
      }
      auto read = cdp::read_evaluation(got.result());
      if (read.exception.empty())
        finish(whose, std::move(read.value));
      else
        finish(whose, fail(errc::script_threw, std::move(read.exception)));
    });
}

void tab_state::run(const screenshot& x, const operation_ptr& whose) {
  json params{{"format", name_of(x.format)},
              {"captureBeyondViewport", x.full_page}};
  if (x.format != image_format::png)
    params["quality"] = std::min<int>(x.quality, 100);
  auto shoot = [this, whose](const std::string& how) {
    call(whose, "Page.captureScreenshot", how,
         [this, whose](std::string_view result) {
           // A plain string between known quotes: no need for a JSON tree.
           auto from = result.find(R"("data":")");
           auto to = result.rfind('"');
           auto start = from + 8;
           auto bytes
             = from == std::string_view::npos || to < start
                 ? std::nullopt
                 : cdp::decode_base64(result.substr(start, to - start));
           if (bytes && !bytes->empty())
             finish(whose, std::move(*bytes));
           else
             finish(whose, fail(errc::cdp_error, "Chrome sent no image."));
         });
  };
  if (!x.full_page) {
    // A tab behind another of its window paints nothing; a popup opens in
    // front of its opener.
    call(whose, "Page.bringToFront", "{}",
         [shoot, how = params.dump()](std::string_view) {
           shoot(how);
         });
    return;
  }
  call(whose, "Page.getLayoutMetrics", "{}",
       [shoot, params](std::string_view result) mutable {
         auto size = cdp::object_in(cdp::read_object(result), "cssContentSize");
         params["clip"] = {{"x", 0},
                           {"y", 0},
                           {"width", cdp::number_in(size, "width")},
                           {"height", cdp::number_in(size, "height")},
                           {"scale", 1}};
         shoot(params.dump());
       });
}

void tab_state::run(const snapshot& x, const operation_ptr& whose) {
  if (url == "about:blank" && loader.empty()) {
    finish(whose, fail(errc::page_blank, "The tab shows about:blank."));
    return;
  }
  if (x.kind == snapshot_kind::accessibility) {
    call(whose, "Accessibility.getFullAXTree", "{}",
         [this, whose](std::string_view result) {
           if (result.size() <= cdp::ax_tree_max)
             finish(whose, cdp::outline_ax_tree(result));
           else
             finish(whose,
                    fail(errc::answer_too_large,
                         "The page's accessibility tree has "
                           + std::to_string(result.size())
                           + " bytes; the limit is "
                           + std::to_string(cdp::ax_tree_max)
                           + ". Read its text, or a part of it by a script."));
         });
    return;
  }
  ask_page(
    whose,
    [] {
      return cdp::read_text();
    },
    [this, whose](std::string_view result) {
      auto got = cdp::read_object(result);
      auto text = got.find("text");
      if (cdp::is_true_in(got, "blank"))
        finish(whose, fail(errc::page_blank, "The tab shows about:blank."));
      else if (text == got.end() || !text->is_string())
        finish(whose, fail(errc::script_threw,
                           "The page has put something else in the place of "
                           "its text."));
      else
        finish(whose, text->get<std::string>());
    });
}

void tab_state::run(const set_download_directory& x,
                    const operation_ptr& whose) {
  namespace fs = std::filesystem;
  fs::path path{x.path};
  std::error_code failed;
  if (x.path.find('\0') != std::string::npos) {
    finish(whose, fail(errc::invalid_argument,
                       "A directory's name cannot have a zero byte in it."));
    return;
  }
  if (!path.is_absolute()) {
    finish(whose, fail(errc::invalid_argument,
                       "'" + x.path + "' is not an absolute path."));
    return;
  }
  if (!with.how.browser.url.empty()
      && with.lease.profile == profile_kind::shared) {
    finish(whose, fail(errc::invalid_argument,
                       "Downloads of an attached Chrome's own profile are its "
                       "user's. A lease with profile 'isolated' can have "
                       "them."));
    return;
  }
  if (auto why = refuse_name(x.path, with.how); !why.empty()) {
    finish(whose, fail(errc::file_denied, why));
    return;
  }
  auto real = fs::weakly_canonical(path, failed).string();
  if (auto why = refuse_place(real, with.how); !why.empty()) {
    finish(whose, fail(errc::file_denied, why));
    return;
  }
  fs::create_directories(real, failed);
  if (failed || !fs::is_directory(real, failed)) {
    finish(whose, fail(errc::invalid_argument,
                       "'" + x.path + "' cannot be made a directory."));
    return;
  }
  keep_downloads(real, whose);
}

/// The crew after this one knows of it, or nobody does.
void tab_state::keep_downloads(const std::string& path,
                               const operation_ptr& whose) {
  if (path.size() > detail_max) {
    finish(whose, fail(errc::invalid_argument,
                       "The directory's path has " + std::to_string(path.size())
                         + " bytes; the limit is " + std::to_string(detail_max)
                         + "."));
    return;
  }
  self
    ->request(with.recorder, recorder_patience,
              record{{told(event_kind::downloads_kept, path)}})
    .then(
      [=, this] {
        self->send(with.browser, note_downloads{with.lease.id, path});
        finish(whose, path);
      },
      [=, this](const caf::error& why) {
        finish(whose, to_failure(why));
      });
}

void tab_state::run(const call_cdp& x, const operation_ptr& whose) {
  auto params = cdp::admit_call(x.method, x.params);
  if (!params)
    finish(whose, params.error());
  else
    call(whose, x.method, *params, [this, whose](std::string_view result) {
      finish(whose, std::string{result});
    });
}

void tab_state::run(const describe_tab&, const operation_ptr& whose) {
  json result{{"target", target.value},   {"url", url},
              {"generation", generation}, {"popup", with.popup},
              {"lost", to_string(lost)},  {"under_way", under_way.size() - 1}};
  finish(whose, cdp::write_json(result));
}

} // namespace berth::actors
