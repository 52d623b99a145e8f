"""Working an array equation out by matrix arithmetic, for comparison with its scalar steps.

Takes the exact numbers of a trace as machine numbers, arrays at a time, and shares no code
with the entries by which the scalar steps were written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition
from tracer.formula.nodes import (
    Apply,
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
)
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

    with np.errstate(all="ignore"):
        value = np.asarray(_Arrays(found, update).value(formula), dtype=float)
    if not np.all(np.isfinite(value)):
        raise CalculationError("the matrix form overflows in machine numbers")
    return value


class _Arrays:
    """One walk over an array formula."""

    def __init__(self, found: Trace, update: int) -> None:
        self.found = found
        self.update = update
        self.quantities = found.plans[min(update, len(found.plans) - 1)].quantities

    def value(self, node: Node, inside: Mapping[str, Array] | None = None) -> Array:
        import numpy as np

        match node:
            case Number(text):
                top, _, bottom = text.partition("/")
                return np.asarray(float(top) / float(bottom or 1))
            case Symbol(name):
                return inside[name] if inside is not None else self.array(name)
            case Negative(operand):
                return -self.value(operand, inside)
            case Fraction(top_part, bottom_part):
                return self.value(top_part, inside) / self.value(bottom_part, inside)
            case Power(base, exponent):
                return self.value(base, inside) ** self.value(exponent, inside)
            case Sum(parts):
                return sum((self.value(part, inside) for part in parts), np.asarray(0.0))
            case Product(parts):
                result = np.asarray(1.0)
                for part in parts:
                    result = result * self.value(part, inside)
                return result
            case Call(function, arguments):
                return self.call(function, [self.value(part, inside) for part in arguments])
            case Apply(primitive, operands, options):
                return _PRIMITIVES[primitive]([self.value(o, inside) for o in operands], options)

    def call(self, function: str, arguments: list[Array]) -> Array:
        definition: Definition | None = self.found.definitions.get(function)
        if definition is None:
            return _FUNCTIONS[function](*arguments)
        return self.value(definition.body, dict(zip(definition.parameters, arguments, strict=True)))

    def array(self, name: str) -> Array:
        """The numbers of a whole quantity."""
        import numpy as np

        bare = name.removesuffix("'")
        quantity: Quantity = self.quantities[bare]
        update = self.update + (bare != name)
        values = np.zeros(quantity.shape)
        for index in quantity.cells():
            exact = self.found[quantity.cell(index, update)].exact
            if exact is None:
                raise CalculationError(f"{quantity.cell(index, update)} has no number")
            values[index] = float(exact)
        return values


def _numpy(name: str) -> Callable[..., Array]:
    """A NumPy function, found when it is called."""

    def function(*arguments: Array) -> Array:
        import numpy as np

        return getattr(np, name)(*arguments)  # type: ignore[no-any-return]

    return function


def _is_first_largest(which: Array, *cells: Array) -> Array:
    import numpy as np

    return (np.argmax(np.stack(np.broadcast_arrays(*cells)), axis=0) + 1 == which) * 1.0


def _of_many(name: str) -> Callable[..., Array]:
    def function(*arguments: Array) -> Array:
        import numpy as np

        return getattr(np, name)(np.stack(np.broadcast_arrays(*arguments)), axis=0)  # type: ignore[no-any-return]

    return function


_FUNCTIONS: dict[str, Callable[..., Array]] = {
    **{name: _numpy(name) for name in ("exp", "log", "sqrt", "tanh", "abs", "sign")},
    "heaviside": lambda x: (x > 0) * 1.0,
    "maximum": _of_many("max"),
    "minimum": _of_many("min"),
    "ismax": _is_first_largest,
}

Operands = list["Array"]
Options = tuple[Any, ...]


def _reduced(name: str) -> Callable[[Operands, Options], Array]:
    def reduce(operands: Operands, options: Options) -> Array:
        method = getattr(operands[0], name)
        return method(axis=options[0], keepdims=True) if options else method()  # type: ignore[no-any-return]

    return reduce


def _softmax(operands: Operands, options: Options) -> Array:
    import numpy as np

    axis = options[0] if options else -1
    powers = np.exp(operands[0] - operands[0].max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)  # type: ignore[no-any-return]


def _chosen(options: Options) -> tuple[Any, ...]:
    return tuple(slice(None) if at is None else at - 1 for at in options)


def _index(operands: Operands, options: Options) -> Array:
    import numpy as np

    return np.asarray(operands[0][_chosen(options)])


def _place(operands: Operands, options: Options) -> Array:
    import numpy as np

    shape, chosen = options
    result = np.zeros(shape)
    result[_chosen(chosen)] = operands[0]
    return result


def _spread(operands: Operands, options: Options) -> Array:
    import numpy as np

    return np.broadcast_to(operands[0], options[0])


def _sum_to(operands: Operands, options: Options) -> Array:
    import numpy as np

    shape, target = options
    value = np.broadcast_to(operands[0], shape)
    offset = len(shape) - len(target)
    kept = tuple(offset + axis for axis, size in enumerate(target) if size == 1)
    return value.sum(axis=(*range(offset), *kept)).reshape(target)  # type: ignore[no-any-return]


def _is_max(operands: Operands, options: Options) -> Array:
    import numpy as np

    (value,) = operands
    result = np.zeros(value.shape)
    if not options:
        result.flat[int(value.argmax())] = 1
        return result
    np.put_along_axis(result, value.argmax(axis=options[0], keepdims=True), 1, axis=options[0])
    return result


def _conv(operands: Operands, options: Options) -> Array:
    import numpy as np

    image, kernel = operands
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=tuple(range(-kernel.ndim, 0)))  # type: ignore[no-any-return]


def _conv_back(operands: Operands, options: Options) -> Array:
    import numpy as np

    gradient, kernel = operands
    padded = np.pad(gradient, [(size - 1, size - 1) for size in kernel.shape])
    return _conv([padded, np.flip(kernel)], ())


_PRIMITIVES: dict[str, Callable[[Operands, Options], Array]] = {
    "matmul": lambda operands, _: operands[0] @ operands[1],
    "outer": lambda operands, _: operands[0][:, None] * operands[1],
    "transpose": lambda operands, _: operands[0].T,
    "index": _index,
    "stack": lambda operands, _: _numpy("stack")(operands),
    "sum": _reduced("sum"),
    "mean": _reduced("mean"),
    "max": _reduced("max"),
    "softmax": _softmax,
    "conv": _conv,
    "spread": _spread,
    "sum_to": _sum_to,
    "place": _place,
    "is_max": _is_max,
    "conv_back": _conv_back,
    "only": lambda operands, _: operands[0].reshape(()),
    "outer_each": lambda operands, _: operands[0][:, None, :] * operands[1][None, :, :],
}
"""A test holds this table's keys beside those of the primitives."""
