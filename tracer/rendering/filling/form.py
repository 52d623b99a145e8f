"""A page's form: everything that problems of one shape have in common on paper.

Takes one trace and the options of `render`; renders it with marks in place of its numbers
and finds where they stand: in lines (made by `members`), in cells of tables, in
sentences.  Gives frames, and blocks that look as asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from tracer.formula.nodes import Node
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace
from tracer.rendering import checks
from tracer.rendering.content import Block, Content, Group, Part, Section, Table
from tracer.rendering.filling.blocks import Look, LookKey, Results, Stack
from tracer.rendering.filling.codes import Codes, Dress
from tracer.rendering.filling.frame import Frame, Samples
from tracer.rendering.filling.marks import ANY, Kind, Refused, parts, place, slot_of, tokens
from tracer.rendering.filling.members import Members
from tracer.rendering.filling.open_lines import OpenLine
from tracer.rendering.lines import line
from tracer.rendering.page import render
from tracer.rendering.selecting import number_of_updates
from tracer.rendering.typesetting import Typesetting

_LONG = 12
"""Characters of the digits of a mark on the page: enough to tell all of them apart."""
_ROOMS = (5, 8)
"""Characters of the digits of given numbers, as they are mostly typed."""
_VARYING = {"inputs", "targets", "layers", "settings"}
_SAME = attrgetter(*(field.name for field in fields(Problem) if field.name not in _VARYING))
_LAYER = attrgetter("units", "activation", "settings")


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
        precision = trace.problem.rounding.precision
        computed = 5 + (precision.figures or precision.places or 15)
        self.codes = Codes((*_ROOMS, computed))
        self.members: dict[tuple[Node, float], Members] = {}
        self.lines: list[OpenLine] = []
        self.stacks: list[Stack] = []
        self.groups: list[list[int]] = []
        """The slots of each group of lines, in order of calculation."""
        self.sentences = 0
        """How many sentences about the loss there are in the marked page."""
        self.loose: dict[int, Kind] = {}
        """The kinds of the numbers that stand in neither a line nor a table."""
        texts = self.texts(trace)
        self._mark(trace, {}, texts)
        open_page = render(self.marked, **options, change=self._explored).text
        self._note_loose(open_page, texts)
        self._mark(trace, self.loose, texts)
        self._looks: dict[tuple[int, LookKey], Look] = {}
        self._take_samples()

    def texts(self, trace: Trace) -> list[str]:
        """The numbers of a trace, slot by slot.

        Raises:
            Refused: where a quantity has no number.
        """
        found = [step.text for step in trace.steps]
        if "" in found:
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
            [step.key for step in trace.steps] == self.keys
            and is_dense(trace.problem)
            and facts(trace) == self.facts
            and trace.plans == self.plans
            and all(
                self.codes.kind(trace.steps[at].text) is kind for at, kind in self.loose.items()
            )
        )

    # -- marks -----------------------------------------------------------------------------------

    def _mark(self, trace: Trace, kinds: Mapping[int, Kind], texts: list[str]) -> None:
        """Make the trace with marks for its numbers."""
        self.found: dict[str, int] = {}
        self.marks: list[str] = []
        """The texts of the marks, slot by slot."""
        for slot, text in enumerate(texts):
            kind = kinds.get(slot, ANY)
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

    def _note_loose(self, open_page: str, texts: list[str]) -> None:
        """Note the numbers that stand in sentences."""
        items = parts(open_page, self.found)[1]
        slots = [number for what, number, _ in items if what == "D"]
        if any(slot >= len(self.keys) for slot in slots):
            raise Refused("a sentence has a number of a sample")
        self.loose = {slot: self.codes.kind(texts[slot]) for slot in slots}

    # -- the marked page -------------------------------------------------------------------------

    def _explored(self, content: Content, setting: Typesetting) -> Content:
        """Note which lines there are, and how they stand together."""
        self.setting = setting
        self.point = tokens(setting.number(ANY.mark(0, 3)[0]))[0][1:-1]
        self.results = Results(setting, self.codes)
        self.dresses = Dress(setting.result, self.point), Dress(setting.cell, self.point)
        """Numbers as results, and as they stand in tables."""
        said = checks.did_it_help(setting, self.updates, whole=True)
        for part in content.parts:
            if part.check not in ((), said) or (part.check and self.sentences):
                raise Refused("a part ends with something unknown")
            self.sentences += len(part.check)
        for group in _groups(content):
            keys = {found.key for block in group.blocks for found in block.lines}
            self.groups.append([slot for slot, key in enumerate(self.keys) if key in keys])
            for block in group.blocks:
                self._note(block)
        return self._opened(content, self.sentences, bool(content.proof))

    def _note(self, block: Block) -> None:
        detail, start = self.options.get("detail", "standard"), len(self.lines)
        slots = {key: slot for slot, key in enumerate(self.keys)}
        for found in block.lines:
            step = self.setting.trace[found.key]
            if replace(line(step, self.setting, detail), apart=found.apart) != found:
                raise Refused("a line that is not made from one step alone")
            self.lines.append(
                OpenLine(
                    found, step, slots, self.setting, detail, self.members, self.codes, self.point
                )
            )
        lines = self.lines[start:]
        outer = self.dresses[0].outer
        self.stacks.append(Stack(start, block, lines, self.setting, self.results, outer))

    def _base(self, stack: Stack, wide: bool) -> LookKey:
        """How a block looks whose rows are all short."""
        shapes = tuple(
            tuple((one.kind, one.sign, 1, False) for one in found.members[:-1])
            for found in stack.found
        )
        return stack.tall, wide, shapes

    def _opened(self, content: Content, count: int, proof: bool) -> Content:
        """The content with places instead of all that depends on numbers."""
        stacks, serial = iter(self.stacks), iter(range(len(self.groups)))
        sentences = tuple(place("S", number) for number in range(count))

        def group(one: Group) -> Group:
            said = (*one.remarks, place("R", next(serial)))
            drawn = tuple(
                stack.block(self._base(stack, wide=True))
                for _, stack in zip(one.blocks, stacks, strict=False)
            )
            return replace(one, blocks=drawn, remarks=said)

        def section(one: Section) -> Section:
            groups, tables = tuple(map(group, one.groups)), tuple(map(self._table, one.tables))
            return replace(one, groups=groups, tables=tables)

        def part(one: Part) -> Part:
            sections = tuple(map(section, one.sections))
            return replace(one, sections=sections, check=sentences if one.check else ())

        return replace(
            content,
            given_tables=tuple(map(self._table, content.given_tables)),
            parts=tuple(map(part, content.parts)),
            proof=place("P", 0) if proof else "",
        )

    def _table(self, table: Table) -> Table:
        return replace(table, rows=tuple(tuple(map(self._cell, row)) for row in table.rows))

    def _cell(self, cell: str) -> str:
        """A cell with places instead of its numbers."""
        for slot in [slot_of(token, self.found) for token in tokens(cell)]:
            shown = place("C", slot).join(self.dresses[1].outer)
            cell = cell.replace(self.setting.cell(self.marks[slot]), shown)
        if tokens(cell):
            raise Refused("a table holds more than numbers")
        return cell

    # -- frames and looks ------------------------------------------------------------------------

    def _fill(self, content: Content) -> str:
        """The page's template with this content put in."""
        only = [self.lines[0].step.key] if self.lines else None
        options = dict(self.options, only=only, change=lambda *_: content)
        return render(self.marked, **options).text

    def _take_samples(self) -> None:
        """Learn how blocks and remarks look: each block wide and not."""
        self.samples = Samples(self._fill)
        keys = [
            (number, self._base(stack, wide))
            for number, stack in enumerate(self.stacks)
            for wide in (True, False)
        ]
        texts = self.samples.learn([self.stacks[number].block(key) for number, key in keys])
        for key, text in zip(keys, texts, strict=True):
            self._looks[key] = Look(text, self.found)

    def look(self, number: int, key: LookKey) -> Look:
        """A block that looks like this."""
        found = self._looks.get((number, key))
        if found is None:
            (text,) = self.samples.texts([self.stacks[number].block(key)])
            found = self._looks[number, key] = Look(text, self.found)
        return found

    def frame(self, count: int, proof: bool, bases: Mapping[str, int]) -> Frame:
        """The pages that end with so many sentences about the loss, and with a proof or not."""
        options = dict(self.options, change=lambda page, _: self._opened(page, count, proof))
        page = render(self.marked, **options).text
        blocks = [
            self.look(number, self._base(stack, wide=True)).text
            for number, stack in enumerate(self.stacks)
        ]
        remarks = [self.samples.remark_in(page, number) for number in range(len(self.groups))]
        self.remarks = remarks
        return Frame(page, blocks, remarks, self.found, bases)


def is_dense(problem: Problem) -> bool:
    """Whether it is a network of dense layers."""
    return set(map(type, problem.layers)) == {Dense}


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
