"""Walking a formula: brackets, signs between factors, line breaks, for every format.

Takes a tree, what stands for its symbols, and a `Format`; gives one `Piece`.  What is
printed, read with the usual precedence of operators, is the tree: brackets are set
wherever leaving them out could change the value or mislead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from tracer.formula.nodes import (
    Apply,
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    children,
    walk,
)
from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT, SUM
from tracer.notation.name import Name
from tracer.rendering.printers.pieces import BREAK, Functions, Known, Leaf, Piece
from tracer.rendering.printers.signs import line_starts, sign
from tracer.rendering.printers.vocabulary import Format, named

_TO_ONE_NUMBER = frozenset({"sum", "mean", "max", "only"})
"""Primitives whose result is a single number unless an axis is given."""

_SETTINGS = {"conv": "sp", "maxpool": "ks", "avgpool": "ks"}
"""The usual letters of options that change the result: kernel size, stride, padding."""

_PI = Name("pi")

_SEEN = frozenset({"times", "chain", "elementwise"})
"""Signs of multiplication after which a line may end."""


class Walk:
    """One printing of one formula.

    Args:
        form: the format.
        leaf: what stands for a symbol.
        arrays: whether the symbols are arrays, or the names of those that are.
        functions: the book's own letters for functions.
        terms: break a sum of more terms into lines; 0: never.
        factors: the products, by their `id`, that may be broken after a visible sign.
    """

    def __init__(
        self,
        form: Format,
        leaf: Leaf,
        arrays: bool | Collection[str] = False,
        functions: Functions | None = None,
        terms: int = 0,
        factors: Collection[int] = (),
    ) -> None:
        self.form = form
        self.leaf = leaf
        self.arrays = arrays
        self.functions = functions
        self.terms = terms
        self.factors = factors

    def piece(self, node: Node) -> Piece:
        """The printed formula."""
        match node:
            case Number(text):
                return self.form.number_piece(text)
            case Symbol(name):
                return self.symbol(name)
            case Sum(terms):
                return self.sum(terms)
            case Product(factors):
                return self.product(factors, id(node) in self.factors)
            case Fraction(top, bottom):
                return self.quotient(top, bottom)
            case Power(base, exponent):
                return self.power(node, self.piece(base), self.piece(exponent))
            case Negative(operand):
                inner = self.held(self.piece(operand), PRODUCT)
                text = self.form.opposite + inner.text
                return replace(inner, text=text, level=NEGATIVE, digit=False, shape="")
            case Call("ismax", (Number(which), *cells)):
                return self.form.call("ismax", [self.piece(cell) for cell in cells], which)
            case Call("cospi", (half_turns,)):
                return self.call("cos", [self.times_pi(half_turns)])
            case Call(function, arguments):
                return self.call(function, [self.piece(part) for part in arguments])
            case Apply():
                return self.apply(node)

    def symbol(self, name: str) -> Piece:
        found = self.leaf(name)
        if isinstance(found, Name):
            return self.form.marked(named(self.form, found), name, number=False)
        if isinstance(found, str):
            return self.number(found)
        cells = [[self.cell(text) for text in row] for row in found]
        return Piece(self.form.matrix(cells), height=2)

    def cell(self, text: str) -> str:
        """A number in a matrix; an empty text is a cell that is not there."""
        return self.number(text).text if text else self.form.absent

    def number(self, text: str) -> Piece:
        """A number that stands for a symbol."""
        piece = self.form.number_piece(text)
        return self.form.marked(piece, text.key, number=True) if isinstance(text, Known) else piece

    def held(self, piece: Piece, least: int) -> Piece:
        """The piece, in brackets where it holds together less than `least`."""
        return piece if piece.level >= least else self.form.bracket(piece)

    def sum(self, terms: Sequence[Node]) -> Piece:
        starts = line_starts(len(terms), self.terms)
        if not self.form.breaks_inside:
            self.terms = 0
        pieces = [self.held(self.piece(terms[0]), NEGATIVE)]
        texts = [pieces[0].text]
        for position, term in enumerate(terms[1:], 1):
            minus = isinstance(term, Negative)
            inner = self.held(self.piece(term.operand if minus else term), PRODUCT)  # type: ignore[union-attr]
            pieces.append(inner)
            sign = self.form.minus if minus else self.form.plus
            texts.append(sign + (BREAK if position in starts else "") + inner.text)
        return Piece(
            "".join(texts),
            SUM,
            all(part.numeric for part in pieces),
            pieces[0].digit,
            max(part.height for part in pieces),
        )

    def product(self, factors: Sequence[Node], breaks: bool = False) -> Piece:
        flat = _flat(factors)
        elementwise = sum(self.is_array(factor) for factor in flat) > 1
        pieces = []
        for position, factor in enumerate(flat):
            part = self.held(self.piece(factor), PRODUCT)
            unclear = part.shape == "slashed" and position > 0
            inner = elementwise and part.shape == "matmul"
            pieces.append(self.form.bracket(part) if unclear or inner else part)
        text = pieces[0].text
        seen = self.is_array(flat[0])
        for left, right, factor in zip(pieces, pieces[1:], flat[1:], strict=False):
            is_array = self.is_array(factor)
            kind = "elementwise" if seen and is_array else sign(left, right)
            seen = seen or is_array
            text += self.form.signs[kind] + (BREAK if breaks and kind in _SEEN else "")
            text += right.text
        return self.joined(text, pieces, "slashed" if pieces[0].shape == "slashed" else "")

    def joined(self, text: str, pieces: Sequence[Piece], shape: str) -> Piece:
        numeric = all(part.numeric for part in pieces)
        height = max(part.height for part in pieces)
        return Piece(text, PRODUCT, numeric, pieces[0].digit, height, shape)

    def quotient(self, top: Node, bottom: Node) -> Piece:
        """A fraction; derivatives and matrices stand beside it and not small upon it."""
        if not self.form.stacked or not self.is_tall(top):
            return self.fraction(self.piece(top), self.piece(bottom))
        if isinstance(top, Negative):
            inner = self.quotient(top.operand, bottom)
            return replace(inner, text=self.form.opposite + inner.text, level=NEGATIVE)
        factors = top.factors if isinstance(top, Product) else (top,)
        rest = [factor for factor in factors if not self.is_tall(factor)]
        above = self.product(rest) if rest else self.form.number_piece("1")
        share = self.fraction(above, self.piece(bottom))
        tall = self.held(self.product([f for f in factors if self.is_tall(f)]), PRODUCT)
        arrays = any(map(self.is_array, [*rest, bottom])) and self.is_array(top)
        between = self.form.signs["elementwise" if arrays else "beside"]
        return self.joined(share.text + between + tall.text, [share, tall], "scaled")

    def is_tall(self, node: Node) -> bool:
        """Whether a formula holds a derivative or a matrix, each as tall as a fraction."""
        found = (self.leaf(part.name) for part in walk(node) if isinstance(part, Symbol))
        return any(one.over if isinstance(one, Name) else not isinstance(one, str) for one in found)

    def fraction(self, top: Piece, bottom: Piece) -> Piece:
        numeric = top.numeric and bottom.numeric
        if self.form.stacked and BREAK not in top.text + bottom.text:
            text = self.form.fraction(top, bottom)
            return Piece(text, POWER, numeric, height=2, shape="fraction")
        above = self.held(top, PRODUCT)
        if above.shape in ("slashed", "derivative"):
            above = self.form.bracket(above)
        below = self.held(bottom, POWER)
        return self.joined(above.text + self.form.slash + below.text, [above, below], "slashed")

    def power(self, node: Power, base: Piece, exponent: Piece) -> Piece:
        under = self.held(base, ATOM)
        raised = replace(exponent, text=exponent.unbroken)
        if self.is_array(node.base):
            raised = self.form.raised_elementwise(raised)
        numeric = base.numeric and exponent.numeric
        height = max(under.height, exponent.height and 1)
        return Piece(self.form.power(under, raised), POWER, numeric, under.digit, height)

    def apply(self, node: Apply) -> Piece:
        pieces = [self.piece(part) for part in node.operands]
        match node.primitive:
            case "matmul":
                return self.matmul(*pieces)
            case "transpose":
                base = self.held(pieces[0], ATOM)
                return Piece(self.form.transposed(base), POWER, height=max(base.height, 1))
            case "index":
                index = ",".join(":" if at is None else str(at) for at in node.options)
                return self.index(node.operands[0], pieces[0], index)
            case "sum" | "mean" | "max" if node.options and isinstance(node.options[0], int):
                return self.form.call(node.primitive, pieces, str(node.options[0] + 1))
            case "conv" | "maxpool" | "avgpool" if node.options:
                letters = _SETTINGS[node.primitive]
                index = ",".join(f"{k}={v}" for k, v in zip(letters, node.options, strict=True))
                return self.form.call(node.primitive, pieces, index)
        return self.call(node.primitive, pieces)

    def call(self, function: str, arguments: Sequence[Piece]) -> Piece:
        letter = self.functions(function) if self.functions else None
        if letter is None:
            return self.form.call(function, arguments)
        return self.form.called(named(self.form, letter).text, arguments)

    def times_pi(self, node: Node) -> Piece:
        """Pi times a formula; of a fraction pi stands with its numerator."""
        if isinstance(node, Fraction):
            return self.fraction(self.times_pi(node.numerator), self.piece(node.denominator))
        pi, factor = named(self.form, _PI), self.held(self.piece(node), PRODUCT)
        text = pi.text + self.form.signs[sign(pi, factor)] + factor.text
        return self.joined(text, [factor], "")

    def matmul(self, left: Piece, right: Piece) -> Piece:
        first = left if left.shape in ("matmul", "scaled") else self.held(left, POWER)
        second = self.held(right, POWER)
        seen = sign(first, second) == "times"
        between = self.form.signs["matmul times" if seen else "matmul"]
        return self.joined(first.text + between + second.text, [first, second], "matmul")

    def index(self, array: Node, printed: Piece, index: str) -> Piece:
        name = self.leaf(array.name) if isinstance(array, Symbol) else None
        if isinstance(name, Name) and not name.sub and not name.over:
            return named(self.form, replace(name, sub=index))
        # A name that has an index already takes no second one without brackets.
        is_name = isinstance(name, Name)
        base = self.form.bracket(printed) if is_name else self.held(printed, ATOM)
        return Piece(self.form.indexed(base, index), POWER, height=base.height)

    def is_array(self, node: Node) -> bool:
        """Whether a part of an array formula is an array, as far as one can see."""
        if not self.arrays:
            return False
        match node:
            case Symbol(name):
                return self.arrays is True or name.removesuffix("'") in self.arrays
            case Apply("index", _, options):
                return None in options
            case Apply(primitive, _, options):
                return primitive not in _TO_ONE_NUMBER or bool(options)
        return any(self.is_array(part) for part in children(node))


def _flat(factors: Sequence[Node]) -> list[Node]:
    """The factors of products within a product in one line: the value is the same."""
    flat: list[Node] = []
    for factor in factors:
        flat.extend(_flat(factor.factors) if isinstance(factor, Product) else [factor])
    return flat


def outermost_products(node: Node) -> Collection[int]:
    """The products of a formula that stand in no brackets, by their `id`."""
    match node:
        case Product():
            return {id(node)}
        case Negative(Product() as operand):
            return {id(operand)}
        case Sum(terms):
            return {found for term in terms for found in outermost_products(term)}
    return ()
