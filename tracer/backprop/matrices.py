"""Working an array equation out by matrix arithmetic, for comparison with its scalar steps.

Takes the exact numbers of a trace as machine numbers, arrays at a time.  What a primitive
does to whole arrays is said by the `code` column of its table, as in training; the entries
by which the scalar steps were written play no part here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracer.errors import CalculationError
from tracer.formula.nodes import Node, symbols
from tracer.model.quantity import Quantity
from tracer.model.trace import Trace

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]


def worked_out(found: Trace, formula: Node, update: int) -> Array:
    """The value of an array formula of a trace's plan.

    Args:
        found: a trace with numbers.
        formula: over the names of the plan's arrays; a name that ends in ``'`` is the
            array after one update more.
        update: how many updates the parameters have behind them.

    Returns:
        An array of floats; a missing cell counts as 0.

    Raises:
        CalculationError: where machine numbers do not suffice.
    """
    import numpy as np

    from tracer.backprop.compiled.array_source import UFUNCS, ArrayScribe
    from tracer.backprop.compiled.source import made
    from tracer.calculus.arrays import FUNCTIONS, safe_softmax
    from tracer.calculus.primitives import shape_of

    quantities = found.plans[min(update, len(found.plans) - 1)].quantities
    shapes = {name: quantity.shape for name, quantity in quantities.items()}
    shapes |= {f"{name}'": shape for name, shape in shapes.items()}
    scribe = ArrayScribe(found.definitions, shapes, quantities)
    for name in symbols(formula):
        bare = name.removesuffix("'")
        scribe.know(name, _numbers(found, quantities[bare], update + (bare != name)))
    result = scribe.know("", np.zeros(shape_of(formula, shapes)))
    scribe.assign(formula, result)
    source = "def run():\n" + "".join(f"    {s}\n" for s in (*scribe.views, *scribe.statements))
    run = made(source, {**UFUNCS, **FUNCTIONS, "softmax": safe_softmax, **scribe.arrays})
    with np.errstate(all="ignore"):
        run()
    value = scribe.arrays[result]
    if not np.all(np.isfinite(value)):
        raise CalculationError("the matrix form overflows in machine numbers")
    return value


def _numbers(found: Trace, quantity: Quantity, update: int) -> Array:
    """The numbers of a whole quantity."""
    import numpy as np

    values = np.zeros(quantity.shape)
    for index in quantity.cells():
        key = quantity.cell(index, update)
        exact = found[key].exact
        if exact is None:
            raise CalculationError(f"{key} has no number")
        values[index] = float(exact)
    return values
