"""The sentences about a mistake: what happened and what to do, with what was confused.

Takes a cause and the right formula of its line; compares the two formulas, so that a
sentence can say "a[2] was used where a[1] is meant".  `Words` chooses the sentence that
says the most of what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracer.formula.nodes import Negative, Node, Number, Product, Sum, Symbol, children
from tracer.model.verdict import Cause, Verdict
from tracer.rendering.typesetting import Typesetting

MILD = ("last digit", "small")
"""Severities at which a wrong function value is reported mildly."""
ELIMINATION = frozenset(
    {"arithmetic", "function_value", "not_normalised", "not_computed", "unexplained"}
)
"""Causes that are named by what is left; beside a reproducing one they say nothing new."""
_MOST_NAMED = 3
_LIKE_NUMBERS = {"early_rounding", "truncated_badly", "wrong_constant"}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two formulas differ: what is meant, and what stands there instead."""

    meant: Node | None
    used: Node | None


@dataclass(frozen=True, slots=True)
class Words:
    """Chooses and fills the sentences about causes."""

    setting: Typesetting

    def happened(self, cause: Cause, verdict: Verdict, facts: Mapping[str, str]) -> str:
        """What happened, in one sentence."""
        inside = "_inside" if cause.formula is not None else ""
        return self._said("mistake", cause.id, verdict.severity in MILD, facts, inside)

    def advice(self, cause: Cause, verdict: Verdict) -> str:
        """What to do, in one sentence."""
        return self._said("advice", cause.id, verdict.severity in MILD, {})

    def _said(
        self, tone: str, name: str, mild: bool, facts: Mapping[str, str], inside: str = ""
    ) -> str:
        prose = self.setting.prose
        name = name if f"{tone}.{name}" in prose else "unexplained"
        name = name + inside if f"{tone}.{name}{inside}" in prose else name
        for ending in (*(("_mild",) if mild else ()), "_named", "_several", "_extra", ""):
            sentence = f"{tone}.{name}{ending}"
            if sentence in prose and self.needed(sentence) <= facts.keys():
                return self.setting.say(sentence, **facts)
        return ""

    def needed(self, sentence: str) -> set[str]:
        """The facts that a sentence mentions."""
        return {piece.text for piece in self.setting.prose.pieces(sentence) if piece.kind == "fact"}

    def facts(self, cause: Cause, right: Node | None, used: Node | None) -> dict[str, str]:
        """What the sentence about a cause may mention, typeset.

        Args:
            cause: the mistake.
            right: the right formula of its line.
            used: the mistaken one, in the same sign.
        """
        found: dict[str, str] = {}
        if right is None or used is None:
            return found
        differing = list(differences(right, used))
        changed = [d for d in differing if d.meant and d.used]
        if _telling(cause, changed):
            meant, there = self._set(d.meant for d in changed), self._set(d.used for d in changed)
            if len(meant) == len(there) == 1:
                found |= {"used": there[0], "instead": meant[0]}
            elif 1 < len(meant) <= _MOST_NAMED and 1 < len(there) <= _MOST_NAMED:
                found |= {"all_used": self.list(there), "all_instead": self.list(meant)}
        if len(changed) == len(differing) == 1:
            [only] = changed
            found["meant"], found["done"] = *self._set([only.meant]), *self._set([only.used])
        for name, nodes in (
            ("term", [d.meant for d in differing if d.used is None]),
            ("extra", [d.used for d in differing if d.meant is None]),
        ):
            if len(one := self._set(nodes)) == 1:
                found[name] = one[0]
        return found

    def _set(self, nodes: Iterable[Node | None]) -> list[str]:
        """Formulas in running text, each once."""
        setting = self.setting
        shown = (
            setting.inline(setting.formula(node, setting.names.name)) for node in nodes if node
        )
        return list(dict.fromkeys(shown))

    def list(self, parts: Sequence[str]) -> str:
        """``a, b and c``."""
        if len(parts) < 2:
            return "".join(parts)
        return self.setting.say("report.and", list=", ".join(parts[:-1]), last=parts[-1])


def differences(right: Node, wrong: Node) -> Iterable[Difference]:
    """Where two formulas differ, as small as it can be said.

    >>> from tracer.formula.parsing import parse
    >>> [found] = differences(parse("w*a + b"), parse("w*c + b"))
    >>> found
    Difference(meant=Symbol(name='a'), used=Symbol(name='c'))
    >>> [lost] = differences(parse("w*a + v*c + b"), parse("w*a + v*c"))
    >>> lost.meant
    Symbol(name='b')
    """
    if right == wrong:
        return
    parts, others = _parts(right, wrong), _parts(wrong, right)
    if type(right) is type(wrong) and len(parts) == len(others) and parts:
        for one, other in zip(parts, others, strict=True):
            yield from differences(one, other)
    elif (type(right) is type(wrong) and parts) or wrong in parts:
        yield from _missing(parts, others if type(wrong) is type(right) else (wrong,))
    elif isinstance(wrong, Sum | Product) and right in others:
        yield from _missing((right,), others)
    else:
        yield Difference(right, wrong)


def _parts(node: Node, other: Node) -> tuple[Node, ...]:
    if type(node) is not type(other) and not isinstance(node, Sum | Product):
        return ()
    return children(node)


def _missing(parts: Sequence[Node], others: Sequence[Node]) -> Iterable[Difference]:
    """Members of one sum or product that the other does not have."""
    left = list(others)
    for part in parts:
        if part in left:
            left.remove(part)
        else:
            yield Difference(part.operand if isinstance(part, Negative) else part, None)
    for part in left:
        yield Difference(None, part.operand if isinstance(part, Negative) else part)


def _telling(cause: Cause, found: Sequence[Difference]) -> bool:
    """Whether the places that differ are single quantities or numbers, to be named."""
    simple = all(
        isinstance(d.meant, Symbol | Number) and isinstance(d.used, Symbol | Number | Negative)
        for d in found
    )
    return simple and (cause.id in _LIKE_NUMBERS or not _swapped(found))


def _swapped(found: Sequence[Difference]) -> bool:
    """Whether quantities only changed places: then "a for b and b for a" says nothing."""
    return {d.meant for d in found} == {d.used for d in found}
