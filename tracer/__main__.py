"""``python -m tracer``: the command, where its script is not on the path."""

from __future__ import annotations

from tracer.cli.main import main

if __name__ == "__main__":
    main()
