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

/// A form's controls and a document's forms hide what these have by nature, by
/// their names, in every world: so all of it is taken from the prototypes.
constexpr const char* natural = R"JS(
const part = (type, name, of) =>
  Object.getOwnPropertyDescriptor(type.prototype, name).get.call(of);
const find = s => Document.prototype.querySelector.call(document, s);
const findAll = s => [...Document.prototype.querySelectorAll.call(document, s)];
const textOf = e => e instanceof HTMLElement
  ? part(HTMLElement, 'innerText', e) : part(Node, 'textContent', e);
const shown = () => part(Document, 'body', document)
  || part(Document, 'documentElement', document);
const text = () => { const e = shown(); return e ? textOf(e) : ''; };
)JS";

constexpr const char* visible = R"JS(
const boxOf = e => Element.prototype.getBoundingClientRect.call(e);
const holds = (e, other) => Node.prototype.contains.call(e, other);
const isDisabled = e => Element.prototype.matches.call(e, ':disabled');
const bring = e => Element.prototype.scrollIntoView.call(
  e, {block: 'center', inline: 'center', behavior: 'instant'});
const visible = e => {
  const box = boxOf(e);
  const style = getComputedStyle(e);
  return box.width > 0 && box.height > 0 && style.visibility !== 'hidden'
         && style.display !== 'none';
};
)JS";

/// Twice at the same place: it does not move any more.
constexpr const char* click_look = R"JS(
let last = null;
const look = () => {
  const e = find(selector);
  if (!e) return 'missing';
  if (!visible(e)) return 'hidden';
  if (isDisabled(e)) return 'disabled';
  bring(e);
  const box = boxOf(e);
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const hit = Document.prototype.elementFromPoint.call(document, x, y);
  const labels = e instanceof HTMLFormElement ? [] : e.labels || [];
  if (!hit || !(e === hit || holds(e, hit) || holds(hit, e)
                || [...labels].some(l => holds(l, hit))))
    return 'covered';
  const here = x + ',' + y;
  if (last !== here) { last = here; return 'moving'; }
  return {ok: true, x, y};
};
)JS";

constexpr const char* type_look = R"JS(
const look = () => {
  const e = find(selector);
  if (!e) return 'missing';
  if (!visible(e)) return 'hidden';
  if (isDisabled(e) || e.readOnly) return 'disabled';
  bring(e);
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
  return "(() => {\n" + std::string{natural} + visible + body + "return ("
         + watcher + ")(look, " + milliseconds(within) + ");\n})()";
}

} // namespace

std::string script_world(std::string_view frame) {
  return R"({"worldName":"berthCommands","contentSecurityPolicy":)"
         R"("script-src 'none'","frameId":)"
         + quote(frame) + "}";
}

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
                         "const all = findAll(what);"
                         "return all.some(visible) ? {ok: true}"
                         " : all.length ? 'hidden' : 'missing'; };\n",
                     within);
    case wait_kind::attached:
      return program(head
                       + "const look = () => find(what)"
                         " ? {ok: true} : 'missing';\n",
                     within);
    case wait_kind::hidden:
      return program(head
                       + "const look = () =>"
                         " findAll(what).some(visible)"
                         " ? 'visible' : {ok: true};\n",
                     within);
    case wait_kind::text:
      return program(head
                       + "const look = () =>"
                         " text().includes(what)"
                         " ? {ok: true} : 'missing';\n",
                     within);
    case wait_kind::expression:
      break;
  }
  return next_change();
}

// As text of the program, not by eval: pages may forbid that.
std::string truth_of(std::string_view expression) {
  return "!!(\n" + std::string{expression} + "\n)";
}

std::string next_change() {
  return R"JS(new Promise(done => {
  const end = () => { observer.disconnect(); done({ok: true}); };
  const observer = new MutationObserver(() => setTimeout(end, 20));
  observer.observe(document, {subtree: true, childList: true,
                              attributes: true, characterData: true});
  setTimeout(end, 100);
}))JS";
}

std::string read_text() {
  return "(() => {\n" + std::string{natural}
         + "return {ok: true, blank: location.href === 'about:blank',"
           " text: text()};\n})()";
}

std::string find_input(std::string_view selector) {
  return "Document.prototype.querySelector.call(document, " + quote(selector)
         + ")";
}

} // namespace berth::cdp
