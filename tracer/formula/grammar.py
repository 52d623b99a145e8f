"""What the grammar knows by name: functions of numbers and of arrays, and its limits.

Tables only; `parsing` and `translating` read formulas by them, and whoever asks which
functions there are.
"""

from __future__ import annotations

ELEMENTARY = {
    "exp": 1,
    "log": 1,
    "sqrt": 1,
    "abs": 1,
    "sign": 1,
    "tanh": 1,
    "sin": 1,
    "cos": 1,
    "floor": 1,
    "heaviside": 1,
    "Phi": 1,
    "phi": 1,
    "maximum": 2,
    "minimum": 2,
}
"""Functions of numbers that every arithmetic knows, with their number of arguments.

``heaviside(0)`` and ``sign(0)`` are 0; ``log`` is the natural logarithm; ``phi`` and
``Phi`` are the density and the distribution function of the standard normal distribution.
"""

ALIASES = {"ln": "log"}
"""Other names that people write."""

ARRAY_FUNCTIONS = {
    "sum": 1,
    "mean": 1,
    "max": 1,
    "outer": 2,
    "stack": None,
    "softmax": 1,
    "log_softmax": 1,
    "conv": 2,
    "maxpool": 1,
    "avgpool": 1,
    "flatten": 1,
    "concat": None,
    "causal": 1,
    "masked": 2,
}
"""Array primitives that are written like calls; None: any number of arguments."""

ARRAY_OPTIONS: dict[str, dict[str, int | None]] = {
    "sum": {"axis": None},
    "mean": {"axis": None},
    "max": {"axis": None},
    "softmax": {"axis": None},
    "log_softmax": {"axis": None},
    "conv": {"stride": 1, "pad": 0},
    "maxpool": {"size": 2, "stride": 2},
    "avgpool": {"size": 2, "stride": 2},
}
"""Whole-number options of array functions, with what holds without them.

An axis is counted as NumPy does: 0 runs down the rows, 1 along the columns.  A reduction
along an axis keeps it with size 1.  None: left out, the option is not passed on.
"""

CELL_FUNCTIONS = {"maximum": None, "minimum": None, "ismax": None, "cospi": 1}
"""Functions of lines alone; of ``max`` and its slope one cell takes any number of arguments.

``ismax(k, x, y, z)`` is 1 if the k-th of the cells is the first largest, else 0;
``cospi(x)`` is the cosine of pi times x, exact where that is rational.
"""

LONGEST = 20_000
LONGEST_NUMBER = 400
DEEPEST = 100
