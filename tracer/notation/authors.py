"""The names of an equation network: its author's own, set as mathematics.

``h1`` becomes h with subscript 1, ``W1[1,2]`` becomes W with superscript (1) and subscript
12, ``W_hh`` becomes W with subscript hh.  Where two of the author's names would come out
alike, both are kept as they were typed.
"""

from __future__ import annotations

import re
from collections import Counter

from tracer.formula.keys import Key
from tracer.model.problem import Problem
from tracer.notation.name import Name

_SPLIT = re.compile(r"(?P<letters>[^\W\d_]+)(?P<digits>\d*)(?:_(?P<rest>\w+))?")
_WORD = re.compile(r"[^\W\d]\w*")
_REDUCED = re.compile(r"(?:sum|mean|max)\([^()]*\)")
_GROWS = re.compile(r"\b(?:stack|outer)\(")


class Authors:
    """The quantities that a problem's author has named."""

    def __init__(self, problem: Problem) -> None:
        self.scalars = {name for name, value in problem.given.items() if isinstance(value, str)}
        self.names = set(problem.given)
        for equation in problem.equations:
            target, _, formula = equation.partition("=")
            target = target.strip()
            used = {word for word in _WORD.findall(formula) if word in self.names}
            reduced = _REDUCED.fullmatch(formula.strip()) is not None
            if reduced or (used <= self.scalars and not _GROWS.search(formula)):
                self.scalars.add(target)
            self.names.add(target)
        looks = Counter(_split(name) for name in self.names)
        self._typed = {name for name in self.names if looks[_split(name)] > 1}
        loss = problem.loss
        known = isinstance(loss, str) and loss in self.names
        self.loss = self.name(Key(str(loss)), "") if known else None

    def name(self, key: Key, sample: str) -> Name:
        """The author's name of a quantity, with its indices."""
        indices, text = key.indices, key.name
        letters, digits, rest = (text, "", "") if text in self._typed else _split(text)
        sup = f"(t={key.time})" if key.time is not None else ""
        if digits and (indices or (text in self.names and text not in self.scalars)):
            sup, digits = f"({digits}){sup}", ""
        words = [word for word in (digits, rest) if word]
        longest = max((len(str(index)) for index in indices), default=0)
        comma = "," if words or longest > 1 else ""
        return Name(letters, sub=comma.join([*words, *map(str, indices)]), sup=sup, sample=sample)

    def clashes(self, marks: tuple[str, ...]) -> bool:
        """Whether a name of the author's looks like one with a mark (``h_new``)."""
        words = {mark for mark in marks if mark.isalpha()}
        return any(word in name for word in words for name in self.names)


def _split(name: str) -> tuple[str, str, str]:
    """Letters, digits and what follows an underscore.

    >>> _split("W_hh"), _split("h1"), _split("beta_1")
    (('W', '', 'hh'), ('h', '1', ''), ('beta', '1', ''))
    """
    match = _SPLIT.fullmatch(name)
    if not match:
        return name, "", ""
    letters, digits, rest = match["letters"], match["digits"], match["rest"] or ""
    if rest.isdigit() and not digits:
        return letters, rest, ""
    return letters, digits, rest.replace("_", ",")
