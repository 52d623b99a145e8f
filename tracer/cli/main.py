"""The entry point of the ``tracer`` command.

``tracer --version`` is answered here, before anything is imported; everything else goes
to the group of commands.
"""

from __future__ import annotations

import sys

from tracer.version import VERSION


def main() -> None:
    """Run the command line and exit with its code: 0, 1, 2 or 3."""
    if sys.argv[1:] == ["--version"]:
        print(f"tracer {VERSION}")
        return
    from tracer.cli.group import cli

    cli(prog_name="tracer")


if __name__ == "__main__":
    main()
