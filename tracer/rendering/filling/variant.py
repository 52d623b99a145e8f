"""Filling: the numbers of one trace put into the form of its page.

All numbers of a page are read at once, and written at once as they stand in tables and as
results.  Then each block of the page is looked up by what its numbers are like, and the
page is put together from its blocks' texts and the numbers between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

from tracer.formula.nodes import Number
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.rendering import checks
from tracer.rendering.checks import Change
from tracer.rendering.filling.form import Form
from tracer.rendering.filling.holes import OpenPage
from tracer.rendering.filling.marks import Cut, Kind, Refused, cut, place
from tracer.rendering.saying import Sayings

_LONG = 8
"""Characters of the digits of a mark in a sentence."""


class Pages:
    """The pages of one form.

    Args:
        form: what they have in common.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        setting = form.setting
        self._results, self._cells = form.dresses
        self._alike = self._results.same(self._cells)
        self._signs = {sign: setting.sign(sign) for sign in ("=", "≈")}
        self._frames: dict[tuple[int, bool], OpenPage] = {}
        self._sentences: dict[tuple[object, ...], Cut] = {}
        self._proofs: dict[tuple[int, int], str] = {}
        self._echoes = [(one.slots[0], one.own) for one in form.lines if one.echoes]

    def filled(self, trace: Trace) -> str:
        """The text of a page.

        Raises:
            Refused: where it is to be printed in the plain way.
        """
        form = self.form
        texts = form.texts(trace)
        joined = "\n".join(texts)
        codes, others = form.codes.read(texts, joined)
        sentences = list(self._said(trace)) if form.sentences else []
        proof = self._proof(trace) if trace.proof else ""
        frame = self._frames.get((len(sentences), bool(proof)))
        if frame is None:
            frame = OpenPage(form, len(sentences), bool(proof), len(texts))
            self._frames[len(sentences), bool(proof)] = frame
        values, signs = self._written(texts, joined, codes, others), self._signs
        values += [signs[step.relation] for step in trace.steps]
        values += self._remarked(trace)
        values += [*sentences, proof, ""]
        return frame.filled(self._marks(texts, codes), values)

    def _written(
        self, texts: list[str], joined: str, codes: list[int], others: list[int]
    ) -> list[str]:
        """All numbers as bare digits, as results and as they stand in tables."""
        point, kinds, count = self.form.point, self.form.codes.kinds, len(texts)
        if point != ".":
            joined = joined.replace(".", point)
        values = joined.replace("-", "").split("\n")
        values += self._results.all(joined)
        if not self._alike:
            values += self._cells.all(joined)
        for at in others:
            kind, text = kinds[codes[at]], texts[at]
            values[at] = text[kind.part].replace(".", point)
            values[count + at] = self._results.one(text, kind)
            if not self._alike:
                values[2 * count + at] = self._cells.one(text, kind)
            elif self._cells.one(text, kind) != values[count + at]:
                raise Refused("a number looks otherwise in tables")
        return values

    def _marks(self, texts: list[str], codes: list[int]) -> list[int]:
        """Classes, oddities and codes of all numbers, and whether an operand is its result."""
        known = self.form.codes
        classes, odd = known.classes, known.odd
        marks = [classes[code] for code in codes]
        marks += [odd[code] for code in codes]
        marks += codes
        if self._echoes:
            start = len(marks)
            marks += [0] * len(codes)
            for operand, result in self._echoes:
                marks[start + result] = texts[operand].lstrip("-") == texts[result].lstrip("-")
        return marks

    def _said(self, trace: Trace) -> Iterator[str]:
        """The sentences about the loss."""
        for change in checks.changes(trace, self.form.updates, whole=True):
            keys = [change.first, change.second] if change.second else [change.first]
            texts = [trace[key].text for key in keys]
            texts += [change.difference, change.percent]
            codes = self.form.codes
            kinds = [codes.kinds[code] for code in codes.read(texts)[0]]
            key = (change.sentence, change.relation, *keys, *(kind.number for kind in kinds))
            if key not in self._sentences:
                self._sentences[key] = self._sentence(change, trace, kinds)
            (first, *rest), slots = self._sentences[key]
            said = first
            for slot, after in zip(slots, rest, strict=True):
                digits = texts[slot][kinds[slot].part]
                said += digits.replace(".", self.form.point) + after
            yield said

    def _sentence(self, change: Change, trace: Trace, kinds: list[Kind]) -> Cut:
        """A sentence about the loss with its numbers left open."""
        marks = [kind.mark(serial, _LONG) for serial, kind in enumerate(kinds)]
        keys = [key for key in (change.first, change.second) if key]
        steps = tuple(
            Step(key, "given", "given", Number(text), text=text)
            for key, (text, _) in zip(keys, marks, strict=False)
        )
        open_change = replace(change, difference=marks[-2][0], percent=marks[-1][0])
        setting = replace(self.form.setting, trace=replace(trace, steps=steps))
        said = checks.said(open_change, setting, self.form.updates)
        return cut(said, {digits: slot for slot, (_, digits) in enumerate(marks) if digits})

    def _remarked(self, trace: Trace) -> list[str]:
        """What the remarks of each group add to the page; said as on any page."""
        groups = self.form.groups
        if not any(map(_REMARKS, trace.steps)):
            return [""] * len(groups)
        sayings = Sayings(replace(self.form.setting, trace=trace))
        return [
            "".join(
                self.form.remarks[number].replace(place("R", number), sentence)
                for sentence in sayings.remarks([trace.steps[slot] for slot in group])
            )
            for number, group in enumerate(groups)
        ]

    def _proof(self, trace: Trace) -> str:
        """The sentence about the proof."""
        key = (checks.agreed_figures(trace.proof), len(trace.proof))
        if key not in self._proofs:
            self._proofs[key] = checks.proven(*key, self.form.setting)
        return self._proofs[key]


_REMARKS = attrgetter("remarks")
