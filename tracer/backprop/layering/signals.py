"""What flows from layer to layer, and the ways in which a layer may look at it.

Units and sequences are arrays (units, samples), a sequence one for each time step; tokens
are a matrix (time steps, width) for each sample; an image is an array for each channel of
each sample.  Turning one into another is not a line of the calculation: it is a view, a
formula of indexing and stacking, which vanishes where a cell is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracer.calculus.layers.kinds import Form
from tracer.calculus.primitives import transpose
from tracer.formula.nodes import Apply, Node
from tracer.formula.rewriting import total


@dataclass(frozen=True)
class Signal:
    """What a layer gives, as formulas over arrays; one of the three."""

    form: Form
    steps: tuple[Node, ...] = ()
    """Of shape (units, samples): one, or one for each time step."""
    tokens: tuple[Node, ...] = ()
    """For each sample, of shape (time steps, width)."""
    channels: tuple[tuple[Node, ...], ...] = ()
    """For each sample, its channels."""

    def as_steps(self, samples: int) -> tuple[Node, ...]:
        """Arrays (units, samples), one for each time step."""
        if self.steps:
            return self.steps
        return tuple(
            stacked_columns([Apply("index", (matrix,), (step,)) for matrix in self.tokens])
            for step in range(1, self.form.sizes[0] + 1)
        )

    def as_tokens(self, samples: int) -> tuple[Node, ...]:
        """For each sample a matrix (time steps, width)."""
        if self.tokens:
            return self.tokens
        return tuple(
            _stacked([Apply("index", (step,), (None, sample)) for step in self.steps])
            for sample in range(1, samples + 1)
        )

    def flat(self, samples: int) -> Node:
        """One array (numbers, samples) of everything, row by row."""
        if not self.channels:
            return joined(self.as_steps(samples))
        columns = []
        for channels in self.channels:
            flat = [
                Apply("flatten", (channel,)) if len(self.form.sizes) > 2 else channel
                for channel in channels
            ]
            columns.append(joined(flat))
        return stacked_columns(columns)


def added(signals: Sequence[Signal], samples: int) -> Signal:
    """The sum of signals of one form, cell by cell."""
    first = signals[0]
    if first.channels:
        channels = tuple(
            tuple(total(same) for same in zip(*sample, strict=True))
            for sample in zip(*(signal.channels for signal in signals), strict=True)
        )
        return Signal(first.form, channels=channels)
    if all(signal.tokens for signal in signals):
        pairs = zip(*(signal.tokens for signal in signals), strict=True)
        return Signal(first.form, tokens=tuple(total(same) for same in pairs))
    pairs = zip(*(signal.as_steps(samples) for signal in signals), strict=True)
    return Signal(first.form, steps=tuple(total(same) for same in pairs))


def concatenated(signals: Sequence[Signal], form: Form, samples: int) -> Signal:
    """Signals one after another, unit after unit."""
    pairs = zip(*(signal.as_steps(samples) for signal in signals), strict=True)
    return Signal(form, steps=tuple(joined(same) for same in pairs))


def joined(parts: Sequence[Node]) -> Node:
    """Arrays one after another."""
    return parts[0] if len(parts) == 1 else Apply("concat", tuple(parts))


def stacked_columns(vectors: Sequence[Node]) -> Node:
    """One vector for each sample as the columns of an array (units, samples)."""
    return transpose(_stacked(vectors))


def _stacked(parts: Sequence[Node]) -> Node:
    """Vectors as the rows of a matrix."""
    return Apply("stack", tuple(parts))
