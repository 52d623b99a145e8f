"""Templates: found in the user's folder first, strict about names, and in a sandbox."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.rendering.problems import convolution, mazur
from tracer.errors import TracerError
from tracer.rendering.page import render
from tracer.rendering.templating import packaged_folder


def write(folder: Path, name: str, text: str) -> str:
    """A user's template; its folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(folder)


def test_users_template_replaces_the_packaged_one(tmp_path: Path) -> None:
    """A whole page of one's own."""
    own = write(tmp_path, "markdown/page.md", "own: << page.title >>")
    assert str(render(mazur(), templates=own)) == "own: Mazur 2-2-2\n"


def test_users_template_can_replace_one_block(tmp_path: Path) -> None:
    """Building on the packaged page, only the title is another."""
    own = write(
        tmp_path,
        "markdown/page.md",
        '<% extends "packaged/markdown/page.md" %>\n'
        "<% block title %># Homework: << page.title >>\n\n<% endblock %>",
    )
    text, plain = str(render(mazur(), templates=own)), str(render(mazur()))
    assert text.startswith("# Homework: Mazur 2-2-2\n")
    assert text.partition("\n")[2].strip() == plain.partition("\n")[2].strip()


def test_users_prose_replaces_single_sentences(tmp_path: Path) -> None:
    """A sentence of one's own; the others stay."""
    own = write(tmp_path, "prose/en.yaml", 'why:\n  preactivation: "Add it all up: `w*x + b`."\n')
    text = str(render(mazur(), templates=own))
    assert r"Add it all up: $`w\,x + b`$." in text
    assert "slope of the loss" in text


@pytest.mark.parametrize(
    "attack",
    [
        "<< nothing >>",
        "<< page.nothing >>",
        "<< page.__class__.__mro__ >>",
        "<< ''.__class__.__base__.__subclasses__() >>",
        "<< page.title.format.__globals__ >>",
        "<< page.parts[0].sections[0].__init__.__globals__ >>",
        "<% set x = page.facts.update({'a': 'b'}) %>",
        "<< page.title.nothing() >>",
        "<< '{:1000000000}'.format(1) >>",
        "<< '{0.__class__}'.format_map([page]) >>",
        "<< lipsum(n=1000000000) >>",
    ],
)
def test_unknown_names_and_attacks_are_errors(attack: str, tmp_path: Path) -> None:
    """Nothing is printed for what is not there, and nothing of Python can be reached."""
    own = write(tmp_path, "markdown/page.md", attack)
    with pytest.raises(TracerError, match="template"):
        render(mazur(), templates=own)


def test_what_changes_from_page_to_page_is_not_there(tmp_path: Path) -> None:
    """The same problem gives the same page, whatever the template."""
    own = write(tmp_path, "markdown/page.md", "<< [1, 2, 3] | random >>")
    with pytest.raises(TracerError, match="No filter named 'random'"):
        render(mazur(), templates=own)


def test_texts_are_put_together_by_filters(tmp_path: Path) -> None:
    """What has no width is formatted as everywhere in Jinja."""
    own = write(tmp_path, "markdown/page.md", "<< '%s: %05.2f' | format('a', 1.5) >> << 17 % 5 >>")
    assert str(render(mazur(), templates=own)) == "a: 01.50 2\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("why: {delta: '{0}'}", "'why.delta' puts in {0}, which is not known there"),
        ("why: {dleta: x}", "there is no sentence 'why.dleta'; did you mean 'why.delta'?"),
        ("why: &a {delta: x}", "1:6: anchors (&) and aliases (*) are not read here"),
        ("why: x", "'why' is no group of sentences"),
        ("[]", "a file of sentences is a list of words"),
    ],
)
def test_sentences_of_ones_own_that_are_none(text: str, told: str, tmp_path: Path) -> None:
    """Told with the file and the nearest right name."""
    own = write(tmp_path, "prose/en.yaml", text)
    with pytest.raises(TracerError) as caught:
        render(mazur(), templates=own)
    assert "en.yaml" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "endless",
    [
        "<< 'x' * 10**8 >>",
        "<< 'x' * 10000000 >>",
        "<< 9**9**9 >>",
        "<% for i in range(1000000000) %>x<% endfor %>",
        "<< '%1000000000d' % 1 >>",
        "<< '%*d' % (1000000000, 1) >>",
        "<< '%.1000000000f' | format(1) >>",
        "<< 'x' | center(1000000000) >>",
        "<< 'x' | indent(1000000000) >>",
        "<< 'x'.ljust(1000000000) >>",
        "<< [1] | batch(1000000000, 'x') | list >>",
        '<% extends "markdown/page.md" %>',
        '<% include "markdown/page.md" %>',
        "<< " + "(" * 20_000 + "1" + ")" * 20_000 + " >>",
    ],
    ids=lambda text: text[:24],
)
def test_a_template_without_an_end_is_an_error(endless: str, tmp_path: Path) -> None:
    """Huge texts and numbers, a template within itself, a nesting of brackets: told at once."""
    own = write(tmp_path, "markdown/page.md", endless)
    with pytest.raises(TracerError, match=r"template markdown/page\.md: "):
        render(mazur(), templates=own)


def test_template_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A slip in a template names the template and its line."""
    own = write(tmp_path, "markdown/page.md", "\n\n<% if %>")
    with pytest.raises(TracerError, match=r"page\.md:3"):
        render(mazur(), templates=own)


def test_packaged_templates_are_there() -> None:
    """The folder that the loader found has every format and the style."""
    style = packaged_folder() / "latex" / "tracer.sty"
    assert "ProvidesPackage{tracer}" in style.read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("options", ["", "stacked", "wide,comma", "nonumbers,notikz"])
def test_latex_compiles_twice_in_one_document(options: str, tmp_path: Path) -> None:
    """Two fragments with prefixes: no error, no clash of labels, nothing in the margin."""
    shutil.copy(packaged_folder() / "latex" / "tracer.sty", tmp_path)
    for name, found in (("one", mazur()), ("two", convolution())):
        text = str(render(found, to="latex", prefix=f"{name}-", detail="full", form="both"))
        (tmp_path / f"{name}.tex").write_text(text, encoding="ascii")
    seen = "" if "nonumbers" in options else r"See \treqref{L}."
    (tmp_path / "both.tex").write_text(
        rf"\documentclass{{article}}\usepackage[{options}]{{tracer}}\begin{{document}}"
        rf"\input{{one}}\input{{two}}{seen}\end{{document}}",
        encoding="ascii",
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "both.tex"]
    for _ in range(2):
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    log = (tmp_path / "both.log").read_text(encoding="latin-1")
    assert run.returncode == 0, log[-2000:]
    assert "multiply defined" not in log
    assert "undefined references" not in log
    if "wide" not in options:
        assert "Overfull" not in log


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '<% extends "packaged/markdown/page.md" %>\n<% block titel %>x<% endblock %>',
            r"page\.md:2: 'packaged/markdown/page\.md' has no block 'titel'; did you mean 'title'",
        ),
        (
            '<% extends "packaged/markdown/page.md" %>\n\n<% block title %>\n<< page.titel >>'
            "<% endblock %>",
            r"template markdown/page\.md:4: there is no 'titel' in 'content'; did you mean 'title'",
        ),
        (
            '<% extends "packaged/markdown/pag.md" %>',
            r"there is no template 'packaged/markdown/pag\.md'; did you mean '.*/page\.md'",
        ),
    ],
    ids=["block", "field", "template"],
)
def test_misspelt_names_are_told_with_the_nearest(text: str, told: str, tmp_path: Path) -> None:
    """A block that is nowhere printed, a fact or a template that is not there: with its line."""
    own = write(tmp_path, "markdown/page.md", text)
    with pytest.raises(TracerError, match=told):
        render(mazur(), templates=own)


def test_blocks_inside_an_overridden_block_are_ones_own(tmp_path: Path) -> None:
    """New blocks may stand inside those that are there, and in templates to build on."""
    text = (
        '<% extends "packaged/markdown/page.md" %><% block title %>'
        "<% block mine %>own<% endblock %><% endblock %>"
    )
    write(tmp_path, "markdown/base.md", text)
    own = write(
        tmp_path,
        "markdown/page.md",
        '<% extends "markdown/base.md" %><% block mine %>second<% endblock %>',
    )
    assert str(render(mazur(), templates=own)).startswith("second")


def test_a_folder_that_changes_nothing_is_refused(tmp_path: Path) -> None:
    """A template that lies one folder too high is told with its right place."""
    own = write(tmp_path, "page.md", "x")
    with pytest.raises(TracerError, match=r"its page\.md would be found as markdown/page\.md"):
        render(mazur(), templates=own)
    with pytest.raises(TracerError, match="no file in it has the name of a template of tracer"):
        render(mazur(), templates=write(tmp_path / "empty", "notes.txt", "x"))
