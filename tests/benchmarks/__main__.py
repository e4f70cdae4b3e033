"""`python -m tests.benchmarks [--quick]`: µs a render beside other engines, and what starting and compiling costs.

Rounds of all engines take turns, so that a busy moment of the machine meets each of them; the best round counts, and
the median stands beside it for velobind.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.engines import IN_PROCESS, OF_THEIR_OWN, Render, Workload
from tests.benchmarks.starting import compile_times, start_times
from tests.conformance.peers.engines import NoEngine

WORKLOADS = (
    Workload("rows", 1, 20000),
    Workload("rows", 10, 5000),
    Workload("rows", 1000, 100),
    Workload("mail", 5, 5000),
    Workload("mail", 50, 600),
)
OTHERWISE = " (prints otherwise)"


def round_of(render: Render, context: dict[str, Any], times: int) -> float:
    """µs a render over so many renders."""
    start = time.perf_counter()
    for _ in range(times):
        render(context)
    return (time.perf_counter() - start) * 1e6 / times


def line_up(work: Workload, rounds: int) -> dict[str, list[float] | str]:
    """Each engine's rounds on a workload, or why it has none; the name of one that prints otherwise says so."""
    context = work.context
    wanted = work.by_hand(context)
    renders: dict[str, tuple[Render, int]] = {"by hand": (work.by_hand, work.renders)}
    found: dict[str, list[float] | str] = {}
    for name, make in IN_PROCESS.items():
        try:
            render = make(work.template)
            same = render(context) == wanted
            once = round_of(render, context, 3)
        except Exception as error:
            found[name] = f"fails ({type(error).__name__})"
            continue
        name += "" if same else OTHERWISE
        # A slow engine needs fewer renders for a round of the same length.
        renders[name] = (render, max(5, min(work.renders, int(200_000 / max(once, 0.1)))))
    timed: dict[str, list[float]] = {name: [] for name in renders}
    outside: dict[str, list[float]] = {}
    for turn in range(rounds):
        for name, (render, times) in renders.items():
            timed[name].append(round_of(render, context, times))
        if turn in (0, rounds - 1):
            for name, measure in OF_THEIR_OWN.items():
                try:
                    result = measure(work)
                    same = result["output"] == wanted if "output" in result else result["chars"] == len(wanted)
                    outside.setdefault(name + ("" if same else OTHERWISE), []).append(float(result["us"]))
                except NoEngine as reason:
                    found[name] = f"fails ({str(reason)[:60]})"
    return {**timed, **outside, **found}


def show(work: Workload, times: dict[str, list[float] | str]) -> None:
    ours = times.get("velobind", times.get("velobind" + OTHERWISE))
    best = min(ours) if isinstance(ours, list) else None
    print(f"\n{work.title}")
    for name, rounds in times.items():
        if isinstance(rounds, str):
            print(f"  {name:30} {rounds}")
            continue
        ratio = f"  velobind takes {best / min(rounds):6.2f} of it" if best and not name.startswith("velobind") else ""
        median = f"  median {statistics.median(rounds):.2f}" if name.startswith("velobind") else ""
        print(f"  {name:30} {min(rounds):10.2f} µs{ratio}{median}")


def section(title: str, measure: Callable[[], dict[str, float]], unit: str) -> None:
    print(f"\n{title}")
    for name, value in measure().items():
        print(f"  {name:32} {value:8.2f} {unit}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three rounds instead of nine")
    rounds = 3 if parser.parse_args().quick else 9
    print(f"Python {sys.version.split()[0]}; µs a render, best of {rounds} rounds that take turns")
    for work in WORKLOADS:
        show(work, line_up(work, rounds))
    section("compiling a template, new each time", lambda: compile_times(rounds), "ms")
    section("starting, a process each time", lambda: start_times(rounds), "ms")
    return 0


sys.exit(main())
