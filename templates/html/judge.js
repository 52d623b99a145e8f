// Judging a typed number by its digits. The rules are those of `tracer check`; a test holds
// the two together on random answers. A number stands for the interval of its digits.

// A typed number: its value, the worth of its last place, both also as exact fractions
// [numerator, denominator] of BigInt; null where it is none.
function written(text) {
  const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", plainly = "0123456789-+--";
  const plain = [...text].map(c => raised.includes(c) ? plainly[raised.indexOf(c)] : c).join("")
    .trim().replace(/^[≈~ ]+/, "").trim();
  if (plain.length > 400) return null;
  const quotient = /^([-+]?\d{1,40})\s*\/\s*(\d{1,40})$/.exec(plain);
  if (quotient) {
    const exact = [BigInt(quotient[1].replace("+", "")), BigInt(quotient[2])];
    if (!exact[1]) return null;
    return {value: Number(exact[0]) / Number(exact[1]), unit: 0, exact, place: [0n, 1n], figures: 99, decimals: 99};
  }
  const match = /^([-+]?)(\d*)(?:[.,](\d*))?(?:(?:[eE]|\s*[*×·x]\s*10\s*(?:\^|\*\*)?\s*[({]?)([-+]?\d{1,4})[)}]?)?$/.exec(plain);
  if (!match || !(match[2] + (match[3] || ""))) return null;
  const digits = match[2] + (match[3] || ""), decimals = (match[3] || "").length - Number(match[4] || 0);
  const sign = match[1] === "-" ? "-" : "", ten = 10n ** BigInt(Math.abs(decimals));
  const whole = BigInt(sign + digits);
  return {
    value: Number(`${sign}${digits}e${-decimals}`), unit: Number(`1e${-decimals}`),
    exact: decimals >= 0 ? [whole, ten] : [whole * ten, 1n],
    place: decimals >= 0 ? [1n, ten] : [ten, 1n],
    figures: digits.replace(/^0+/, "").length, decimals,
  };
}

const size = n => n < 0n ? -n : n;
// The sign of a - b, both fractions.
const compared = (a, b) => { const d = a[0] * b[1] - b[0] * a[1]; return d > 0n ? 1 : d < 0n ? -1 : 0; };
const minus = (a, b) => [a[0] * b[1] - b[0] * a[1], a[1] * b[1]];
const absolute = a => [size(a[0]), a[1]];

// Whether a value rounds or is cut off to what is typed, give or take a radius.
function fits(value, target, unit, radius = 0) {
  const slack = 1e-9 * unit + 4e-16 * Math.abs(target);
  if (Math.abs(value - target) <= unit / 2 + radius + slack) return true;
  const beyond = Math.abs(value) - Math.abs(target);
  return value * target >= 0 && target !== 0 && -slack <= beyond && beyond < unit + radius - slack;
}

// Whether the true value rounds or is cut off to the number; exactly so at the edges.
function isRight(number, truth) {
  const {value, unit} = number, distance = Math.abs(truth.value - value);
  if (distance < 0.499999 * unit && value) return true;
  if (distance > 1.000001 * unit)
    return unit === 0 && distance <= 1e-9 * Math.abs(truth.value) && !compared(number.exact, truth.exact);
  if (value === 0 && Math.abs(truth.value) >= unit / 2) return false;
  if (Math.abs(distance - unit / 2) > 1e-6 * unit && Math.abs(distance - unit) > 1e-6 * unit)
    return fits(truth.value, value, unit);
  if (compared(absolute(minus(truth.exact, number.exact)), [number.place[0], 2n * number.place[1]]) <= 0) return true;
  const beyond = minus(absolute(truth.exact), absolute(number.exact));
  return truth.exact[0] * number.exact[0] > 0n && beyond[0] >= 0n && compared(beyond, number.place) < 0;
}

// Whether the line, worked out with the printed numbers, may have been written so.
function reaches(own, value, unit, radius) {
  if (value === 0 && unit && Math.abs(own) >= (unit >= 1 ? unit / 2 : unit)) return false;
  return Math.abs(own - value) <= unit * (1 + 1e-9) || fits(own, value, unit, radius);
}

// Whether so few digits are typed, against the page's habit, that they show nothing.
const isCoarse = (number, truth, [decimals, figures]) =>
  number.unit >= 0.5 * Math.abs(truth) && truth !== 0 && number.decimals < decimals - 1 && number.figures < figures;

// What is to be said of a typed answer: right, rounded, coarse, sign, power, last, wrong,
// or none. `accepts` is "true value, value from the printed numbers, radius of that".
function judge(text, accepts, habits) {
  const number = written(text), parts = accepts.split(" ");
  if (!number) return "none";
  const truth = written(parts[0]), own = Number(parts[1]), radius = Number(parts[2]);
  const {value, unit} = number, rights = [own, truth.value];
  const found = isRight(number, truth) ? "right" : reaches(own, value, unit, radius) ? "rounded" : "";
  if (found) {
    const exact = !compared(number.exact, truth.exact) || Math.abs(own - value) <= 1e-12 * Math.abs(own);
    return !exact && isCoarse(number, truth.value, habits) ? "coarse" : found;
  }
  const made = right => fits(right, value, unit) && (value !== 0 || Math.abs(right) < unit);
  if (rights.some(right => right && made(-right))) return "sign";
  if (rights.some(right => right && [10, 0.1, 100, 0.01, 1000, 0.001].some(power => made(right * power)))) return "power";
  return unit && rights.some(right => Math.abs(value - right) <= 1.5 * unit) ? "last" : "wrong";
}
