"""Where in the problem file a quantity comes from: the line that a failing number is told at.

Takes a problem and the key of one of its quantities; gives the path of the layer, the
equation or the choice (loss, clip, schedule, ...) that it is worked out by.  Read by whoever
tells an error of a value, such as the logarithm of 0, with file, line and column.
"""

from __future__ import annotations

from tracer.errors import FormulaError
from tracer.files.places import Path
from tracer.formula.keys import Key, tokens
from tracer.model.problem import Problem

_CHOICES = {
    "loss": "loss",
    "data_loss": "loss",
    "smoothed": "loss",
    "target_weight": "loss",
    "weight_sum": "loss",
    "penalty": "regularizer",
    "gradient_norm": "clip",
    "clip_scale": "clip",
    "rate": "schedule",
}
"""Quantities of the whole network, and what in the file they come from."""


def origin(problem: Problem, key: str) -> Path:
    """The path of what a quantity is worked out by; an empty one if that cannot be told.

    >>> problem = Problem(given={"x": "0"}, equations=["y = 1 - x", "p = log(y - 1)"])
    >>> origin(problem, "p"), origin(problem, "dy"), origin(problem, "dx[1]"), origin(problem, "x")
    (('equations', 1), ('equations', 1), ('equations', 0), ('given', 'x'))
    """
    try:
        parsed = Key.parse(key)
    except FormulaError:
        return ()
    if parsed.name in _CHOICES and parsed.name not in _defined(problem):
        return (_CHOICES[parsed.name],)
    return _of_layers(problem, parsed) if problem.layers else _of_equations(problem, parsed)


def _of_layers(problem: Problem, key: Key) -> Path:
    if key.state == "report":
        return ("report", key.name.removeprefix("report."))
    if key.base in ("a0", "y"):
        return ("inputs" if key.base == "a0" else "targets",)
    if key.layer is None or not 1 <= key.layer <= len(problem.layers):
        return ()
    return ("layers", key.layer - 1)


def _of_equations(problem: Problem, key: Key) -> Path:
    """A part ``O.1`` is of O's equation; a gradient ``dX`` comes from one that uses X."""
    defined, known = _defined(problem), {*problem.given, *_defined(problem)}
    for name in (key.name, key.base):
        if name in known:
            return ("equations", defined[name]) if name in defined else ("given", name)
    of = key.base.removeprefix("d")
    uses = [n for n, text in enumerate(problem.equations) if _uses(text, of)]
    if of in defined and (key.part or not uses):
        return ("equations", defined[of])
    return ("equations", uses[0]) if uses else ()


def _uses(equation: str, name: str) -> bool:
    """Whether a name stands on the right-hand side."""
    right = equation.partition("=")[2]
    return any(token.kind == "key" and token.text == name for token in tokens(right, arrays=True))


def _defined(problem: Problem) -> dict[str, int]:
    """The names that equations define, with their places."""
    return {text.partition("=")[0].strip(): n for n, text in enumerate(problem.equations)}
