#include "cdp/conversation_script.hpp"

#include "cdp/read_json.hpp"

#include <nlohmann/json.hpp>

namespace berth::cdp {

using namespace protocol;

namespace {

using nlohmann::json;

/// Enough to tell one prompt from another, and little enough to be sent with
/// every look.
constexpr size_t prompt_max = 4096;

/// An element of the page may hide what its document or its form inherits, by
/// its mere name: everything is called as the language has it.
constexpr const char* tools = R"JS(
const method = f => f.call.bind(f);
const getter = (type, name) =>
  method(Object.getOwnPropertyDescriptor(type.prototype, name).get);
const allInDocument = method(Document.prototype.querySelectorAll);
const allInElement = method(Element.prototype.querySelectorAll);
const matches = method(Element.prototype.matches);
const contains = method(Node.prototype.contains);
const boxOf = method(Element.prototype.getBoundingClientRect);
const textOf = getter(Node, 'textContent');
const shownText = getter(HTMLElement, 'innerText');
const insideOf = getter(HTMLIFrameElement, 'contentDocument');
const titleOf = getter(Document, 'title');

// Frames of another origin are closed to us. Those of another site have this
// script, too, and what it sees there is handed in.
const insides = new WeakMap();
const framesIn = list => list.map(x => insides.get(x)).filter(x => x);
const documents = () => [document].concat(
  [...allInDocument(document, 'iframe')].map(insideOf).filter(x => x));

// The first selector that matches counts.
const first = (list, all) => {
  for (const selector of list) {
    let found = [];
    try { found = all(selector); } catch { }
    if (found.length > 0) return found;
  }
  return [];
};
const everywhere = list => first(list, selector =>
  documents().flatMap(x => [...allInDocument(x, selector)]));
const within = (element, list) => first(list, selector =>
  [...(matches(element, selector) ? [element] : []),
   ...allInElement(element, selector)]);

const visible = e => {
  const box = boxOf(e);
  const style = getComputedStyle(e);
  return box.width > 0 && box.height > 0 && style.visibility !== 'hidden'
         && style.display !== 'none';
};
const shown = list =>
  list.some(selector => everywhere([selector]).some(visible));
const frames = () => framesIn(everywhere(['iframe']));
const framesOf = turn => framesIn([...allInElement(turn, 'iframe')]);
const read = e => e instanceof HTMLElement ? shownText(e) : textOf(e);
const squeeze = text => text.replace(/\s+/gu, '');
const mix = (x, by, factor) => Math.imul(x ^ (x >>> by), factor);
const hash = text => {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (let i = 0; i < text.length; ++i) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = mix(a, 16, 2246822507) ^ mix(b, 13, 3266489909);
  b = mix(b, 16, 2246822507) ^ mix(a, 13, 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
};
)JS";

/// `asked` is what was asked for last; null in a new document.
constexpr const char* eyes = R"JS(
let asked = null;

// Answers may quote the prompt: its own turn comes first. Of an unknown place
// it is the last one that is no answer.
const placeOfPrompt = turns => {
  const from = Math.max(asked.before, 0);
  const fits = i => i >= from
    && squeeze(textOf(turns[i])).includes(asked.wanted);
  const places = [...turns.keys()].filter(fits);
  if (asked.before >= 0) return places.length > 0 ? places[0] : -1;
  const own = places.filter(i => within(turns[i], parts.answer).length === 0
    && framesOf(turns[i]).length === 0);
  return own.length > 0 ? own[own.length - 1] : -1;
};

const wordsOf = (all, inside) => {
  const outer = all.filter(e => !all.some(o => o !== e && contains(o, e)));
  return [...outer.map(read), ...inside.map(x => x.text)].join('\n\n').trim();
};

const answerAfter = (turns, at) => {
  for (let i = turns.length - 1; at >= 0 && i > at; --i) {
    const text = wordsOf(within(turns[i], parts.answer), framesOf(turns[i]));
    if (text !== '') return {turn: turns[i], text};
  }
  return {turn: null, text: ''};
};

const trouble = () => {
  for (const kind of ['login', 'interstitial', 'rate_limit'])
    for (const e of everywhere(troubles[kind]))
      if (visible(e)) return {kind, words: read(e).trim().slice(0, 500)};
  return {kind: '', words: ''};
};

const composed = () => {
  const e = everywhere(parts.composer).find(visible);
  return e === undefined ? null
    : squeeze('value' in e ? String(e.value) : read(e));
};

const look = () => {
  const turns = everywhere(parts.turns);
  const at = placeOfPrompt(turns);
  const {turn, text} = answerAfter(turns, at);
  const draft = composed(), {kind, words} = trouble();
  return {
    of: asked.of, turns: turns.length, at,
    length: text.length, hash: hash(text),
    done: turn !== null && (within(turn, parts.done).some(visible)
                            || framesOf(turn).some(x => x.done)),
    stop: shown(parts.stop) || frames().some(x => x.stop),
    thinking: shown(parts.thinking) || frames().some(x => x.thinking),
    composer: draft !== null,
    typed: draft !== null && draft.includes(asked.wanted),
    trouble: kind, words,
    url: location.href.slice(0, 4096), title: titleOf(document).slice(0, 1024)};
};
)JS";

/// A page that changes all the time is looked at 20 times a second, and tells
/// only of what is new to the look. A frame within has no look of its own: it
/// only asks for one.
constexpr const char* voice = R"JS(
const pace = 50, stillness = 110, framePace = 250;
const top = window.top === window;
let timer = 0, still = 0, last = 0, told = '';
const waiting = new Set();

const tell = text => { told = text; globalThis.berthTell(text); };
const sight = () => asked === null ? '{}' : JSON.stringify(look());
const concerns = () => frames().length > 0
  || [parts.turns, parts.composer, parts.stop, parts.answer]
    .some(list => everywhere(list).length > 0);

const fire = () => {
  timer = 0;
  last = performance.now();
  if (!top) { if (concerns()) tell('{}'); return; }
  const seen = sight();
  if (seen === told && asked !== null) return;
  tell(seen);
  clearTimeout(still);
  if (asked !== null) still = setTimeout(() => tell(sight()), stillness);
};
const stir = () => {
  for (const x of waiting) x();
  if (timer !== 0) return;
  const since = performance.now() - last;
  timer = setTimeout(fire, Math.max((top ? pace : framePace) - since, 0));
};
const observer = new MutationObserver(stir);
observer.observe(document, {subtree: true, childList: true, attributes: true,
                            characterData: true});

globalThis.berth = {
  look: order => {
    const fresh = asked === null;
    asked = {...order, wanted: squeeze(order.prompt)};
    const seen = look();
    told = JSON.stringify(seen);
    return {...seen, fresh};
  },
  answer: () => {
    const turns = everywhere(parts.turns);
    const {text} = answerAfter(turns, placeOfPrompt(turns));
    return {of: asked.of, hash: hash(text), text};
  },
  inside: (element, part) => {
    insides.set(element, part);
    stir();
  },
  part: () => ({
    text: wordsOf(everywhere(parts.answer), frames()),
    done: shown(parts.done) || frames().some(x => x.done),
    stop: shown(parts.stop) || frames().some(x => x.stop),
    thinking: shown(parts.thinking) || frames().some(x => x.thinking)}),
  first: (list, hidden, ms) => new Promise(done => {
    const end = i => {
      waiting.delete(again);
      clearInterval(clock);
      clearTimeout(limit);
      done(i);
    };
    const again = () => {
      const i = list.findIndex(selector =>
        everywhere([selector]).some(e => hidden || visible(e)));
      if (i >= 0) end(i);
    };
    const clock = setInterval(again, 100);
    const limit = setTimeout(() => end(-1), ms);
    waiting.add(again);
    again();
  }),
  end: () => {
    observer.disconnect();
    clearTimeout(timer);
    clearTimeout(still);
  }
};
stir();
)JS";

} // namespace

std::string conversation_script(const provider_profile& from) {
  auto& x = from.parts;
  json parts{{"composer", x.composer}, {"turns", x.turns},
             {"answer", x.answer},     {"stop", x.stop},
             {"done", x.done},         {"thinking", x.thinking}};
  json troubles{{"login", from.troubles.login},
                {"interstitial", from.troubles.interstitial},
                {"rate_limit", from.troubles.rate_limit}};
  return "(() => {\nglobalThis.berth?.end();\nconst parts = "
         + write_json(parts) + ";\nconst troubles = " + write_json(troubles)
         + ";\n" + tools + eyes + voice + "})();\n";
}

std::string look_now(const look_order& what) {
  auto end = std::min(what.prompt.size(), prompt_max);
  while (end > 0 && end < what.prompt.size()
         && (static_cast<unsigned char>(what.prompt[end]) & 0xc0) == 0x80)
    --end;
  json order{{"of", what.of},
             {"before", what.before},
             {"prompt", what.prompt.substr(0, end)}};
  return "globalThis.berth?.look(" + write_json(order) + ") ?? null";
}

std::string read_answer() {
  return "globalThis.berth?.answer() ?? null";
}

std::string read_part() {
  return "globalThis.berth?.part() ?? null";
}

std::string first_of(const selectors& from, bool hidden, duration within) {
  using std::chrono::milliseconds;
  auto ms = std::chrono::duration_cast<milliseconds>(within).count();
  return "globalThis.berth?.first(" + write_json(from)
         + (hidden ? ", true, " : ", false, ") + std::to_string(ms)
         + ") ?? null";
}

} // namespace berth::cdp
