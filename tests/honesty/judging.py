"""Judging what a page says: each printed result is recomputed from the printed operands.

Takes a page's text; gives a `Report`: what holds, what does not, what was passed over and
why.  ``=`` holds if the recomputed value is exactly the printed one, or is rounded to it at
a precision that the page itself declares.  ``≈`` holds if numbers that round to the
printed operands give one that rounds to the printed result, give or take a unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from tests.honesty import telling
from tests.honesty.arithmetic import Definition, value_of
from tests.honesty.cells import NOTHING, Cells, cells_of
from tests.honesty.functions import ALONG, FUNCTIONS, Matrix, Value
from tests.honesty.lexing import NotUnderstood, Token, latex_tokens, plain_tokens, with_powers
from tests.honesty.pages import LATEX, PLAIN, Chain, Row, Sentence, parts_of
from tests.honesty.precision import Precisions, Printed, declared, number, printed
from tests.honesty.ranges import ABSENT, Range, Undefined
from tests.honesty.report import Report
from tests.honesty.webpage import visible


def judge(page: str) -> Report:
    """Read a page and check everything on it that can be recomputed."""
    text = visible(page) if page.startswith("<!doctype html") else page
    return Judge(declared(text), not re.search(r"\d\.\d", text)).page(page)


class Judge:
    """Reads a page from its beginning to its end and remembers the numbers under their names."""

    def __init__(self, precisions: Precisions, comma: bool) -> None:
        self.precisions = precisions
        self.comma = comma
        """Whether the page writes decimal commas; in LaTeX they are seen as such."""
        self.report = Report()
        self.known: dict[str, Cells] = {}
        self.seen: set[Fraction] = set()
        """Sizes of all numbers printed so far."""
        self.signed: set[Fraction] = set()
        """The same with their signs."""
        self.defined: dict[str, Definition] = {}
        self.rate: Printed | None = None
        self.longest = 0
        self.head: list[str] = []
        self.abouts: dict[str, list[Range]] = {}
        """What the printed numbers of lines that say about give, by the line's name."""
        self.arrays_about = 0
        """How many lines of whole arrays say about."""
        self.far: dict[str, str] = {}
        """Those that miss their result by more than its last figure; the page must say so."""

    def page(self, page: str) -> Report:
        for part in parts_of(page):
            if not isinstance(part, Row):
                self.head = []
            match part:
                case Chain():
                    self.chain(part)
                case Row():
                    self.head = telling.judge_row(self, self.head, part)
                case Sentence():
                    telling.judge_sentence(self, part)
        self.report.wrong += [f"{line}   [far off, and not said]" for line in self.far.values()]
        return self.report

    def tokens(self, text: str, language: str) -> list[Token]:
        """The tokens of a printed formula."""
        latex = language == LATEX
        return with_powers(latex_tokens(text) if latex else plain_tokens(text, self.comma))

    # -- equations -----------------------------------------------------------------------------

    def chain(self, chain: Chain) -> None:
        """Check one equation and remember its result."""
        if not chain.members:
            self.pass_over(chain, "no sign of equality")
            return
        own, before = self.own_result(chain), self.known.get(chain.left)
        if own:
            self.chain(own)
            chain = Chain(chain.left, [*chain.members[:-2], chain.members[-1]], chain.language)
        sign, last = chain.members[-1]
        try:
            result = cells_of(self.tokens(last, chain.language))
        except NotUnderstood:
            self.without_result(chain)
            return
        if own and before:
            if before != result:
                self.report.wrong.append(f"{chain}   [above, it is another number]")
        elif len(chain.members) == 1:
            self.report.given += 1
        elif not own:
            self.equation(chain, sign, result)
        else:
            checked = self.report.checked
            self.equation(chain, sign, result)
            self.report.checked = checked  # one line, although it says two things
        self.remember(chain.left, result)

    def own_result(self, chain: Chain) -> Chain | None:
        """The first part of a line that ends in ``= 0.252228 ≈ 0.252229``.

        The printed factors give the first number; the second is the one that stands above
        under the same name, or, if none does, what factors with more digits can give.
        """
        if len(chain.members) < 3 or [sign for sign, _ in chain.members[-2:]] != ["=", "≈"]:
            return None
        try:
            printed(self.tokens(chain.members[-2][1], chain.language))
        except NotUnderstood:
            return None
        return Chain(f"(factors of) {chain.left}", chain.members[:-1], chain.language)

    def without_result(self, chain: Chain) -> None:
        """An equation of names alone has nothing to check."""
        if any(_DECIMAL.search(text) for _, text in chain.members):
            self.pass_over(chain, "its last part is no number")
        else:
            self.report.symbolic += 1

    def equation(self, chain: Chain, sign: str, result: Cells) -> None:
        """Recompute the result from the numbers, and from the names where they are known."""
        reasons, done = [], False
        for _, text in chain.members[:-1]:
            try:
                tokens, names = self.resolved(text, chain.language)
                problem = self.compare(tokens, names, sign, result)
                if sign == "≈" and not problem:
                    self.note_about(tokens, names, chain, result)
            except NotUnderstood as error:
                reasons.append(str(error))
                continue
            except Undefined as error:
                problem = str(error)
            if problem == "needless":
                self.report.needless.append(str(chain))
            elif problem:
                self.report.wrong.append(f"{chain}   [{problem}: {text}]")
            if names:
                self.report.by_name += 1
            else:
                self.note_unseen(tokens, chain)
            done = True
        if done:
            self.report.checked += 1
            self.report.approximate += sign == "≈"
        elif len(chain.members) == 2 and _NAMES.search(
            _MACROS.sub("", _CALLS.sub("(", chain.members[0][1]))
        ):
            self.report.left_out.append(str(chain))
        else:
            self.pass_over(chain, "; ".join(reasons))

    def note_about(
        self, tokens: Sequence[Token], names: Sequence[Cells], chain: Chain, result: Cells
    ) -> None:
        """What the printed numbers give, and whether it misses by more than the last figure."""
        found = self.value(tokens, names, _exactly, False)
        if not isinstance(found, Range) or len(result) > 1 or len(result[0]) > 1:
            self.arrays_about += 1
            return  # the lines of its cells say it
        self.abouts.setdefault(chain.left, []).append(found)
        ((shown,),) = result
        unit = max(self.slack(shown), self.precisions.coarsest(shown.value))
        if abs(found.low - shown.value) > 10 * unit:
            self.far[chain.left] = str(chain)

    def compare(
        self, tokens: Sequence[Token], names: Sequence[Cells], sign: str, result: Cells
    ) -> str:
        """What is wrong with ``formula = result``; nothing if it holds.

        ``needless``: the line says about, and yet is equal.
        """
        along = any(token.text in ALONG for token in tokens)
        ways = (False, True) if along else (False,)
        exactly = [self.value(tokens, names, _exactly, way) for way in ways]
        equal = any(self.equal(found, result) for found in exactly)
        if sign == "=":
            return "" if equal else f"the value is {_shown(exactly[0])}"
        if equal:
            return "needless"
        about = [self.value(tokens, names, self.about, way) for way in ways]
        near = any(self.near(found, result) for found in about)
        return "" if near else f"the value is {_shown(exactly[0])}, not even about"

    def value(
        self,
        tokens: Sequence[Token],
        names: Sequence[Cells],
        meaning: Callable[[Printed], Range],
        upright: bool,
    ) -> Value:
        values: list[Value] = []
        for cells in names:
            rows = [[meaning(cell) for cell in row] for row in cells]
            values.append(rows if len(rows) > 1 or len(rows[0]) > 1 else rows[0][0])
        return value_of(tokens, lambda text: meaning(number(text)), values, upright, self.defined)

    def about(self, shown: Printed) -> Range:
        """All numbers within a unit of the last place, if this one was rounded."""
        slack = self.slack(shown)
        if not slack:
            return _exactly(shown)
        return Range(shown.value - slack, shown.value + slack)

    def slack(self, shown: Printed) -> Fraction:
        """A unit of the last place of a number that may have been rounded, else 0."""
        return shown.unit if self.precisions.declares(shown) else Fraction(0)

    def equal(self, value: Value, result: Cells) -> bool:
        """Whether each cell is exact, or is rounded as the page says it rounds."""

        def cell(found: Range, shown: Printed) -> bool:
            if shown is NOTHING:
                return True
            middle, slack = (found.low + found.high) / 2, (found.high - found.low) / 2
            if abs(middle - shown.value) <= slack + _UNSEEN * abs(middle):
                return True
            return self.precisions.rounds(middle, shown, slack)

        return _all(cell, value, result)

    def near(self, value: Value, result: Cells) -> bool:
        """Whether what rounds to the operands can give what rounds to the result."""

        def cell(found: Range, shown: Printed) -> bool:
            if shown is NOTHING:
                return True
            slack = max(self.slack(shown), self.precisions.coarsest(shown.value))
            return found.low - slack <= shown.value <= found.high + slack

        return _all(cell, value, result)

    def resolved(self, text: str, language: str) -> tuple[list[Token], list[Cells]]:
        """The tokens of a formula, each known name in it replaced by the place of its cells."""
        try:
            found = self.tokens(text, language)
        except NotUnderstood:
            found = [Token("word", "?")]
        words = {t.text for t in found if t.kind == "word"} - KNOWN_WORDS - self.defined.keys()
        if any(name.startswith(_NOT_EXP) and name in text for name in self.known):
            words.add("e")  # here e is an error, not the base of the exponential
        if not words and not any(t.kind == "axis" for t in found):
            return found, []
        names: list[Cells] = []
        shown, place = "", 0
        while place < len(text):
            name = self.name_at(text, place)
            if name:
                shown += f"⟦{len(names)}⟧"
                names.append(self.known[name])
                place += len(name)
            else:
                shown += text[place]
                place += 1
        return self.tokens(shown, language), names

    def name_at(self, text: str, place: int) -> str:
        """The longest known name that stands here, and is no part of a longer one."""
        if place and _PART_OF_WORD.match(text[place - 1]) and _PART_OF_WORD.match(text[place]):
            return ""
        for length in range(min(self.longest, len(text) - place), 0, -1):
            name = text[place : place + length]
            if name in self.known and not _GOES_ON.match(text, place + length):
                return name
        return ""

    def remember(self, name: str, cells: Cells) -> None:
        self.known[name] = cells
        self.longest = max(self.longest, len(name))
        self.signed.update(cell.value for row in cells for cell in row)
        self.seen.update(abs(cell.value) for row in cells for cell in row)

    def number(self, text: str, language: str) -> Printed:
        """A single printed number."""
        try:
            return printed(self.tokens(text, language))
        except NotUnderstood:
            return printed(self.tokens(text, PLAIN))

    def define(self, function: str, parameters: str, body: str, language: str) -> None:
        """Remember a function that the page defines."""
        before = self.known, self.longest
        self.known = {name.strip(): [[]] for name in re.split("[,;]", parameters)}
        self.longest = max(map(len, self.known))
        try:
            tokens, names = self.resolved(body, language)
            order = [id(cells) for cells in self.known.values()]
            self.seen.update(Fraction(t.text) for t in tokens if t.kind == "number")
            self.defined[function] = ([order.index(id(cells)) for cells in names], tokens)
        except NotUnderstood:
            pass  # where it is used, it is not understood either
        finally:
            self.known, self.longest = before

    def note_unseen(self, tokens: Sequence[Token], chain: Chain) -> None:
        """Numbers that neither stood on the page before nor belong to the formula."""
        formula = chain.members[0][1].replace("{,}", ".").replace(",", ".")
        for text in (token.text for token in tokens if token.kind == "number"):
            new = Fraction(text) not in self.seen and Fraction(text).denominator != 1
            if new and text not in formula:
                self.report.unseen.append(f"{text} in {chain}")

    def pass_over(self, what: Chain | Row | Sentence, reason: str) -> None:
        self.report.passed.append(f"{what}   [{reason}]")


# --- small pieces -----------------------------------------------------------------------

_UNSEEN = Fraction(1, 10**30)
"""No one notices that 0.52 + 1e-40 is not 0.52."""
ARRAYS = {"causal", "masked", "flatten", "maxpool", "avgpool"}
KNOWN_WORDS = {
    *FUNCTIONS,
    "e",
    *ALONG,
    "sum",
    "mean",
    "outer",
    "stack",
    "ismax",
    "conv",
    *ARRAYS,
}
_NOT_EXP = ("e^(", "e^[", "e^{(", "e^{[")
"""How names begin that could be taken for a power of e."""
_DECIMAL = re.compile(r"\d\.\d|\d\{,\}\d")
_MACROS = re.compile(
    r"\\(?:d?frac|cdot|odot|ln|exp|tanh|max|min|sqrt|sigma|left|right|bigg?[lr]|top|quad)\b"
    r"|\\(?:begin|end)\{bmatrix\}|\\(?:trn|trfit|trbreak|[lr]vert)\b"
    r"|\b(?:exp|ln|tanh|sigmoid|sqrt|abs|max|min|sum)\b"
)
_CALLS = re.compile(r"(?:\\mathrm\{[^}]*\}|\b[A-Za-z]\w*)(?:_?\{[^}]*\})?(?:\\(?:left|bigg?l))?\(")
"""A function and its bracket."""
_NAMES = re.compile(r"[^\W\d_e]|e\^\{?[(\[]|(?<!\d)e\d")
_PART_OF_WORD = re.compile(r"[A-Za-z\\_^]")
_GOES_ON = re.compile(r" ?_|[A-Za-z0-9={′'₀-₉ₐ-ₜ⁽ʰ-ˣ]|\^[({\[A-Za-z](?!\}?[0-9⊙])|\^\{[^{}]*\}_")
"""What makes a name longer: an index, a mark, or an index below what is raised."""


def _exactly(shown: Printed) -> Range:
    if shown is NOTHING:
        return ABSENT
    return Range.of(shown.value)


def _all(holds: Callable[[Range, Printed], bool], value: Value, result: Cells) -> bool:
    rows: Matrix = value if isinstance(value, list) else [[value]]
    if [len(row) for row in rows] != [len(row) for row in result]:
        return False
    pairs = zip(rows, result, strict=True)
    return all(holds(*cell) for row, shown in pairs for cell in zip(row, shown, strict=True))


def _shown(value: Value) -> str:
    rows = value if isinstance(value, list) else [[value]]
    return "; ".join(" ".join(f"{float(cell.low):.10g}" for cell in row) for row in rows)
