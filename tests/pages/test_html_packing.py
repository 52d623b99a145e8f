"""What makes a page of HTML light leaves everything as it is: marks, formulas, strings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.honesty.pages import parts_of
from tests.honesty.webpage import tree_of
from tests.pages.examples import CATALOGUE, TWO, traced
from tests.pages.test_html_browser import browse, job
from tracer.rendering import page as pages
from tracer.rendering.html import packing
from tracer.rendering.html.leaning import lean_script, lean_style
from tracer.rendering.html.marking import RESERVED, marks_of
from tracer.rendering.html.packing import packed
from tracer.rendering.html.shortening import short_names

PATHS = [*TWO, *(path for path in CATALOGUE if path.stem in ("attention", "adam", "lstm"))]
MARKED = (
    "[...document.querySelectorAll('[data-k], [data-v]')].filter(e => !e.closest('#card'))"
    ".map(e => [e.textContent, e.dataset.k || '', e.dataset.v || ''].join(' '))"
)

BODY = "document.body.innerHTML.replace(/\\s+/g, ' ').replace(/ (?=<)|(?<=>) /g, '')"


def both(path: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> tuple[str, str]:
    """The page of an example as its template gives it, and as it is."""
    with monkeypatch.context() as patch:
        patch.setattr(packing, "packed", str)
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


def test_a_browser_brings_the_ends_that_are_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With and without the ends that HTML does not need, Chromium builds the same page."""
    jobs = []
    for path in PATHS:
        for kind in ("short", "long"):
            with monkeypatch.context() as patch:
                if kind == "long":
                    patch.setattr(packing, "_left_open", str)
                page = str(pages.render(traced(path), to="html", form="both", detail="full"))
            file = tmp_path / f"{path.stem}-{kind}.html"
            file.write_text(page.rpartition("<script>")[0], encoding="utf-8")
            jobs.append(job(str(file), ("ask", BODY)))
    given = [answers[0] for answers in browse(jobs)]

    assert min(map(len, given)) > 50_000
    assert given[0::2] == given[1::2]


def test_of_two_ends_of_one_name_both_stay() -> None:
    """An end brings with it what is inside, but only as far as the nearest of its own name."""
    inner = "<mrow><mn>1</mn><mo>(</mo></mrow>"
    outer = f'<mrow data-k="a"><msup><mi>a</mi>{inner}</msup></mrow>'
    assert packed(f"<body><math>{outer}<mn>2</mn></math>") == (
        "<body><math><mrow data-k=a><msup><mi>a</mi><mrow><mn>1</mn><mo>(</mrow></mrow><mn>2</math>"
    )


def test_short_names_are_only_those_of_the_script_itself() -> None:
    """Properties, strings, patterns and what others named stay as they are."""
    assert short_names("const one=two.one,three=one;three.call(four)") == (
        "const one=two.one,a=one;a.call(four)"
    )
    assert short_names("let word='word',other=/other/g;`${other} other`") == (
        "let b='word',a=/other/g;`${a} other`"
    )
    assert short_names("function sum({first,second},[third]){return first+third}") == (
        "function b({first,second},[a]){return first+a}"
    )
    assert short_names("for(const each of all)each.go(a)") == "for(const b of all)b.go(a)"


def test_no_quantity_takes_the_id_of_a_part_of_the_page() -> None:
    """Ids of the page's own elements are not given to quantities of the same name."""
    page = str(pages.render(traced(TWO[0]), to="html"))
    ids = {one.attributes["id"] for one in tree_of(page).all() if "id" in one.attributes}
    lines = {o.attributes["id"] for o in tree_of(page).all("p") if "id" in o.attributes}
    assert ids - lines | {"live"} == set(RESERVED)
    assert marks_of(["score", "steps[1]"]) == {"score": "score-b", "steps[1]": "steps-1"}


def test_strings_of_styles_and_scripts_are_not_touched() -> None:
    """Spaces, slashes and braces in strings, templates and patterns are the author's."""
    assert lean_style('a::before { content: "/* b */ ; c" }') == 'a::before{content:"/* b */ ; c"}'
    assert lean_style("a { b: calc(1px + 2px) !important }") == "a{b:calc(1px + 2px)!important}"
    script = "const a = 'b // c', d = `e  ${f + 1}  // g`, h = /i  \\/[/ ] j/.exec(k); // l"
    assert lean_script(script) == (
        "const a='b // c',d=`e  ${f + 1}  // g`,h=/i  \\/[/ ] j/.exec(k);"
    )
    assert lean_script("a + +b - -c\nreturn d in e") == "a+ +b- -c\nreturn d in e"
