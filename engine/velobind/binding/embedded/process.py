"""A running server as its `postmaster.pid` describes it, and whether that process is truly there.

A crash leaves the file behind, and its process number may since belong to another program, or to a zombie that nobody
reaps; only a live process that works in the data folder counts.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Postmaster:
    """The lines of `postmaster.pid` that matter; `ready` means that it takes connections."""

    pid: int
    data: Path
    port: int
    socket_folder: Path
    ready: bool

    def alive(self) -> bool:
        """Whether the process runs and is this data folder's server."""
        return works_in(self.pid, self.data)

    def stop(self, seconds: float = 30.0) -> bool:
        """Shut the server down, at first politely («fast»); True when it is gone."""
        for sign, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            try:
                os.kill(self.pid, sign)
            except ProcessLookupError:
                return True
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if not self.alive():
                    return True
                time.sleep(0.01)
        return False


def read(data: Path) -> Postmaster | None:
    """What `postmaster.pid` in the data folder says, or None where it is missing or incomplete.

    Its lines: process, data folder, start time, port, socket folder, address, shared memory, status.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Postmaster(
            int(lines[0]), data, int(lines[3]), Path(lines[4]), len(lines) > 7 and lines[7].strip() == "ready"
        )
    except (OSError, ValueError, IndexError):
        return None


def works_in(pid: int, data: Path) -> bool:
    """Whether process `pid` runs, is no zombie, and has the data folder among its arguments or as its own folder."""
    process = Path(f"/proc/{pid}")
    if process.parent.is_dir() and Path("/proc/self/stat").exists():
        try:
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            arguments = (process / "cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            return False
        return state not in "ZX" and os.fsencode(data) in arguments
    listed = subprocess.run(
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, errors="replace"
    ).stdout.strip()
    return bool(listed) and not listed.startswith("Z") and str(data) in listed
