"""What really goes wrong: killed processes, a server that crashes in mid COPY, full disks, two exporters at once.

Every test counts the rows on both sides afterwards.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from tests.export import servers
from tests.export.servers import Server
from velobind.errors import DataError
from velobind.export import Exporter, Retry, Spool
from velobind.export import exporter as exporting
from velobind.export.connect import Busy

Rows = Callable[..., list[tuple[Any, ...]]]

RECORD = """
import sys
from velobind.export import Exporter
with Exporter("", spool=sys.argv[1]) as exporter:
    number = int(sys.argv[2])
    while True:
        exporter.record("orders", {"orderId": number, "Status": "DELIVERED", "deliveryAddress": "x" * 90})
        print(number, flush=True)
        number += 1
"""
DELIVER = """
import sys
from velobind.export import Exporter
print("ready", flush=True)
while True:
    with Exporter(sys.argv[2], schema=sys.argv[3], spool=sys.argv[1], batch_rows=40) as exporter:
        exporter.deliver(["orders"])
        exporter.spool.trim("orders", ["export"])
"""


def child(code: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE, text=True, env=servers.environment(),
    )  # fmt: skip


def killed(process: subprocess.Popen[str], after: float) -> list[str]:
    """Kill -9 after so many seconds from its first line on; the whole lines that it wrote."""
    with process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(after)
        process.kill()
        lines = [first, *process.stdout]
    assert process.returncode == -signal.SIGKILL
    return [line.strip() for line in lines if line.endswith("\n")]


def integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


def test_what_was_recorded_survives_kill_9(tmp_path: Path) -> None:
    path, chance = tmp_path / "spool.db", random.Random(9)
    confirmed = 0
    for _ in range(12):
        lines = killed(child(RECORD, path, confirmed), chance.uniform(0.0, 0.12))
        acknowledged = int(lines[-1]) + 1
        assert integrity(path) == "ok"
        with Spool(path) as spool:
            kept = spool.waiting("orders").rows
        # The kill may have come between the commit and the print of one row.
        assert acknowledged <= kept <= acknowledged + 1
        confirmed = kept
    assert confirmed > 20


def test_delivery_that_is_killed_loses_and_doubles_nothing(
    server: Server, schema: str, database: psycopg.Connection[Any], tmp_path: Path, rows: Rows
) -> None:
    path, chance = tmp_path / "spool.db", random.Random(5)
    with Exporter(server.dsn, schema=schema, spool=path) as exporter:
        exporter.prepare(["orders"])
    recorded = 0
    for _ in range(10):
        recorder = child(RECORD, path, recorded)
        deliverer = child(DELIVER, path, server.dsn, schema)
        killed(deliverer, chance.uniform(0.0, 0.5))
        killed(recorder, 0.0)
        with Spool(path) as spool:
            delivered = database.execute(f'SELECT coalesce(max("orderId"), -1) FROM "{schema}".orders').fetchone()
            waiting = [row.body for row in spool.rows("orders", 0, 10**9)]
        last = max([delivered[0] if delivered else -1, *(_order(body) for body in waiting)])
        recorded = last + 1
    with Exporter(server.dsn, schema=schema, spool=path) as exporter:
        assert exporter.deliver(["orders"]).clean
        assert exporter.status(["orders"])[0].waiting == 0
    assert integrity(path) == "ok"
    assert recorded > 20
    assert rows("orders", "orderId") == [(number,) for number in range(recorded)]


def _order(body: bytes) -> int:
    return int(msgspec.json.decode(body)["orderId"])


def orders(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"orderId": number, "Status": "DELIVERED", "deliveryAddress": "x" * 90, "totalCost": number}


def crash_in_mid_copy(server: Server, happened: list[str]) -> None:
    """Wait until a COPY is seen at work, then crash the server."""
    with psycopg.connect(server.dsn, autocommit=True) as watcher:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = watcher.execute("SELECT command, bytes_processed FROM pg_stat_progress_copy").fetchone()
            if found is not None:
                happened.append(str(found))
                break
    server.crash()


@pytest.mark.parametrize("way", ["load", "deliver", "merge"])
def test_a_server_that_crashes_in_mid_copy(server: Server, schema: str, tmp_path: Path, rows: Rows, way: str) -> None:
    count, happened, said = 60_000, list[str](), list[str]()
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "spool.db", say=said.append) as exporter:
        exporter.prepare(["orders"])
        if way == "deliver":
            exporter.record("orders", orders(count))
        if way == "merge":
            exporter.load("orders", [{"orderId": number} for number in range(0, count, 2)])
        crash = threading.Thread(target=crash_in_mid_copy, args=(server, happened))
        crash.start()
        if way == "deliver":
            report = exporter.deliver(["orders"])
            assert report.clean
            counts = report.of("orders")
        else:
            counts = exporter.load("orders", orders(count))
        crash.join()
        assert happened, "no COPY was seen"
        assert any("trying again" in text for text in said), "the crash came too late"
        assert (counts.read, counts.written, counts.rejected) == (count, count, 0)
    with psycopg.connect(server.dsn) as connection:
        found = connection.execute(f'SELECT count(*), sum("totalCost") FROM "{schema}".orders').fetchone()
    assert found == (count, count * (count - 1) // 2)


def test_an_answer_to_commit_that_is_lost_is_no_second_write(
    exporter: Exporter, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = exporting.merge.write, list[Any]()

    def write_and_lose_the_answer(*arguments: Any, **options: Any) -> Any:
        calls.append(write(*arguments, **options))
        if len(calls) == 1:
            raise psycopg.OperationalError("the connection broke after the commit")
        return calls[-1]

    monkeypatch.setattr(exporting.merge, "write", write_and_lose_the_answer)
    exporter.record("orders", list(orders(100)))
    report = exporter.deliver()
    assert len(calls) == 2
    assert report.of("orders").written == 100
    assert rows("velobind_exports", "rows") == [(100,)]
    assert len(rows("orders")) == 100


def test_rows_wait_while_the_server_is_away_and_show_their_age(tmp_path: Path) -> None:
    for away in servers.running(servers.embedded_programs()):
        away.stop()
        said = list[str]()
        quick = Retry(attempts=2, first=0.05)
        with Exporter(away.dsn, spool=tmp_path / "spool.db", retry=quick, say=said.append) as exporter:
            exporter.record("orders", list(orders(10)))
            time.sleep(0.2)
            report = exporter.deliver()
            assert "PostgreSQL cannot be used" in report.errors[0]
            status = exporter.status(["orders"])[0]
            assert (status.waiting, status.last_success) == (10, None)
            assert status.oldest is not None and status.oldest > 0.2
            assert status.error is not None and "cannot be used" in status.error
            assert any("trying again" in text for text in said)
            away.start()
            assert exporter.deliver().of("orders").written == 10
            assert exporter.status(["orders"])[0].error is None


FILL = """
import sys, signal, resource
from velobind.errors import DataError
from velobind.export import Exporter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
if sys.argv[2] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
with Exporter("", spool=sys.argv[1]) as exporter:
    number = 0
    try:
        while number < 100_000:
            exporter.record("orders", [{"orderId": number + i, "deliveryAddress": "x" * 90} for i in range(50)])
            number += 50
    except DataError as error:
        print(number, str(error).replace("\\n", " "), flush=True)
    # The process goes on; once there is space again, so does the spool.
"""


@pytest.mark.parametrize("way", ["limit", *(["tmpfs"] if servers.can_mount() else [])])
def test_a_full_disk_is_said_and_harms_nothing(
    exporter: Exporter, server: Server, schema: str, rows: Rows, tmp_path: Path, way: str
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    if way == "tmpfs":
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=True)
    try:
        done = subprocess.run(
            [sys.executable, "-c", FILL, folder / "spool.db", way], capture_output=True, text=True, timeout=120
        )
        assert done.stderr == ""
        number, _, message = done.stdout.partition(" ")
        assert int(number) > 100
        assert "the disk is full or cannot be written; what was recorded before is kept" in message
        assert integrity(folder / "spool.db") == "ok"
        if way == "tmpfs":
            subprocess.run(["mount", "-o", "remount,size=20m", folder], check=True)
        with Exporter(server.dsn, schema=schema, spool=folder / "spool.db") as recovered:
            assert recovered.status(["orders"])[0].waiting == int(number)
            recovered.record("orders", {"orderId": -1})
            assert recovered.deliver(["orders"]).clean
    finally:
        if way == "tmpfs":
            subprocess.run(["umount", folder], check=True)
    assert rows("orders", "orderId") == [(value,) for value in range(-1, int(number))]


def test_a_reject_file_that_cannot_be_written_stops_before_anything_is_lost(
    server: Server, schema: str, tmp_path: Path
) -> None:
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "spool.db", rejects="/dev/full") as exporter:
        with pytest.raises(DataError, match="reject file /dev/full cannot be written: No space left"):
            exporter.record("orders", [{"orderId": 1}, {"orderId": "x"}])
        assert exporter.status(["orders"])[0].waiting == 0  # the caller knows that none of the call's rows is kept
        with pytest.raises(DataError, match="reject file"):
            exporter.load("orders", [{"orderId": 1}, {"orderId": "x"}])


LOAD = """
import sys
from velobind.export import Exporter
low, high = int(sys.argv[3]), int(sys.argv[4])
with Exporter(sys.argv[1], schema=sys.argv[2], batch_rows=500, say=lambda text: print(text, flush=True)) as exporter:
    for name in ("orders", "orderItems"):
        rows = [{"orderId": n, "externalProductId": "p"} if name == "orderItems" else {"orderId": n} for n in range(low, high)]
        print(exporter.load(name, rows).rejected, flush=True)
"""  # noqa: E501


def test_exporters_at_once_take_turns(server: Server, schema: str, rows: Rows) -> None:
    # The schema and the tables too are made by all of them at once.
    started = [child(LOAD, server.dsn, schema, low, low + 4000) for low in (0, 2000, 1000, 0)]
    outputs = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4
    assert any("another exporter is writing to the schema" in text for text in outputs)
    assert rows("orders", "orderId") == rows("orderItems", "orderId") == [(number,) for number in range(6000)]


def test_a_lock_that_is_not_given_is_said_and_the_rows_wait(
    server: Server, schema: str, database: psycopg.Connection[Any], tmp_path: Path
) -> None:
    said = list[str]()
    options = {"lock_seconds": 0.2, "retry": Retry(attempts=1)}
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "s.db", say=said.append, **options) as exporter:
        exporter.prepare(["orders"])
        exporter.record("orders", list(orders(5)))
        with psycopg.connect(server.dsn) as other:
            exporting.merge.lock(other, schema, 1)
            report = exporter.deliver(["orders"])
            assert "a lock was not given in time" in report.errors[0]
            with pytest.raises(Busy):
                exporter.load("orders", orders(1))
        assert any("another exporter is writing" in text for text in said)
        assert exporter.status(["orders"])[0].waiting == 5
        assert exporter.deliver(["orders"]).of("orders").written == 5


def test_a_damaged_spool_is_named(tmp_path: Path) -> None:
    (tmp_path / "spool.db").write_bytes(b"this is no database, and never was " * 100)
    with pytest.raises(DataError, match=r"(?s)spool.db: file is not a database.*move it away"):
        Spool(tmp_path / "spool.db")
    with pytest.raises(DataError, match=r"File exists|Not a directory"):
        Spool(tmp_path / "spool.db" / "below")


def test_a_killed_database_session_is_opened_anew(
    exporter: Exporter, database: psycopg.Connection[Any], rows: Rows
) -> None:
    exporter.load("orders", orders(5))
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'velobind export'"
    )
    assert exporter.load("orders", [{"orderId": 9}]).written == 1
    assert len(rows("orders")) == 6


def test_memory_limit_is_not_needed_for_long_inputs(server: Server, schema: str) -> None:
    """400,000 rows from a generator stay under a little more memory than 80,000 take."""
    code = """
import sys
from pathlib import Path
from velobind.export import Exporter
with Exporter(sys.argv[1], schema=sys.argv[2]) as exporter:
    exporter.load("devices", ({"deviceId": str(n), "pushToken": "t" * 100} for n in range(int(sys.argv[3]))))
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""
    peaks = [
        int(subprocess.check_output([sys.executable, "-c", code, server.dsn, schema, str(count)], text=True))
        for count in (80_000, 400_000)
    ]
    assert peaks[1] < peaks[0] * 1.15
