"""``tracer languages``: which there are, what one of them lacks, and the start of another.

Three commands on the PO files of the rendering room: the list with how much of each there
is, the sentences that one lacks (exit code 1 where there are any), and a file to translate
in, with everything that is translated already.  Read by the group of commands.
"""

from __future__ import annotations

from pathlib import Path

import click

from tracer.cli.output import emit, save

_EXAMPLES = """\b
Examples:
  tracer languages list
  tracer languages missing de                 what is not translated yet
  tracer languages start fr -o mine/prose/fr.po
  tracer solve problem.yaml --language fr --templates mine/

\b
A language is one PO file, which every translation editor opens. A sentence without a
translation is printed in English; 'start' on a language that is there keeps its
translations and adds what is new.
"""
_templates = click.option(
    "--templates",
    metavar="DIR",
    type=click.Path(file_okay=False, exists=True),
    help="Templates of yours: their folder prose is searched first.",
)


@click.group(epilog=_EXAMPLES, short_help="Languages of the pages: list, what is missing, start.")
def languages() -> None:
    """The languages in which pages and reports are written."""


@languages.command("list", short_help="The languages there are.")
@_templates
def list_them(templates: str | None) -> None:
    """List every language: how much of it there is, and whether a speaker has read it."""
    from tracer.rendering.languages import english_sentences, language_named, missing
    from tracer.rendering.languages import languages as codes

    folder = templates or ""
    whole = len(english_sentences(folder))
    for code in codes(folder):
        language = language_named(code, folder)
        lacking = len(missing(code, folder)) if code != "en" else 0
        remarks = [f"{whole - lacking} of {whole} sentences"]
        remarks += [] if language.reviewed else ["not yet reviewed by a speaker"]
        click.echo(f"{code}  {language.name}: {', '.join(remarks)}")


@languages.command("missing", short_help="What a language does not say yet.")
@click.argument("code")
@_templates
def what_is_missing(code: str, templates: str | None) -> None:
    """List the sentences that the language CODE lacks; exit code 1 if there are any."""
    from tracer.rendering.languages import missing

    lacking = missing(code, templates or "")
    for one in lacking:
        click.echo(f"{one.name}: {one.english}{' (the English has changed)' * one.changed}")
    if lacking:
        click.get_current_context().exit(1)


@languages.command(short_help="Begin a language, or bring one up to date.")
@click.argument("code")
@click.option("-o", "--output", metavar="FILE", help="Write here instead of standard output.")
@click.option("--force", is_flag=True, help="Replace the file.")
@_templates
def start(code: str, output: str | None, force: bool, templates: str | None) -> None:
    """Write the PO file of the language CODE: every sentence, translated as far as it is."""
    from tracer.rendering.languages import started

    text = started(code, templates or "")
    if output is None or output == "-":
        emit(text)
    else:
        save(Path(output), text, force)
