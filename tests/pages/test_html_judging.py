"""The page's blanks are judged like a sheet: its script and the checker say the same."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction as Rational
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

from tests.pages.examples import FOLDER, traced
from tests.pages.node import asked
from tracer.checking.marking import check
from tracer.checking.mistakes import writing
from tracer.checking.tolerance import fits
from tracer.checking.written import Habit, is_exact, is_right, reaches
from tracer.errors import TracerError
from tracer.formula.nodes import Symbol
from tracer.model.answer import Sheet, Statement, written
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.rendering.html.answers import Answers, habits
from tracer.rendering.templating import packaged_folder

PATHS = [
    FOLDER / "mazur.yaml",
    FOLDER / "articles" / "000-xor-batch.yaml",
    FOLDER / "catalogue" / "lstm.yaml",
    FOLDER / "catalogue" / "adam.yaml",
    FOLDER / "catalogue" / "weight-decay.yaml",
]
SOUND = ("right", "rounded", "coarse")


class Case(NamedTuple):
    """A typed answer to one line of an example."""

    path: Path
    key: str
    text: str


def lines(path: Path) -> list[Step]:
    """The lines of an example that have a number."""
    steps = [step for step in traced(path) if step.shown and step.rule != "given"]
    return [step for step in steps if step.text and step.exact is not None]


@cache
def accepted(path: Path, key: str) -> str:
    """What the page says that the blank of a line accepts."""
    answer = Answers(traced(path)).of(traced(path)[key])
    assert answer is not None
    return answer.told()


def own_and_radius(path: Path, key: str) -> tuple[float, float]:
    """What the page then takes for the line's own value, and its radius."""
    first, _, own, radius = [*accepted(path, key).split(";"), "0", "0", "0"][:4]
    shown = written(first)
    return float(shown.value) + float(own) * float(shown.unit), float(radius) * float(shown.unit)


@cache
def usual(path: Path) -> tuple[float, float]:
    """How many decimals and figures the example's page writes."""
    return habits(step.text for step in lines(path))


def typed(draw: Random, step: Step) -> str:
    """Something that a student may type: right, nearly right, a slip, or no number."""
    exact = step.exact
    assert exact is not None
    number = Decimal(exact.numerator) / exact.denominator if isinstance(exact, Rational) else exact
    printed = Decimal(Rational(step.text).numerator) / Rational(step.text).denominator
    value = draw.choice([number, number, printed])
    if draw.random() < 0.15:
        value = -value
    if draw.random() < 0.2:
        value = value.scaleb(draw.choice([-4, -3, -2, -1, 1, 2, 3, 4]))
    figures = draw.choice([1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 18])
    place = Decimal(1).scaleb(value.adjusted() - figures + 1) if value else Decimal("0.001")
    text = value.quantize(place, rounding=draw.choice([ROUND_HALF_UP, ROUND_DOWN]))
    if draw.random() < 0.4:
        text += draw.choice([-3, -2, -1, -1, 1, 1, 2, 3]) * place
    return spelled(draw, text)


def spelled(draw: Random, number: Decimal) -> str:
    """A number in one of the ways in which people type it."""
    plain = format(number, "f")
    exponent = number.adjusted()
    mantissa = format(number.scaleb(-exponent), "f")
    return draw.choice(
        [
            plain,
            plain,
            plain.replace(".", ","),
            plain.replace("-", "−"),
            f" ≈ {plain} ",
            plain.replace("0.", ".", 1) if plain.startswith("0.") else plain,
            f"{mantissa}e{exponent}",
            f"{mantissa}·10^{exponent}",
            f"{mantissa} x 10^({exponent})",
            f"{number.as_integer_ratio()[0]}/{number.as_integer_ratio()[1]}",
            draw.choice(["", "0", "-0", "1", "abc", "0.3.5", "1/0", "nan", "--1", "1e99"]),
        ]
    )


def cases(count: int, seed: int) -> list[Case]:
    """Random answers to random lines."""
    draw = Random(seed)
    found = []
    for _ in range(count):
        path = draw.choice(PATHS)
        step = draw.choice(lines(path))
        found.append(Case(path, step.key, typed(draw, step)))
    return found


def by_the_page(found: list[Case]) -> list[str]:
    """What the page's script says."""
    script = (packaged_folder() / "html" / "judge.js").read_text(encoding="utf-8")
    questions = [[one.text, accepted(one.path, one.key), usual(one.path)] for one in found]
    answers: list[str] = asked("judging.js", [script, questions])
    return answers


def by_the_rules(one: Case) -> str:
    """What the checker's own rules say, put together as the checker does it."""
    try:
        number = written(one.text)
    except TracerError:
        return "none"
    step = traced(one.path)[one.key]
    assert step.exact is not None
    true = float(step.exact)
    own, radius = own_and_radius(one.path, one.key)
    value, unit = float(number.value), float(number.unit)
    right = is_right(number, value, unit, true, step.exact)
    if right or reaches(own, value, unit, radius, near=True):
        known = Habit(Sheet(()))
        known.decimals, known.figures = usual(one.path)
        exact = is_exact(number, value, true, step.exact) or abs(own - value) <= 1e-12 * abs(own)
        coarse = not exact and known.is_too_coarse(number, unit, true)
        return "coarse" if coarse else "right" if right else "rounded"
    case: Any = SimpleNamespace(value=value, unit=unit, written=number)
    rights = (own, true)

    def reproduced(made: float | None) -> bool:
        return made is not None and fits(made, value, unit) and (value != 0 or abs(made) < unit)

    if any(reproduced(writing.sign(case, r)) for r in rights if r):
        return "sign"
    if any(reproduced(writing.decimal_slip(case, r)) for r in rights if r):
        return "power"
    return "last" if unit and any(abs(value - r) <= 1.5 * unit for r in rights) else "wrong"


def test_the_script_follows_the_rules_of_the_checker() -> None:
    """Of 4,000 typed answers each is judged as the checker's functions judge it."""
    found = cases(4000, seed=1)
    said = by_the_page(found)
    different = [
        (one.key, one.text, accepted(one.path, one.key), word, rule)
        for one, word in zip(found, said, strict=True)
        if word != (rule := by_the_rules(one))
    ]

    assert different == []
    kinds = Counter(said)
    assert set(kinds) == {*SOUND, "sign", "power", "last", "wrong", "none"}
    assert min(kinds.values()) >= 10


def sheet_of(trace: Trace, path: Path, key: str, text: str) -> Sheet:
    """A sheet with all numbers as the page prints them, but for one that is typed."""
    statements = []
    for n, step in enumerate(lines(path), 1):
        number = written(text if step.key == key else step.text)
        statements.append(Statement(n, step.key, Symbol(step.key), number, line=n))
    return Sheet(tuple(statements))


def test_whole_sheets_are_judged_alike() -> None:
    """The same number on a sheet: what the page calls right, the checker accepts, and so on.

    The checker also allows for rounding on scrap paper inside a line, which the page, where
    the line's numbers stand side by side, does not: there it may be stricter, but seldom.
    """
    found = [one for one in cases(400, seed=2) if by_the_rules(one) != "none"]
    stricter = 0
    for one, word in zip(found, by_the_page(found), strict=True):
        report = check(traced(one.path), sheet_of(traced(one.path), one.path, one.key, one.text))
        verdict = next(v for v in report.verdicts if v.statement.key == one.key)
        if word in ("right", "rounded"):
            assert verdict.status in ("correct", "rounded"), (one, word, verdict)
        elif word == "coarse":
            assert verdict.status == "too coarse", (one, word, verdict)
        else:
            stricter += verdict.status != "wrong"
    assert stricter <= len(found) / 50
