"""What a type of layer is: its settings, its parameters, and its forward equations.

A layer's file gives one `LayerType`.  Its `recipe` takes the `Facts` of one layer (what
comes in, how many units, which settings) and gives the equations in our grammar, over the
arrays that its `over` says:

- ``units``: an array (units, samples); of a sequence, one for each time step;
- ``time``: the same, where a step uses what the step before gave (``h_before``);
- ``tokens``: for each sample a matrix (time steps, width);
- ``flat``: an array (numbers, samples) of all that comes in; ``joined``: nothing but the
  sum (or the row) of several sources; ``lookup``: rows of a table, chosen by number;
- ``images``: for each sample and channel a matrix or a vector.

``x`` is what comes in, ``others`` how many samples a batch has besides one.  A name that ends
in numbers (``K_1_2``) is one array of several that share a name: its key puts the numbers
before the other indices (``K[1,2,3,3]``).  The backward pass is derived, so a layer is written
forwards only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracer.errors import ProblemError
from tracer.model.arrays import counted
from tracer.model.ranges import Range

Sizes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What flows from layer to layer, of one sample: its kind and its sizes."""

    kind: str
    """``units`` (units), ``sequence`` (time steps, width), ``image`` (channels, then one or
    two sizes), ``numbers`` (time steps): numbers that name the rows of an embedding."""
    sizes: Sizes

    @property
    def said(self) -> str:
        """In words: ``3 units``, ``a sequence of 2 steps of 3 numbers``."""
        match self.kind, self.sizes:
            case "units", (count,):
                return counted(count, "unit")
            case "sequence", (steps, width):
                return f"a sequence of {counted(steps, 'step')} of {counted(width, 'number')}"
            case "numbers", (steps,):
                return f"a sequence of {counted(steps, 'whole number')}"
        size = " x ".join(map(str, self.sizes[1:]))
        return f"{counted(self.sizes[0], 'channel')} of {size}"

    @property
    def width(self) -> int:
        """How many numbers a unit, a time step, or the flattened whole has."""
        if self.kind == "sequence":
            return self.sizes[1]
        count = 1
        for size in self.sizes:
            count *= size
        return count


@dataclass(frozen=True, slots=True)
class Setting:
    """What a layer may say about itself besides its units and parameters."""

    kind: str
    """``number``, ``whole``, ``word``, ``switch``, ``array``, ``mask`` (numbers, or the seed by
    which they are drawn), or ``pattern`` (0 and 1, or -inf and 0)."""
    about: str
    """Its description for editors."""
    default: Any = None
    """None: there is none; it has to be given, or `needed` is False."""
    least: float = 0
    most: float = 1_000_000
    words: tuple[str, ...] = ()
    needed: bool = True

    @property
    def range(self) -> Range:
        """Between which numbers it lies."""
        return Range(f"{self.least:g}", f"{self.most:g}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """An array that is learnt."""

    shape: Sizes
    leading: Sizes = ()
    """How many of it there are, by the numbers at the end of its name; sizes of 1 are not
    written."""
    default: str = ""
    """The number that it starts from where none is given."""

    @property
    def written(self) -> Sizes:
        """The shape of the numbers in a problem file."""
        return (*(size for size in self.leading if size > 1), *self.shape)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The forward equations of one layer."""

    equations: tuple[str, ...]
    """``name = formula``, in the textbook's order of explaining."""
    gives: tuple[str, ...]
    """Which of the names goes on to the next layer; several are channels."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Numbers, or vectors over the units, that are given and never learnt."""
    borrowed: Mapping[str, tuple[int, Sizes]] = field(default_factory=dict)
    """Weights of dense layers that it uses as well: the layer's number, their shape."""
    masks: Mapping[str, Any] = field(default_factory=dict)
    """Given numbers for every sample, nested like what comes in: ``[sample][unit]``."""
    patterns: Mapping[str, Any] = field(default_factory=dict)
    """Each sample's masks, nested like the array that they mask: ``1`` where it is seen, else
    ``0``."""
    memory: tuple[str, ...] = ()
    """Names whose value of the step before is called ``<name>_before``: nothing (a
    structural zero) before the first step, unless `start` says."""
    start: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The memory before the first step, over the units."""
    running: Mapping[str, tuple[Sequence[str], str]] = field(default_factory=dict)
    """Numbers over the units that each update carries on, without learning them: where they
    start, and what they are after it; ``samples`` is how many the batch has."""
    least_samples: int = 1
    """How many samples a batch has at least."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a recipe may ask about its layer."""

    form: Form
    """What comes in."""
    units: int
    """As the layer says; 0 where it does not."""
    settings: Mapping[str, Any]
    """All of them, with defaults."""
    samples: int
    biases: bool = True
    given: Mapping[str, Any] = field(default_factory=dict)
    """The parameters that the layer gives, as numbers."""
    numbers: Sequence[Any] = ()
    """Of each sample the whole numbers that name rows of an embedding."""
    dense: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """Of each dense layer before it, by name: its number, its units, its inputs."""

    @property
    def inputs(self) -> int:
        return self.form.width

    def bias(self, name: str) -> str:
        """`` + b`` where the layer has biases."""
        return f" + {name}" if self.biases else ""

    def needed_units(self) -> int:
        """How many units the layer says it has.

        Raises:
            ProblemError: if it does not.
        """
        if not self.units:
            raise ProblemError("'units' is missing here", ())
        return self.units


@dataclass(frozen=True)
class LayerType:
    """One type of layer.

    Attributes:
        name: how problems call it.
        about: one sentence for editors and for errors.
        over: on which arrays its equations are written.
        takes: the kinds of `Form` that may come in.
        recipe: its forward equations.
        settings: what it may say about itself.
        parameters: the names of its parameters, in the order of explaining.
        units: whether it says how many units it has.
        told_by: the parameter whose rows are as wide as there are units, so that `units`
            may be left out where it is given.
        biases: whether it may do without biases.
        bias_names: those of the parameters that are biases: left out by ``biases: false``,
            and spared by penalties.
        source: where this form stands.
    """

    name: str
    about: str
    over: str
    takes: tuple[str, ...]
    recipe: Callable[[Facts], Recipe]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    units: bool = False
    told_by: str = ""
    biases: bool = False
    bias_names: tuple[str, ...] = ()
    source: str = ""


def is_bias(kind: LayerType, name: str) -> bool | None:
    """Whether a parameter of a type is a bias; None: it is no parameter."""
    if name not in kind.parameters:
        return None
    return name in kind.bias_names


def numbered(name: str, *places: tuple[int, int]) -> str:
    """A name with its numbers, each of so many; a number of one is left out.

    >>> numbered("K", (2, 3), (1, 1))
    'K_2'
    """
    return name + "".join(f"_{place}" for place, count in places if count > 1)
