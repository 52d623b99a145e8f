// Walks through the steps of the page. Everything is in the page already: this opens and
// folds, lights up, and judges what is typed. It says nothing of its own: `said` holds words.
(() => {
"use strict";
const find = id => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const said = JSON.parse(find("said").textContent);
const say = (word, facts = {}) => said[word].replace(/\{(\w+)\}/g, (_, name) => facts[name]);

const steps = all("#steps .step").map(element => {
  const section = element.closest("details"), part = element.closest(".part");
  return {
    element, section,
    phase: ["forward", "backward", "update"].find(one => part.classList.contains(one)) || "forward",
    title: section.querySelector("h3").lastChild.textContent.trim(),
    where: part.querySelector("h2").textContent.trim(),
    lines: all(".eq", element),
  };
});
const sections = [...new Set(steps.map(step => step.section))];
const slider = find("slider"), live = find("live"), origin = find("card");
const practice = find("practice"), unfold = find("all"), score = find("score");
const drawing = document.querySelector("figure svg");
const drawn = drawing ? all("[data-k],[data-v]", drawing) : [];
// The unit that a quantity belongs to: its card lights up when one of its numbers is worked out.
const unit = mark => (/^(?:z|a|da|slope|delta)(\d+-\d+.*)$/.exec(mark) || [])[1] || mark;
let current = 0;

// In the file a mark stands once for all that looks the same, unless that says `data-o`: it is
// passed on to the others. What stands inside something with a mark is part of that.
const looks = new Map(), look = element => element.outerHTML.replace(/ data-[kvo]="[^"]*"/g, "");
for (const element of all("math [data-k],math [data-v],td [data-v]"))
  if (!looks.has(look(element))) looks.set(look(element), element);
for (const element of all("math *,td span")) {
  const first = looks.get(look(element));
  if (first && !("o" in first.dataset) && !element.parentElement.closest("[data-k],[data-v]")) Object.assign(element.dataset, first.dataset);
}

// Everything that shows a quantity, by its mark; and in which step it is worked out.
const shown = new Map(), stepOf = new Map();
for (const element of all("[data-k],[data-v]")) {
  const mark = element.dataset.k || element.dataset.v;
  if (!shown.has(mark)) shown.set(mark, []);
  shown.get(mark).push(element);
}
steps.forEach((step, place) => step.lines.forEach(line => stepOf.set(line.id, place)));

// --- steps ---

function show(place, scroll = true, record = true) {
  const before = steps[current], step = steps[current = Math.max(0, Math.min(steps.length - 1, place))];
  before.element.classList.remove("now");
  step.element.classList.add("now");
  document.body.dataset.phase = step.phase;
  const here = sections.indexOf(step.section);
  sections.forEach((section, number) => {
    if (!unfold.checked) section.open = number === here;
    if (section.classList.toggle("done", number < here)) summarize(section);
  });
  slider.value = current + 1;
  const words = say("step", {number: current + 1, count: steps.length, title: step.title});
  slider.setAttribute("aria-valuetext", words);
  live.textContent = words;
  find("back").disabled = current === 0;
  find("forward").disabled = current === steps.length - 1;
  rove(before, step);
  draw(step);
  allowScrolling(step.section);
  if (record && step.lines.length) history.replaceState(null, "", `#${step.lines[0].id}`);
  if (scroll) step.element.scrollIntoView({block: "nearest", behavior: calm() ? "auto" : "smooth"});
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// A finished section, folded, shows what its last step gave.
function summarize(section) {
  const results = section.querySelector(".results");
  if (results.childElementCount) return;
  const last = steps.filter(step => step.section === section && step.lines.length).pop();
  for (const line of last ? last.lines.slice(0, 4) : []) {
    const value = line.querySelector(".result math");
    if (!value) continue;
    const pair = document.createElement("span");
    pair.append(copy(line.querySelector(".left math")), copy(value));
    results.append(pair);
  }
}

function copy(element) {
  const twin = element.cloneNode(true);
  for (const part of [twin, ...all("[data-k],[data-v],[tabindex]", twin)])
    for (const name of ["id", "data-k", "data-v", "tabindex", "aria-describedby"]) part.removeAttribute(name);
  return twin;
}

// The drawing shows what is worked out so far; what this step gives and uses is lit up.
function draw(step) {
  if (!drawing) return;
  const own = new Set(step.lines.map(line => line.id)), units = new Set([...own].map(unit));
  const used = new Set(all("[data-v]", step.element).map(element => element.dataset.v));
  let first;
  for (const element of drawn) {
    const mark = markOf(element), box = element.localName === "rect" && units.has(unit(mark));
    element.classList.toggle(element.dataset.v ? "later" : "ahead", (stepOf.get(mark) ?? -1) > current);
    element.classList.toggle("hot", own.has(mark) || box);
    element.classList.toggle("on", own.has(mark) || used.has(mark) || box);
    if (!first && (box || own.has(mark))) first = element;
  }
  if (!first) return;
  const frame = drawing.parentElement, at = first.getBoundingClientRect(), view = frame.getBoundingClientRect();
  if (at.left < view.left || at.right > view.right) frame.scrollLeft += at.left - view.left - view.width / 3;
  if (at.top < view.top || at.bottom > view.bottom) frame.scrollTop += at.top - view.top - view.height / 3;
}

// What is wider than its box can be scrolled with the keyboard.
function allowScrolling(root) {
  for (const box of all("figure, .eq > :not(.left), .table, p", root))
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
}

function go(name) {
  const plain = name.replaceAll("#", "-s").replaceAll("@", "-u").replaceAll("~", "-t")
    .replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const line = [name, plain].map(find).find(element => element && stepOf.has(element.id));
  if (!line) return false;
  show(stepOf.get(line.id), false);
  history.replaceState(null, "", `#${line.id}`);
  line.scrollIntoView({block: "center"});
  line.classList.remove("arrived");
  requestAnimationFrame(() => line.classList.add("arrived"));
  return true;
}

// --- numbers: where they stand, where they come from ---

let lit = "", hiding = 0;

function light(mark, at) {
  clearTimeout(hiding);
  if (mark === lit) return;
  dim();
  lit = mark;
  for (const element of shown.get(mark) || []) element.classList.add("same");
  tell(mark, at);
}

function dim() {
  for (const element of shown.get(lit) || []) element.classList.remove("same");
  lit = "";
  origin.hidden = true;
}

// The card beside a number: phase, section, and the line that gives it.
function tell(mark, at) {
  const line = find(mark), step = line && steps[stepOf.get(mark)];
  const head = document.createElement("a");
  head.textContent = step ? `${step.where} · ${step.title}` : say("given");
  if (step) head.href = `#${mark}`;
  origin.dataset.phase = step ? step.phase : "given";
  origin.replaceChildren(head);
  if (step) {
    const twin = document.createElement("div");
    twin.append(...all(":scope > :not(.blank)", line).map(copy));
    twin.className = "eq";
    origin.append(twin);
  }
  if (line === at.closest(".eq") && at.closest(".left, .result")) return;  // it stands there itself
  origin.hidden = false;
  const place = at.getBoundingClientRect(), card = origin.getBoundingClientRect();
  const below = place.bottom + 8 + card.height < innerHeight;
  origin.style.left = `${Math.max(8, Math.min(place.left, innerWidth - card.width - 8))}px`;
  origin.style.top = `${below ? place.bottom + 8 : Math.max(8, place.top - card.height - 8)}px`;
}

const spoken = element => all("[aria-label], math", element)
  .map(one => one.getAttribute("aria-label") || (one.closest(".pieces[aria-label]") ? "" : one.textContent)).join(" ");
const marked = event => event.target.closest && event.target.closest("[data-k],[data-v]");
const markOf = element => element.dataset.k || element.dataset.v;

document.addEventListener("mouseover", event => {
  const element = marked(event);
  if (element) light(markOf(element), element);
  else if (!origin.contains(event.target)) { clearTimeout(hiding); hiding = setTimeout(dim, 200); }
  else clearTimeout(hiding);
});
document.addEventListener("focusin", event => {
  const element = marked(event);
  if (!element) return origin.contains(event.target) ? undefined : dim();
  light(markOf(element), element);
  const line = find(markOf(element)), step = line && steps[stepOf.get(line.id)];
  live.textContent = step ? `${step.where}, ${step.title}: ${spoken(line)}` : say("given");
});
document.addEventListener("click", event => {
  const element = marked(event), link = event.target.closest("a[href^='#']");
  if (link && go(link.hash.slice(1))) { event.preventDefault(); dim(); }
  else if (element) { lit = ""; light(markOf(element), element); }
});

// One number of the step can be reached with Tab, the others from there with the arrow keys.
function rove(before, step) {
  for (const element of all("[data-v][tabindex]", before.element)) element.removeAttribute("tabindex");
  all(".eq [data-v]", step.element).forEach((element, place) => { element.setAttribute("tabindex", place ? -1 : 0); });
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  if (event.key === "Escape") return dim();
  const number = event.target.closest(".eq [data-v]");
  if (number && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    const row = all(".eq [data-v]", steps[current].element);
    const next = row[row.indexOf(number) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { number.setAttribute("tabindex", -1); next.setAttribute("tabindex", 0); next.focus(); }
    event.preventDefault();
  } else if (number && event.key === "Enter") go(number.dataset.v);
  else if (event.key === "ArrowRight") show(current + 1);
  else if (event.key === "ArrowLeft") show(current - 1);
  else return;
  event.preventDefault();
});

// --- practice: blanks ---

const telling = drawing && drawing.getAttribute("aria-labelledby");  // its title, then its numbers
const blanks = all("#steps .eq[data-answer]"), masks = new Map();

function blank(line) {
  const box = document.createElement("span"), input = document.createElement("input");
  const button = document.createElement("button"), verdict = document.createElement("span");
  box.className = "blank";
  input.type = "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("aria-label", say("blank", {name: spoken(line.querySelector(".left"))}));
  button.type = "button";
  button.textContent = say("reveal");
  verdict.className = "verdict";
  verdict.setAttribute("role", "status");
  const sign = document.createElement("span");
  sign.textContent = "= ";
  sign.setAttribute("aria-hidden", "true");
  box.append(sign, input, button, verdict);
  line.append(box);
  const mark = () => {
    const word = input.value.trim() && judge(input.value, line.dataset.answer, said.habits);
    verdict.textContent = word ? say(word) : "";
    box.dataset.verdict = word;
    line.classList.toggle("solved", word === "right" || word === "rounded");
    reveal(line);
  };
  input.addEventListener("change", mark);
  input.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    mark();
    const next = blanks[blanks.indexOf(line) + 1];
    if (!line.classList.contains("solved") || !next) return;
    show(stepOf.get(next.id), false);
    next.querySelector("input").focus();
  });
  button.addEventListener("click", () => {
    line.classList.add("solved", "given-up");
    reveal(line);
    input.focus();
  });
}

// A number that is not known yet is blanked wherever it stands, and the words beside it.
function reveal(line) {
  const known = !practice.checked || line.classList.contains("solved");
  for (const element of (shown.get(line.id) || []).filter(one => one.dataset.v)) {
    if (known === !masks.has(element)) continue;
    if (known) {
      element.replaceChildren(...masks.get(element));
      masks.delete(element);
    } else {
      masks.set(element, [...element.childNodes]);
      element.replaceChildren(empty(element));
    }
    element.classList.toggle("unknown", !known);
    const told = element.closest(".pieces, math");
    if (told) silence(told, Boolean(told.querySelector(".unknown")));
  }
  const done = blanks.filter(one => one.classList.contains("solved")).length;
  score.textContent = practice.checked ? say("score", {right: done, count: blanks.length}) : "";
}

// The words of a formula are taken away while one of its numbers is not known.
function silence(formula, silent) {
  for (const name of ["aria-label", "role"]) {
    const kept = formula.getAttribute(silent ? name : `data-${name}`);
    if (kept === null) continue;
    formula.setAttribute(silent ? `data-${name}` : name, kept);
    formula.removeAttribute(silent ? name : `data-${name}`);
  }
}

function empty(element) {
  if (element.localName !== "mrow") return document.createTextNode("□");
  const sign = document.createElementNS(element.namespaceURI, "mn");
  sign.textContent = "□";
  return sign;
}

function practise() {
  document.body.classList.toggle("practice", practice.checked);
  if (drawing) drawing.setAttribute("aria-labelledby", practice.checked ? telling.split(" ")[0] : telling);
  for (const line of blanks) {
    if (!line.querySelector(".blank")) blank(line);
    reveal(line);
  }
}

// --- controls ---

slider.max = steps.length;
slider.addEventListener("input", () => show(slider.value - 1));
find("back").addEventListener("click", () => show(current - 1));
find("forward").addEventListener("click", () => show(current + 1));
practice.addEventListener("change", practise);
unfold.addEventListener("change", () => {
  if (unfold.checked) for (const section of sections) section.open = true;
  show(current);
});
for (const section of sections)
  section.querySelector("summary").addEventListener("click", event => {
    if (section.open || unfold.checked) return;
    event.preventDefault();
    show(steps.findIndex(step => step.section === section), false);
  });
addEventListener("hashchange", () => go(decodeURIComponent(location.hash.slice(1))));
let folded = [];
addEventListener("beforeprint", () => {
  folded = sections.filter(section => !section.open);
  for (const section of folded) section.open = true;
  dim();
});
addEventListener("afterprint", () => { for (const section of folded) section.open = false; });

if (steps.length) {
  for (const element of all("nav[hidden], .options[hidden]")) element.hidden = false;
  if (!blanks.length) practice.closest("label").hidden = true;
  practice.checked = unfold.checked = false;
  if (new URLSearchParams(location.search).has("practice")) practice.checked = true;
  if (practice.checked) practise();
  allowScrolling(document);
  if (!go(decodeURIComponent(location.hash.slice(1)))) show(0, false, false);
}
})();
