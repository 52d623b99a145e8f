// Judging a typed number by its digits. The rules are those of `tracer check`; a test holds
// the two together on random answers. A number stands for the interval of its digits.

// A typed number: its value, the worth of its last place, both also as exact fractions
// [numerator, denominator] of BigInt, its figures and decimals; nothing where it is none.
function written(text) {
  const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", plainly = "0123456789-+--";
  const plain = [...text].map(sign => plainly[raised.indexOf(sign)] || sign).join("")
    .trim().replace(/^[≈~ ]+/, "");
  if (plain.length > 400) return;
  const quotient = /^([-+]?\d{1,40})\s*\/\s*(\d{1,40})$/.exec(plain);
  if (quotient) {
    const [above, below] = quotient.slice(1).map(BigInt);
    return below ? [Number(above) / Number(below), 0, [above, below], [0n, 1n], 99, 99] : undefined;
  }
  const match = /^([-+]?)(\d*)(?:[.,](\d*))?(?:(?:[eE]|\s*[*×·x]\s*10\s*(?:\^|\*\*)?\s*[({]?)([-+]?\d{1,4})[)}]?)?$/.exec(plain);
  if (!match) return;
  const [, sign, before, after = "", power = 0] = match, digits = before + after;
  if (!digits) return;
  const places = after.length - power, ten = 10n ** BigInt(Math.abs(places)), whole = BigInt(sign + digits);
  return [
    Number(`${sign + digits}e${-places}`), Number(`1e${-places}`),
    places < 0 ? [whole * ten, 1n] : [whole, ten], places < 0 ? [ten, 1n] : [1n, ten],
    digits.replace(/^0+/, "").length, places,
  ];
}

const minus = (a, b) => [a[0] * b[1] - b[0] * a[1], a[1] * b[1]];
const absolute = a => [a[0] < 0n ? -a[0] : a[0], a[1]];

// Whether a value rounds or is cut off to what is typed, give or take a radius.
function fits(worth, typed, unit, radius = 0) {
  const slack = 1e-9 * unit + 4e-16 * Math.abs(typed), beyond = Math.abs(worth) - Math.abs(typed);
  return Math.abs(worth - typed) <= unit / 2 + radius + slack
    || worth * typed >= 0 && typed !== 0 && -slack <= beyond && beyond < unit + radius - slack;
}

// Whether the true value rounds or is cut off to the number; exactly so at the edges.
function isRight([typed, unit, exact, last], worth, truth) {
  const far = Math.abs(worth - typed), large = Math.abs(worth), near = place => Math.abs(far - place) <= 1e-6 * unit;
  if (far < 0.499999 * unit && typed) return true;
  if (far > 1.000001 * unit) return unit === 0 && far <= 1e-9 * large && !minus(exact, truth)[0];
  if (typed === 0 && large >= unit / 2) return false;
  if (!near(unit / 2) && !near(unit)) return fits(worth, typed, unit);
  const beyond = minus(absolute(truth), absolute(exact));
  return minus(absolute(minus(truth, exact)), [last[0], 2n * last[1]])[0] <= 0n
    || truth[0] * exact[0] > 0n && beyond[0] >= 0n && minus(beyond, last)[0] < 0n;
}

// Whether the line, worked out with the printed numbers, may have been written so.
const reaches = (own, typed, unit, radius) =>
  !(typed === 0 && unit && Math.abs(own) >= (unit >= 1 ? unit / 2 : unit))
    && (Math.abs(own - typed) <= unit * (1 + 1e-9) || fits(own, typed, unit, radius));

// What is to be said of a typed answer: right, rounded, coarse, sign, power, last, wrong,
// or none. `accepts` is the printed number, and how far from it, in units of its last place,
// are the true value and what the line gives at the printed numbers; and the radius of that.
function judge(text, accepts, usual) {
  const numeral = written(text), [first, ...rest] = accepts.split(";");
  if (!numeral) return "none";
  const [shown, step, whole, place] = written(first), [near, own, radius] = [0, 1, 2].map(part => written(rest[part] || "0"));
  const truth = minus(whole, [-near[2][0] * place[0], near[2][1] * place[1]]);
  const worth = Number(truth[0] + "e" + (1 - String(truth[1]).length)), made = shown + own[0] * step;
  const [typed, unit, exact, , figures, places] = numeral, rights = [made, worth];
  const found = isRight(numeral, worth, truth) ? "right" : reaches(made, typed, unit, radius[0] * step) ? "rounded" : "";
  if (found) {
    const same = !minus(exact, truth)[0] || Math.abs(made - typed) <= 1e-12 * Math.abs(made);
    // so few digits, against the page's habit, that they show nothing
    return !same && unit >= 0.5 * Math.abs(worth) && worth && places < usual[0] - 1 && figures < usual[1] ? "coarse" : found;
  }
  const slip = one => fits(one, typed, unit) && (typed !== 0 || Math.abs(one) < unit);
  if (rights.some(one => one && slip(-one))) return "sign";
  if (rights.some(one => one && [10, 0.1, 100, 0.01, 1000, 0.001].some(power => slip(one * power)))) return "power";
  return unit && rights.some(one => Math.abs(typed - one) <= 1.5 * unit) ? "last" : "wrong";
}
