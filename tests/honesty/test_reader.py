"""The reader itself: it is independent, it understands what is printed, it sees mistakes."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.honesty import documents
from tests.honesty.judging import Judge, judge
from tests.honesty.pages import Chain, Row, Sentence, parts_of
from tests.honesty.precision import declared
from tests.honesty.report import Report

HERE = Path(__file__).parent
READER = sorted(set(HERE.glob("*.py")) - set(HERE.glob("test_*.py")) - {HERE / "documents.py"})
SAYS = "Every result is rounded to 3 significant figures when it is written down.\n\n"


@pytest.mark.parametrize("path", READER, ids=lambda path: path.stem)
def test_the_reader_shares_no_code_with_the_product(path: Path) -> None:
    """Its modules import the standard library and each other, nothing else."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            standard = name.split(".")[0] in sys.stdlib_module_names
            assert standard or name.startswith("tests.honesty")
            assert name != "tests.honesty.documents"


def plain(*lines: str) -> Report:
    """The report on a page of plain text."""
    return judge(SAYS + "```text\n" + "\n".join(lines) + "\n```\n")


def latex(line: str) -> Report:
    """The report on a page with a typeset line."""
    body = "\\begin{aligned}\n" + line + "\n\\end{aligned}"
    return judge(f"{SAYS}```math\n{body}\n```\n")


@pytest.mark.parametrize(
    "line",
    [
        "z = w·x + b = 0.15·0.5 + 0.25·0.8 + 0.35 = 0.625",
        "a = σ(z) = 1/(1 + e^(−0.625)) = 0.651",
        "d = (−0.233)·0.767·(1 − 0.767) = −0.0416",
        "C = 1/2·(1 − 0.767)² = 0.0271",
        "t = 2.5·10⁻⁵·4 = 10⁻⁴",
        "v = [[1, 2], [3, 4]]·[[0.5], [−1]] = [[−1.5], [−2.5]]",
        "u = [[1], [2]] ⊙ (1 − [[0.5], [3]]) = [[0.5], [−4]]",
        "w = [[1, ·], [2, 3]]ᵀ·[[1], [1]] = [[3], [3]]",
        "s = √(2) = 1.41",
        "q = 2/3 = 0.667",
        "q = 2/3 = 2/3",
        "C = 0·ln(0/0.465) = 0",
        "C = −0·ln(0) = 0",
        "r = 0.3925·1 = 0.393",
        "r = 0.201·0.151 ≈ 0.0306",
    ],
)
def test_right_lines_in_plain_text(line: str) -> None:
    """Sums, functions, powers of ten, matrices; rounded to three figures or exact."""
    report = plain(line)
    assert (report.checked, report.wrong, report.passed) == (1, [], [])


@pytest.mark.parametrize(
    "line",
    [
        "z = w·x + b = 0.15·0.5 + 0.25·0.8 + 0.35 = 0.626",
        "a = σ(z) = 1/(1 + e^(−0.625)) = 0.652",
        "d = −0.233·(−0.767) = −0.179",
        "r = 0.3925·1 = 0.392",
        "s = √(2) = 1.4",
        "s = √(2) = 1.4142",
        "q = 2/3 = 0.67",
        "t = 2.5·10⁻⁵·4 = 10⁻³",
        "v = [[1, 2], [3, 4]]·[[0.5], [−1]] = [[−1.5], [−2.4]]",
        "v = [[1, 2], [3, 4]]·[[0.5], [−1]] = [[−1.5, −2.5]]",
        "r = 0.201·0.151 ≈ 0.0400",
        "r = 0.2·0.15 ≈ 0.031",
        "C = 0.5·ln(0/0.465) = 0",
        "C = 0·ln(−0.465) = 0",
        "C = 0·(1 + ln(0)) = 0",
    ],
)
def test_wrong_lines_in_plain_text(line: str) -> None:
    """A wrong digit, a wrong sign, too few or too many figures, a wrong shape."""
    assert len(plain(line).wrong) == 1


def test_what_is_far_off_must_be_said() -> None:
    """About may miss by the last figure; by more only if a sentence says what would come out."""
    line = "```text\nd = 2.72 − 2.71 ≈ 0.00272\n```\n"
    note = "> Worked out ... without the figures that rounding took from them: d ≈ {}.\n"
    head = "Every result is rounded to 3 significant figures.\n"
    assert len(judge(head + line).wrong) == 1
    assert judge(head + line + note.format("0.01")).wrong == []
    assert len(judge(head + line + note.format("0.02")).wrong) == 1


def test_a_line_may_end_in_its_own_result_and_the_one_above() -> None:
    """``= 0.252 ≈ 0.253``: the factors give the first, and the second stands above."""
    head = "Every result is rounded to 3 significant figures.\n"
    page = head + "```text\ng = 0.253\ng = a·b = 0.36·0.7 = {} ≈ {}\n```\n"
    assert judge(page.format("0.252", "0.253")).wrong == []
    assert len(judge(page.format("0.251", "0.253")).wrong) == 1
    assert len(judge(page.format("0.252", "0.254")).wrong) == 1


@pytest.mark.parametrize(
    ("line", "right"),
    [
        (r"a &= \sigma(z) &&= \frac{1}{1 + e^{-0{,}625}} &&= \mathbf{0{,}651}", True),
        (r"a &= \sigma(z) &&= \frac{1}{1 + e^{-0.625}} &&= \mathbf{0.650}", False),
        (r"C &= \frac{1}{2}\cdot (0.01 - 0.751)^{2} &&= \mathbf{0.275}", True),
        (r"t &= 3.7\cdot 10^{-5}\cdot 2 &&= \mathbf{7.4\cdot 10^{-5}}", True),
        (r"t &= 3.7\cdot 10^{-5}\cdot 2 &&= \mathbf{7.4\cdot 10^{-4}}", False),
        (
            r"\begin{bmatrix} 1 & 2 \end{bmatrix}\,\begin{bmatrix} 3 \\ 4 \end{bmatrix}",
            True,
        ),
    ],
)
def test_lines_in_latex(line: str, right: bool) -> None:
    """Fractions, raised exponents, decimal commas, powers of ten, matrices."""
    if line.startswith(r"\begin"):
        line = rf"v &= {line} &&= \mathbf{{11}}"
    report = latex(line)
    assert report.checked == 1
    assert (report.wrong == []) is right


@pytest.mark.parametrize(("last", "right"), [("4", True), ("5", False)])
def test_a_number_before_a_matrix_goes_with_it(last: str, right: bool) -> None:
    """Number by number a half of the second matrix, not the product of two matrices."""
    one, two = (rf"\begin{{bmatrix}} {a} \\ {b} \end{{bmatrix}}" for a, b in ("12", "34"))
    whole = rf"\begin{{bmatrix}} 1.5 \\ {last} \end{{bmatrix}}"
    report = latex(rf"d &= {one} \odot \frac{{1}}{{2}}\,{two} &&= {whole}")
    assert report.checked == 1
    assert (report.wrong == []) is right


def test_a_name_is_the_number_printed_before() -> None:
    """A copied number must be the one that stood there, and a formula's names count too."""
    assert plain("d = 2·0.3 = 0.6", "g = d = 0.6").wrong == []
    assert len(plain("d = 2·0.3 = 0.6", "g = d = 0.7").wrong) == 1
    assert len(plain("d = 2·0.3 = 0.6", "g = d·2 = 0.7·2 = 1.4").wrong) == 1


def test_sentences_and_tables_are_checked() -> None:
    """A false difference, a false percentage, a false row of the table."""
    rate = "The learning rate is η = 0.5.\n\n"
    lines = "```text\nC = 0.1 + 0.2 = 0.3\nD = 0.1 + 0.1 = 0.2\n```\n\n"
    fell = "The loss fell: C − D = 0.3 − 0.2 = 0.1, or about 33 %.\n\n"
    head = "| parameter | old | gradient | new |\n|:--|--:|--:|--:|\n"

    def wrong(text: str) -> int:
        return len(judge(SAYS + rate + lines + text).wrong)

    assert wrong(fell) == 0
    assert wrong(fell.replace("0.1, or", "0.2, or")) > 0
    assert wrong(fell.replace("33", "35")) == 1
    assert wrong(head + "| w | 0.4 | 0.2 | **0.3** |\n") == 0
    assert wrong(head + "| w | 0.5 | 0.2 | **0.3** |\n") == 1
    assert wrong(head + "| w | 0.5 | 0.3 | **0.35** |\n") == 1


@pytest.mark.parametrize("seed", range(0, 30, 2))
def test_no_wrong_last_digit_escapes(seed: int) -> None:
    """Every result with = of a document, changed in its last digit, is found to be wrong."""
    made = documents.document(seed)
    text = made.text
    judging = Judge(declared(text), not re.search(r"\d\.\d", text))
    spoiled = escaped = 0
    for part in parts_of(text):
        if isinstance(part, Chain):
            before = judging.report.checked
            judging.chain(part)
            if judging.report.checked > before and part.members[-1][0] == "=":
                sign, result = part.members[-1]
                other = Chain(part.left, [*part.members[:-1], (sign, changed(result))])
                other.language = part.language
                judging.report.wrong.clear()
                judging.chain(other)
                spoiled += 1
                escaped += not judging.report.wrong
                judging.chain(part)
    assert spoiled > 0 or made.chosen["policy"] == "exact"  # whose lines may all say about
    assert escaped == 0


def changed(result: str) -> str:
    """A result with another last digit; of a power of ten, of the digits before it."""
    place = max(m.end() for m in re.finditer(r"\d(?=[^\d⁰¹²³⁴⁵⁶⁷⁸⁹]|$)", mantissas(result)))
    digit = result[place - 1]
    return result[: place - 1] + ("7" if digit == "3" else "3") + result[place:]


def mantissas(result: str) -> str:
    """The result with its powers of ten blotted out, at the same length."""
    return re.sub(r"\\cdot 10\^\{-?\d+\}|·10[⁻⁰-⁹¹²³]+|e-?\d+|10\^\{-?\d+\}|10[⁻⁰-⁹¹²³]+",
                  lambda match: "x" * len(match[0]), result)  # fmt: skip


def test_what_is_not_understood_is_listed() -> None:
    """An unknown function and an unknown sentence with numbers do not pass silently."""
    assert len(plain("a = sinh(0.3) = 0.305").passed) == 1
    assert len(judge(SAYS + "The answer is 0.42 of it.\n").passed) == 1
    assert [type(part) for part in parts_of("| a | b |\n")] == [Row]
    assert isinstance(parts_of("text")[0], Sentence)
