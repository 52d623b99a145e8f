"""The group of commands: a table, loaded one by one, and how a run ends.

Each row of `COMMANDS` says where a command is and what the list of commands says about
it, so that ``tracer --help`` imports none of them.  A run ends with 0 (fine), 1 (a proof
or comparison found a disagreement), 2 (bad input or usage) or 3 (a needed tool is
missing); whatever goes wrong is told on standard error, without a traceback.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from tracer.cli.console import prepare
from tracer.errors import TracerError, printable, suggestion
from tracer.version import VERSION

INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell reports a program that was ended by its reader."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""A disk that is full is no fault of ours."""

COMMANDS: dict[str, tuple[str, str]] = {
    "solve": ("solve:solve", "Work a problem through and print every step."),
    "explain": ("explain:explain", "One quantity: every path from the loss back to it."),
    "prove": ("prove:prove", "Hold every gradient against independent calculations."),
    "draw": ("draw:draw", "Draw the network with its numbers."),
    "check": ("check:check", "Check a hand calculation; name its first mistake."),
    "sheet": ("sheet:sheet", "Write an answer sheet to fill in."),
    "train": ("train:train", "Make thousands of updates and record every number."),
    "plot": ("plot:plot", "Plot a recorded run: loss, gradients, weights."),
    "compare": ("compare:compare", "Explain why a framework's numbers differ."),
    "import": ("import_:import_", "Weights of a trained model as a problem."),
    "init": ("init:init", "Write a commented problem file to start from."),
    "schema": ("schema:schema", "Print the JSON Schema of a file, for editors."),
    "notations": ("notations:notations", "Textbooks' notations: list, show, compare."),
    "templates": ("templates:templates", "Page templates: list, show, copy to change them."),
    "languages": ("languages:languages", "Languages: list, what is missing, begin one."),
    "doctor": ("doctor:doctor", "What is installed of TeX, fonts and optional packages."),
    "completion": ("completion:completion", "Print the completion script of a shell."),
}
"""By command: its module and function in this room, and its line in the list."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"tracer.cli.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = suggestion(args[0], COMMANDS)
            ctx.fail(f"there is no command '{args[0]}'{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that has gone is told apart from other errors."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _ReaderGone from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = "tracer",
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and leave with an exit code (or, not standing alone, let errors through)."""

        def run() -> Any:
            return super(LazyGroup, self).main(
                args,
                prog_name=prog_name,
                complete_var=complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )

        return sys.exit(_exit_code(run)) if standalone_mode else run()


class _ReaderGone(Exception):
    """Nobody reads our output any more; not an OSError, which click would turn into a 1."""


def _exit_code(run: Any) -> int:
    prepare()
    try:
        result = run()
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except _ReaderGone:
        _close_silently()
        return BROKEN_PIPE
    except click.ClickException as error:
        error.show()
        return 2
    except TracerError as error:
        message = f"tracer: {error}" if _is_bare(error) else str(error)
        click.echo(printable(message, kept="\n"), err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("tracer: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        _close_silently()
        return BROKEN_PIPE
    except OSError as error:
        if error.errno not in _NO_ROOM:
            return _unexpected(error)
        _close_silently()
        click.echo(f"tracer: cannot be written ({error.strerror})", err=True)
        return 2
    except MemoryError:
        click.echo("tracer: there is not enough memory for this", err=True)
        return 2
    except Exception as error:
        return _unexpected(error)


def _is_bare(error: TracerError) -> bool:
    """Whether a message does not begin with its file already."""
    return not getattr(error, "faults", ())


def _close_silently() -> None:
    """Nobody reads any more: keep the interpreter from flushing into the closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unexpected(error: Exception) -> int:
    """A fault of ours: one line, and the traceback for whoever asks for it."""
    if os.environ.get("TRACER_DEBUG"):
        import traceback

        traceback.print_exc()
    said = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
    click.echo(
        f"tracer: this is a fault in tracer itself, please report it ({what}); "
        "TRACER_DEBUG=1 shows where",
        err=True,
    )
    return 2


_SETTINGS: Mapping[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_EXAMPLES = """\b
Examples:
  tracer init                          a commented problem.yaml to start from
  tracer solve problem.yaml            the whole worked example, as Markdown
  tracer solve problem.yaml --to latex --notation ng -o notes/
  tracer explain problem.yaml dw1.1.2  every path from the loss to one weight
  tracer prove problem.yaml            every gradient checked independently
  tracer check problem.yaml sheet.csv  a hand calculation and its first mistake
  tracer train problem.yaml -o run     many updates, every number recorded

\b
'-' reads standard input. Exit codes: 0 fine, 1 a mistake or disagreement was found,
2 bad input or usage, 3 a needed tool is missing.
"""


@click.group(cls=LazyGroup, context_settings=dict(_SETTINGS), epilog=_EXAMPLES)
@click.version_option(VERSION, prog_name="tracer", message="%(prog)s %(version)s")
def cli() -> None:
    """Worked examples of backpropagation.

    Every line can be recomputed on a pocket calculator, in your textbook's notation.
    """
