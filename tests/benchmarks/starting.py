"""What it costs to compile a template, to import velobind, and to ask its command for help."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks.engines import VELOCITY, jinja2_environment, text


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def compile_times(rounds: int) -> dict[str, float]:
    """ms to compile each template in velobind and its equal in Jinja2: the best of rounds over unseen texts."""
    from velobind import Environment

    ours, theirs = Environment(), jinja2_environment()
    times: dict[str, float] = {}
    for turn in range(rounds * 5):
        for template, name in VELOCITY.items():
            # Another text each time, so that no cache answers.
            vtl, jinja = text(name) + str(turn), text(f"{template}.jinja") + str(turn)
            for key, work in (
                (f"velobind {name}", partial(ours.from_string, vtl)),
                (f"Jinja2 {template}.jinja", partial(theirs.from_string, jinja)),
            ):
                times[key] = min(times.get(key, 1e9), milliseconds(work))
    return times


def start_times(rounds: int) -> dict[str, float]:
    """ms that `import velobind` adds to a bare Python, and that `velobind --help` takes in all."""
    command = Path(sys.executable).with_name("velobind")
    runs = {
        "python": [sys.executable, "-c", "pass"],
        "import": [sys.executable, "-c", "import velobind"],
        "help": [str(command), "--help"],
    }
    best = dict.fromkeys(runs, 1e9)
    for _ in range(rounds):
        for name, arguments in runs.items():
            spent = milliseconds(partial(subprocess.run, arguments, capture_output=True, check=True))
            best[name] = min(best[name], spent)
    return {"import velobind": best["import"] - best["python"], "velobind --help": best["help"]}
