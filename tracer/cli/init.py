"""``tracer init``: a commented problem file, and the schema that an editor reads.

Takes a file or a folder; writes the template of `files` as it stands, and the JSON Schema
beside it unless one is there (``--force`` replaces both) or none is wanted.  Read by the
group of commands.
"""

from __future__ import annotations

from pathlib import Path

import click

from tracer.cli.output import emit, is_folder, save

_EXAMPLES = """\b
Examples:
  tracer init                   problem.yaml and tracer.schema.json in this folder
  tracer init homework/         the same in a new folder
  tracer init xor.yaml          under another name
  tracer init - | tracer solve -
"""


@click.command(epilog=_EXAMPLES, short_help="Write a commented problem file to start from.")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(allow_dash=True))
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(allow_dash=True), help="The same as FILE."
)
@click.option("--no-schema", is_flag=True, help="Leave the JSON Schema for editors out.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
def init(file: str | None, output: str | None, no_schema: bool, force: bool) -> None:
    """Write a commented problem FILE that can be solved as it stands ('-': to standard
    output), and beside it the JSON Schema with which editors complete and explain fields.
    """
    from tracer.cli.schema import schema_text
    from tracer.files.template import SCHEMA_FILE, TEMPLATE

    if file is not None and output is not None:
        raise click.UsageError(f"one file is written: {file} or {output}")
    file = file or output or "problem.yaml"
    if file == "-":
        emit(TEMPLATE)
        return
    path = Path(file) / "problem.yaml" if is_folder(file) else Path(file)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise click.UsageError(
            f"a problem is a file that ends in .yaml: tracer init {path}.yaml; "
            f"or tracer init {path}/ for a folder"
        )
    beside = path.parent / SCHEMA_FILE
    save(path, TEMPLATE, force)
    written = [str(path)]
    if not no_schema and (force or not beside.exists()):
        save(beside, schema_text("problem"), force)
        written.append(str(beside))
    click.echo(f"Written: {', '.join(written)}. Now: tracer solve {path}", err=True)
