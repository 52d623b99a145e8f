"""The optimizers table."""

from tracer.calculus.optimizers.gradient_descent import GRADIENT_DESCENT
from tracer.model.functions import Optimizer

OPTIMIZERS: dict[str, Optimizer] = {optimizer.name: optimizer for optimizer in (GRADIENT_DESCENT,)}
