"""Calculations read from text: a student's lines, Markdown, LaTeX, or an article.

Takes the chains of a text and what the names mean; gives statements, one for each number,
with every member of the chain that is understood as a link.  Where most of a text is no
calculation it is prose: unknown names are listed then, not refused.
"""

from __future__ import annotations

from fractions import Fraction as Rational

from tracer.errors import TracerError
from tracer.files.faults import Place, Source
from tracer.files.sheets.algebra import understood
from tracer.files.sheets.cellwise import Value
from tracer.files.sheets.chains import MOST, Member, taken_apart
from tracer.files.sheets.complaints import complain
from tracer.files.sheets.fitting import fitted
from tracer.files.sheets.meaning import Read, is_prose, meant, slopes_in, valued
from tracer.files.sheets.naming import Naming
from tracer.files.sheets.operands import put_in
from tracer.files.sheets.passes import Item, Passes
from tracer.files.sheets.rows import Row
from tracer.files.sheets.stating import Stating
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol, symbols
from tracer.model.answer import Link, Written, written
from tracer.notation.linear import plain

_LONGEST = 120
"""Characters of a name that are looked at for what it is made of."""


def read_lines(
    source: Source, first: int, stating: Stating, article: bool = False
) -> tuple[int, ...]:
    """State what a text calculates; gives the numbers of the lines that are no calculation.

    Args:
        source: the text.
        first: index of its first line.
        stating: where statements go.
        article: take it for prose, whatever it looks like.
    """
    text = taken_apart(source, first)
    prose = article or is_prose(text)
    stating.skip_unknown = stating.skip_unknown or prose
    used: set[int] = set()
    reads: list[Read] = []
    if text.too_long:
        stating.faults.add(Place(text.too_long, 1), f"a sheet may hold {MOST} answers")
    if not prose:
        for place, message in text.complaints:
            stating.faults.add(place, message)
        complain(text.chains, stating)
    for chain, value in valued(text):
        read = Read(chain, value)
        if _known(read, stating, prose):
            reads.append(read)
            used |= chain.lines
    items = [_item(read, stating.naming) for read in reads]
    naming = stating.naming
    passes = Passes(naming.phases, naming.updated, items, naming.values)
    for read, (formulas, number) in zip(reads, passes.placed(), strict=True):
        links: Members = []
        for member in read.chain.members[:-1]:
            said, other = _readings(member.text, stating)
            links.append((member, _moved(said, number, passes), _moved(other, number, passes)))
        _state(read, formulas, stating, links)
    return tuple(sorted(text.lines - used))


def _known(read: Read, stating: Stating, prose: bool) -> bool:
    """Whether the name of a chain is known; else it is refused or skipped."""
    head = read.chain.head
    try:
        if meant(read, stating.naming):
            read.formulas = _calculated(read, stating.naming)
            return not prose or any(symbols(formula) for formula in read.formulas)
        message = f"no quantity is called '{head.text[:60]}'"
    except TracerError as error:
        message = str(error)
    if read.chain.listed:
        return False
    if _is_count(read) or stating.naming.is_one(head.text[:_LONGEST]):
        stating.skipped[head.text] = None
        return False
    words = len(head.text.split())
    if (prose and words > 2) or (words > 4 and read.chain.told is None):
        return False
    if not prose and isinstance(read.value, tuple):
        message = _array_message(read, stating.naming) or message
    stating.refuse(head.text, Row(head.text, head.line, head.column, ""), message, read.value)
    return False


def _calculated(read: Read, naming: Naming) -> tuple[Node, ...]:
    """What a line is about; a target is never worked out, so it is the output that is meant."""
    formula = read.formulas[0]
    if len(read.formulas) > 1 or len(read.chain.members) < 2 or not isinstance(formula, Symbol):
        return read.formulas
    key = Key.parse(formula.name)
    numeric = any(not symbols(value) for value in _members(read, naming))
    if key.name != "y" or formula.name not in naming.given or not numeric:
        return read.formulas
    output = naming.output(formula.name)
    return read.formulas if output is None else (Symbol(output),)


def _members(read: Read, naming: Naming) -> list[Node]:
    """The members before the number that are understood as single formulas."""
    found = [understood(member.text, naming) for member in read.chain.members[:-1]]
    return [one for one in found if one is not None and not isinstance(one, tuple)]


def _is_count(read: Read) -> bool:
    """Whether a line only counts something, as ``t = 2`` or ``time step = 1`` do."""
    words, value = read.chain.head.text.split(), read.value
    bare = len(read.chain.members) == 1 and read.chain.told is None and all(map(str.isalpha, words))
    return bare and isinstance(value, str) and value.isdigit()


def _array_message(read: Read, naming: Naming) -> str:
    """What is wrong with an array: its shape, or that its name is that of one number."""
    name, cells = read.chain.head.text, read.value
    block = naming.block(name)
    if not isinstance(cells, tuple):
        return ""
    try:
        if block is None:
            naming.formula(name)
            return f"'{name}' is one number; an array stands here"
        fitted(cells, block)
    except TracerError as error:
        return str(error) if block is not None else ""
    return ""


def _item(read: Read, naming: Naming) -> Item:
    numbers = [_quietly(text) for text in read.texts]
    given = [naming.given.get(f.name) if isinstance(f, Symbol) else None for f in read.formulas]
    copied = all(n and g is not None and n.value == g for n, g in zip(numbers, given, strict=True))
    defined = (
        understood(read.chain.members[0].text, naming) if len(read.chain.members) > 1 else None
    )
    if isinstance(defined, tuple) or defined is None or not symbols(defined):
        defined = None
    single = numbers[0] if len(numbers) == 1 else None
    number = None if single is None else float(single.value)
    calculated = len(read.chain.members) > 1
    return Item(read.formulas, read.chain.prose, calculated, copied, defined, number)


def _quietly(text: str) -> Written | None:
    try:
        return written(text)
    except TracerError:
        return None


def _readings(text: str, stating: Stating) -> tuple[Value | None, Value | None]:
    """What a member says; and where a slope stands in it, what it says read the other way."""
    first = understood(text, stating.naming)
    slopes = first is not None and slopes_in(text)
    other = understood(text, stating.naming, at_value=True) if slopes else None
    return first, other if other != first else None


Members = list[tuple[Member, "Value | None", "Value | None"]]
"""The members of a chain, each with its two readings."""


def _moved(value: Value | None, number: int, passes: Passes) -> Value | None:
    """A member with its quantities in the pass of its line."""
    if isinstance(value, tuple):
        return tuple(part for cell in value if (part := _moved(cell, number, passes)) is not None)
    return None if value is None else passes.shifted(value, number)


def _state(
    read: Read,
    formulas: tuple[Node, ...],
    stating: Stating,
    links: Members,
) -> None:
    """A statement for each number, but for a given one that is only copied."""
    head, last = read.chain.head, read.chain.members[-1]
    row = Row(read.name, head.line, head.column, last.text, last.line, last.column)
    for word, told in (read.chain.told or {}).items():
        setattr(row, word, told)
    for place, (formula, text) in enumerate(zip(formulas, read.texts, strict=True)):
        number = stating.number(text, row, row.ulp)
        given = stating.naming.given.get(formula.name) if isinstance(formula, Symbol) else None
        if number is not None and given is not None and number.value == given:
            continue
        if read.running and _repeated(stating, formula, text):
            continue
        if _is_setting(read.name, formula, stating.naming):
            continue
        written_links = _links(links, place, len(formulas), formula)
        _state_operands(written_links, head.line, stating)
        _add(stating, row, formula, number, written_links)


def _is_setting(name: str, formula: Node, naming: Naming) -> bool:
    """Whether a text only mentions a learning rate under another name than the notation's."""
    return formula == Symbol("rate") and name != "rate" and not naming.names_so(name)


def _add(
    stating: Stating, row: Row, formula: Node, number: Written | None, links: tuple[Link, ...] = ()
) -> None:
    if isinstance(formula, Symbol) and number is not None:
        stating.stated.setdefault(formula.name, []).append(number.value)
    stating.add(row, formula, number, links)


def _state_operands(links: tuple[Link, ...], line: int, stating: Stating) -> None:
    """State the numbers that a line uses, where they are not the ones stated before."""

    def is_known(key: str, text: str) -> bool:
        number = written(text)
        known = list(stating.stated.get(key, ()))
        if (given := stating.naming.given.get(key)) is not None:
            known += [Rational(given), *_others_like(key, stating.naming)]
        return any(abs(value - number.value) <= number.unit / 2 for value in known)

    for key, text, link in put_in(links, is_known):
        if not is_known(key, text):
            name = plain(stating.naming.names.name(key))
            row = Row(name, line, link.column, text)
            _add(stating, row, Symbol(key), stating.number(text, row))


def _others_like(key: str, naming: Naming) -> list[Rational]:
    """Other given numbers of the same kind: which of them a name means, its number tells.

    A line that uses the wrong one of them is found by what it comes to.
    """
    role = Key.parse(key).role
    alike = (value for name, value in naming.given.items() if Key.parse(name).role == role)
    return [Rational(value) for value in alike if value is not None]


def _repeated(stating: Stating, formula: Node, text: str) -> bool:
    """Whether running text only mentions again what a line has stated."""
    return any(
        one.formula == formula and one.written is not None and one.written.text == text
        for one in stating.statements[-50:]
    )


def _links(links: Members, place: int, count: int, target: Node) -> tuple[Link, ...]:
    """The members that one cell has, in their order."""
    found = []
    for member, value, alternative in links:
        cell = _cell(value, place, count) if value is not None else None
        other = _cell(alternative, place, count) if alternative is not None else None
        if cell is not None and cell != target:
            found.append(Link(cell, member.text, member.column, member.approximate, other))
    return tuple(found)


def _cell(value: Value, place: int, count: int) -> Node | None:
    """One cell of a member, if it has as many as the statement."""
    if not isinstance(value, tuple):
        return value if count == 1 else None
    flat: list[Node] = []
    for part in value:
        inner = part if isinstance(part, tuple) else (part,)
        flat += [cell for cell in inner if not isinstance(cell, tuple)]
    return flat[place] if len(flat) == count else None
