"""A person's text shows as it was typed and means nothing else."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rendering.problems import mazur
from tracer.rendering import escaping
from tracer.rendering.page import render

NASTY = [
    "*b* _i_ **bb** `code`",
    "[a](http://x) ![i](y)",
    "<script>alert(1)</script> &amp;",
    "$x$ $$y$$ $`z`$ \\(q\\)",
    "a | b # c ~~d~~",
    "\\input{/etc/passwd} \\write18 {} % ^ & ~",
    "<< page >> <% raw %> <# c #> {{ x }}",
]


@pytest.mark.parametrize("text", NASTY)
def test_markdown_text_has_no_bare_mark(text: str) -> None:
    """Every mark that Markdown would act on stands behind a backslash."""
    bare = re.sub(r"\\[\\`*_\[\]<>$|#~&(){}!.+%=@^-]", "", escaping.markdown(text))
    assert not re.search(r"[\\`*_\[\]<>$|#~&]", bare)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("%%gone%% 50 %", "\\%%gone\\%% 50 %"),
        ("==lit== a = b", "\\==lit\\== a = b"),
        ("{{7}} {% x %} {a}", "\\{{7}} \\{% x %} {a}"),
        ("@smith, a@b", "\\@smith, a@b"),
        ("x^up^ x^2", "x\\^up^ x^2"),
    ],
)
def test_marks_of_single_readers_are_escaped(text: str, escaped: str) -> None:
    """Comments and marks of Obsidian, what Quarto and MyST put in, cite or raise: only those."""
    assert escaping.markdown(text) == escaped


@pytest.mark.parametrize("text", NASTY)
def test_latex_text_has_no_bare_command(text: str) -> None:
    """Only the commands that stand for a character are left."""
    found = escaping.latex(text)
    commands = set(re.findall(r"\\([A-Za-z]+)", found))
    assert commands <= {
        "textbackslash",
        "textasciicircum",
        "textasciitilde",
        "textless",
        "textgreater",
        "textbar",
        "trquotedbl",
    }
    assert not re.search(r"(?<!\\)[$&#_%]", found)


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_title_stays_a_title(text: str) -> None:
    """The title of a page is one line, in every format, whatever it says."""
    for options in ({"flavor": "github"}, {"flavor": "ascii"}, {"to": "latex"}):
        page = str(render(mazur(name=f"{text}\n\n# second"), **options))
        assert "\n# second" not in page
        assert "<script>" not in page
        assert html.unescape("&lt;script") not in page.replace("\\<", "")


def test_invisible_characters_are_dropped() -> None:
    """Control and direction marks do not reach a page."""
    assert escaping.one_line("a\u202eb\x1b[31mc\u200b") == "ab[31mc"


def test_letters_without_an_ascii_form_are_named() -> None:
    """LaTeX source stays ASCII for any script."""
    assert escaping.latex("学") == r"\trunicode{5B66}"


def heading_of(text: str) -> str:
    """What a reader of Markdown shows of a heading; tags stay."""
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    reader = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    shown = reader.render(f"# {text}")
    match = re.fullmatch(r"<h1>(.*)</h1>\n", shown)
    assert match, shown
    return html.unescape(match[1])


@pytest.mark.parametrize("text", NASTY)
def test_plain_text_shows_what_was_typed(text: str) -> None:
    """The flavors that are read as they stand mean nothing else to a reader of Markdown."""
    assert heading_of(escaping.plain_markdown(text)) == text


@given(st.text("ab1 *_`[]()<>!#~&;\\|$^.-", max_size=24))
def test_any_plain_text_shows_what_was_typed(text: str) -> None:
    """The same for any string of marks."""
    assert heading_of(escaping.plain_markdown(f"a {text} b")) == escaping.one_line(f"a {text} b")


@pytest.mark.parametrize("flavor", ["plain", "ascii"])
def test_what_does_not_act_stands_without_a_backslash(flavor: str) -> None:
    """Names of files, sums of money and remarks in brackets are read as they were typed."""
    title = "my_first_net [2-2-1] #3 & 50 % for $5: a * b"
    assert str(render(mazur(name=title), flavor=flavor)).startswith(f"# {title}\n")
