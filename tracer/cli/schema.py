"""``tracer schema``: the JSON Schema of a problem file, a trace or a report.

Takes the kind of file; writes the schema that `files` makes from its table of fields.  Read
by the group of commands, and by `init`, which puts the schema beside a new problem.
"""

from __future__ import annotations

import click

from tracer.cli.output import deliver, output_options
from tracer.model.json_text import json_text

_EXAMPLES = """\b
Examples:
  tracer schema > tracer.schema.json
  tracer schema trace -o schemas/

\b
With this first line of a problem file, VS Code and others complete every field:
  # yaml-language-server: $schema=tracer.schema.json
"""


def schema_text(kind: str) -> str:
    """The schema as it is written to a file."""
    from tracer.files.schema import schema as schema_of

    return json_text(schema_of(kind), indent=2) + "\n"


@click.command(epilog=_EXAMPLES, short_help="Print the JSON Schema of a file, for editors.")
@click.argument("kind", type=click.Choice(["problem", "trace", "report"]), default="problem")
@output_options
def schema(kind: str, output: str | None, force: bool) -> None:
    """Print the JSON Schema of a KIND of file: problem (the default), trace or report."""
    name = "tracer.schema.json" if kind == "problem" else f"{kind}.schema.json"
    deliver(schema_text(kind), output, name, force)
