"""What stands round the parts of a Markdown page that fold: each reader has its own way.

GitHub folds ``<details>``, Obsidian callouts, Quarto divisions, MyST directives; text that
nothing renders does not fold.  `surroundings` says what stands before and after the steps of
a section, an exercise and its solution; a template places it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrapping:
    """What stands round a part of a page; ``{title}`` and ``{label}`` are put in."""

    before: str = ""
    after: str = ""
    margin: str = ""
    """Before every line between."""


_DETAILS = Wrapping("<details>\n<summary>{title}</summary>", "</details>")
_HEADED = Wrapping("## {title}")

READERS: Mapping[str, Mapping[str, Wrapping]] = {
    "html": {"steps": _DETAILS, "exercise": _HEADED, "solution": _DETAILS},
    "notebook": {"steps": _DETAILS, "exercise": _HEADED, "solution": _HEADED},
    "text": {"steps": Wrapping(), "exercise": _HEADED, "solution": _HEADED},
    "obsidian": {
        "steps": Wrapping("> [!note]- {title}\n> ", "", "> "),
        "exercise": Wrapping("> [!question] {title}\n> ", "", "> "),
        "solution": Wrapping("> [!success]- {title}\n> ", "", "> "),
    },
    "quarto": {
        "steps": Wrapping('::: {{.callout-note collapse="true"}}\n## {title}', ":::"),
        "exercise": Wrapping("::: {{#exr-{label}}}", ":::"),
        "solution": Wrapping(":::: {{.solution}}", "::::"),
    },
    "myst": {
        "steps": Wrapping("````{{dropdown}} {title}", "````"),
        "exercise": Wrapping("`````{{exercise}}\n:label: {label}", "`````"),
        "solution": Wrapping("`````{{solution}} {label}\n:class: dropdown", "`````"),
    },
}
"""By the reader's way of folding: what stands round the steps, an exercise, a solution."""


def surroundings(
    reader: str, titles: Mapping[str, str], label: str, asked: frozenset[str]
) -> dict[str, Wrapping]:
    """What stands round each part, with titles and label put in; nothing where not asked for.

    Args:
        reader: a row of `READERS`.
        titles: of ``steps``, ``exercise`` and ``solution``, ready for the format.
        label: by which the exercise is known, of letters, digits and hyphens.
        asked: which of the three there are.

    >>> surroundings("html", {"steps": "Steps"}, "", frozenset({"steps"}))["steps"].before
    '<details>\\n<summary>Steps</summary>'
    """
    found = {}
    for part, form in READERS[reader].items():
        if part in asked:
            words = {"title": titles[part], "label": label}
            form = Wrapping(form.before.format(**words), form.after.format(**words), form.margin)
        found[part] = form if part in asked else Wrapping()
    return found
