#include "cdp/page_script.hpp"

#include "cdp/message.hpp"

namespace berth::cdp {

using namespace protocol;

namespace {

/// Looks again whenever the page changes, and ten times a second for what no
/// mutation tells (styles, layout, timers). `look` returns an object when it
/// is done, or a word that says what is still wrong.
constexpr const char* watcher = R"JS(
(look, ms) => new Promise(done => {
  let why = 'missing', over = false;
  const end = x => {
    if (over) return;
    over = true;
    observer.disconnect();
    clearInterval(timer);
    clearTimeout(limit);
    done(x);
  };
  const again = () => {
    if (over) return;
    try {
      const x = look();
      if (typeof x === 'object') end(x); else why = x;
    } catch (e) {
      end({error: e instanceof DOMException ? 'selector' : 'threw',
           detail: String(e)});
    }
  };
  const observer = new MutationObserver(again);
  const timer = setInterval(again, 100);
  const limit = setTimeout(() => end({error: why}), ms);
  observer.observe(document, {subtree: true, childList: true,
                              attributes: true, characterData: true});
  again();
})
)JS";

constexpr const char* visible = R"JS(
const visible = e => {
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  return box.width > 0 && box.height > 0 && style.visibility !== 'hidden'
         && style.display !== 'none';
};
)JS";

/// Twice at the same place: it does not move any more.
constexpr const char* click_look = R"JS(
let last = null;
const look = () => {
  const e = document.querySelector(selector);
  if (!e) return 'missing';
  if (!visible(e)) return 'hidden';
  if (e.disabled) return 'disabled';
  e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const box = e.getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const hit = document.elementFromPoint(x, y);
  if (!hit || !(e === hit || e.contains(hit) || hit.contains(e)
                || (e.labels && [...e.labels].some(l => l.contains(hit)))))
    return 'covered';
  const here = x + ',' + y;
  if (last !== here) { last = here; return 'moving'; }
  return {ok: true, x, y};
};
)JS";

constexpr const char* type_look = R"JS(
const look = () => {
  const e = document.querySelector(selector);
  if (!e) return 'missing';
  if (!visible(e)) return 'hidden';
  if (e.disabled || e.readOnly) return 'disabled';
  e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  e.focus();
  if (clear) {
    if (e.select) e.select();
    else getSelection().selectAllChildren(e);
  }
  return {ok: true};
};
)JS";

std::string milliseconds(duration x) {
  using std::chrono::milliseconds;
  return std::to_string(std::chrono::duration_cast<milliseconds>(x).count());
}

std::string program(const std::string& body, duration within) {
  return "(() => {\n" + std::string{visible} + body + "return (" + watcher
         + ")(look, " + milliseconds(within) + ");\n})()";
}

} // namespace

std::string find_to_click(std::string_view selector, duration within) {
  return program("const selector = " + quote(selector) + ";\n" + click_look,
                 within);
}

std::string
find_to_type(std::string_view selector, bool clear, duration within) {
  return program("const selector = " + quote(selector) + ", clear = "
                   + (clear ? "true" : "false") + ";\n" + type_look,
                 within);
}

std::string wait_until(wait_kind kind, std::string_view what, duration within) {
  auto head = "const what = " + quote(what) + ";\n";
  switch (kind) {
    case wait_kind::visible:
      return program(head
                       + "const look = () => {"
                         "const all = [...document.querySelectorAll(what)];"
                         "return all.some(visible) ? {ok: true}"
                         " : all.length ? 'hidden' : 'missing'; };\n",
                     within);
    case wait_kind::attached:
      return program(head
                       + "const look = () => document.querySelector(what)"
                         " ? {ok: true} : 'missing';\n",
                     within);
    case wait_kind::hidden:
      return program(head
                       + "const look = () =>"
                         " [...document.querySelectorAll(what)].some(visible)"
                         " ? 'visible' : {ok: true};\n",
                     within);
    case wait_kind::text:
      return program(head
                       + "const look = () =>"
                         " document.body?.innerText.includes(what)"
                         " ? {ok: true} : 'missing';\n",
                     within);
    case wait_kind::expression:
      // As text of the program, not by eval: pages may forbid that.
      return program("const look = () => (\n" + std::string{what}
                       + "\n) ? {ok: true} : 'false';\n",
                     within);
  }
  return "null";
}

std::string read_text() {
  return "({ok: true, blank: location.href === 'about:blank',"
         " text: document.body ? document.body.innerText"
         " : document.documentElement ? document.documentElement.textContent"
         " : ''})";
}

std::string find_input(std::string_view selector) {
  return "document.querySelector(" + std::string{quote(selector)} + ")";
}

} // namespace berth::cdp
