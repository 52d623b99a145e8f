"""The drawing at the top of a page, for ``solve --diagram``.

Markdown shows pictures from files: an SVG is written beside the page; where the page goes
to standard output, readers other than GitHub take the picture in the text itself.  A LaTeX
fragment gets a TikZ picture.  Pages of HTML, Typst and whole LaTeX documents have one anyway.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import click

from tracer.cli.output import save, stem, target
from tracer.errors import TracerError
from tracer.model.trace import Trace

_TEXT_ONLY = ("plain", "ascii")


def illustration(found: Trace, options: dict[str, Any], flavor: str) -> str:
    """What stands at the top of the page for its drawing, which may be a file written now.

    Args:
        found: the calculation.
        options: of the command: the format, where the page goes, its language, ...
        flavor: of Markdown.

    Raises:
        click.UsageError: where the page cannot hold a picture.
    """
    to = options["to"]
    if to not in ("markdown", "ipynb", "latex") or options["document"] or options["standalone"]:
        return ""
    from tracer.notation import notation_of
    from tracer.rendering.diagram import diagram, draw
    from tracer.rendering.escaping import markdown

    templates = options["templates"] or ""
    layout = diagram(
        found,
        notation=notation_of(found.problem),
        language=options.get("language") or "en",
        comma=options["comma"],
        templates=templates,
    )
    if to == "latex":
        return draw(layout, "tikz", templates=templates).strip()
    if flavor in _TEXT_ONLY:
        raise click.UsageError(f"--diagram: the flavor {flavor} is text alone")
    picture = draw(layout, "svg", templates=templates)
    alt = markdown(layout.description)
    page = target(options["output"], f"{stem(options['problem'])}.md")
    if page is None or to == "ipynb":
        if flavor == "github" and to == "markdown":
            raise click.UsageError("--diagram: GitHub shows pictures from files; name one with -o")
        data = b64encode(picture.encode()).decode()
        return f"![{alt}](data:image/svg+xml;base64,{data})"
    return _beside(page, picture, alt, options["force"])


def _beside(page: Path, picture: str, alt: str, force: bool) -> str:
    """Write the picture beside the page; what shows it."""
    path = page.with_name(f"{page.stem}-network.svg")
    if any(character in path.name for character in "()<> \t\n"):
        raise TracerError(f"{path.name}: Markdown shows no picture of that name; choose another -o")
    save(path, picture, force)
    return f"![{alt}]({path.name})"
