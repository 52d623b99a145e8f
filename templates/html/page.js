// Walks through the steps of the page. Everything is in the page already: this opens and
// folds, lights up, and judges what is typed. It says nothing of its own: `said` holds words.
// Its own words are shortened in a page, those that are also a property's stay as they are.
(() => {
"use strict";
const page = document;
const byId = id => page.getElementById(id);
const all = (selector, root = page) => [...root.querySelectorAll(selector)];
const make = (tag, facts) => Object.assign(page.createElement(tag), facts);
const on = (source, event, act) => source.addEventListener(event, act);
const say = (word, facts) => said[word].replace(/\{(\w+)\}/g, (_, part) => facts[part]);
const dress = (element, word, whether) => element.classList.toggle(word, whether);

const steps = all("#steps details>div"), stepOf = new Map();
const sectionOf = step => step.closest("details"), partOf = step => step.closest("section");
const titleOf = step => sectionOf(step).querySelector("h3").lastChild.data.trim();
const whereOf = step => partOf(step).querySelector("h2").textContent;
const linesOf = step => all("p[id]", step), lineOf = element => element.closest("p[id]");
steps.forEach((step, place) => linesOf(step).forEach(line => stepOf.set(line.id, place)));
const sections = [...new Set(steps.map(sectionOf))];
const [slider, live, card, back, forward, practice, unfold, score, drawing] =
  "slider live card back forward practice all score drawing".split(" ").map(byId);
const MARKED = "[data-k],[data-v]", VALUES = "p[id] [data-v]";
const markOf = element => element.dataset.k || element.dataset.v;
let current = 0;

// --- which quantity a name or a number stands for ---

// In the file a line gives the quantity whose mark is its id: its name is what stands alone on
// its left, its number is bold. Elsewhere a mark stands once for all that reads the same,
// unless that says `data-o`: it is passed on. What stands inside something marked is part of it.
const shown = new Map(), looks = new Map();
const look = element => element.textContent.replace("→ ", "");
for (const line of all("div>p[id]")) {
  const [quantity, more] = line.firstChild.children, result = line.querySelector("b");
  if (/^(;|$)/.test(line.dataset.is)) line.dataset.is = result.textContent.slice(2) + line.dataset.is;
  if ("o" in line.dataset) continue;
  if (quantity && !more) quantity.dataset.k ??= line.id;
  if (result && !result.firstElementChild) {
    const text = result.textContent, numeral = make("span", {textContent: text.slice(2)});
    numeral.dataset.v = line.id;
    result.replaceChildren(text.slice(0, 2), numeral);
  }
}
for (const element of all(MARKED))
  if (look(element) && !looks.has(look(element))) looks.set(look(element), "o" in element.dataset ? {} : {...element.dataset});
for (const element of all("td:not(:has(*)),math *,span,#drawing text"))
  if (!element.closest(MARKED)) Object.assign(element.dataset, looks.get(look(element)));
for (const element of all(MARKED)) {
  const mark = markOf(element);
  if (!shown.has(mark)) shown.set(mark, []);
  shown.get(mark).push(element);
}
const drawn = drawing ? all(MARKED, drawing) : [];
// A card of arrays says which steps belong to it.
const cards = drawing ? all("[data-a]", drawing).map(box => [box, box.dataset.a.split(" ")]) : [];
// The unit that a quantity belongs to: its card lights up when one of its numbers is worked out.
const unit = mark => /^(?:z|a|da|slope|delta|d?b)(\d+-\d+)(?!.*-u)/.exec(mark)?.[1] || mark;
// A gradient or an increment has its place where its weight stands.
const home = mark => mark.replace(/^(?:d|increment-)([wb]\d[\d-]*\d)(-s\d+)?/, "$1");
let turn = () => {};  // to another sample, where there are several
<% if said_samples %>
<% include "html/samples.js" %>
<% endif %>

// --- steps ---

function show(place, scroll = true, record = true) {
  const before = steps[current], step = steps[current = Math.max(0, Math.min(steps.length - 1, place))];
  const here = sectionOf(step), [line] = linesOf(step);
  dress(before, "now", false);
  dress(step, "now", true);
  for (const box of all("figure,nav")) box.className = partOf(step).className;
  let done = true;
  for (const section of sections) {
    if (section === here) done = false;
    if (!unfold.checked) section.open = section === here;
    if (dress(section, "done", done) && !section.querySelector(".results")) summarize(section);
  }
  slider.value = current + 1;
  slider.ariaValueText = live.textContent = say("step", {number: current + 1, count: steps.length, title: titleOf(step)});
  back.disabled = !current;
  forward.disabled = !steps[current + 1];
  // one number of the step can be reached with Tab, the others from there with the arrow keys
  for (const numeral of all("[data-v][tabindex]", before)) numeral.removeAttribute("tabindex");
  all(VALUES, step).forEach((numeral, index) => numeral.setAttribute("tabindex", index ? -1 : 0));
  if (drawing) draw(step);
  allowScrolling(here);
  if (record && line) history.replaceState(null, "", `#${line.id}`);
  const calm = matchMedia("(prefers-reduced-motion:reduce)").matches;
  if (scroll) step.scrollIntoView({block: "nearest", behavior: calm ? "auto" : "smooth"});
}

// A finished section, folded, shows what its last step gave.
function summarize(section) {
  const results = make("span", {className: "results"});
  const last = all(":scope>div", section).filter(step => linesOf(step)[0]).pop();
  for (const line of last ? linesOf(last).slice(0, 2) : []) {
    const outcome = line.querySelector("b"), pair = make("span");
    pair.append(copy(line.firstChild), outcome ? copy(outcome) : "");
    if (outcome) results.append(pair);
  }
  section.firstElementChild.append(results);
}

function copy(element) {
  const twin = element.cloneNode(true);
  for (const one of [twin, ...all("*", twin)])
    for (const mark of ["id", "data-k", "data-v", "tabindex"]) one.removeAttribute(mark);
  return twin;
}

// The drawing shows what is worked out so far; what this step gives and uses is lit up.
function draw(step) {
  const own = new Set(linesOf(step).flatMap(line => [line.id, home(line.id)])), units = new Set([...own].map(unit));
  turn([...own]);
  const used = new Set(all("[data-v]", step).map(markOf));
  let first;
  for (const [box, marks] of cards) {
    const hot = marks.some(mark => own.has(mark));
    dress(box, "hot", hot);
    dress(box, "on", hot || marks.some(mark => used.has(mark)));
    if (hot) first ||= box;
  }
  for (const element of drawn) {
    const mark = markOf(element), box = element.localName === "rect" && units.has(unit(mark)), hot = box || own.has(mark);
    dress(element, element.dataset.v || element.textContent === "→" ? "later" : "ahead", stepOf.get(mark) > current);
    dress(element, "hot", hot);
    dress(element, "on", hot || used.has(mark));
    if (hot) first ||= element;
  }
  if (!first) return;
  const frame = drawing.parentElement, at = first.getBoundingClientRect(), view = frame.getBoundingClientRect();
  if (at.left < view.left || at.right > view.right) frame.scrollLeft += at.left - view.left - view.width / 3;
  if (at.top < view.top || at.bottom > view.bottom) frame.scrollTop += at.top - view.top - view.height / 3;
}

// What is wider than its box can be scrolled, also with the keyboard: looked for once in a width,
// since thousands of boxes that could be scrolled make every step slow.
let measured = new Set();
function allowScrolling(root) {
  if (measured.has(root)) return;
  measured.add(root);
  const wide = all("figure,p,p[id]>*,[class^=w],.table", root).filter(box =>
    box.scrollWidth > box.clientWidth + 1 || box.matches("figure") && box.scrollHeight > box.clientHeight + 1);
  for (const box of wide) {
    box.setAttribute("tabindex", 0);
    dress(box, "over", box.parentElement.matches("p[id]"));
  }
}
function measureAgain() {
  measured = new Set();
  allowScrolling(page);
}

function go(wanted) {
  const plain = wanted.replaceAll("#", "-s").replaceAll("@", "-u").replaceAll("~", "-t")
    .replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const line = byId([wanted, plain].find(id => stepOf.has(id)));
  if (!line) return;
  show(stepOf.get(line.id), false);
  history.replaceState(null, "", `#${line.id}`);
  line.scrollIntoView({block: "center"});
  dress(line, "arrived", false);
  requestAnimationFrame(() => dress(line, "arrived", true));
  return true;
}

// --- numbers: where they stand, where they come from ---

let lit = "", hiding;

function light(element) {
  clearTimeout(hiding);
  const mark = markOf(element);
  if (mark === lit) return;
  dim();
  turn([mark]);
  for (const one of shown.get(lit = mark) || []) dress(one, "same", true);
  tell(mark, element);
}

function dim() {
  for (const one of shown.get(lit) || []) dress(one, "same", false);
  lit = "";
  card.hidden = true;
}

// The card beside a number: phase, section, and the line that gives it.
function tell(mark, element) {
  const step = steps[stepOf.get(mark)], line = step && byId(mark), head = make("a");
  head.textContent = step ? `${whereOf(step)} · ${titleOf(step)}` : said.given;
  card.className = step ? partOf(step).className : "given";
  card.replaceChildren(head);
  if (step) {
    const twin = make("p");
    head.href = `#${mark}`;
    twin.append(...all(":scope>:not(.blank)", line).map(copy));
    card.append(twin);
  }
  if (line && line === lineOf(element) && element.closest("p>:first-child,b")) return;  // it stands there itself
  card.hidden = false;
  const at = element.getBoundingClientRect(), {width, height} = card.getBoundingClientRect();
  const top = at.bottom + 8 + height < innerHeight ? at.bottom + 8 : Math.max(8, at.top - height - 8);
  card.style = `left:${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px;top:${top}px`;
}

// A formula in words, as its MathML says it.
function spoken(element) {
  const parts = [...element.children].map(spoken), text = element.textContent, [, last = ""] = parts;
  if (!parts.length || element.matches("b")) return said.signs[text] || text;
  const between = element.localName === "mfrac" ? "/" : element.localName === "msup" && /^\w/.test(last) ? "^" : "";
  return parts.join(between ? ` ${said.signs[between]} ` : " ");
}
const marked = event => event.target.closest?.(MARKED);

on(page, "mouseover", event => {
  const element = marked(event);
  clearTimeout(hiding);
  if (element) light(element);
  else if (!card.contains(event.target)) hiding = setTimeout(dim, 200);
});
on(page, "focusin", event => {
  const element = marked(event);
  if (!element) return card.contains(event.target) || dim();
  light(element);
  const mark = markOf(element), step = steps[stepOf.get(mark)];
  live.textContent = step ? `${whereOf(step)}, ${titleOf(step)}: ${spoken(byId(mark))}` : said.given;
});
on(page, "click", event => {
  const element = marked(event), link = event.target.closest("a[href^='#']");
  if (link && go(link.hash.slice(1))) { event.preventDefault(); dim(); }
  else if (element) { lit = ""; light(element); }
});
on(page, "keydown", event => {
  const key = event.key, target = event.target, numeral = target.closest(VALUES);
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type=checkbox]),textarea,select")) return;
  const place = {ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: steps.length}[key];
  if (key === "Escape") return dim();
  if (numeral && /^Arrow(Up|Down)/.test(key)) {
    const row = all(VALUES, steps[current]), next = row[row.indexOf(numeral) + (key === "ArrowDown" ? 1 : -1)];
    if (next) { numeral.setAttribute("tabindex", -1); next.setAttribute("tabindex", 0); next.focus(); }
  } else if (numeral && key === "Enter") go(numeral.dataset.v);
  else if (place !== undefined) show(place);
  else return;
  event.preventDefault();
});

// --- practice: blanks ---

const telling = drawing?.getAttribute("aria-labelledby");  // its title, then its numbers
const blanks = all("#steps [data-is]"), masks = new Map();
const solved = line => line.matches(".solved");

function blank(line) {
  const box = make("span", {className: "blank"}), sign = make("span", {textContent: "= ", ariaHidden: true});
  const input = make("input", {autocomplete: "off", spellcheck: false, ariaLabel: say("blank", {name: spoken(line.firstChild)})});
  const button = make("button", {type: "button", textContent: said.reveal}), verdict = make("span", {className: "verdict", role: "status"});
  box.append(sign, input, button, verdict);
  line.append(box);
  const mark = () => {
    const word = input.value.trim() && judge(input.value, line.dataset.is, said.habits);
    verdict.textContent = word && said[word];
    dress(line, "solved", word === "right" || word === "rounded");
    uncover(line);
  };
  on(input, "change", mark);
  on(input, "keydown", event => {
    if (event.key !== "Enter") return;
    mark();
    const next = blanks[blanks.indexOf(line) + 1];
    if (!solved(line) || !next) return;
    show(stepOf.get(next.id), false);
    next.querySelector("input").focus();
  });
  on(button, "click", () => {
    line.classList.add("solved", "given-up");
    uncover(line);
    input.focus();
  });
}

// A number that is not known yet is blanked wherever it stands.
function uncover(line) {
  const known = !practice.checked || solved(line);
  for (const element of shown.get(line.id) || []) {
    if (!element.dataset.v || known !== masks.has(element)) continue;
    if (known) {
      element.replaceChildren(...masks.get(element));
      masks.delete(element);
    } else {
      const row = element.localName === "mrow" && page.createElementNS(element.namespaceURI, "mn");
      masks.set(element, [...element.childNodes]);
      element.replaceChildren(row || "□");
      if (row) row.textContent = "□";
    }
    dress(element, "unknown", !known);
  }
  score.textContent = practice.checked ? say("score", {right: blanks.filter(solved).length, count: blanks.length}) : "";
}

function practise() {
  dress(page.querySelector("main"), "practice", practice.checked);
  drawing?.setAttribute("aria-labelledby", practice.checked ? telling.split(" ")[0] : telling);
  for (const line of blanks) {
    if (!line.querySelector(".blank")) blank(line);
    uncover(line);
  }
  measureAgain();
}

// --- controls ---

on(slider, "input", () => show(slider.value - 1));
on(back, "click", () => show(current - 1));
on(forward, "click", () => show(current + 1));
on(practice, "change", practise);
on(unfold, "change", () => {
  if (unfold.checked) for (const section of sections) section.open = true;
  show(current);
  measureAgain();
});
on(window, "resize", measureAgain);
for (const section of sections)
  on(section.firstElementChild, "click", event => {
    if (section.open || unfold.checked) return;
    event.preventDefault();
    show(steps.findIndex(step => sectionOf(step) === section), false);
  });
on(window, "hashchange", () => go(decodeURIComponent(location.hash.slice(1))));
let folded = [];
on(window, "beforeprint", () => {
  folded = sections.filter(section => !section.open);
  for (const section of folded) section.open = true;
  dim();
});
on(window, "afterprint", () => { for (const section of folded) section.open = false; });

if (steps[0]) {
  slider.max = steps.length;
  for (const element of all("nav,.options")) element.hidden = false;
  practice.parentElement.hidden = !blanks[0];
  unfold.checked = false;
  practice.checked = new URLSearchParams(location.search).has("practice");
  if (practice.checked) practise();
  if (!go(decodeURIComponent(location.hash.slice(1)))) show(0, false, false);
  allowScrolling(page);
}
})();
