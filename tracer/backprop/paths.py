"""The paths from an objective back to one quantity, through the steps of a forward pass.

A path is a chain of operands; its share of the derivative is the product of the local
derivatives on its way.  Their number grows exponentially with depth, so it is counted and
summed without listing them (`count`, `total`), and where there are too many to list, the
strongest come first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction as Rational
from itertools import count

from tracer.backprop.local_derivatives import local_derivative
from tracer.backprop.truncating import held_operands
from tracer.errors import TracerError
from tracer.formula.evaluating import Evaluator, Exact
from tracer.formula.nodes import symbols
from tracer.model.explanation import Link, Path
from tracer.model.rounding import Value
from tracer.model.step import Step
from tracer.model.trace import Trace

DIGITS = 60


class Paths:
    """The part of a forward pass that lies between an objective and a quantity.

    Args:
        found: a trace with numbers.
        objective: what is differentiated: weights by key, ``{"loss": 1}``.
        of: the key of the quantity.
    """

    def __init__(self, found: Trace, objective: Mapping[str, Value], of: str) -> None:
        self.objective = objective
        self.of = of
        self.arithmetic = Exact(DIGITS)
        # states at which paths end, because backpropagation through time is truncated there
        self.held: list[str] = []
        self.links = _links(found, objective, of, self.arithmetic, self.held)
        self.starts = [key for key in objective if key in self.links or key == of]

    @property
    def count(self) -> int:
        """How many paths there are."""
        counts = {self.of: 1}
        for key, links in self.links.items():
            counts[key] = sum(counts[link.by] for link in links)
        return sum(counts[key] for key in self.starts)

    @property
    def total(self) -> Value:
        """The derivative: the sum of the shares of all paths."""
        sums: dict[str, Value] = {self.of: Rational(1)}
        for key, links in self.links.items():
            shares = [self._times(link.value, sums[link.by]) for link in links]
            sums[key] = self.arithmetic.add(shares)
        shares = [self._times(self.objective[key], sums[key]) for key in self.starts]
        return self.arithmetic.add([Rational(0), *shares])

    def listed(self, most: int) -> tuple[Path, ...]:
        """All paths in writing order; the `most` strongest if there are more."""
        if self.count <= most:
            return tuple(path for key in self.starts for path in self._all_from(key))
        return tuple(self._strongest(most))

    def _times(self, first: Value, second: Value) -> Value:
        return self.arithmetic.multiply([first, second])

    def _all_from(self, start: str) -> Iterator[Path]:
        weight = self.objective[start]
        waiting: list[Path] = [Path(start, weight, (), weight)]
        while waiting:
            path = waiting.pop()
            here = path.keys[-1]
            if here == self.of:
                yield path
                continue
            waiting.extend(self._longer(path, link) for link in reversed(self.links[here]))

    def _longer(self, path: Path, link: Link) -> Path:
        share = self._times(path.share, link.value)
        return replace(path, links=(*path.links, link), share=share)

    def _strongest(self, most: int) -> Iterator[Path]:
        """Best first: no path that goes on from here can be stronger than its bound."""
        best = {self.of: 1.0}
        for key, links in self.links.items():
            best[key] = max(abs(float(link.value)) * best[link.by] for link in links)
        order = count()
        heap: list[tuple[float, int, Path]] = []

        def put(path: Path) -> None:
            bound = abs(float(path.share)) * best[path.keys[-1]]
            heapq.heappush(heap, (-bound, next(order), path))

        for key in self.starts:
            put(Path(key, self.objective[key], (), self.objective[key]))
        while heap and most:
            path = heapq.heappop(heap)[2]
            if path.keys[-1] == self.of:
                most -= 1
                yield path
                continue
            for link in self.links[path.keys[-1]]:
                put(self._longer(path, link))


def _links(
    found: Trace, objective: Mapping[str, Value], of: str, arithmetic: Exact, ends: list[str]
) -> dict[str, list[Link]]:
    """By key, in order of calculation: the operands that lead to `of`, with derivatives.

    `ends` grows by the operands that would, if no gradient were held back there.
    """
    behind, held = _behind(found, objective), held_operands(found)
    evaluate = Evaluator(arithmetic, found.definitions)
    leading, links = {of}, {}
    for step in found.steps:
        if step.key not in behind or step.key == of:
            continue
        fixed = held.get(step.key, ())
        ends += [key for key in fixed if key in leading and key not in ends]
        operands = [key for key in step.operands if key in leading and key not in fixed]
        if not operands:
            continue
        leading.add(step.key)
        links[step.key] = [_link(found, step, operand, evaluate) for operand in operands]
    return links


def _behind(found: Trace, objective: Mapping[str, Value]) -> set[str]:
    """The forward steps on which the objective depends."""
    seen: set[str] = set()
    waiting = list(objective)
    while waiting:
        key = waiting.pop()
        step = found[key]
        if key in seen or step.phase not in ("forward", "loss"):
            continue
        seen.add(key)
        waiting.extend(step.operands)
    return seen


def _link(found: Trace, step: Step, by: str, evaluate: Evaluator) -> Link:
    formula = local_derivative(found, step, by)
    values = {key: _exact(found[key]) for key in symbols(formula)}
    return Link(step.key, by, formula, evaluate(formula, values))


def _exact(step: Step) -> Value:
    if step.exact is None:
        raise TracerError(f"{step.key} is a letter without a number, so no path has a share")
    return step.exact
