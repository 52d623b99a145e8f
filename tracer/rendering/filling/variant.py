"""Filling: the numbers of one trace put into the form of its page.

First each line gets the skeleton for its numbers' kinds, so that it is known how the
blocks look; then the layout of such pages is filled: digits into lines, lines, cells and
sentences into the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import gt

from tracer.formula.nodes import Number
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.rendering import checks
from tracer.rendering.checks import Change
from tracer.rendering.filling.form import Form
from tracer.rendering.filling.marks import Kind, cut
from tracer.rendering.saying import Sayings

_LONG = 8
"""Characters of the digits of a mark in a sentence or cell."""


_TRIAL = 16
"""Pages after which it is asked whether filling pays."""


class Pages:
    """The pages of one form.

    Args:
        form: what they have in common.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        self._count = 0
        self._cells: list[str] = []
        self._sentences: dict[tuple[object, ...], tuple[str, tuple[int, ...]]] = {}
        self._proofs: dict[tuple[int, int], str] = {}

    @property
    def pays(self) -> bool:
        """Whether filling is worth while: most pages look like one that was there before."""
        return self._count < _TRIAL or 4 * self.form.layouts < 3 * self._count

    def filled(self, trace: Trace) -> str:
        """The text of a page.

        Raises:
            Refused: where it is to be printed in the plain way.
        """
        self._count += 1
        form = self.form
        texts = form.texts(trace)
        kinds = form.kinds.all_of(texts)
        digits = [text[kind.part] for text, kind in zip(texts, kinds, strict=True)]
        lengths = list(map(len, digits))
        marks = self._marks(trace, kinds, digits)
        if form.point != ".":
            digits = [text.replace(".", form.point) for text in digits]
        short = not any(map(gt, lengths, form.room))
        lines = [
            (short and one.settled.get(one.key(marks))) or one.of(marks, lengths, kinds, short)
            for one in form.lines
        ]
        looks = tuple(
            [
                stack.look(tuple(lines[stack.start : stack.stop]), digits, lengths)
                for stack in form.stacks
            ]
        )
        sentences = list(self._said(trace)) if form.sentences else []
        proof = self._proof(trace) if trace.proof else ""
        counts, remarks = self._remarked(trace)
        layout = form.layout((looks, counts, len(sentences), bool(proof)))
        runs = []
        for run in layout.runs:
            line = lines[run.line]
            text, pick = run.made.get(line) or run.filling(line)
            runs.append(text % pick(digits))
        formats = self._formats()
        cells = [formats[kinds[slot].number] % digits[slot] for slot in layout.cells]
        return layout.put_together(runs, cells, sentences, [proof], remarks, digits)

    def _marks(self, trace: Trace, kinds: list[Kind], digits: list[str]) -> list[int | str | bool]:
        """What decides how lines look: kinds, relation signs, operands that are results."""
        beside = len(kinds) - len(trace.steps)
        flags = [False] * len(kinds)
        for operand, result in self.form.alone:
            flags[result] = digits[operand] == digits[result]
        marks: list[int | str | bool] = [kind.number for kind in kinds]
        marks += [step.relation for step in trace.steps]
        marks += [""] * beside
        return marks + flags

    def _formats(self) -> list[str]:
        """By a kind's number, the format of such numbers in a table."""
        for kind in self.form.kinds.beyond(len(self._cells)):
            text, digits = kind.mark(0, _LONG)
            found = cut(self.form.setting.cell(text), {digits: 0})[0] if text else ""
            self._cells.append(found if digits else found + "%.0s")
        return self._cells

    def _said(self, trace: Trace) -> Iterator[str]:
        """The sentences about the loss."""
        for change in checks.changes(trace, self.form.updates, whole=True):
            keys = [change.first, change.second] if change.second else [change.first]
            texts = [trace[key].text for key in keys]
            texts += [change.difference, change.percent]
            kinds = self.form.kinds.all_of(texts)
            key = (change.sentence, change.relation, *keys, *(kind.number for kind in kinds))
            if key not in self._sentences:
                self._sentences[key] = self._sentence(change, trace, kinds)
            form, slots = self._sentences[key]
            digits = [
                t[k.part].replace(".", self.form.point) for t, k in zip(texts, kinds, strict=True)
            ]
            yield form % tuple(digits[slot] for slot in slots)

    def _sentence(
        self, change: Change, trace: Trace, kinds: list[Kind]
    ) -> tuple[str, tuple[int, ...]]:
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

    def _remarked(self, trace: Trace) -> tuple[tuple[int, ...], list[str]]:
        """How many remarks there are group by group, and all of them; said as on any page."""
        if not any(step.remarks for step in trace.steps):
            return (), []
        sayings = Sayings(replace(self.form.setting, trace=trace))
        found = [
            list(sayings.remarks([trace.steps[slot] for slot in group]))
            for group in self.form.groups
        ]
        return tuple(map(len, found)), [sentence for group in found for sentence in group]

    def _proof(self, trace: Trace) -> str:
        """The sentence about the proof."""
        key = (checks.agreed_figures(trace.proof), len(trace.proof))
        if key not in self._proofs:
            self._proofs[key] = checks.proven(*key, self.form.setting)
        return self._proofs[key]
