"""Pages of HTML in a real browser: what readers do with them, on each kind of screen."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.pages.examples import CATALOGUE, FOLDER, TWO, traced
from tests.pages.node import asked, modules
from tracer.rendering.page import render

NOW = "[...document.querySelectorAll('#steps details>div')].findIndex(s => s.matches('.now'))"
OPEN = "[...document.querySelectorAll('#steps details')].map(d => d.open)"
PHONE = (375, 760)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Pages of the examples, as files."""
    folder = tmp_path_factory.mktemp("pages")
    wanted: dict[str, tuple[Path, dict[str, Any]]] = {
        "mazur": (TWO[0], {}),
        "full": (TWO[0], {"form": "both", "detail": "full", "notation": "nielsen"}),
        "comma": (TWO[0], {"comma": True}),
        "batch": (TWO[1], {}),
        **{path.stem: (path, {}) for path in CATALOGUE if path.stem in ("attention", "adam")},
    }
    files = {}
    for name, (path, options) in wanted.items():
        file = folder / f"{name}.html"
        file.write_text(str(render(traced(path), to="html", **options)), encoding="utf-8")
        files[name] = str(file)
    return files


def browse(jobs: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """What the acts of each job gave; the console is silent, and nothing is fetched."""
    found = modules("playwright-core", "axe-core")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    answers = asked("browsing.js", [str(found), chromium, list(jobs)], timeout=240)
    for answer in answers:
        assert answer["said"] == []
        assert answer["asked"] == []
    return [answer["given"] for answer in answers]


def job(page: str, *acts: Sequence[Any], **more: Any) -> dict[str, Any]:
    """A page to be opened, and what to do with it."""
    return {"page": page, "acts": [list(act) for act in acts], **more}


def test_stepping_with_keys_buttons_and_slider(pages: dict[str, str]) -> None:
    """Arrow keys, the buttons and the slider move the same step; sections open and fold."""
    (given,) = browse([
        job(pages["mazur"], ("ask", NOW), ("press", "ArrowRight"), ("press", "ArrowRight"),
            ("ask", NOW), ("ask", OPEN), ("press", "ArrowLeft"), ("ask", NOW),
            ("click", "#forward"), ("ask", NOW), ("slide", 9), ("ask", NOW),
            ("ask", "document.querySelector('nav').className"), ("ask", "live.textContent"),
            ("ask", "document.querySelector('#steps details .results').textContent"),
            ("slide", 99), ("ask", "document.getElementById('forward').disabled")),
    ])  # fmt: skip

    first, second = given[3], given[6]
    assert (given[0], first, second, given[8], given[10]) == (0, 2, 1, 2, 8)
    opened = given[4]
    assert opened.count(True) == 1
    assert opened[1]
    assert given[11] == "backward"
    assert given[12] == "Step 9 of 23: Errors of the output layer"
    assert "0.593269992" in given[13]
    assert given[15] is True


def test_home_end_and_the_direction_of_arrows(pages: dict[str, str]) -> None:
    """Home and End go to the first and the last step; going backward turns the arrows round."""
    heads = (
        "['markerStart', 'markerEnd'].map(end => getComputedStyle("
        "document.querySelector('svg .edge.on'))[end])"
    )
    (given,) = browse([
        job(pages["mazur"], ("press", "End"), ("ask", NOW), ("press", "Home"), ("ask", NOW),
            ("ask", heads), ("slide", 11), ("ask", heads), ("click", "#all"), ("press", "End"),
            ("ask", NOW)),
    ])  # fmt: skip

    assert (given[1], given[3], given[9]) == (22, 0, 22)
    assert given[4] == ["none", 'url("#lit")']
    assert given[6] == ['url("#turned")', 'url("#stub")']


def test_the_drawing_is_whole_on_a_screen(pages: dict[str, str]) -> None:
    """At 1280 by 800 the drawing of 2-2-2 is not cut off; on a phone it is not too small."""
    room = (
        "(f => [f.scrollHeight - f.clientHeight, f.scrollWidth - f.clientWidth,"
        " document.querySelector('svg').getBoundingClientRect().width])"
        "(document.querySelector('figure'))"
    )
    sign = "getComputedStyle(document.querySelector('summary'), '::before').position"
    screen, phone = browse([
        job(pages["mazur"], ("ask", room), size=(1280, 800)),
        job(pages["mazur"], ("ask", room), ("ask", sign), size=(390, 844)),
    ])  # fmt: skip

    assert screen[0][:2] == [0, 0]
    assert phone[0][2] > 700
    assert phone[1] == "absolute"  # so that no heading leaves it alone on a line


def test_deep_links(pages: dict[str, str]) -> None:
    """A link to a line, in the page's spelling or as a key, opens its step; so does a new hash."""
    at = "[document.querySelector('.now p[id]').id, location.hash]"
    seen = (
        "(e => e.top > 0 && e.bottom < innerHeight)"
        "(document.getElementById('w2-1-1-u1').getBoundingClientRect())"
    )
    by_id, by_key = browse([
        job(pages["mazur"], ("ask", at), ("go", "#delta1[2]"), ("wait", 50), ("ask", at),
            query="#a1-2"),
        job(pages["mazur"], ("ask", at), ("ask", seen), query="#w2[1,1]@1"),
    ])  # fmt: skip

    assert by_id == [["a1-1", "#a1-2"], None, None, ["delta1-1", "#delta1-2"]]
    assert by_key == [["w2-1-1-u1", "#w2-1-1-u1"], True]


def test_hovering_and_focusing_a_number(pages: dict[str, str]) -> None:
    """It lights up wherever it stands, and a card says which line and phase it came from."""
    lit = (
        "[document.querySelectorAll('.same[data-v=a1-1]').length,"
        " document.querySelectorAll('.same:not([data-v=a1-1],[data-k=a1-1],#card *)').length,"
        " card.hidden, card.innerText]"
    )
    number = "#z2-1 [data-v=a1-1]"
    hovered, focused, followed = browse([
        job(pages["mazur"], ("hover", number), ("ask", lit), ("hover", "h1"), ("wait", 300),
            ("ask", lit), query="#z2-1"),
        job(pages["mazur"], ("focus", "#z2-1 [tabindex='0']"), ("press", "ArrowDown"),
            ("ask", "[document.activeElement.dataset.v, card.innerText, live.textContent]"),
            ("press", "Escape"), ("ask", "card.hidden"), query="#z2-1"),
        job(pages["mazur"], ("hover", number), ("click", "#card a"),
            ("ask", "document.querySelector('.now p[id]').id"), query="#z2-1"),
    ])  # fmt: skip

    many, others, hidden, card = hovered[1]
    assert many > 5
    assert (others, hidden) == (0, False)
    assert card.startswith("Forward pass · Hidden layer")
    assert "0.593269992" in card
    assert hovered[4][:3] == [0, 0, True]
    key, card, words = focused[2]
    assert key == "a1-1"
    assert "0.593269992" in card
    assert words.startswith("Forward pass, Hidden layer: out h1 equals σ of open bracket net h1")
    assert focused[4] is True
    assert followed[2] == "a1-1"


def test_the_drawing_follows_the_steps(pages: dict[str, str]) -> None:
    """What is not worked out yet is not there; the step's own numbers and cards are lit."""
    look = (
        "['hot', 'later'].map(word => [...document.querySelectorAll(`svg text.${word}[data-v]`)]"
        ".map(e => e.dataset.v))"
    )
    (given,) = browse([job(pages["mazur"], ("ask", look), ("slide", 9), ("ask", look))])

    hot, later = given[0]
    assert hot == ["z1-1", "z1-2"]
    assert {"a1-1", "delta2-1", "w1-1-1-u1"} <= set(later)
    hot, later = given[2]
    assert hot == ["delta2-1", "delta2-2"]
    assert "a1-1" not in later
    assert "delta1-1" in later


BRANCHES = """
inputs: [0.6, -0.8]
targets: [1]
layers:
  - {name: entry, activation: tanh, weights: [[0.3, 0.2], [-0.4, 0.1]], biases: [0.1, 0]}
  - {name: mid, activation: relu, weights: [[0.7, -0.5], [0.2, 0.9]], biases: [0.05, 0.3]}
  - {name: skip, type: residual, from: entry}
  - {name: side, from: entry, activation: sigmoid, weights: [[0.5, 0.4], [-0.6, 0.3]], biases: 0}
  - {name: both, from: [skip, side], combine: add, weights: [[0.8, -0.3], [0.1, 0.2]], biases: 0}
  - {name: out, activation: sigmoid, weights: [[1.1, -0.7]], biases: [0.2]}
loss: binary_cross_entropy
optimizer: {gradient_descent: {rate: 0.5}}
"""


def test_a_drawing_of_names_alone_follows_every_step(tmp_path: Path) -> None:
    """Each step that works a number out lights the card of its array, its gradient's as well."""
    (tmp_path / "branches.yaml").write_text(BRANCHES, encoding="utf-8")
    page = tmp_path / "branches.html"
    page.write_text(str(render(traced(tmp_path / "branches.yaml"), to="html")), encoding="utf-8")
    dark = (
        "[...document.querySelectorAll('#steps details>div')].filter((step, place) => {"
        "const slider = document.getElementById('slider'); slider.value = place + 1;"
        "slider.dispatchEvent(new Event('input'));"
        "return step.querySelector('p[id]') && !document.querySelector('#drawing rect.hot')"
        "}).map(step => step.textContent.slice(0, 60))"
    )
    lit = "[...document.querySelectorAll('#drawing rect.hot')].map(e => e.dataset.a.split(' ')[0])"

    def at(key: str) -> list[tuple[str, str | int]]:
        return [("go", key), ("wait", 50), ("ask", lit)]

    acts = [("ask", dark), *at("a4[1]"), *at("delta4[1]"), *at("dw4[1,2]"), *at("w4[1,2]@1")]
    (given,) = browse([job(str(page), *acts)])

    assert given[0] == []
    assert given[3] == ["a4-1"]
    assert given[6] == ["delta4-1"]  # of the card of z4
    assert given[9] == ["dw4-1-1"]  # of the card of W4
    assert given[12] == ["dw4-1-1", "b4"]  # which are updated in one step


def test_the_drawing_shows_the_sample_that_is_asked(pages: dict[str, str]) -> None:
    """A batch's drawing holds the numbers of every sample: those of the number that is pointed
    at are seen, with the caption of that sample, and no number lies on another."""
    seen = """[...document.querySelectorAll('#drawing text')]
        .filter(t => t.getClientRects().length && getComputedStyle(t).opacity > 0)"""
    given = browse([
        job(
            pages["batch"],
            ("go", "z2[1]#3"),
            ("hover", f"#z2-1-s{sample} b [data-v]"),
            ("ask", f"{seen}.map(t => t.textContent)"),
            ("ask", f"document.querySelector('#z2-1-s{sample} b').textContent.slice(2)"),
            ("ask", f"""(() => {{ const boxes = {seen}.map(t => t.getBoundingClientRect());
                return boxes.filter((a, i) => boxes.some((b, j) => i < j && a.left < b.right - 2
                    && b.left < a.right - 2 && a.top < b.bottom - 4 && b.top < a.bottom - 4)).length
            }})()"""),
        )
        for sample in (1, 3)
    ])  # fmt: skip
    first, third = given

    for number, (*_, texts, value, overlaps) in ((1, first), (3, third)):
        assert value in texts
        assert f"sample {number} of 4" in texts
        assert overlaps == 0
    assert first[-2] not in third[-3]


def test_a_gradient_lights_its_connection(pages: dict[str, str]) -> None:
    """The step of the weights' gradients lights their edges, and no card of another layer."""
    lit = "[...document.querySelectorAll('#drawing .edge.hot')].map(e => e.dataset.k).sort()"
    (given,) = browse([job(pages["mazur"], ("go", "dw2-1-1"), ("wait", 100), ("ask", lit))])

    assert given[-1] == ["w2-1-1", "w2-1-2", "w2-2-1", "w2-2-2"]


def test_no_arrow_waits_for_its_number(pages: dict[str, str]) -> None:
    """Where the new value is not worked out yet, neither is the arrow before it seen."""
    arrows = """[...document.querySelectorAll('#drawing text')]
        .filter(t => t.textContent === '→').map(t => getComputedStyle(t).opacity)"""
    acts = ("ask", arrows), ("press", "End"), ("ask", arrows)
    (given,) = browse([job(pages["batch"], ("wait", 1), *acts)])

    assert set(given[1]) == {"0"}
    assert set(given[3]) == {"1"}


def test_a_lit_name_is_not_struck_through(pages: dict[str, str]) -> None:
    """A line under raised and lowered letters would cross them, and one under a weight its
    connection; numbers of cards alone have one."""
    lines = (
        "['.on:is(.small, :has([dy]))', '.on:not(.small, :has([dy]))'].map(kind => [...new Set(["
        "...document.querySelectorAll(`#drawing text${kind}`)]"
        ".map(e => getComputedStyle(e).textDecorationLine))])"
    )
    (given,) = browse([job(pages["full"], ("go", "z1[1]"), ("wait", 50), ("ask", lines))])
    assert given[2] == [["none"], ["underline"]]


def test_what_folded_sections_gave_is_whole(tmp_path: Path) -> None:
    """No name and no number beside a folded heading is cut, and none lies on another."""
    page = tmp_path / "norm.html"
    path = FOLDER / "layers" / "batch-norm.yaml"
    page.write_text(str(render(traced(path), to="html")), encoding="utf-8")
    cut = (
        "[...document.querySelectorAll('.results')].filter(box => {"
        "const room = box.closest('summary').getBoundingClientRect();"
        "const parts = [...box.querySelectorAll('*')].filter(e => e.clientWidth);"
        "const ends = [...box.children].map(e => e.getBoundingClientRect());"
        "return parts.some(e => e.scrollWidth > e.clientWidth + 1)"
        " || ends.some(e => e.left < room.left || e.right > room.right + 1)"
        " || ends.some((e, n) => n && e.left < ends[n - 1].right && e.top < ends[n - 1].bottom)"
        "}).map(box => box.textContent)"
    )
    count = "document.querySelectorAll('.done .results').length"
    sizes = [(320, 700), (700, 700), (1280, 800)]
    jobs = [job(str(page), ("press", "End"), ("ask", cut), ("ask", count), size=s) for s in sizes]
    for _, found, folded in browse(jobs):
        assert folded > 4
        assert found == []


def test_practice_mode(pages: dict[str, str]) -> None:
    """Blanks are judged with a reason; what is not known is nowhere to be read, then everywhere."""
    known = (
        "[...document.querySelectorAll('[data-v=a1-1]')]"
        ".filter(e => e.textContent.includes('0.5932')).length"
    )
    blank, verdict = "#a1-1 input", "document.querySelector('#a1-1 .verdict').textContent"
    tries = [("0.5932700", "Right."), ("-0.593", "Check the sign."), ("5.93", "Check the power"),
             ("0.61", "Not right yet."), ("abc", "This is no number."), ("1", "Too few digits"),
             ("0,593", "Right.")]  # fmt: skip
    acts: list[tuple[Any, ...]] = [("ask", known)]
    told = "[...document.querySelector('svg').getAttribute('aria-labelledby').split(' ')].length"
    for text, _ in tries[1:]:
        acts += [("fill", blank, text), ("ask", verdict)]
    acts += [("ask", known), ("ask", "document.getElementById('score').textContent"),
             ("ask", "getComputedStyle(document.querySelector('#a1-2  b')).display"),
             ("click", "#a1-2 button"),
             ("ask", "getComputedStyle(document.querySelector('#a1-2  b')).display"),
             ("ask", told), ("click", "#practice"), ("ask", told),
             ("ask", "document.querySelectorAll('.unknown').length")]  # fmt: skip
    (given,) = browse([job(pages["mazur"], *acts, query="?practice#a1-1")])

    assert given[0] == 0
    for place, (_, word) in enumerate(tries[1:]):
        assert given[2 + 2 * place].startswith(word)
    rest = given[1 + 2 * len(tries[1:]) :]
    assert rest[0] > 5
    assert rest[1] == "1 of 50 filled in"
    assert (rest[2], rest[4]) == ("none", "block")
    assert rest[5:] == [1, None, 2, 0]


def test_enter_goes_on_to_the_next_blank(pages: dict[str, str]) -> None:
    """A right answer and Enter: the next line's blank has the focus, in its own step."""
    (given,) = browse([
        job(pages["mazur"], ("focus", "#z1-2 input"), ("press", "0"), ("press", "."),
            ("press", "3"), ("press", "9"), ("press", "2"), ("press", "5"), ("press", "Enter"),
            ("ask", "[document.activeElement.closest('p[id]').id,"
                    " document.querySelector('.now p[id]').id]"),
            query="?practice"),
    ])  # fmt: skip
    assert given[-1] == ["a1-1", "a1-1"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(pages: dict[str, str], scheme: str) -> None:
    """No violation: as opened, in the middle, in practice mode, on a phone, all unfolded."""
    jobs = [
        job(pages["mazur"], ("axe",), ("slide", 12), ("axe",), scheme=scheme),
        job(pages["mazur"], ("fill", "#z1-1 input", "1"), ("axe",), query="?practice",
            scheme=scheme),
        job(pages["batch"], ("axe",), size=PHONE, scheme=scheme),
        job(pages["full"], ("click", "#all"), ("hover", "#z2-1 [data-v=a1-1]"), ("axe",),
            scheme=scheme),
        job(pages["attention"], ("slide", 5), ("axe",), size=PHONE, scheme=scheme),
    ]  # fmt: skip
    found = [given for one in browse(jobs) for given in one if isinstance(given, list)]

    assert len(found) == 6
    assert found == [[]] * 6


def test_an_exercise_needs_no_script(tmp_path: Path) -> None:
    """A sheet with blanks has neither script nor controls; axe finds nothing, also on a phone."""
    file = tmp_path / "sheet.html"
    file.write_text(str(render(traced(TWO[1]), to="html", exercise=True)), encoding="utf-8")
    look = "[document.scripts.length, document.querySelectorAll('nav, input').length]"
    wide = "document.documentElement.scrollWidth <= innerWidth"
    (given,) = browse([job(str(file), ("ask", look), ("ask", wide), ("axe",), size=PHONE)])

    assert given == [[0, 0], True, []]


def test_a_phone_never_scrolls_sideways(pages: dict[str, str]) -> None:
    """At 375 pixels everything unfolded stays inside, and what is wider scrolls in its box."""
    width = (
        "[document.documentElement.scrollWidth, [...document.querySelectorAll('body *')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'auto'"
        " && e.tabIndex < 0 && e.checkVisibility()).length]"
    )
    answers = browse([
        job(page, ("click", "#all"), ("ask", width), size=PHONE, scheme="light")
        for page in pages.values()
    ])  # fmt: skip
    assert [given[1] for given in answers] == [[375, 0]] * len(answers)


def test_printing_unfolds_everything(pages: dict[str, str], tmp_path: Path) -> None:
    """On paper all sections are open and the controls are gone; afterwards all is as before."""
    file = str(tmp_path / "page.pdf")
    shown = "['nav', '.options'].map(q => getComputedStyle(document.querySelector(q)).display)"
    (given,) = browse([
        job(pages["mazur"], ("ask", OPEN), ("print", file), ("ask", OPEN), ("media", "print"),
            ("ask", shown)),
    ])  # fmt: skip

    assert given[1] > 50_000
    assert given[0] == given[2]
    assert given[4] == ["none", "none"]
    if shutil.which("pdftotext"):
        import subprocess

        text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
        assert "The parameters at a glance" in text.stdout
        assert "0.291027773" in text.stdout


def test_without_a_script_everything_can_be_read(pages: dict[str, str]) -> None:
    """Where scripts do not run, all sections are open and no control stands idle."""
    answers = asked(
        "browsing.js",
        [str(modules("playwright-core", "axe-core")), shutil.which("chromium"), [
            job(pages["mazur"], ("hover", "#dw1-2-2 b"), ("hover", "h1"), script=False)]],
    )  # fmt: skip
    assert answers[0]["said"] == []


def test_the_large_network_steps_smoothly(tmp_path: Path) -> None:
    """A step through a network of over 300 quantities is there within three frames, 50 ms.

    Counted is the work of the page's own thread, drawing included, the better of two rounds,
    whatever else the machine is doing.  ``python -m tests.pages.large`` prints the figures,
    also of 2,000 quantities.
    """
    from tests.pages.large import large

    file = tmp_path / "large.html"
    file.write_text(str(render(large(), to="html")), encoding="utf-8")
    lines = "document.querySelectorAll('#steps p[id]').length"
    (given,) = browse([job(str(file), ("ask", lines), ("work", 34))])

    assert given[0] > 300
    assert given[1][-1] < 50
