"""The text of a number: what counts as one, in files and in Python.

Numbers stay as they were written; here is said what may be written.  Read by the parts of
a problem and by the reader of files.
"""

from __future__ import annotations

import re
from fractions import Fraction as Rational

from tracer.errors import ProblemError

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?(?:/\d+)?")
_FAR = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d{5,}")
_LONGEST_NUMBER = 400
MINUS_INFINITY = ("-inf", "-.inf", "-∞")
"""What stands in a mask for a score that is left out: it is no number of a calculation."""


def number_text(value: object, path: tuple[str | int, ...] = ()) -> str:
    """The text of a number; refuses what is none (``0.3.5``, ``nan``, ``1/0``).

    >>> number_text("0.20"), number_text(0.5), number_text("1/3")
    ('0.20', '0.5', '1/3')
    """
    text = value.strip() if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        reason = "is too large or too small" if _FAR.fullmatch(text) else "is not a number"
        raise ProblemError(f"'{str(value)[:40]}' {reason}", path)
    top, slash, bottom = text.partition("/")
    if slash and not int(bottom):
        raise ProblemError(f"'{text}' divides by 0", path)
    if slash and not re.fullmatch(r"[+-]?\d+", top):
        raise ProblemError(f"'{text}': only whole numbers make a fraction", path)
    return text.removeprefix("+")


def as_number(text: str) -> Rational:
    """The exact value of a number's text.

    >>> as_number("0.20"), as_number("1/3")
    (Fraction(1, 5), Fraction(1, 3))
    """
    return Rational(text)
