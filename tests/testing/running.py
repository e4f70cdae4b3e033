"""Runs pytest in a folder of its own, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run_pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What pytest did in `folder`; its own settings hold there, not this project's, nor those of a worker of xdist."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={folder}", *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
