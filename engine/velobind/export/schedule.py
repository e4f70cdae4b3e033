"""Exports on an interval: when the next run is due, that no two overlap, and a clean stop."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from velobind.errors import DataError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FIRST_RETRY = 30.0


def seconds_of(interval: str) -> float:
    """`15m`, `1h`, `1d`, `90s` in seconds. Raises DataError."""
    match = re.fullmatch(r"\s*([1-9][0-9]{0,6})\s*([smhd])\s*", interval)
    if match is None:
        raise DataError(f"«{interval}» is no interval", hint="write a number and s, m, h or d: 15m, 1h, 1d")
    return float(int(match[1]) * _UNITS[match[2]])


def run_every(
    interval: float,
    work: Callable[[], bool],
    stop: threading.Event,
    say: Callable[[str], None] = lambda text: None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Call `work` now and then every `interval` seconds, until `stop`.

    A run that takes longer than the interval leaves out the starts that it missed: runs never overlap. After a run
    that did not succeed (`work` gives False) the next is tried sooner: after 30 seconds, then twice as long each time,
    up to the interval.
    """
    first, failures = clock(), 0
    while not stop.is_set():
        failures = 0 if work() else failures + 1
        passed = clock() - first
        pause = interval - passed % interval
        if failures:
            pause = min(pause, _FIRST_RETRY * 2.0 ** (failures - 1))
            say(f"trying again in {pause:.0f} s")
        stop.wait(pause)


@contextmanager
def only_run(spool: Path, what: str = "export run") -> Iterator[None]:
    """Holds the one place for `what` over that spool; the operating system frees it, whatever becomes of the process.

    Raises DataError where another run has it.
    """
    path = spool.with_name(f"{spool.name}.{what.partition(' ')[0]}.run")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}", hint="may this user write there?") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            other = file.read().strip()
            raise DataError(
                f"another {what} is at work on {spool}" + (f" (process {other})" if other else ""),
                hint="runs never overlap: wait for it, or stop it",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


@contextmanager
def stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT set `stop`: what is under way is finished first. A second SIGINT interrupts as usual."""

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    former = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            with contextlib.suppress(TypeError):
                signal.signal(number, handler)
