"""Intervals, the one run at a time, and the clean stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from velobind.errors import DataError
from velobind.export.link import Retry
from velobind.export.schedule import only_run, run_every, seconds_of, stopped_by_signals


@pytest.mark.parametrize(("text", "seconds"), [("15m", 900), ("1h", 3600), ("1d", 86400), ("90s", 90), (" 2 h ", 7200)])
def test_intervals(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "0m", "-1h", "1w", "1.5h", "1h30m"])
def test_no_intervals(text: str) -> None:
    with pytest.raises(DataError, match="is no interval"):
        seconds_of(text)


class Clock(threading.Event):
    """Time that passes only when somebody waits or works; it stops after so many waits."""

    def __init__(self, waits: int) -> None:
        super().__init__()
        self.now, self.left, self.pauses = 0.0, waits, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.pauses.append(timeout)
        self.now += timeout
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()


def test_runs_start_at_multiples_of_the_interval_and_never_overlap() -> None:
    clock, starts = Clock(4), list[float]()
    durations = iter([1.0, 250.0, 99.0, 1.0])

    def work() -> bool:
        starts.append(clock.now)
        clock.now += next(durations)
        return True

    run_every(100.0, work, clock, clock=lambda: clock.now)
    assert starts == [0.0, 100.0, 400.0, 500.0]  # 200 and 300 were missed by the long run


def test_a_failed_run_is_tried_sooner_with_growing_pauses() -> None:
    clock, said = Clock(5), list[str]()
    results = iter([False, False, False, True, True])
    run_every(1000.0, lambda: next(results), clock, said.append, clock=lambda: clock.now)
    assert clock.pauses == [30.0, 60.0, 120.0, 790.0, 1000.0]
    assert said == ["trying again in 30 s", "trying again in 60 s", "trying again in 120 s"]


def test_pauses_of_retries_grow_to_a_limit() -> None:
    retry = Retry(first=1.0, most=5.0)
    for attempt, expected in ((1, 1.0), (2, 2.0), (3, 4.0), (4, 5.0), (9, 5.0)):
        assert expected * 0.8 <= retry.pause(attempt) <= expected * 1.2


HOLD = """
import sys, time
from pathlib import Path
from velobind.export.schedule import only_run
with only_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_only_one_run_at_a_time_and_a_kill_frees_the_place(tmp_path: Path) -> None:
    spool = tmp_path / "state" / "spool.db"
    with subprocess.Popen([sys.executable, "-c", HOLD, spool], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with (
            pytest.raises(DataError, match=f"another export run is at work on .* \\(process {holder.pid}\\)"),
            only_run(spool),
        ):
            pass
        holder.kill()
    with only_run(spool):
        pass


def test_sigterm_asks_to_stop() -> None:
    stop = threading.Event()
    before = signal.getsignal(signal.SIGTERM)
    with stopped_by_signals(stop):
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(5)
    assert signal.getsignal(signal.SIGTERM) is before
