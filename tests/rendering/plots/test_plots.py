"""Plots: round ticks, every peak, valid pictures, and the numbers unchanged."""

from __future__ import annotations

import csv
import itertools
import math
import random
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer.errors import TracerError
from tracer.rendering.plots import (
    Figure,
    Series,
    csv_text,
    pgfplots_text,
    svg_text,
    typst_text,
)
from tracer.rendering.plots.colours import COLOURS
from tracer.rendering.plots.layout import apart, laid_out
from tracer.rendering.plots.scales import Scale, around
from tracer.rendering.plots.thinning import straightened, thinned

SVG = "{http://www.w3.org/2000/svg}"
FALL = Figure(
    "Falling & <rising>",
    list(range(101)),
    (
        Series("loss", "loss", [0.5 * 0.97**k for k in range(101)], group="loss"),
        Series("w1[1,2]", "w₁₂", [0.1 + k / 200 for k in range(101)], "$w_{1,2}$", "w_(1,2)", "w1"),
    ),
    up="value",
)


def _paths(text: str) -> list[list[tuple[float, float]]]:
    """The points of every drawn line."""
    found = []
    for path in ET.fromstring(text).iter(f"{SVG}path"):
        if "line" in path.get("class", "").split():
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.get("d", ""))]
            found.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return found


def test_a_picture_is_valid_and_told_in_words() -> None:
    """Well-formed, with a title and a description that are referred to."""
    picture = ET.fromstring(svg_text(FALL))
    ids = {element.get("id"): element.text for element in picture if element.get("id")}

    assert picture.get("role") == "img"
    named, described = [ids[i] for i in picture.get("aria-labelledby", "").split()]
    assert named == "Falling & <rising>"
    assert "loss: from 0.5 to 0.0238" in (described or "")
    assert "w₁₂: from 0.1 to 0.6" in (described or "")


def test_lines_go_where_the_numbers_are() -> None:
    """Two numbers of a line have the distance in pixels that the written ticks demand."""
    text = svg_text(FALL)
    rows = {}
    for label in ET.fromstring(text).iter(f"{SVG}text"):
        if label.get("text-anchor") == "end":
            rows[float((label.text or "").replace("−", "-"))] = float(label.get("y", "")) - 4
    low, high = min(rows), max(rows)
    pixels = (rows[low] - rows[high]) / (high - low)
    _, weights = _paths(text)

    assert weights[0][1] == pytest.approx(rows[low] - (0.1 - low) * pixels, abs=0.15)
    assert weights[-1][1] == pytest.approx(rows[low] - (0.6 - low) * pixels, abs=0.15)


def test_colours_can_be_read() -> None:
    """Each hue has a contrast of 4.5 to 1 with its paper, light or dark (WCAG 2.1)."""

    def light(code: str) -> float:
        shares = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for colour in COLOURS:
        for ink, paper in zip(colour, ("#ffffff", "#0f141a"), strict=True):
            low, high = sorted((light(ink), light(paper)))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, paper)
    assert len(set(COLOURS)) == len(COLOURS)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_stand_at_round_numbers(low: float, span: float) -> None:
    """Steps of 1, 2 or 5 times a power of ten, inside the axis, a handful of them."""
    scale = around(low, low + span)
    values = [tick.value for tick in scale.ticks()]
    steps = {f"{b - a:.6e}" for a, b in itertools.pairwise(values)}

    assert scale.low <= low + span * 1e-6
    assert scale.high >= low + span * (1 - 1e-6)
    assert 2 <= len(values) <= 8
    assert len({float(step) for step in steps}) <= 2  # rounding of the difference itself
    assert float(next(iter(steps))[0]) in (1, 2, 5, 9, 4)
    assert all(scale.low - span * 1e-6 <= v <= scale.high + span * 1e-6 for v in values)


@given(st.floats(-8, 5), st.floats(0.01, 9))
def test_logarithmic_ticks(power: float, decades: float) -> None:
    """At least two numbers are written, inside the axis, ascending."""
    low, high = 10**power, 10 ** (power + decades)
    scale = around(low, high, log=True)
    values = [tick.value for tick in scale.ticks()]

    assert scale.low <= low * (1 + 1e-9)
    assert scale.high >= high * (1 - 1e-9)
    assert 2 <= len(values) <= 9
    assert values == sorted(values)
    assert all(scale.low * (1 - 1e-6) <= v <= scale.high * (1 + 1e-6) for v in values)


def test_tick_texts() -> None:
    """Thousands are set apart, small powers raised, minus signs are minus signs."""
    assert [t.text for t in Scale(0, 10_000).ticks()][:2] == ["0", "2,000"]
    assert [t.text for t in Scale(-0.5, 0.5).ticks()][:2] == ["−0.4", "−0.2"]
    assert "10⁻⁷" in [t.text for t in Scale(1e-8, 1e-1, log=True).ticks(9)]


def test_thinning_keeps_every_peak() -> None:
    """Of a million-to-one spike nothing is lost."""
    points = [(k / 100_000, 1.0) for k in range(100_000)]
    points[70_001] = (0.70001, 9.0)
    points[33_333] = (0.33333, -9.0)
    kept = thinned(points, 500)

    assert len(kept) <= 2_000
    assert {9.0, -9.0} <= {y for _, y in kept}
    assert kept == sorted(kept)


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=60))
def test_straightening_stays_near(heights: list[float]) -> None:
    """Each point left out lies within the tolerance of the line that replaces it."""
    points = [(float(x), y) for x, y in enumerate(heights)]
    kept = straightened(points, 0.5)

    assert (kept[0], kept[-1]) == (points[0], points[-1])
    for (x, y), (end, height) in itertools.pairwise(kept):
        for px, py in points[int(x) : int(end) + 1]:
            away = abs((px - x) * (height - y) - (py - y) * (end - x))
            assert away / math.hypot(end - x, height - y) <= 0.5 + 1e-9


@given(st.lists(st.floats(74, 380), min_size=1, max_size=18))
def test_names_do_not_stand_on_one_another(wanted: list[float]) -> None:
    """Names keep their order and their distance, and stay on the picture."""
    found = apart(sorted(wanted), 16, 74, 380)

    assert all(b - a >= 16 - 1e-9 for a, b in itertools.pairwise(found))
    assert found[0] >= 74 - 1e-9
    assert found[-1] <= 380 + 1e-9


def test_missing_numbers_leave_a_gap_or_join() -> None:
    """A number that is not there is not drawn; nothing of NaN reaches the picture."""
    figure = Figure("", [0, 1, 2, 3], (Series("a", "a", [1.0, math.nan, 3.0, math.inf]),))

    assert "nan" not in svg_text(figure)
    assert [len(path) for path in _paths(svg_text(figure))] == [2]
    assert csv_text(figure).splitlines()[2] == "1,"


def test_nothing_to_draw_is_an_error() -> None:
    """No series, no finite numbers, or none above 0 on a logarithmic axis."""
    with pytest.raises(TracerError, match="nothing to plot"):
        Figure("", [0], ())
    with pytest.raises(TracerError, match="no finite number"):
        Figure("", [0], (Series("a", "a", [math.nan]),))
    with pytest.raises(TracerError, match="no positive number"):
        Figure("", [0, 1], (Series("a", "a", [0.0, -1.0]),), log=True)


@pytest.mark.parametrize("value", [0.0, 1.0, -3.5, 1e-300, 1e300])
def test_a_line_that_never_moves(value: float) -> None:
    """A constant, one point, and numbers of any size are drawn."""
    for positions in ([0], [0, 1, 2]):
        figure = Figure("", positions, (Series("a", "a", [value] * len(positions)),))
        assert len(_paths(svg_text(figure))) == 1


def test_very_many_lines_are_named_by_group() -> None:
    """A hundred weights of two arrays: two names, two colours."""
    draw = random.Random(1)
    series = tuple(
        Series(f"w{n % 2}[{n}]", f"w{n}", [draw.random() for _ in range(5)], group=f"w{n % 2}")
        for n in range(100)
    )
    layout = laid_out(Figure("", range(5), series))

    assert sorted(label.text for label in layout.labels) == ["w0", "w1"]
    assert {line.colour for line in layout.lines} == {0, 1}


def test_a_table_keeps_all_digits() -> None:
    """What is read back from the table is what was given, to the last bit."""
    rows = list(csv.reader(csv_text(FALL).splitlines()))

    assert rows[0] == ["update", "loss", "w1[1,2]"]
    assert [float(row[1]) for row in rows[1:]] == FALL.series[0].values


def test_a_picture_for_latex() -> None:
    """Names as formulas, the title escaped, the last point there."""
    text = pgfplots_text(FALL)

    assert r"\addlegendentry{$w_{1,2}$}" in text
    assert r"Falling \& \textless{}rising\textgreater{}" in text
    assert "(100,0.6)" in text
    assert text.isascii()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no TeX")
def test_a_picture_for_latex_compiles(tmp_path: Path) -> None:
    """pdflatex takes the document, without an error or a line that is too wide."""
    found = subprocess.run(["kpsewhich", "pgfplots.sty"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip("pgfplots is not installed")
    (tmp_path / "plot.tex").write_text(pgfplots_text(FALL, standalone=True), encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "plot.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


GERMAN = replace(FALL, title="Fallend", up="weights", language="de", comma=True, log=True)


def test_a_picture_in_another_language() -> None:
    """Words and decimal commas of the language at the axes, at the lines and in the description."""
    text = svg_text(GERMAN)

    assert GERMAN.axes == ("Updates", "Gewichte und Biaswerte (logarithmisch)")
    assert "Linien über 0 bis 100 Updates. Verlust: von 0,5 bis 0,0238." in text
    assert ">Gewichte und Biaswerte (logarithmisch)<" in text
    assert ">Verlust<" in text
    assert not re.search(r">[^<]*\d\.\d[^<]*</t", text)
    assert "Líneas de 0 a 100 actualizaciones." in replace(GERMAN, language="es").description
    latex = pgfplots_text(GERMAN)
    assert r"\addlegendentry{Verlust}" in latex
    assert "use comma" in latex


@pytest.mark.parametrize("figure", [FALL, GERMAN], ids=["english", "german"])
def test_a_picture_for_typst_is_accessible(figure: Figure) -> None:
    """Typst sets the whole document, and its own check of PDF/UA finds nothing to object to."""
    typst = pytest.importorskip("typst", reason="typst is not installed")
    text = typst_text(figure, standalone=True)
    made = typst.compile(text.encode(), format="pdf", pdf_standards=["ua-1"])

    assert made.startswith(b"%PDF")
    assert f'lang: "{figure.language}"' in text
    assert 'math.equation(alt: "w₁₂", $bold(w_(1,2))$)' in text


def test_typst_has_the_places_of_the_svg_picture() -> None:
    """Every line goes through the same points in both, and each has a name at its end."""
    layout = laid_out(FALL)
    text = typst_text(FALL)
    drawn = re.findall(r"tracer-plot-line\(\(1\.1pt, [^)]*\)\), \((.*)\)\)", text)
    found = [[tuple(map(float, pair)) for pair in re.findall(r"\(([\d.]+)pt, ([\d.]+)pt\)", one)]
             for one in drawn]  # fmt: skip
    wanted = [piece for line in layout.lines for piece in line.pieces]

    assert len(found) == len(wanted) == 2
    for points, pixels in zip(found, wanted, strict=True):
        assert points == [pytest.approx((0.56 * x, 0.56 * y), abs=0.006) for x, y in pixels]
