"""What a reader found on a page: how much was checked, what is wrong, what was passed over."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Report:
    """What a reader found on one page."""

    checked: int = 0
    """Equations whose result was recomputed from numbers."""
    by_name: int = 0
    """Formulas whose value follows from the numbers printed before under their names."""
    approximate: int = 0
    """Of the checked equations, those that say ≈."""
    needless: list[str] = field(default_factory=list)
    """Those that say ≈ where = would hold."""
    left_out: list[str] = field(default_factory=list)
    """Results of formulas whose numbers the page leaves out, and names do not give."""
    symbolic: int = 0
    """Equations without a number to check."""
    given: int = 0
    """Equations that state a given number."""
    sentences: int = 0
    """Sentences with numbers that were checked or state what is given."""
    rows: int = 0
    """Rows of tables whose numbers were checked against the lines."""
    wrong: list[str] = field(default_factory=list)
    """What does not hold."""
    passed: list[str] = field(default_factory=list)
    """What has numbers and was not understood."""
    unseen: list[str] = field(default_factory=list)
    """Numbers in an equation that no line before has printed."""

    @property
    def equations(self) -> int:
        return self.checked + self.symbolic + self.given + len(self.passed)
