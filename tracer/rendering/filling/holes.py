"""Open pages: a frame whose holes take the text of each block for the numbers at hand.

A hole looks its block up by the classes of the block's numbers, or by their codes where
lengths decide how it looks, and makes what it has not met.  Read by `variant`, which has
the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from tracer.rendering.filling.blocks import Chunk, Stack
from tracer.rendering.filling.form import Form
from tracer.rendering.filling.frame import Frame
from tracer.rendering.filling.marks import picking
from tracer.rendering.filling.open_lines import Sides

_MOST = 2048
"""Chunks of one block, or ways to put numbers between chunks, that are kept."""
_UNSETTLED = 4
"""Times that lengths decided about a block, after which they are always looked at."""


class Hole:
    """Where a block stands in a frame.

    Args:
        form: of the page.
        number: which block.
        after: the frame's own text up to the next hole.
        bases: where, among the values of a page, those of each sort of place begin.
        count: how many numbers a page has.
        plans: the `entries` of all chunks.
    """

    def __init__(
        self,
        form: Form,
        number: int,
        after: Chunk,
        bases: dict[str, int],
        count: int,
        plans: dict[tuple[int, ...], int],
    ) -> None:
        self.plans = plans
        self.form, self.number, self.after, self.bases = form, number, after, bases
        self.stack: Stack = form.stacks[number]
        self.known: dict[Any, Chunk] = {}
        """Chunks by `key`."""
        self._count, self._unsettled = count, 0
        self._fine: dict[Any, Chunk] = {}
        self._made: dict[tuple[object, ...], Chunk] = {}
        """Chunks by the members of their lines, and whether these stand side by side."""
        stack = self.stack
        flags = [3 * count + line.own for line in stack.lines if line.echoes]
        exact = sorted({*stack.slots, *stack.own})
        self._by_code = picking([*(2 * count + slot for slot in exact), *flags])
        coarse = [*stack.slots, *(count + slot for slot in stack.own)]
        special = any(line.special for line in stack.lines)
        self.key: Callable[[Sequence[int]], Any] = self._by_code if special else picking(coarse)

    def chunk(self, marks: Sequence[int]) -> Chunk:
        """The block's text for numbers like these, and what follows it.

        Args:
            marks: of all numbers, their classes, oddities, codes, and whether they echo.
        """
        fine = self._by_code(marks)
        found = self._fine.get(fine)
        if found is not None:
            return found
        count, stack = self._count, self.stack
        codes, echoes = marks[2 * count : 3 * count], marks[3 * count :]
        sides = [one.sides(codes, one.echoes and bool(echoes[one.own])) for one in stack.lines]
        by_code = self.key is self._by_code
        wide, settled = stack.is_wide(sides, codes, asked=not by_code)
        made = (wide, *[one for line in sides for one, _ in line])
        found = self._made.get(made)
        if found is None:
            found = self._made[made] = self._new(sides, wide)
        self._keep(marks, fine, found, settled)
        return found

    def _new(self, sides: Sequence[Sides], wide: bool) -> Chunk:
        """The block's text for lines that are made so, joined with what follows it."""
        look = self.form.look(self.number, self.stack.key(sides, wide))
        found, after = self.stack.chunk(look, sides, self.bases), self.after
        joint = (found.literals[-1] + after.literals[0], *after.literals[1:])
        entries = (*found.entries[:-1], *after.entries)
        plan = self.plans.setdefault(entries, len(self.plans))
        if len(self._made) >= _MOST:
            self._made.clear()
        return Chunk((*found.literals[:-1], *joint), entries, plan)

    def _keep(self, marks: Sequence[int], fine: object, found: Chunk, settled: bool) -> None:
        by_code = self.key is self._by_code
        kept, key = (self.known, self.key(marks)) if settled or by_code else (self._fine, fine)
        if len(kept) >= _MOST:
            kept.clear()
        kept[key] = found
        if by_code:
            return
        self._unsettled += -1 if settled else 1
        if self._unsettled >= _UNSETTLED:
            self.key, self.known, self._fine = self._by_code, self._fine, {}


class OpenPage:
    """A frame with its holes, ready to be filled.

    Args:
        form: of the page.
        count: of the sentences about the loss.
        proof: whether there is a sentence about the proof.
        total: how many numbers a page has.
    """

    def __init__(self, form: Form, count: int, proof: bool, total: int) -> None:
        results, cells = form.dresses
        again = 0 if results.same(cells) else total
        bases = {"D": 0, "V": total, "C": total + again, "E": 2 * total + again}
        bases["R"] = bases["E"] + len(form.keys)
        bases["S"] = bases["R"] + len(form.groups)
        bases["P"] = bases["S"] + count
        frame: Frame = form.frame(count, proof, bases)
        plans: dict[tuple[int, ...], int] = {}
        self.head = frame.head
        self.holes = [
            Hole(form, number, after, bases, total, plans)
            for number, after in enumerate(frame.after)
        ]
        self._picks: dict[tuple[int, ...], Callable[[Sequence[str]], Any]] = {}

    def filled(self, marks: Sequence[int], values: Sequence[str]) -> str:
        """The page with these values."""
        chunks = [hole.known.get(hole.key(marks)) or hole.chunk(marks) for hole in self.holes]
        plan = tuple([chunk.plan for chunk in chunks])
        pick = self._picks.get(plan) or self._pick(plan, chunks)
        texts = [*self.head.literals, *chain.from_iterable([chunk.literals for chunk in chunks])]
        page = [""] * (2 * len(texts))
        page[::2] = texts
        page[1::2] = pick(values)
        return "".join(page)

    def _pick(
        self, plan: tuple[int, ...], chunks: Sequence[Chunk]
    ) -> Callable[[Sequence[str]], Any]:
        if len(self._picks) >= _MOST:
            self._picks.clear()
        entries = chain.from_iterable(chunk.entries for chunk in chunks)
        found = self._picks[plan] = picking([*self.head.entries, *entries])
        return found
