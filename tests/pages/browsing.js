// Opens pages in headless Chromium and does with them what readers do. In: the folder of
// node's modules, Chromium, and jobs [{page, size, scheme, query, acts: [[name, ...arguments]]}].
// Out: for each job what its acts gave, what the console said, and what was asked of a network.
const path = require("path"), fs = require("fs"), {pathToFileURL} = require("url");
const [modules, chromium, jobs] = JSON.parse(fs.readFileSync(0, "utf8"));
const playwright = require(path.join(modules, "playwright-core"));

const acts = {
  press: (page, key) => page.keyboard.press(key),
  click: (page, selector) => page.click(selector),
  hover: (page, selector) => page.hover(selector),
  focus: (page, selector) => page.focus(selector),
  fill: async (page, selector, text) => { await page.fill(selector, text); await page.press(selector, "Tab"); },
  slide: (page, value) => page.fill("#slider", String(value)),
  wait: (page, time) => page.waitForTimeout(time),
  go: (page, hash) => page.evaluate(to => { location.hash = to; }, hash),
  print: (page, file) => page.pdf({path: file, preferCSSPageSize: true}).then(() => fs.statSync(file).size),
  picture: (page, file) => page.screenshot({path: file}).then(() => null),
  media: (page, media) => page.emulateMedia({media}),
  // the work of each step in milliseconds of the processor, from the click to the next frame:
  // the better of two rounds, since other work of the machine gets in between
  work: async (page, count) => {
    const session = await page.context().newCDPSession(page), found = [];
    await session.send("Performance.enable", {timeDomain: "threadTicks"});
    const spent = async () => (await session.send("Performance.getMetrics")).metrics.find(one => one.name === "TaskDuration").value;
    for (let round = 0; round < 2; round++) {
      await page.keyboard.press("Home");
      for (let step = 0; step < count; step++) {
        const before = await spent();
        await page.evaluate(() => new Promise(done => {
          document.getElementById("forward").click();
          requestAnimationFrame(() => setTimeout(done, 0));
        }));
        found[step] = Math.min(found[step] ?? Infinity, 1000 * (await spent() - before));
      }
    }
    return found.sort((a, b) => a - b);
  },
  ask: (page, expression) => page.evaluate(expression),
  axe: async page => {
    await page.evaluate(fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8"));
    const found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})");
    return found.violations.map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`);
  },
};

(async () => {
  const browser = await playwright.chromium.launch({executablePath: chromium, args: ["--no-sandbox"]});
  const answers = [];
  for (const job of jobs) {
    const [width, height] = job.size || [1280, 900];
    const context = await browser.newContext({
      viewport: {width, height}, colorScheme: job.scheme || "light", reducedMotion: "reduce",
      javaScriptEnabled: job.script !== false,
      // axe is no part of the page; it is let in past the page's own policy
      bypassCSP: job.acts.some(act => act[0] === "axe"),
    });
    const page = await context.newPage(), said = [], asked = [], given = [];
    page.on("console", message => said.push(message.text()));
    page.on("pageerror", error => said.push(String(error)));
    page.on("request", request => { if (!request.url().startsWith("file:") || asked.length) asked.push(request.url()); });
    await page.goto(pathToFileURL(job.page).href + (job.query || ""));
    for (const [name, ...rest] of job.acts) given.push((await acts[name](page, ...rest)) ?? null);
    answers.push({given, said, asked});
    await context.close();
  }
  await browser.close();
  console.log(JSON.stringify(answers));
})().catch(error => { console.error(error); process.exit(1); });
