"""Asking node: a script of this folder, with JSON in and JSON out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def modules(*names: str) -> Path:
    """The node_modules folder that has these packages; the test is skipped without one."""
    given = os.environ.get("TRACER_NODE_MODULES")
    folders = [Path(given)] if given else [above / "node_modules" for above in HERE.parents]
    for folder in folders:
        if all((folder / name / "package.json").is_file() for name in names):
            return folder.resolve()
    pytest.skip(
        f"{' and '.join(names)} not installed (npm install {' '.join(names)}; "
        "TRACER_NODE_MODULES says where)"
    )


def asked(script: str, question: Any, timeout: float = 120, **environment: str) -> Any:
    """What the script answers; a complaint of node is an error of the test."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    ran = subprocess.run(
        [node, str(HERE / script)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, **environment},
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)
