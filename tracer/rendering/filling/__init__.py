"""Pages for a whole class: one shape of problem printed once, its numbers filled in.

`render` prints any trace.  Where many traces differ in their numbers alone, a `Filler`
prints the first with marks for numbers, and from then on puts numbers, signs, brackets,
``=`` or ``≈`` and the sentences about the loss into the places found, at a fraction of
the cost.  Blocks of lines that look otherwise (broken, stacked, other brackets) are made
once each and kept.  What it gives is what `render` gives, byte for byte: where a variant
needs something else (matrices, plain text), the page is printed in the plain way.
Traces come in, texts go out; a `Filler` can be sent to another process, which begins with
a table of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tracer.model.trace import Trace
from tracer.rendering.filling.form import Form, is_dense
from tracer.rendering.filling.marks import Refused
from tracer.rendering.filling.variant import Pages
from tracer.rendering.formats import page_format
from tracer.rendering.page import render

__all__ = ["Filler", "render_many"]

_MOST_FORMS = 16
_KNOWN = frozenset(
    {"to", "flavor", "notation", "detail", "form", "only", "updates", "comma", "prefix", "language"}
)
"""Options of `render` that a filled page may have; a whole document has pictures of its
numbers, and a template of one's own may decide by them."""


def render_many(traces: Iterable[Trace], **options: Any) -> Iterator[str]:
    """The pages of many traces, in order.

    Args:
        traces: of problems of one shape, or of a few; others are printed one by one.
        options: of `render`.

    Raises:
        TracerError: as `render`.

    >>> from tracer.formula.nodes import Number
    >>> from tracer.model.problem import Problem
    >>> from tracer.model.quantity import Plan
    >>> from tracer.model.step import Step
    >>> step = Step("p", "equation", "forward", Number("1/2"), text="0.5")
    >>> trace = Trace(Problem(equations=["p = 1/2"]), (step,), (Plan({}, ()),))
    >>> list(render_many([trace])) == [render(trace).text]
    True
    """
    filler = Filler(**options)
    for trace in traces:
        yield filler.page(trace)


class Filler:
    """Prints pages of one look.

    Args:
        options: of `render`.
    """

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.plain = 0
        """How many pages were printed in the plain way so far."""
        self._pages: list[Pages] = []
        self._refused = 0

    def page(self, trace: Trace) -> str:
        """The text of the page of a trace: that of `render`."""
        pages = self._pages_of(trace)
        if pages is not None:
            try:
                return pages.filled(trace)
            except Refused:
                pass
        self.plain += 1
        return render(trace, **self.options).text

    def _can_fill(self, trace: Trace) -> bool:
        """Whether the page is of a kind that is filled at all."""
        options = self.options
        if not _KNOWN.issuperset(options):
            return False
        to, detail = options.get("to", "markdown"), options.get("detail", "standard")
        if to not in ("markdown", "latex") or detail not in ("brief", "standard"):
            return False
        math = page_format(to, options.get("flavor", "github")).equations == "math"
        scalar = options.get("form", "scalar") == "scalar"
        return math and scalar and is_dense(trace.problem) and not trace.symbolic

    def _pages_of(self, trace: Trace) -> Pages | None:
        """The pages of this trace's shape; None where they cannot be filled."""
        for pages in self._pages:
            if pages.form.is_of(trace):
                return pages
        if self._refused >= _MOST_FORMS or not self._can_fill(trace):
            return None
        try:
            made = Pages(Form(trace, self.options))
        except Refused:
            self._refused += 1
            return None
        self._pages.insert(0, made)
        del self._pages[_MOST_FORMS:]
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {"options": self.options}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state["options"])  # type: ignore[misc]
