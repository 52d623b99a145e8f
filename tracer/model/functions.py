"""What an activation, a loss and an optimizer are: formulas with a name.

The tables of the calculus room hold one of these for each that we know; a problem may
bring its own as a formula.  Formulas are texts of our grammar, parsed when needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracer.model.numbers import as_number


@dataclass(frozen=True, slots=True)
class Activation:
    """``a = f(z)``.

    Attributes:
        name: how problems and formulas call it.
        formula: f in the symbols ``z`` and `settings`; for a `vector` function, empty.
        slope: f' in ``a`` and ``z`` in its textbook form; empty: derived from `formula`.
        twin: the same function written so that machine numbers do not overflow.
        settings: further arguments with their default texts, e.g. a leak.
        kink: where the slope has a convention: the name of the sentence that says which.
        vector: whether it takes a whole layer at once (softmax).
        source: where the textbook form stands.
    """

    name: str
    formula: str = ""
    slope: str = ""
    twin: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    kink: str = ""
    vector: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A loss whose classes count differently, in ``y``, ``a`` and the weights.

    The weight of an output's class is ``weight``; where an output has two classes, that of
    the answer 0 is ``weight0`` and that of 1 ``weight1``.  What a target weighs in all, over
    its classes, is ``whole``.

    Attributes:
        term: the share of one output of one sample.
        slope: dL/da of that term in its textbook form.
        shortcut_slope: dL/dz after one of the loss's shortcuts, for any target.
    """

    term: str
    slope: str
    shortcut_slope: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """The loss of one output, as a formula in ``y`` (target) and ``a`` (output).

    Attributes:
        name: how problems call it.
        term: the share of one output of one sample.
        slope: dL/da of that term in its textbook form; empty: derived from `term`.
        over_outputs: ``sum`` or ``mean`` of the terms.
        shortcut: activations after which dL/dz has the short form `shortcut_slope`.
        shortcut_slope: dL/dz in ``y`` and ``a`` after one of these.
        kink: where the slope has a convention: the name of the sentence that says which.
        source: where the textbook form stands.
        classes: what a target is about: ``outputs`` (each output is a class, the target its
            share), ``two`` (each output has a class 1 and a class 0); empty: no classes.
        weighted: how it reads where classes have weights; none: they cannot.
        smoothing: what share of each target is spread evenly over its classes; empty: none.
        class_weights: a number for each class; none: all count alike.
    """

    name: str
    term: str
    slope: str = ""
    over_outputs: str = "sum"
    shortcut: tuple[str, ...] = ()
    shortcut_slope: str = ""
    kink: str = ""
    source: str = ""
    classes: str = ""
    weighted: Weighted | None = None
    smoothing: str = ""
    class_weights: tuple[str, ...] = ()

    @property
    def counted_term(self) -> str:
        """The term, with the weights of the classes where there are any."""
        return self.weighted.term if self.class_weights and self.weighted else self.term

    @property
    def counted_slope(self) -> str:
        """The slope of that term; empty where none is declared."""
        return self.weighted.slope if self.class_weights and self.weighted else self.slope

    @property
    def smooths(self) -> bool:
        """Whether targets are smoothed at all."""
        return bool(self.smoothing) and as_number(self.smoothing) != 0


@dataclass(frozen=True, slots=True)
class Optimizer:
    """How a parameter is updated, in the symbols ``w`` (old) and ``g`` (gradient).

    Attributes:
        name: how problems call it.
        settings: constants with their default texts; ``None``: must be given.
        lines: what is worked out before the update, in order, by name.  A name that has
            its line above means the new value, one that has it below or here the old.
            ``step`` is the number of the update, from 1.
        states: which of the lines are kept for the next update; they start at 0.
        increment: what the update adds to the parameter.
        source: where this form stands.
    """

    name: str
    settings: Mapping[str, str | None]
    increment: str
    lines: Mapping[str, str] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Regularizer:
    """A penalty on the weights, added to the loss.

    Attributes:
        name: how problems call it.
        term: the penalty of one weight, in ``w``, ``strength`` and ``m`` (samples).
        slope: its derivative by ``w`` in its textbook form.
        kink: where the slope has a convention: the name of the sentence that says which.
    """

    name: str
    term: str
    slope: str
    kink: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the learning rate changes from update to update.

    Attributes:
        name: how problems call it.
        settings: constants with their default texts; ``None``: must be given.
        rate: the rate, in ``initial``, ``step`` (from 1) and the settings.
    """

    name: str
    settings: Mapping[str, str | None]
    rate: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Initializer:
    """How the first weights of a layer are drawn.

    Attributes:
        name: how problems call it.
        distribution: ``constant``, ``uniform`` or ``normal``.
        bounds: the value; the lowest and the highest; the mean and the standard deviation:
            formulas in ``fan_in`` (units of the layer before), ``fan_out`` (units) and the
            settings.
        settings: constants with their default texts; ``None``: must be given.
        source: where this form stands.
    """

    name: str
    distribution: str
    bounds: tuple[str, ...]
    settings: Mapping[str, str | None] = field(default_factory=dict)
    source: str = ""
