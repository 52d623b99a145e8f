"""A step: one equation with its numbers.

Everything that tracer shows is a reading of steps: a renderer prints the formula with
names and with numbers, the checker evaluates it at somebody else's numbers, JSON spells
it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracer.formula.keys import Key
from tracer.formula.nodes import Node, symbols
from tracer.model.rounding import Value

PHASES = ("given", "forward", "loss", "report", "backward", "gradient", "update")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say beside a step: a sentence of the prose templates, and its facts."""

    kind: str
    """Which sentence: ``kink``, ``lost_in_rounding``, ..."""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One quantity, the formula that gives it, and its value."""

    key: str
    rule: str
    """``given``, ``preactivation``, ``activation``, ``loss_term``, ``loss``, ``da``,
    ``slope``, ``delta``, ``weight_gradient``, ``bias_gradient``, ``sample_gradient``,
    ``increment``, ``update``, ``equation``, ``gradient``, ``report``, ..."""
    phase: str
    formula: Node
    """Scalar; its symbols are keys.  A given quantity's formula is its number."""
    expanded: Node | None = None
    """The formula with table functions written out, where that differs."""
    exact: Value | None = None
    """Full precision from full-precision operands; None in a symbolic trace."""
    value: Value | None = None
    """Under the declared rounding."""
    text: str = ""
    """`value` as written down, in our grammar."""
    relation: str = "="
    """``=`` if the printed operands give the printed result, else ``≈``."""
    layer: int | None = None
    shown: bool = True
    """False: kept for reference; its line is part of another one."""
    remarks: tuple[Remark, ...] = ()

    @property
    def operands(self) -> list[str]:
        """The keys that the formula uses, in writing order."""
        return symbols(self.formula)

    @property
    def parsed(self) -> Key:
        return Key.parse(self.key)

    @property
    def update(self) -> int:
        """How many updates its key has behind it."""
        return self.parsed.update

    @property
    def sample(self) -> int | None:
        return self.parsed.sample

    def __str__(self) -> str:
        from tracer.formula.writing import write

        if self.rule == "given" or not self.text:
            return f"{self.key} = {write(self.formula)}"
        return f"{self.key} = {write(self.formula)} {self.relation} {self.text}"
