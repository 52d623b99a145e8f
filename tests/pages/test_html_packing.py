"""What makes a page of HTML light leaves everything as it is: marks, formulas, strings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.honesty.pages import parts_of
from tests.pages.examples import CATALOGUE, TWO, traced
from tests.pages.test_html_browser import browse, job
from tracer.rendering import page as pages
from tracer.rendering.html.leaning import lean_script, lean_style
from tracer.rendering.html.packing import packed

PATHS = [*TWO, *(path for path in CATALOGUE if path.stem in ("attention", "adam", "lstm"))]
MARKED = (
    "[...document.querySelectorAll('[data-k], [data-v]')].filter(e => !e.closest('#card'))"
    ".map(e => [e.textContent, e.dataset.k || '', e.dataset.v || ''].join(' '))"
)


def both(path: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[str, str]:
    """The page of an example as its template gives it, and as it is."""
    with monkeypatch.context() as patch:
        patch.setattr(pages, "_packed", str)
        full = str(pages.render(traced(path), to="html", **options))
    return full, str(pages.render(traced(path), to="html", **options))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_formulas_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line, sentence and table is the same mathematics, with fewer elements."""
    full, light = both(path, monkeypatch, form="both", detail="full")
    assert len(light) < 0.95 * len(full)
    assert parts_of(light) == parts_of(full)


def test_every_name_and_number_has_its_mark(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a browser all marks are there again, in the same order, and no others."""
    jobs = []
    for path in PATHS:
        for kind, text in zip(("full", "light"), both(path, monkeypatch), strict=True):
            file = tmp_path / f"{path.stem}-{kind}.html"
            still = text.rpartition("<script>")[0]  # as the template marks it
            file.write_text(still if kind == "full" else text, encoding="utf-8")
            jobs.append(job(str(file), ("ask", MARKED)))
    given = [answers[0] for answers in browse(jobs)]

    assert min(map(len, given)) > 50
    assert given[0::2] == given[1::2]


def test_a_mark_stands_once_for_all_that_is_alike() -> None:
    """What looks the same and means something else keeps its mark, and says so."""
    one, other = '<mn data-v="a-1">2</mn>', '<mn data-v="b">3</mn>'
    assert packed(f"<math>{one}{other}{one}</math>") == (
        "<math><mn data-v=a-1>2</mn><mn data-v=b>3</mn><mn>2</mn></math>"
    )
    assert packed(f"<math>{one}<mn>2</mn>{one}</math>") == (
        "<math><mn data-v=a-1 data-o>2</mn><mn>2</mn><mn data-v=a-1>2</mn></math>"
    )


def test_rows_that_mean_something_stay() -> None:
    """A row is kept under a fraction, round a bracket that grows, and with a sign at its end."""
    for kept in (
        "<math><mfrac><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></mfrac></math>",
        "<math><mi>f</mi><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow></math>",
        "<math><msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup></math>",
        "<math><mn>2</mn><mrow><mo>−</mo><mi>a</mi></mrow></math>",
    ):
        assert packed(kept) == kept
    row = "<mrow><mi>a</mi><mi>b</mi></mrow>"
    assert packed(f"<math><msup><mrow>{row}</mrow><mn>2</mn></msup></math>") == (
        f"<math><msup>{row}<mn>2</mn></msup></math>"
    )


def test_what_is_quoted_for_a_reason_stays_quoted() -> None:
    """Spaces, signs, nothing at all, and what stands before a slash keep their quotes."""
    tag = '<input a="b c" d="" e=\'f"g\' h="i>j" k="l"/>'
    assert packed(tag) == tag
    assert packed('<p class="a"> b="c" <script>a="b"</script>') == (
        '<p class=a> b="c" <script>a="b"</script>'
    )


def test_strings_of_styles_and_scripts_are_not_touched() -> None:
    """Spaces, slashes and braces in strings, templates and patterns are the author's."""
    assert lean_style('a::before { content: "/* b */ ; c" }') == 'a::before{content:"/* b */ ; c"}'
    assert lean_style("a { b: calc(1px + 2px) !important }") == "a{b:calc(1px + 2px)!important}"
    script = "const a = 'b // c', d = `e  ${f + 1}  // g`, h = /i  \\/[/ ] j/.exec(k); // l"
    assert lean_script(script) == (
        "const a='b // c',d=`e  ${f + 1}  // g`,h=/i  \\/[/ ] j/.exec(k);"
    )
    assert lean_script("a + +b - -c\nreturn d in e") == "a+ +b- -c\nreturn d in e"
