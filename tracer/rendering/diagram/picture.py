"""A diagram as a picture of pixels, drawn by the package `typst` with its own fonts.

Takes a `Diagram`; gives a PNG file, made from the same text as the Typst format.  The fonts
of the system are left out, so that a picture is the same everywhere.  Read by ``tracer draw``.
"""

from __future__ import annotations

from tracer.errors import MissingTool, TracerError
from tracer.rendering.diagram.shapes import Diagram
from tracer.rendering.diagram.typst import typst_text

DOTS = 220
"""Pixels an inch."""


def png_of(layout: Diagram, dots: float = DOTS, templates: str = "") -> bytes:
    """The diagram as a PNG file.

    Raises:
        MissingTool: if the package `typst` is not installed.
        TracerError: if Typst refuses the drawing (a template of one's own has a slip).
    """
    try:
        import typst
    except ImportError:
        raise MissingTool("a PNG needs the package typst: pip install typst") from None
    source = typst_text(layout, standalone=True, templates=templates).encode()
    try:
        return bytes(
            typst.compile(source, format="png", ppi=dots, ignore_system_fonts=True, timestamp=0)
        )
    except typst.TypstError as error:
        raise TracerError(f"Typst refuses the drawing: {error.message}") from None
