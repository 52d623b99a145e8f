"""A layer of a type other than dense: what its author says about it.

What the type means (which parameters it has, what they do) is said by the table of layers
in the calculus room; here stand the numbers and choices of one layer, as texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracer.errors import ProblemError
from tracer.model.arrays import check_even
from tracer.model.numbers import number_text


@dataclass(frozen=True)
class Layer:
    """A layer of a type of the layers table.

    Args:
        type: a name of the table: ``lstm``, ``dropout``, ``attention``, ...
        units: how wide what it gives is; 0 where its type or its input settles that.
        parameters: nested tuples of number texts by name: ``{"Wi": (("0.9", "0.8"),)}``;
            or ``"symbolic"``: letters instead of numbers.
        settings: what its type may be told besides, by name.
        biases: False: none.
        name: what `sources` of other layers call it; none: its type and number (``lstm1``).
        sources: the layers that it takes from; none: the one before.
        combine: ``add`` or ``concat``: how several sources become one.

    >>> Layer("dropout", settings={"rate": "0.5"}).type
    'dropout'
    """

    type: str
    units: int = 0
    parameters: Any = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    biases: bool = True
    name: str = ""
    sources: Sequence[str] = ()
    combine: str = "add"

    activation = ""
    """It has no activation of a dense layer."""
    shared_bias = False

    def __post_init__(self) -> None:
        if not isinstance(self.units, int) or isinstance(self.units, bool) or self.units < 0:
            raise ProblemError("units is a whole number", ("units",))
        object.__setattr__(self, "sources", checked_sources(self.sources, self.combine))
        if self.parameters != "symbolic":
            found = {k: nested(v, (k,)) for k, v in self.parameters.items()}
            for name, numbers in found.items():
                check_even(numbers, (name,))
            object.__setattr__(self, "parameters", found)

    @property
    def weights(self) -> Any:
        """``"symbolic"`` where its parameters are letters; it has no weights of a dense layer."""
        return "symbolic" if self.parameters == "symbolic" else ()

    def is_cut(self, step: int) -> bool:
        """Whether no gradient goes from this time step to the one before it.

        >>> [step for step in range(1, 8) if Layer("gru", settings={"truncate": 3}).is_cut(step)]
        [4, 7]
        """
        limit = self.settings.get("truncate")
        return limit is not None and step > 1 and (step - 1) % limit == 0


def checked_sources(sources: Sequence[str], combine: str) -> tuple[str, ...]:
    """The names of the layers that a layer takes from."""
    if combine not in ("add", "concat"):
        raise ProblemError("several sources are combined by add or concat", ("combine",))
    found = (sources,) if isinstance(sources, str) else tuple(sources)
    if len(set(found)) != len(found):
        raise ProblemError("a layer names each of its sources once", ("from",))
    return found


def nested(value: Any, path: tuple[str | int, ...]) -> Any:
    """Nested lists of numbers as nested tuples of texts.

    Raises:
        ProblemError: for what is no number; `path` begins its place.

    >>> nested([[0.5, "0.20"], [1, 2]], ("inputs",))
    (('0.5', '0.20'), ('1', '2'))
    """
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return number_text(value, path)
    return tuple(nested(part, (*path, place)) for place, part in enumerate(value))
