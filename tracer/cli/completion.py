"""``tracer completion``: the script with which a shell completes commands and options.

Takes the name of a shell; writes the script that click makes for the group of commands.
Read by that group.
"""

from __future__ import annotations

import click

from tracer.cli.output import emit
from tracer.errors import MissingTool

_EXAMPLES = """\b
How to use it:
  bash:  tracer completion bash >> ~/.bashrc
  zsh:   tracer completion zsh  >> ~/.zshrc
  fish:  tracer completion fish > ~/.config/fish/completions/tracer.fish
"""


@click.command(epilog=_EXAMPLES, short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes tracer's commands and options in a SHELL."""
    from click.shell_completion import get_completion_class

    from tracer.cli.group import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise MissingTool(f"this version of click knows no completion for {shell}")
    complete = kind(cli, {}, "tracer", "_TRACER_COMPLETE")
    emit(kind.source_template % complete.source_vars())
