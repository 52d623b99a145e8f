"""Formulas and drawings in words, in German and Spanish: no English is left in them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests.pages.examples import FOLDER, name_of, traced
from tests.rendering.problems import mazur
from tracer.cli.group import cli
from tracer.formula.parsing import parse
from tracer.notation.name import Name
from tracer.rendering.diagram import diagram, draw
from tracer.rendering.page import render
from tracer.rendering.printers.spoken import voice_of
from tracer.rendering.templating import packaged_folder

EXAMPLES = [
    FOLDER / "mazur.yaml",
    *(FOLDER / "layers" / f"{name}.yaml" for name in ("lstm", "convolutional")),
    *(FOLDER / "catalogue" / f"{name}.yaml" for name in ("attention", "transformer-block")),
]
"""Units, time steps, windows, arrays, and all kinds of functions."""
NAMES = {
    "w": Name("w", sub="12", sup="(2)"),
    "x": Name("x", sub="1"),
    "d": Name("L", before="partial", over=Name("w", before="partial", sub="3")),
    "n": Name("w", mark="new"),
    "D": Name("delta", sub="h1", sample="(2)"),
}


@pytest.mark.parametrize(
    ("formula", "german", "spanish"),
    [
        (
            "w*x + 1/2",
            "w eins zwei der Schicht zwei mal x eins plus 1 durch 2",
            "w uno dos de la capa dos por x uno más 1 entre 2",
        ),
        (
            "(x - n)**2",
            "Klammer auf x eins minus w neu Klammer zu zum Quadrat",
            "abre paréntesis x uno menos w nuevo cierra paréntesis al cuadrado",
        ),
        (
            "-exp(-x)*d",
            "minus die Exponentialfunktion von Klammer auf minus x eins Klammer zu mal "
            "partiell L nach partiell w drei",
            "menos la exponencial de abre paréntesis menos x uno cierra paréntesis por "
            "parcial de L respecto a parcial de w tres",
        ),
        (
            "maximum(x, D)",
            "das Maximum von Klammer auf x eins und Delta h eins des Beispiels zwei Klammer zu",
            "el máximo de abre paréntesis x uno y delta h uno del ejemplo dos cierra paréntesis",
        ),
    ],
)
def test_a_formula_is_said_in_the_language(formula: str, german: str, spanish: str) -> None:
    """Signs, functions, digits and letters, each in its place."""
    assert voice_of("de").formula(parse(formula), NAMES.__getitem__) == german
    assert voice_of("es").formula(parse(formula), NAMES.__getitem__) == spanish


@pytest.mark.parametrize(
    ("code", "said"),
    [("de", "minus 3,7 mal 10 hoch minus 5"), ("es", "menos 3,7 por 10 elevado a menos 5")],
)
def test_a_number_is_said_in_the_language(code: str, said: str) -> None:
    """Its sign, its decimal comma, and its power of ten."""
    assert replace(voice_of(code), comma=True).number("-3.7e-5") == said


def foreign(code: str) -> set[str]:
    """The English words of the voice that the language does not use itself."""
    file = packaged_folder() / "prose" / "en.spoken.yaml"
    groups = yaml.safe_load(file.read_text(encoding="utf-8"))
    english = {w for group in groups.values() for words in group.values() for w in words_in(words)}
    voice = voice_of(code).words
    own = {
        word
        for group, names in groups.items()
        for name in names
        for word in words_in(voice._sentences[f"{group}.{name}"])
    }
    return {word for word in english - own if len(word) > 1}


def words_in(text: str) -> list[str]:
    """The words of a sentence, without what is put in."""
    return re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}", " ", text))


@pytest.mark.parametrize("code", ["de", "es"])
@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_no_english_is_said(path: Path, code: str) -> None:
    """Words of every formula of the page, and of the drawing: none that only English has."""
    english = foreign(code)
    page = str(render(traced(path), to="typst", language=code, form="both"))
    formulas = re.findall(r'"((?:[^"\\]|\\.)*)", \$', page)
    drawing = diagram(traced(path), language=code)

    assert len(english) > 30
    assert len(formulas) > 50
    assert english & {word for said in formulas for word in words_in(said)} == set()
    assert english & set(words_in(drawing.description)) == set()


@pytest.mark.parametrize("code", ["de", "es"])
@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_decimal_commas_wherever_a_number_is_said(path: Path, code: str) -> None:
    """No decimal point in the words of formulas, nor in the description of the drawing."""
    page = str(render(traced(path), to="typst", language=code))
    formulas = re.findall(r'"((?:[^"\\]|\\.)*)", \$', page)

    assert not [said for said in formulas if re.search(r"\d\.\d", said)]
    assert not re.search(r"\d\.\d", diagram(traced(path), language=code).description)


@pytest.mark.parametrize(
    ("code", "title", "captions"),
    [
        (
            "de",
            "Ein Netz aus 2-2-2 Neuronen",
            ("verdeckte Schicht", "Sigmoid", "Verlust", "halber", "quadratischer"),
        ),
        ("es", "Una red de 2-2-2 neuronas", ("capa oculta", "sigmoide", "mitad del", "cuadrático")),
    ],
)
def test_a_drawing_in_another_language(code: str, title: str, captions: tuple[str, ...]) -> None:
    """Title, description and captions of the SVG picture; alternative texts of that for Typst."""
    layout = diagram(mazur(name=""), language=code)
    svg = draw(layout, "svg")
    typst = draw(layout, "typst", standalone=True)

    assert f">{title}</title>" in svg
    assert re.search(r"<desc[^>]*>" + title, svg)
    for caption in captions:
        assert f">{caption}" in svg
    assert "squared" not in svg + typst
    assert f'lang: "{code}"' in typst
    assert 'alt: "Delta h eins"' in typst or code != "de"


def test_a_caption_begins_with_a_capital_and_keeps_the_others() -> None:
    """Nouns of German keep theirs in the description."""
    said = diagram(mazur(), language="de").description
    assert "Verdeckte Schicht, Sigmoid:" in said
    assert "Verlust, halber quadratischer Fehler:" in said


def test_a_language_of_ones_own_is_heard(tmp_path: Path) -> None:
    """A PO file in one's own templates: what it translates is said, the rest is English."""
    (tmp_path / "prose").mkdir()
    (tmp_path / "prose" / "xx.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgctxt "spoken:said.times"\nmsgid "times"\nmsgstr "fois"\n',
        encoding="utf-8",
    )
    voice = voice_of("xx", str(tmp_path))
    page = str(render(mazur(), to="typst", language="xx", templates=str(tmp_path)))

    assert voice.formula(parse("x*n"), NAMES.__getitem__) == "x one fois w new"
    assert " fois " in page


def test_they_are_counted() -> None:
    """`tracer languages` counts the spoken words, and those of plots and drawings."""
    listed = CliRunner().invoke(cli, ["languages", "list"]).output
    counts = re.findall(r"(\d+) of (\d+) sentences", listed)
    begun = CliRunner().invoke(cli, ["languages", "start", "fr"]).output

    assert len(counts) == 3
    assert all(done == whole for done, whole in counts)
    for name in ("spoken:said.times", "plot:axis.loss", "diagram:caption.hinge"):
        assert f'msgctxt "{name}"' in begun
    assert 'msgctxt "activation.sigmoid"' in begun


def test_every_activation_and_loss_has_its_words() -> None:
    """What the tables hold, the prose names: on pages, in drawings and aloud."""
    from tracer.calculus.activations import ACTIVATIONS
    from tracer.calculus.losses import LOSSES
    from tracer.rendering.languages import english_sentences

    sentences = english_sentences()
    assert {f"activation.{name}" for name in ACTIVATIONS} <= set(sentences)
    for kind in ("loss", "diagram:caption"):
        assert {f"{kind}.{name}" for name in LOSSES} <= set(sentences)
