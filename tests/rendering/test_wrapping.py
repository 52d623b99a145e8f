"""Where long formulas are broken: by hand, and beside trying every way."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

import pytest

from tracer.rendering.measuring import characters
from tracer.rendering.wrapping import best_breaks, depths, wrapped

LINES = {
    "short enough": ("0.5·1 + 0.25·2 + 0.125·3", ["0.5·1 + 0.25·2 + 0.125·3"]),
    "after the sign of a sum": (
        "0.5·1.25 + 0.25·2.25 − 0.125·3.75", ["0.5·1.25 + 0.25·2.25 −", "0.125·3.75"]),
    "outside of brackets": (
        "(1.5 + 2.5)·3.5 + 4.5·(5.5 + 6.5)", ["(1.5 + 2.5)·3.5 +", "4.5·(5.5 + 6.5)"]),
    "outside of bars": ("|1.25 + 2.5 − 3.75| + |4.5 − 5.5|", ["|1.25 + 2.5 − 3.75| +",
                                                             "|4.5 − 5.5|"]),
    "after a factor, where there is no sum": (
        "123456789·123456789·123456789", ["123456789·123456789·", "123456789"]),
    "not within a power of ten": (
        "1.23456·10⁻³·1.23456·10⁻³·2", ["1.23456·10⁻³·", "1.23456·10⁻³·2"]),
    "inside of brackets that are too long": (
        "2·(1.125 + 2.125 + 3.125 + 4.125)", ["2·", "(1.125 + 2.125 + 3.125 +", "4.125)"]),
    "after a comma": ("max(1.23456789, 2.3456789, 3.4)", ["max(1.23456789,", "2.3456789, 3.4)"]),
    "nowhere": ("a" * 30, ["a" * 30]),
}  # fmt: skip


@pytest.mark.parametrize("case", LINES)
def test_lines_of_24_columns(case: str) -> None:
    """Sums before products, outside before inside, and an operator ends the line."""
    text, lines = LINES[case]
    assert wrapped(text, 24) == lines


def test_no_character_is_lost_and_no_line_too_long() -> None:
    """Of drawn sums of products in brackets."""
    draw = Random(4)
    for _ in range(60):
        terms = [f"{draw.randint(1, 999)}·({draw.randint(1, 99)} + {draw.randint(1, 99)}·x)"
                 for _ in range(draw.randint(1, 6))]  # fmt: skip
        text = " + ".join(terms)
        for room in (24, 40, 57):
            lines = wrapped(text, room)
            assert " ".join(lines) == text
            assert all(characters(line) <= room for line in lines)
            assert all(line.endswith(" +") for line in lines[:-1])


def test_depths_count_brackets_and_bars() -> None:
    """Of LaTeX, whose bars have a left and a right."""
    pieces = ["a (b +", r"\lvert c +", r"d\rvert)\cdot", "[e +", "f]"]
    assert depths(pieces) == [1, 2, 0, 1, 0]


@pytest.mark.parametrize("seed", range(40))
def test_breaks_are_the_best_of_all(seed: int) -> None:
    """Fewest lines; among them fewest breaks after a product, then the most even lines."""
    draw = Random(seed)
    count = draw.randint(2, 8)
    pieces = [draw.choice(["a +", r"b \cdot ", r"c \odot"]) for _ in range(count)]
    widths = [draw.randint(1, 9) for _ in range(count)]
    room = draw.randint(9, 20)

    def cost(breaks: tuple[int, ...]) -> tuple[float, ...] | None:
        edges = [0, *(place + 1 for place in breaks), count]
        sizes = [sum(widths[a:b]) for a, b in pairwise(edges)]
        if max(sizes) > room:
            return None
        products = sum("+" not in pieces[place] for place in breaks)
        return len(sizes), products, sum((room - size) ** 2 for size in sizes)

    every = [b for n in range(count) for b in combinations(range(count - 1), n)]
    found = cost(tuple(best_breaks(pieces, widths, room)))
    assert found == min(one for b in every if (one := cost(b)) is not None)


@pytest.mark.parametrize(
    ("widths", "room", "breaks"),
    [
        ([5, 2, 2, 5], 8, [0, 2]),  # a short bracket is worth a line more
        ([3, 3, 3, 3], 12, []),
        ([5, 3, 3, 5], 8, [1]),  # a long one is broken
    ],
)
def test_a_short_bracket_is_kept_whole(widths: list[int], room: int, breaks: list[int]) -> None:
    """Of ``a + (b + c) + d`` in pieces."""
    assert best_breaks(["a +", "(b +", "c) +", "d"], widths, room) == breaks
