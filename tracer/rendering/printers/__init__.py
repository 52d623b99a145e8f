"""The printers: one for each format in which formulas are written.

`PRINTERS` is the table; a printer is immutable and can be copied with another setting:
``dataclasses.replace(printer, comma=True)``.
"""

from tracer.rendering.printers.aloud import Aloud
from tracer.rendering.printers.ascii import Ascii
from tracer.rendering.printers.latex import Latex
from tracer.rendering.printers.mathml import Mathml
from tracer.rendering.printers.pieces import Functions, Leaf
from tracer.rendering.printers.printer import Printer
from tracer.rendering.printers.spoken import Spoken
from tracer.rendering.printers.typst import Typst
from tracer.rendering.printers.unicode import Unicode

PRINTERS: dict[str, Printer] = {
    "latex": Latex(),
    "unicode": Unicode(),
    "ascii": Ascii(),
    "mathml": Mathml(),
    "typst": Typst(),
    "spoken": Spoken(),
    "aloud": Aloud(),
}

__all__ = [
    "PRINTERS",
    "Aloud",
    "Ascii",
    "Functions",
    "Latex",
    "Leaf",
    "Mathml",
    "Printer",
    "Spoken",
    "Typst",
    "Unicode",
]
