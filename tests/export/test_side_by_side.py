"""Two batches in the database at once: what the first of them would have a say in waits, and all is as if in turn."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.export.servers import Server
from velobind.errors import DatabaseError
from velobind.export import Exporter, merge
from velobind.export import exporter as exporting
from velobind.export.link import Retry
from velobind.export.merge import Destination
from velobind.export.options import Options
from velobind.export.rejects import read

Rows = Callable[..., list[tuple[Any, ...]]]
BATCH = 20


def orders(first: int, last: int, cost: int = 1) -> Iterator[dict[str, Any]]:
    for number in range(first, last):
        yield {"orderId": number, "totalCost": cost, "email": f"{number % 25}@example.org"}


@pytest.fixture
def exporter(server: Server, schema: str, tmp_path: Path) -> Iterator[Exporter]:
    options = Options(schema=schema, batch_rows=BATCH, lock_seconds=3, retry=Retry(attempts=1))
    with Exporter(server.dsn, options=options, spool=tmp_path / "s.db") as made:
        made.prepare(["orders"])
        yield made


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each batch, whether it was written beside the one before."""
    found: list[bool] = []
    write_early = merge._write_early

    def noted(*arguments: Any, **options: Any) -> Any:
        outcome = write_early(*arguments, **options)
        found.append(outcome is not None)
        return outcome

    monkeypatch.setattr(merge, "_write_early", noted)
    return found


def waits_for_its_turn(database: psycopg.Connection[Any]) -> bool:
    """Whether a session of the export has merged its rows and holds its transaction open."""
    found = database.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'velobind export'"
        " AND state = 'idle in transaction' AND query LIKE 'INSERT INTO%'"
    ).fetchone()
    return found == (1,)


def changed(rows: Rows) -> list[int]:
    return [number for number, cost in rows("orders", "orderId", "totalCost") if cost == 2]


def wait_until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_a_batch_is_merged_while_the_one_before_waits_for_a_row(
    exporter: Exporter, server: Server, schema: str, database: psycopg.Connection[Any], rows: Rows
) -> None:
    exporter.load("orders", orders(0, 200))
    counts: list[Any] = []
    with psycopg.connect(server.dsn) as other:
        other.execute(f'SELECT FROM "{schema}".orders WHERE "orderId" = 70 FOR UPDATE'.encode())
        load = threading.Thread(target=lambda: counts.append(exporter.load("orders", orders(0, 200, 2))))
        load.start()
        # The batch of row 70 is not in, nor is the one after it that has nothing to wait for.
        wait_until(lambda: changed(rows) == list(range(60)) and waits_for_its_turn(database))
    load.join()
    assert counts[0].written == 200
    assert {cost for (cost,) in rows("orders", "totalCost")} == {2}


def test_what_is_merged_beside_a_batch_that_fails_is_undone(
    exporter: Exporter, server: Server, schema: str, database: psycopg.Connection[Any], rows: Rows
) -> None:
    exporter.load("orders", orders(0, 200))
    failed: list[BaseException] = []

    def load() -> None:
        try:
            exporter.load("orders", orders(0, 200, 2))
        except DatabaseError as error:
            failed.append(error)

    with psycopg.connect(server.dsn) as other:
        other.execute(f'SELECT FROM "{schema}".orders WHERE "orderId" = 70 FOR UPDATE'.encode())
        thread = threading.Thread(target=load)
        thread.start()
        wait_until(lambda: changed(rows) == list(range(60)) and waits_for_its_turn(database))
        thread.join()
    assert failed
    assert changed(rows) == list(range(60))


def test_batches_are_written_side_by_side_where_their_keys_differ(
    exporter: Exporter, rows: Rows, early: list[bool]
) -> None:
    exporter.load("orders", orders(0, 1000))
    assert sum(early) > 5, early
    early.clear()
    exporter.load("orders", orders(0, 1000, 2))
    assert sum(early) > 5, early
    assert {cost for (cost,) in rows("orders", "totalCost")} == {2}


def test_a_key_in_two_batches_is_written_in_turn(exporter: Exporter, rows: Rows, early: list[bool]) -> None:
    exporter.load("orders", orders(0, 15))
    # Each batch has keys of the one before. Most rows say what the table says, which is looked at before they merge.
    many = [row for turn in range(60) for row in orders(0, 15, 1 + turn // 6 % 2)]
    exporter.load("orders", many)
    assert not any(early)
    assert rows("orders", "totalCost") == [(2,)] * 15


@pytest.mark.parametrize(
    "rule",
    [
        'CREATE UNIQUE INDEX ON {}.orders ("orderId", "email")',
        'CREATE TABLE {}.parcels (order_id int REFERENCES {}.orders ("orderId"))',
        "CREATE RULE quiet AS ON DELETE TO {}.orders DO INSTEAD NOTHING",
    ],
)
def test_where_more_than_the_key_decides_batches_are_written_in_turn(
    exporter: Exporter, schema: str, database: psycopg.Connection[Any], early: list[bool], rule: str
) -> None:
    if "REFERENCES" in rule:
        database.execute(f'ALTER TABLE "{schema}".orders ADD UNIQUE ("orderId")'.encode())
    database.execute(rule.replace("{}", f'"{schema}"').encode())
    assert exporter.load("orders", orders(0, 500)).written == 500
    assert early and not any(early)


def test_of_two_rows_that_exclude_each_other_the_first_stands(
    exporter: Exporter, schema: str, database: psycopg.Connection[Any], rows: Rows
) -> None:
    database.execute(f'CREATE UNIQUE INDEX ON "{schema}".orders ("email")'.encode())
    counts = exporter.load("orders", orders(0, 500))
    assert (counts.written, counts.rejected) == (25, 475)
    assert rows("orders", "orderId") == [(number,) for number in range(25)]
    assert len(list(read(exporter.rejects.path))) == 475


def test_a_batch_gives_way_to_the_one_before_that_waits_for_it(
    exporter: Exporter,
    schema: str,
    database: psycopg.Connection[Any],
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(merge, "_PATIENCE_SECONDS", 0.2)
    former = 4 * BATCH
    write_early, write_now = merge._write_early, merge._write_now

    def not_the_former(*arguments: Any, **options: Any) -> Any:
        batch, turn = arguments[3:5]
        if batch.position != former:
            return write_early(*arguments, **options)
        turn.wait()
        return None

    def the_former_when_the_latter_is_merged(*arguments: Any, **options: Any) -> Any:
        if arguments[3].position == former:
            wait_until(lambda: waits_for_its_turn(database))
        return write_now(*arguments, **options)

    def given() -> Iterator[dict[str, Any]]:
        yield from orders(0, 3 * BATCH)
        # Too late for the load to heed it.
        database.execute(f'CREATE UNIQUE INDEX ON "{schema}".orders ("deliveryAddress")'.encode())
        for number in range(2 * BATCH):
            yield {"orderId": 100 + number, "deliveryAddress": f"{number % BATCH} Main Street"}

    exporter.load("orders", orders(-1, 0))
    monkeypatch.setattr(merge, "_write_early", not_the_former)
    monkeypatch.setattr(merge, "_write_now", the_former_when_the_latter_is_merged)
    counts = exporter.load("orders", given())
    assert (counts.written, counts.rejected) == (4 * BATCH, BATCH)
    assert [number for (number,) in rows("orders", "orderId") if number >= 100] == list(range(100, 100 + BATCH))


def test_exporters_of_the_same_rows_never_wait_for_each_other_in_a_circle(
    server: Server, schema: str, rows: Rows, tmp_path: Path
) -> None:
    said: list[str] = []
    written: list[int] = []
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "s.db") as exporter:
        exporter.prepare(["orders"])

    def export(number: int) -> None:
        mixed = list(orders(0, 1000, number))
        random.Random(number).shuffle(mixed)
        path = tmp_path / f"{number}.db"
        with Exporter(server.dsn, schema=schema, spool=path, batch_rows=50, say=said.append) as exporter:
            for _ in range(2):
                counts = exporter.load("orders", mixed)
                written.append(counts.written + counts.unchanged)

    threads = [threading.Thread(target=export, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert written == [1000] * 6
    assert len(rows("orders", "orderId")) == 1000
    # A circle would have been found by the server, and the batch tried again.
    assert {text.split(" to the schema")[0] for text in said} <= {"another exporter is writing"}


def test_rows_that_the_server_refuses_are_refused_once(
    exporter: Exporter, schema: str, database: psycopg.Connection[Any], rows: Rows, early: list[bool]
) -> None:
    database.execute(f'ALTER TABLE "{schema}".orders ADD CHECK ("orderId" % 50 <> 7)'.encode())
    for _ in range(2):
        counts = exporter.load("orders", orders(0, 1000))
        assert (counts.read, counts.rejected) == (1000, 20)
    assert sum(early) > 5, early
    assert len(rows("orders", "orderId")) == 980
    assert sorted(entry.row["orderId"] for entry in read(exporter.rejects.path)) == sorted([*range(7, 1000, 50)] * 2)


def test_batches_that_were_in_before_a_crash_are_not_written_beside_either(
    server: Server, schema: str, tmp_path: Path, database: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    with Exporter(server.dsn, schema=schema, spool=path, batch_rows=BATCH) as exporter:
        exporter.record("orders", orders(0, 2 * BATCH))
        # The process ends before the spool hears of the two batches.
        with closing(exporter.spool), monkeypatch.context() as patched:
            patched.setattr(exporting.Spool, "advance", lambda *arguments, **options: None)
            patched.setattr(exporting.Spool, "trim", lambda *arguments, **options: None)
            exporter.deliver()
    database.execute(f'UPDATE "{schema}".orders SET "totalCost" = 9'.encode())
    monkeypatch.setattr(exporting.Exporter, "_destination", known_destination(schema))
    with Exporter(server.dsn, schema=schema, spool=path, batch_rows=BATCH) as exporter:
        assert exporter.deliver().of("orders").written == 2 * BATCH
    found = database.execute(f'SELECT DISTINCT "totalCost" FROM "{schema}".orders'.encode()).fetchall()
    assert found == [(9,)]


def known_destination(schema: str) -> Callable[..., Destination]:
    """As it is once the first batch was written: so the second may go beside the first."""

    def made(self: Exporter, name: str, source: str) -> Destination:
        return Destination(schema, source, fresh=False, familiar=False, alone=False)

    return made
