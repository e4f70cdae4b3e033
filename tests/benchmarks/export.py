"""The export's speed in one run: beside psycopg's raw COPY of the same rows into a bare table, and dlt's merge of them.

    python -m tests.benchmarks.export [--rows N] [--dataset NAME] [--no-dlt] [--memory-rows N ...]

The server is the embedded PostgreSQL, as it comes. Rows are made beforehand and are the same for all: dicts for the
export and dlt, tuples for COPY. Each is the median of three rounds that alternate; dlt, which takes minutes, has one
round with the first dataset. The last part loads from a generator in a process of its own and says how much memory
that took at its peak.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.export import servers
from tests.export.servers import Server
from velobind.export import Dataset, Exporter, dataset

ROUNDS = 3
MEASURED = ("contacts", "orders", "contactActivities")
CHANGED = {"contacts": ("totalViewed", 7), "orders": ("totalCost", "7"), "contactActivities": ("messageName", "7")}
GOALS = {"first load": 0.5, "upsert, all there": 0.3, "upsert, all changed": 0.3}


def rows_of(each: Dataset, count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Rows as a shop has them, every one with a key of its own; a fifth of the texts that may be missing is."""
    chance = random.Random(seed)
    known = {"status": "IDLE", "Status": "DELIVERED", "activityStatus": "DELIVERED", "campaignType": "Group"}
    for number in range(count):
        row: dict[str, Any] = {}
        for column in each.current:
            kind = column.kind
            if kind in ("integer", "bigint"):
                row[column.name] = number if column.name in each.key else chance.randrange(10**6)
            elif kind == "timestamp":
                row[column.name] = (
                    f"2024-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02} 10:{number % 60:02}:02"
                )
            elif kind == "numeric":
                row[column.name] = f"{chance.random() * 1000:.2f}"
            elif column.name in known:
                row[column.name] = known[column.name]
            else:
                text = f"text {chance.randrange(10**6)} of a shop"[: column.length]
                row[column.name] = None if chance.random() < 0.2 else text
        yield row


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def raw_copy(conn: psycopg.Connection[Any], each: Dataset, tuples: list[tuple[Any, ...]]) -> float:
    names = ", ".join(f'"{column.name}"' for column in each.columns)
    columns = ", ".join(f'"{column.name}" {column.type}' for column in each.columns)
    conn.execute(f"DROP TABLE IF EXISTS public.bare; CREATE TABLE public.bare ({columns})".encode())

    def work() -> None:
        with conn.transaction(), conn.cursor().copy(f"COPY public.bare ({names}) FROM STDIN".encode()) as copy:
            for row in tuples:
                copy.write_row(row)

    return timed(work)


def ours(conn: psycopg.Connection[Any], server: Server, each: Dataset, rows: list[dict[str, Any]]) -> dict[str, float]:
    conn.execute("DROP SCHEMA IF EXISTS ours CASCADE")
    name, value = CHANGED[each.name]
    changed = [{**row, name: value} for row in rows]
    times: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Exporter(server.dsn, schema="ours", spool=f"{folder}/s.db") as exporter,
    ):
        exporter.prepare([each.name])
        for what, given in (("first load", rows), ("upsert, all there", rows), ("upsert, all changed", changed)):
            times[what] = timed(lambda given=given: _loaded(exporter, each, given))  # type: ignore[misc]
    found = conn.execute(f'SELECT count(*) FROM ours."{each.name}"'.encode()).fetchone()
    assert found == (len(rows),), found
    return times


def _loaded(exporter: Exporter, each: Dataset, rows: list[dict[str, Any]]) -> None:
    counts = exporter.load(each.name, rows)
    assert counts.rejected == 0


def dlt_merge(conn: psycopg.Connection[Any], server: Server, each: Dataset, rows: list[dict[str, Any]]) -> list[float]:
    """Seconds of dlt's first merge, and of its second, of the same rows."""
    import dlt  # type: ignore[import-not-found,unused-ignore]

    logging.getLogger("dlt").setLevel(logging.ERROR)
    conn.execute("DROP SCHEMA IF EXISTS theirs CASCADE")
    conn.execute("DROP SCHEMA IF EXISTS theirs_staging CASCADE")
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            pipeline_name="bench",
            pipelines_dir=folder,
            destination=dlt.destinations.postgres(f"postgresql://postgres:none@127.0.0.1:{server.port}/postgres"),
            dataset_name="theirs",
        )

        def merge() -> None:
            pipeline.run(rows, table_name=each.name, write_disposition="merge", primary_key=list(each.key))

        return [timed(merge), timed(merge)]


def has_dlt() -> bool:
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import dlt  # type: ignore[import-not-found,unused-ignore] # noqa: F401
        except ImportError:
            return False
    return True


def compare(server: Server, name: str, count: int, with_dlt: bool) -> None:
    each = dataset(name)
    rows = list(rows_of(each, count))
    # What the table holds in the end, and so with the obsolete columns, which say what their successors say.
    tuples = [tuple(row[column.successor or column.name] for column in each.columns) for row in rows]
    gc.collect()
    gc.freeze()  # the rows are the benchmark's own, and no collector need look at them
    raws: list[float] = []
    measured: dict[str, list[float]] = {}
    with psycopg.connect(server.dsn, autocommit=True) as conn:
        for _ in range(ROUNDS):
            raws.append(raw_copy(conn, each, tuples))
            for what, seconds in ours(conn, server, each, rows).items():
                measured.setdefault(what, []).append(seconds)
            raws.append(raw_copy(conn, each, tuples))
        theirs = dlt_merge(conn, server, each, rows) if with_dlt else []
    gc.unfreeze()
    raw = statistics.median(raws)
    print(f"\n{name}: {count:,} rows of {len(each.columns)} columns")
    print(f"  {'raw COPY, bare table':24} {count / raw:12,.0f} rows/s")
    for what, times in measured.items():
        seconds = statistics.median(times)
        print(f"  {what:24} {count / seconds:12,.0f} rows/s  {raw / seconds:5.2f} of raw (goal {GOALS[what]})", end="")
        if theirs:
            print(f"  {theirs[0 if what == 'first load' else 1] / seconds:5.1f} x dlt (goal 10)", end="")
        print()
    for what, seconds in zip(("dlt merge, first", "dlt merge, again"), theirs, strict=False):
        print(f"  {what:24} {count / seconds:12,.0f} rows/s")


MEMORY = """
import sys
from pathlib import Path
from tests.benchmarks.export import rows_of
from velobind.export import Exporter, dataset
count = int(sys.argv[3])
with Exporter(sys.argv[1], schema="memory", spool=sys.argv[2]) as exporter:
    counts = exporter.load("contacts", rows_of(dataset("contacts"), count))
    assert counts.read == count
# Not getrusage: that begins with what the parent had when it forked.
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def memory(server: Server, counts: tuple[int, ...]) -> None:
    print("\nmemory at its peak, contacts from a generator, a process each")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            arguments = [server.dsn, f"{folder}/spool.db", str(count)]
            started = time.perf_counter()
            out = subprocess.check_output(
                [sys.executable, "-c", MEMORY, *arguments], text=True, cwd=Path(__file__).parents[2]
            )
        print(f"  {count:10,} rows  {int(out) / 1024:7.1f} MiB  ({time.perf_counter() - started:.1f} s)")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--dataset", action="append", choices=MEASURED)
    parser.add_argument("--no-dlt", action="store_true")
    parser.add_argument("--memory-rows", type=int, nargs="*", default=[100_000, 2_000_000])
    given = parser.parse_args()
    with_dlt = not given.no_dlt and has_dlt()
    if not with_dlt:
        print("without dlt" + ("" if given.no_dlt else ": it is not installed here (make bench-export installs it)"))
    server = Server(servers.embedded_programs(), tcp=True)
    try:
        for place, name in enumerate(given.dataset or MEASURED):
            compare(server, name, given.rows, with_dlt and place == 0)
        memory(server, tuple(given.memory_rows))
    finally:
        server.remove()


if __name__ == "__main__":
    main()
