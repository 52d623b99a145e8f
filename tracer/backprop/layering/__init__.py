"""The equations of a layer network: forward as declared, backward by the chain rule.

Arrays stand in columns: an activation has shape (units, samples), a weight matrix
(units, units of the layer before), a bias (units, 1), or (1, 1) where a layer shares it.
Layers of other types than dense bring equations of their own, from the table of layers.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracer.backprop.layering.backward import Backward
from tracer.backprop.layering.forward import Forward
from tracer.backprop.plan import Draft
from tracer.model.problem import Problem
from tracer.model.quantity import Axis


def write(problem: Problem, batch: Sequence[int], backward: bool) -> Draft:
    """Draft the plan of one update over the samples of `batch`."""
    draft = Draft(problem)
    samples = Axis("sample", len(batch), tuple(batch) if problem.samples > 1 else ())
    forward = Forward(draft, batch, samples)
    forward.write()
    if backward and problem.targets and problem.loss is not None and problem.updates:
        Backward(draft, len(batch), samples, forward).write()
    return draft
