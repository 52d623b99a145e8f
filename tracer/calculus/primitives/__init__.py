"""The array primitives: shape, entry, pull-back and code of each, side by side.

An equation is written over arrays.  For each primitive the table says

- its *shape*, from the shapes of its operands;
- its *entry*: the scalar formula of one cell, in the order in which a person writes it;
- its *pull-back*: the array formulas that carry a gradient from the result to each
  operand, in the same primitives, so that backward equations are traced, printed and
  compiled like forward ones;
- its *code*: how NumPy says it (`arrays` holds the functions);
- for products and softmax, whose entries are long, which cells are *missing*.

A *structural zero* (a missing connection, padding, a masked cell) is None: it vanishes
from the line, while an operand that merely happens to be 0 is printed.
"""

from tracer.calculus.primitives import (
    choosing,
    convolution,
    products,
    reductions,
    softmaxes,
)
from tracer.calculus.primitives.kinds import TABLE, Entry, Primitive, Scope, Shape, Shapes
from tracer.calculus.primitives.products import matmul, transpose
from tracer.calculus.primitives.walking import (
    entry,
    is_constant,
    pull_back,
    shape_of,
    sum_to,
)

_NONE = convolution.no_second_order

PRIMITIVES: dict[str, Primitive] = {
    "matmul": Primitive(
        products.matmul_shape,
        products.matmul_entry,
        products.matmul_back,
        "dot({0}, {1}, {out})",
        missing=products.matmul_missing,
    ),
    "outer": Primitive(
        products.outer_shape,
        products.outer_entry,
        products.outer_back,
        "outer({0}, {1}, out={out})",
        False,
    ),
    "transpose": Primitive(
        products.transpose_shape,
        products.transpose_entry,
        products.transpose_back,
        "{0}.T",
        False,
    ),
    "index": Primitive(
        choosing.index_shape,
        choosing.index_entry,
        choosing.index_back,
        "index({0}, {options})",
        False,
    ),
    "stack": Primitive(
        choosing.stack_shape,
        choosing.stack_entry,
        choosing.stack_back,
        "stack([{all}], 0, {out})",
        False,
    ),
    "concat": Primitive(
        choosing.concat_shape,
        choosing.concat_entry,
        choosing.concat_back,
        "concatenate([{all}], 0, {out})",
        False,
    ),
    "flatten": Primitive(
        choosing.flatten_shape,
        choosing.flatten_entry,
        choosing.flatten_back,
        "reshape({0}, -1)",
        False,
    ),
    "causal": Primitive(
        choosing.causal_shape,
        choosing.causal_entry,
        choosing.causal_back,
        "causal({0}, {out})",
        False,
    ),
    "masked": Primitive(
        choosing.masked_shape,
        choosing.masked_entry,
        choosing.masked_back,
        "masked({0}, {1}, {out})",
        False,
    ),
    "sum": Primitive(
        reductions.reduced_shape,
        reductions.sum_entry,
        reductions.sum_back,
        "total({0}, {options}, {out})",
    ),
    "mean": Primitive(
        reductions.reduced_shape,
        reductions.mean_entry,
        reductions.mean_back,
        "mean({0}, {options}, {out})",
    ),
    "max": Primitive(
        reductions.reduced_shape,
        reductions.max_entry,
        reductions.max_back,
        "largest({0}, {options}, {out})",
    ),
    "softmax": Primitive(
        softmaxes.softmax_shape,
        softmaxes.softmax_entry,
        softmaxes.softmax_back,
        "softmax({0}, {options}, {out})",
        missing=softmaxes.softmax_missing,
    ),
    "log_softmax": Primitive(
        softmaxes.softmax_shape,
        softmaxes.log_softmax_entry,
        softmaxes.log_softmax_back,
        "log_softmax({0}, {options}, {out})",
        missing=softmaxes.softmax_missing,
    ),
    "conv": Primitive(
        convolution.conv_shape,
        convolution.conv_entry,
        convolution.conv_back,
        "conv({0}, {1}, {out}, {options})",
    ),
    "maxpool": Primitive(
        convolution.pool_shape,
        convolution.maxpool_entry,
        convolution.maxpool_back,
        "maxpool({0}, {options}, {out})",
    ),
    "avgpool": Primitive(
        convolution.pool_shape,
        convolution.avgpool_entry,
        convolution.avgpool_back,
        "avgpool({0}, {options}, {out})",
    ),
    # Backward companions: they arise in pull-backs and are not written by people.
    "spread": Primitive(
        reductions.first_option,
        reductions.spread_entry,
        reductions.spread_back,
        "spread({0}, {options}[0])",
        False,
    ),
    "sum_to": Primitive(
        reductions.sum_to_shape,
        reductions.sum_to_entry,
        reductions.sum_to_back,
        "sum_to({0}, {options}, {out})",
    ),
    "place": Primitive(
        choosing.place_shape,
        choosing.place_entry,
        choosing.place_back,
        "place({0}, {options}, {out})",
        False,
    ),
    "segment": Primitive(
        choosing.segment_shape,
        choosing.segment_entry,
        _NONE,
        "segment({0}, {options})",
        False,
    ),
    "unflatten": Primitive(
        choosing.unflatten_shape,
        choosing.unflatten_entry,
        choosing.unflatten_back,
        "reshape({0}, {options}[0])",
        False,
    ),
    "is_max": Primitive(
        reductions.same_shape,
        reductions.is_max_entry,
        _NONE,
        "is_max({0}, {options}, {out})",
    ),
    "conv_back": Primitive(
        convolution.given_shape,
        convolution.conv_back_entry,
        _NONE,
        "conv_back({0}, {1}, {out}, {options})",
    ),
    "conv_kernel": Primitive(
        convolution.given_shape,
        convolution.conv_kernel_entry,
        _NONE,
        "conv_kernel({0}, {1}, {out}, {options})",
    ),
    "maxpool_back": Primitive(
        convolution.maxpool_back_shape,
        convolution.maxpool_back_entry,
        _NONE,
        "maxpool_back({0}, {1}, {options}, {out})",
    ),
    "avgpool_back": Primitive(
        convolution.given_shape,
        convolution.avgpool_back_entry,
        _NONE,
        "avgpool_back({0}, {options}, {out})",
    ),
    "only": Primitive(
        choosing.only_shape, choosing.only_entry, choosing.only_back, "{0}.reshape(())", False
    ),
    "outer_each": Primitive(
        products.outer_each_shape,
        products.outer_each_entry,
        _NONE,
        "outer_each({0}, {1}, {out})",
        False,
    ),
}
"""The table; the order is that of a first course, backward companions last."""

TABLE.update(PRIMITIVES)

__all__ = [
    "PRIMITIVES",
    "Entry",
    "Primitive",
    "Scope",
    "Shape",
    "Shapes",
    "entry",
    "is_constant",
    "matmul",
    "pull_back",
    "shape_of",
    "sum_to",
    "transpose",
]
