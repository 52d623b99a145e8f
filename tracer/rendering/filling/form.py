"""A page's form: everything that problems of one shape have in common on paper.

Takes one trace and the options of `render`; renders it with marks in place of its numbers
and finds where they stand: in lines (made by `skeletons`), in cells of tables, in
sentences.  A `Layout` is the text of such a page with its places open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from tracer.model.problem import Problem
from tracer.model.trace import Trace
from tracer.rendering import checks
from tracer.rendering.content import Block, Content, Group, Line, Part, Table
from tracer.rendering.filling.layout import Layout, marks_in
from tracer.rendering.filling.marks import Kind, Kinds, Refused, place, slot_of, tokens
from tracer.rendering.filling.skeletons import LineForms, placed, shape_of
from tracer.rendering.filling.stacks import Look, Stack
from tracer.rendering.lines import laid_out, line
from tracer.rendering.page import render
from tracer.rendering.selecting import number_of_updates
from tracer.rendering.typesetting import Typesetting

_LONG = 12
"""Characters of the digits of a mark on the page: enough to tell all of them apart."""
_SHORT = 5
"""Characters of the digits that a given number may have without having been seen."""
_ANY = Kind(-1, point=True)
_VARYING = {"inputs", "targets", "layers", "settings"}
_SAME = attrgetter(*(field.name for field in fields(Problem) if field.name not in _VARYING))
_LAYER = attrgetter("units", "activation", "settings")


LayoutKey = tuple[tuple[Look, ...], tuple[int, ...], int, bool]
"""The looks of a page's blocks, how many remarks each group has (none: there is none on the
page), how many sentences end it, whether the proof is there."""


class Form:
    """What the pages of one shape of problem have in common.

    Args:
        trace: of any variant.
        options: of `render`.

    Raises:
        Refused: where such pages are to be printed in the plain way.
    """

    def __init__(self, trace: Trace, options: Mapping[str, Any]) -> None:
        self.options = options
        self.facts = facts(trace)
        self.plans = trace.plans
        self.keys = [step.key for step in trace.steps]
        self.rows = trace.problem.samples > 1
        """Whether inputs and targets are printed from the problem, sample by sample."""
        self.updates = number_of_updates(trace)
        self.kinds = Kinds()
        self.lines: list[LineForms] = []
        self.stacks: list[Stack] = []
        self.groups: list[list[int]] = []
        """The slots of each group of lines, in order of calculation."""
        self.sentences = 0
        """How many sentences about the loss there are in the marked page."""
        self.loose: dict[int, Kind] = {}
        """The kinds of the numbers that stand in neither a line nor a table."""
        self._layouts: dict[LayoutKey, Layout] = {}
        texts = self.texts(trace)
        self.room = _room(trace, texts)
        self._mark(trace, dict.fromkeys(range(len(texts)), _ANY), texts)
        open_page = render(self.marked, **options, change=self._explored).text
        kinds = self.kinds.all_of(texts)
        self.loose = {slot: kinds[slot] for slot in marks_in(open_page, self.found)}
        if any(slot >= len(self.keys) for slot in self.loose):
            raise Refused("a sentence has a number of a sample")
        self._mark(trace, dict.fromkeys(range(len(texts)), _ANY) | self.loose, texts)
        self.alone = [one.alone for one in self.lines if one.alone]

    def texts(self, trace: Trace) -> list[str]:
        """The numbers of a trace, slot by slot.

        Raises:
            Refused: where a quantity has no number.
        """
        found = [step.text for step in trace.steps]
        if not all(found):
            raise Refused("a quantity has no number")
        if self.rows:
            if trace.problem.rounding.givens:
                raise Refused("the table of samples holds rounded numbers")
            for row in (*trace.problem.inputs, *trace.problem.targets):
                found += row
        return found

    def is_of(self, trace: Trace) -> bool:
        """Whether a trace is of this shape."""
        return (
            len(trace.steps) == len(self.keys)
            and facts(trace) == self.facts
            and [step.key for step in trace.steps] == self.keys
            and trace.plans == self.plans
            and all(self.kinds.of(trace.steps[at].text) is kind for at, kind in self.loose.items())
        )

    @property
    def layouts(self) -> int:
        """How many layouts there are: each costs what a plain page costs."""
        return len(self._layouts)

    def layout(self, key: LayoutKey) -> Layout:
        """The open text of the pages whose blocks look like this."""
        if key not in self._layouts:
            options = dict(self.options, change=lambda content, _: self.opened(content, key))
            text = render(self.marked, **options).text
            self._layouts[key] = Layout(text, self.found)
        return self._layouts[key]

    # -- marks -----------------------------------------------------------------------------------

    def _mark(self, trace: Trace, kinds: Mapping[int, Kind], texts: list[str]) -> None:
        """Make the trace with marks for its numbers."""
        self.found: dict[str, int] = {}
        self.marks: list[str] = []
        """The texts of the marks, slot by slot."""
        for slot, text in enumerate(texts):
            kind = kinds[slot]
            marked, digits = kind.mark(slot, _LONG) if kind.fixed is None else (text, "")
            self.marks.append(marked)
            if digits:
                self.found[digits] = slot
        rest = iter(self.marks)
        steps = tuple(replace(step, text=next(rest), remarks=()) for step in trace.steps)
        problem = trace.problem
        if self.rows:
            inputs = [[next(rest) for _ in row] for row in problem.inputs]
            targets = [[next(rest) for _ in row] for row in problem.targets]
            problem = replace(problem, inputs=inputs, targets=targets)
        self.marked = replace(trace, steps=steps, problem=problem)

    # -- the marked page -------------------------------------------------------------------------

    def _explored(self, content: Content, setting: Typesetting) -> Content:
        """Note which lines there are, and how they stand together."""
        self.setting = setting
        self.point = tokens(setting.number(_ANY.mark(0, 3)[0]))[0][1:-1]
        said = checks.did_it_help(setting, self.updates, whole=True)
        for part in content.parts:
            if part.check not in ((), said) or (part.check and self.sentences):
                raise Refused("a part ends with something unknown")
            self.sentences += len(part.check)
        for group in _groups(content):
            keys = {found.key for block in group.blocks for found in block.lines}
            self.groups.append([slot for slot, key in enumerate(self.keys) if key in keys])
            self._note_blocks(group)
        looks = [Look(one.tall, False, tuple(map(shape_of, one.lines))) for one in self.stacks]
        return self.opened(content, (tuple(looks), (), self.sentences, bool(content.proof)))

    def _note_blocks(self, group: Group) -> None:
        setting = self.setting
        for block in group.blocks:
            start = len(self.lines)
            for found in block.lines:
                self._note(found)
            lefts = [found.left for found in block.lines]
            left, tall = max(map(setting.width, lefts)), any(map(setting.is_tall, lefts))
            stop = len(self.lines)
            self.stacks.append(Stack(start, stop, block.lines, setting, left, tall))

    def _note(self, found: Line) -> None:
        detail = self.options.get("detail", "standard")
        step = self.setting.trace[found.key]
        if replace(line(step, self.setting, detail), apart=found.apart) != found:
            raise Refused("a line that is not made from one step alone")
        slots = {key: slot for slot, key in enumerate(self.keys)}
        beside = len(self.marks)
        places = (beside, 2 * beside)
        self.lines.append(LineForms(step, slots, self.setting, detail, places, self.room))

    def opened(self, content: Content, key: LayoutKey) -> Content:
        """The content with places instead of all that depends on numbers."""
        looks, remarks, count, proof = key
        blocks = iter(zip(self.stacks, looks, strict=True))
        counts, serial = iter(remarks or [0] * len(self.groups)), iter(range(sum(remarks)))
        sentences = tuple(place("S", number) for number in range(count))

        def group(one: Group) -> Group:
            said = tuple(place("R", next(serial)) for _ in range(next(counts)))
            drawn = tuple(self._block(*next(blocks)) for _ in one.blocks)
            return replace(one, blocks=drawn, remarks=(*one.remarks, *said))

        def part(one: Part) -> Part:
            sections = tuple(
                replace(
                    section,
                    groups=tuple(map(group, section.groups)),
                    tables=tuple(map(self._table, section.tables)),
                )
                for section in one.sections
            )
            return replace(one, sections=sections, check=sentences if one.check else ())

        return replace(
            content,
            given_tables=tuple(map(self._table, content.given_tables)),
            parts=tuple(map(part, content.parts)),
            proof=place("P", 0) if proof else "",
        )

    def _block(self, stack: Stack, look: Look) -> Block:
        lines = [
            placed(found, shape, stack.start + number)
            for number, (found, shape) in enumerate(zip(stack.lines, look.shapes, strict=True))
        ]
        return laid_out(lines, look.wide, look.tall, self.setting)

    def _table(self, table: Table) -> Table:
        return replace(table, rows=tuple(tuple(map(self._cell, row)) for row in table.rows))

    def _cell(self, cell: str) -> str:
        """A cell with places instead of its numbers."""
        for slot in [slot_of(token, self.found) for token in tokens(cell)]:
            cell = cell.replace(self.setting.cell(self.marks[slot]), place("C", slot))
        if tokens(cell):
            raise Refused("a table holds more than numbers")
        return cell


def _room(trace: Trace, texts: list[str]) -> list[int]:
    """How many characters of digits are allowed for each number before lengths are looked at."""
    precision = trace.problem.rounding.precision
    computed = 5 + (precision.figures or precision.places or 15)
    given = [step.rule == "given" for step in trace.steps]
    given += [True] * (len(texts) - len(given))
    return [
        max(_SHORT, len(text)) if typed else computed
        for text, typed in zip(texts, given, strict=True)
    ]


def facts(trace: Trace) -> tuple[object, ...]:
    """What of a problem is not its numbers, but for its plans."""
    problem = trace.problem
    layers = tuple(map(_LAYER, problem.layers))
    return (_SAME(problem), layers, tuple(problem.settings), trace.symbolic, len(trace.proof))


def _groups(content: Content) -> Iterator[Group]:
    """All groups of lines, in the order of the page."""
    if content.given_blocks:
        raise Refused("given arrays stand in lines")
    for part in content.parts:
        for section in part.sections:
            for group in section.groups:
                if group.chain:
                    raise Refused("the chain rule is shown factor by factor")
                yield group
