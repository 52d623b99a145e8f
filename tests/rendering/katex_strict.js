// Reads a JSON list of formulas from standard input, sets each with KaTeX in strict mode,
// and writes a JSON list of the errors.  The first argument is KaTeX's folder.
const katex = require(process.argv[2]);
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const errors = [];
for (const formula of formulas) {
  try {
    katex.renderToString(formula, { throwOnError: true, strict: "error", displayMode: true });
  } catch (error) {
    errors.push(formula + "\n  " + error.message);
  }
}
console.log(JSON.stringify(errors));
