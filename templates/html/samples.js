// Where the drawing is of several samples: it holds the numbers of all, and shows those of one.
// A part of page.js, placed in it.
const sampleOf = mark => /-s(\d+)/.exec(mark)?.[1];
const samples = new Set(drawn.map(element => sampleOf(markOf(element))));
let [sample] = [...samples].filter(Boolean);
const plain = mark => mark.replace(/-s\d+/, "");
// names that say which sample it is are there for each
const named = new Set(drawn.filter(element => element.matches("[data-k].away")).map(element => plain(markOf(element))));
const told = number => say("sample", {number});
const caption = samples.size > 1 && all("text", drawing).find(text => text.textContent.includes(told(sample)));
// The numbers of the sample to which one of the marks belongs take their places.
turn = marks => {
  const to = marks.map(sampleOf).find(Boolean);
  if (!to || to === sample || !samples.has(to)) return;
  for (const element of drawn) {
    const mark = markOf(element), its = sampleOf(mark);
    if (its && element.localName === "text" && (element.dataset.v || named.has(plain(mark)))) dress(element, "away", its !== to);
    else if (its) element.dataset.k = mark.replace(`-s${its}`, `-s${to}`);
  }
  caption.textContent = caption.textContent.replace(told(sample), told(to));
  sample = to;
};
