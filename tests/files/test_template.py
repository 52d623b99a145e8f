"""The problem file that `init` writes is a good example of itself."""

from __future__ import annotations

import re

from tracer.backprop.tracing import trace
from tracer.files.fields import PROBLEM
from tracer.files.problem import load_text
from tracer.files.template import SCHEMA_FILE, TEMPLATE


def test_the_template_solves() -> None:
    """As it stands it is the example of a well-known article, z = 0.625."""
    found = trace(load_text(TEMPLATE))
    assert found["z1[1]"].text == "0.625"


def test_an_editor_finds_the_schema() -> None:
    """The first line names the schema's file in the way that editors read."""
    assert TEMPLATE.splitlines()[0] == f"# yaml-language-server: $schema={SCHEMA_FILE}"


def test_the_commented_lines_are_right() -> None:
    """Each line that is commented out works when the '#' is taken away."""
    extras = re.findall(r"^# (\w+: .*?)(?:  +#.*)?$", TEMPLATE.partition("More that")[2], re.M)
    assert len(extras) >= 6
    for extra in extras:
        key = extra.partition(":")[0]
        assert PROBLEM.field(key) is not None
        load_text(TEMPLATE + extra + "\n")
