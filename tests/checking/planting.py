"""Planting one mistake of a known cause on a random sheet, everything after it recomputed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tests.checking.arithmetic import MODES, Hand
from tests.checking.lines import Drawn, Line, Page, box, exact, worked
from tracer.model.answer import Sheet

SMALL = ("last_digit", "truncated_badly", "early_rounding")
"""Causes that are planted where they move the line by two units; the others by five."""
WRITING = ("sign", "decimal_slip", "digits_transposed", "digit_lost")
GUESSED = {
    "arithmetic": ("z", "da", "delta", "gradient", "update", "total"),
    "function_value": ("a",),
    "not_normalised": ("softmax",),
    "not_computed": ("z", "a", "loss", "total"),
    "unexplained": ("gradient", "delta"),
}
"""Elimination causes, and the lines on which a made-up number must be named so."""
AS_WRITTEN = (*WRITING, "last_digit", *GUESSED)
"""Causes whose number is made from one that is already rounded."""
_NOISE = Decimal("1e-20")
"""What is left of a difference that algebra makes 0."""


@dataclass(frozen=True)
class Plant:
    """A sheet with one mistake in it."""

    cause: str
    drawn: Drawn
    sheet: Sheet
    n: int
    """The number of the wrong statement."""
    ambiguous: bool = False
    """Whether another cause gives the same digits, though not the same number."""
    twins: frozenset[str] = frozenset()
    """The causes that give the same number here, by algebra: the planted one and its twins."""


@dataclass(frozen=True)
class Scene:
    """A correct page to plant on."""

    drawn: Drawn
    hand: Hand
    stated: set[str]
    page: Page
    truth: dict[str, Decimal]
    dice: random.Random

    def own(self, line: Line) -> Decimal:
        """What the line gives, unrounded, from the written numbers before it."""
        return line.work(self.page.numbers.__getitem__)


def hand_of(dice: random.Random) -> Hand:
    """Somebody's way of writing numbers: 3 to 8 digits, rounded or cut off."""
    return Hand(dice.randint(3, 8), dice.choice(list(MODES)), dice.random() < 0.3)


def stated_of(drawn: Drawn, dice: random.Random) -> set[str]:
    """Which lines are written: all, or all but some kinds."""
    keep = {line.key for line in drawn.lines}
    for role in ("da", "slope", "z", "dw"):
        if dice.random() < 0.15:
            keep = {key for key in keep if not key.startswith(role)}
    return keep


def scene(drawn: Drawn, seed: int, stated: set[str] | None = None) -> Scene:
    """A correct page about a problem."""
    dice = random.Random(seed)
    hand = hand_of(dice)
    if stated is None:
        stated = stated_of(drawn, dice)
    return Scene(drawn, hand, stated, worked(drawn, hand, stated), exact(drawn), dice)


def planted(cause: str, drawn: Drawn, seed: int) -> Plant | None:
    """A sheet with this mistake; None if the problem has no place for it."""
    here = scene(drawn, seed, _stated_for(cause, drawn, seed))
    if cause in ("copied_wrongly", "misprint"):
        return _restated(cause, here) if cause == "copied_wrongly" else _misprinted(here)
    options = list(_options(cause, here))
    here.dice.shuffle(options)
    for line, made in options:
        value = here.hand.rounded(made) if cause not in AS_WRITTEN else made
        if _counts(cause, here, line, value):
            try:
                wrong = worked(drawn, here.hand, here.stated, {line.key: value})
            except ArithmeticError:  # nobody could go on with such a number
                continue
            n = next(n for n, (key, _) in enumerate(wrong.entries, 1) if key == line.key)
            others = list(_others(cause, here, line))
            twins = {cause, *(name for name, other in others if _is_same(other, made))}
            ambiguous = _ambiguous(cause, here, value, others, twins)
            return Plant(cause, drawn, wrong.sheet(), n, ambiguous, frozenset(twins))
    return None


def _is_same(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers are the same before anything is rounded."""
    return abs(one - other) <= abs(other) * _NOISE


def _stated_for(cause: str, drawn: Drawn, seed: int) -> set[str] | None:
    keys = [line.key for line in drawn.lines]
    if cause == "not_computed":
        last = [line.key for line in drawn.lines if line.kind in ("loss", "total")][-1:]
        return {key for key in keys if "@" not in key or key[0] in "wb"} | set(last)
    if cause == "unexplained":
        return {key for key in keys if key.startswith(("dw", "loss", "w", "g"))}
    if cause in ("arithmetic", "function_value", "not_normalised"):
        return set(keys)
    return None


def _options(cause: str, here: Scene) -> Iterator[tuple[Line, Decimal]]:
    """Every place for the mistake, with the number that comes out, not yet rounded."""
    for line in here.drawn.lines:
        if line.key not in here.stated:
            continue
        right = here.hand.rounded(here.own(line))
        if cause in WRITING:
            made = list(_miswritten(cause, right))
            yield from [(line, here.dice.choice(made))] if made else []
        elif cause == "last_digit":
            yield line, right + here.dice.choice((2, -2)) * here.hand.unit(right)
        elif cause in ("early_rounding", "truncated_badly"):
            mode = "half up" if cause == "early_rounding" else "truncated"
            yield from ((line, value) for value in _shortened(line, here, mode))
        elif cause in GUESSED:
            if line.kind in GUESSED[cause] and ("@" in line.key or cause != "not_computed"):
                yield line, _made_up(right, here)
        else:
            yield from ((line, value) for value in _slipped(cause, line, here))


def _slipped(cause: str, line: Line, here: Scene) -> Iterator[Decimal]:
    for name, work in line.slips:
        if name == cause:
            try:
                yield work(here.page.numbers.__getitem__)
            except ArithmeticError:
                continue


def _made_up(right: Decimal, here: Scene) -> Decimal:
    off = Decimal(here.dice.uniform(0.01, 0.6) * here.dice.choice((1, -1)))
    return here.hand.rounded(right * (1 + off))


def _miswritten(cause: str, right: Decimal) -> Iterator[Decimal]:
    """The written number with a slip of the pen, everywhere where it can be made."""
    sign, digits, exponent = right.as_tuple()
    assert isinstance(exponent, int)
    if cause == "sign":
        yield -right
    elif cause == "decimal_slip":
        yield from (right.scaleb(moved) for moved in (1, -1, 2, -2, 3, -3))
    elif cause == "digits_transposed":
        for i in range(len(digits) - 1):
            if digits[i] != digits[i + 1] and (digits[i + 1] or i):
                swapped = (*digits[:i], digits[i + 1], digits[i], *digits[i + 2 :])
                yield Decimal((sign, swapped, exponent))
    elif cause == "digit_lost" and len(digits) > 3:
        for i in range(1, len(digits)):
            yield Decimal((sign, digits[:i] + digits[i + 1 :], exponent + 1))
            yield Decimal((sign, (*digits[: i + 1], *digits[i:]), exponent - 1))


def _shortened(
    line: Line, here: Scene, mode: str, fewest: int = 2, most: int | None = None
) -> Iterator[Decimal]:
    """The line with its calculated operands at fewer digits, one of them or all."""
    numbers = here.page.numbers
    keys = [key for key in line.operands(numbers) if key not in here.drawn.given]
    for digits in range(fewest, most or min(here.hand.digits, 4)):
        short = {key: here.hand.shorter(numbers[key], digits, mode) for key in keys}
        for changed in [{key: value} for key, value in short.items()] + [short] * (len(keys) > 1):
            values = {**numbers, **changed}
            try:
                yield line.work(values.__getitem__)
            except ArithmeticError:
                continue


def _counts(cause: str, here: Scene, line: Line, value: Decimal) -> bool:
    """Whether the mistake moves its line far enough to be seen at all."""
    right = here.own(line)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if not value or (not right and cause != "dead_unit_kept"):
        return False
    unit = max(Decimal(1).scaleb(exponent), here.hand.unit(right))
    away = min(abs(value - right), abs(value - here.truth[line.key]))
    if away < (Decimal("1.5") if cause in SMALL else 5) * unit:
        return False
    scrap = len(line.operands(here.page.numbers)) // 2 * unit / 2  # one number for two operands
    return away > box(here.drawn, line, here.page, here.hand, here.stated) + scrap + unit


def _others(cause: str, here: Scene, line: Line) -> Iterator[tuple[str, Decimal]]:
    """What the known mistakes would make of the line, not rounded."""
    for asked in (here.page.numbers, here.truth):
        for name, work in line.slips:
            try:
                yield name, work(asked.__getitem__)
            except (ArithmeticError, KeyError):
                continue
    right = here.own(line)
    yield from (("factor_two", right * 2), ("missing_half", right * 2))
    yield from (("factor_two", right / 2), ("missing_half", right / 2))
    if here.drawn.problem.layers:
        counts = (here.drawn.problem.samples, here.drawn.problem.layers[-1].units)
        yield from (("mean_for_sum", right / count) for count in counts)
    for mode in MODES:
        rounded = Hand(here.hand.digits, mode, here.hand.places).rounded(right)
        for name in WRITING:
            yield from ((name, made) for made in _miswritten(name, rounded))
    for name, mode in (("early_rounding", "half up"), ("truncated_badly", "truncated")):
        yield from ((name, made) for made in _shortened(line, here, mode, 1, 5))
    finer = Hand(here.hand.digits + 1, here.hand.mode, here.hand.places)
    for value in (right, here.truth[line.key]):
        for made in _miswritten("digit_lost", finer.rounded(value)):
            yield "digit_lost", made
    if cause in (*SMALL, *WRITING, *GUESSED):
        yield from (("wrong_quantity", value) for value in _exchanged(line, here))
    unit = here.hand.unit(here.hand.rounded(right))
    yield from (("last_digit", here.hand.rounded(right) + off * unit) for off in (2, -2))


def _ambiguous(
    cause: str, here: Scene, value: Decimal, others: list[tuple[str, Decimal]], twins: set[str]
) -> bool:
    """Whether another known mistake gives the same digits."""
    spread = here.hand.unit(value) if cause in GUESSED else 0
    return any(
        name not in twins and 0 < abs(other) < 10**12 and _gives(here.hand, other, value, spread)
        for name, other in others
    )


def _gives(hand: Hand, other: Decimal, value: Decimal, spread: Decimal | int) -> bool:
    """Whether somebody may write that number for another one."""
    hands = [Hand(hand.digits, mode, hand.places) for mode in MODES]
    return any(abs(one.rounded(other) - value) <= spread for one in hands)


def _exchanged(line: Line, here: Scene) -> Iterator[Decimal]:
    """The line with one of its operands exchanged for any other number of its kind."""
    numbers = here.page.numbers
    yield from (numbers[other] for other in numbers if other[0] in line.key[0] + "yaz")
    for key in line.operands(numbers):
        for other in numbers:
            if other != key and other[0] in key[0] + "yaz":
                try:
                    yield line.work({**numbers, key: numbers[other]}.__getitem__)
                except ArithmeticError:
                    continue


def _restated(cause: str, here: Scene) -> Plant | None:
    """A number written a second time, further down, and differently."""
    entries = list(here.page.entries)
    place = here.dice.randrange(len(entries))
    key, value = entries[place]
    wrong = _altered(value, here.dice)
    if wrong is None or not _counts(cause, here, here.drawn.line(key), wrong):
        return None
    later = here.dice.randint(place + 1, len(entries))
    entries.insert(later, (key, wrong))
    page = Page(here.page.numbers, entries)
    return Plant(cause, here.drawn, page.sheet(), later + 1, twins=frozenset({cause}))


def _misprinted(here: Scene) -> Plant | None:
    """A number written wrongly, though every later line uses the right one."""
    for line in here.dice.sample(here.drawn.lines, len(here.drawn.lines)):
        if line.key not in here.stated:
            continue
        wrong = _altered(here.page.numbers[line.key], here.dice)
        if wrong is None or not _counts("misprint", here, line, wrong):
            continue
        if not any(_shows(here, user, line.key, wrong) for user in here.drawn.lines):
            continue
        page = worked(here.drawn, here.hand, here.stated, misprints={line.key: wrong})
        n = next(n for n, (key, _) in enumerate(page.entries, 1) if key == line.key)
        return Plant("misprint", here.drawn, page.sheet(), n, twins=frozenset({"misprint"}))
    return None


def _shows(here: Scene, user: Line, key: str, wrong: Decimal) -> bool:
    """Whether a line would have come out otherwise with the wrong number."""
    if user.key not in here.stated or key not in user.operands(here.page.numbers):
        return False
    try:
        moved = user.work({**here.page.numbers, key: wrong}.__getitem__)
    except ArithmeticError:
        return False
    return abs(moved - here.own(user)) > 5 * here.hand.unit(moved)


def _altered(value: Decimal, dice: random.Random) -> Decimal | None:
    """The number with one of its digits, not the last, replaced by another."""
    sign, digits, exponent = value.as_tuple()
    if len(digits) < 3 or not value:
        return None
    i = dice.randrange(len(digits) - 1)
    other = dice.choice([d for d in range(1, 10) if d != digits[i]])
    return Decimal((sign, (*digits[:i], other, *digits[i + 1 :]), exponent))
