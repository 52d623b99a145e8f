// Judges typed answers with the page's own rules: [script, [[text, accepts, habits], ...]] in.
const [script, cases] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const judge = new Function(`"use strict";${script}\nreturn judge;`)();
console.log(JSON.stringify(cases.map(one => judge(...one))));
