"""Drawing the first numbers of a network from a seed, as NumPy draws them.

Takes what a problem file says about a layer's weights; gives texts of numbers, rounded to
so many places that they are easy by hand, if that is asked for.  One seed is one sequence:
what is drawn first is drawn first from it, as in a program.  NumPy is imported only here,
when something is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction as Rational
from typing import Any

from tracer.calculus.initializers import INITIALIZERS
from tracer.errors import ProblemError
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.parsing import parse

GENERATORS = ("current", "legacy")
"""``numpy.random.default_rng`` and ``numpy.random.RandomState`` (``np.random.seed``)."""
MOST = 1_000_000
"""How many numbers a layer may draw: far more than anybody traces."""


class Drawing:
    """The sequences of one problem, each begun by its seed."""

    def __init__(self) -> None:
        self._sequences: dict[tuple[str, int], Any] = {}

    def numbers(self, told: Mapping[str, Any], units: int, sources: int, fan_in: int) -> Any:
        """Rows of texts, one row for each unit.

        Args:
            told: ``seed``, ``init``, ``generator``, ``digits``, ``order`` and the settings of
                the initializer.
            units: how many rows.
            sources: how many numbers in a row.
            fan_in: how many units the layer before has.

        Raises:
            ProblemError: if a seed or a setting is missing, or has no meaning here.

        >>> Drawing().numbers({"seed": 1, "init": "uniform", "generator": "legacy"}, 1, 2, 2)
        [['0.417022004702574', '0.7203244934421581']]
        """
        if units * sources > MOST:
            raise ProblemError(f"at most {MOST:,} numbers are drawn; found {units * sources:,}")
        initializer = INITIALIZERS[told.get("init", "xavier_uniform")]
        values: dict[str, float] = {"fan_in": fan_in, "fan_out": units}
        for name, default in initializer.settings.items():
            if name not in told and default is None:
                raise ProblemError(f"{initializer.name} needs its {name}")
            values[name] = float(Rational(told.get(name, default)))
        for name in told:
            if name not in initializer.settings and name not in _WORDS:
                raise ProblemError(f"{initializer.name} has no {name}", (name,))
        evaluate = Evaluator(Float())
        bounds = [evaluate(parse(bound), values) for bound in initializer.bounds]
        if initializer.distribution == "constant":
            return [[_text(bounds[0], told)] * sources for _ in range(units)]
        sequence = self._sequence(told, initializer.name)
        turned = told.get("order", "to,from") == "from,to"
        shape = (sources, units) if turned else (units, sources)
        drawn = getattr(sequence, initializer.distribution)(*bounds, size=shape)
        return [[_text(cell, told) for cell in row] for row in (drawn.T if turned else drawn)]

    def _sequence(self, told: Mapping[str, Any], name: str) -> Any:
        """The generator of a seed, where it has come to."""
        if "seed" not in told:
            raise ProblemError(f"{name} needs a seed: the same seed draws the same numbers")
        kind, seed = told.get("generator", "current"), told["seed"]
        if (kind, seed) not in self._sequences:
            from numpy import random

            begun = random.RandomState if kind == "legacy" else random.default_rng
            self._sequences[kind, seed] = begun(seed)
        return self._sequences[kind, seed]


_WORDS = ("seed", "init", "generator", "digits", "order")


def _text(value: float, told: Mapping[str, Any]) -> str:
    """All digits of the number, or so many decimal places."""
    if "digits" not in told:
        return repr(float(value))
    text = f"{float(value):.{told['digits']}f}"
    return text.removeprefix("-") if not float(text) else text
