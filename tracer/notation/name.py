"""A name as it is to be typeset, free of any format.

``delta`` with a subscript 1 and a superscript (2); ``dE/dw5`` as a fraction of two
names.  The printers of the rendering room turn it into LaTeX, Unicode, MathML, Typst or
words; `reading` compares it with what people type.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """One letter or word with what hangs on it."""

    base: str
    """A letter (``z``, ``W``), a Greek letter by its English name (``delta``, ``eta``),
    or a word (``net``, ``Err``, ``out``, ``MSE``), which is set upright."""
    sub: str = ""
    """Subscript: ``12``, ``1,2``, ``h1``, ``o1``."""
    sup: str = ""
    """Superscript: ``(2)``, ``[2]``, ``2``, ``+``."""
    sample: str = ""
    """A second superscript for the sample: ``(3)``."""
    accent: str = ""
    """``hat`` or nothing."""
    before: str = ""
    """Signs set before the letter: ``d``, ``Delta``, ``-``."""
    mark: str = ""
    """What tells an updated value from the old one: ``new``, ``+``, ``after 2 updates``."""
    over: Name | None = None
    """The denominator of a derivative: this name is the numerator, each with its sign
    of differentiation (``d`` or ``partial``) in `before`."""
