"""Pieces in order, two under way: who waits for whom, and what becomes of the next where one fails."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.export.servers import Server
from velobind.export import Exporter, dataset, link
from velobind.export.batches import Batch
from velobind.export.link import Link, Retry
from velobind.export.merge import Written
from velobind.export.options import Options
from velobind.export.sending import Piece, send
from velobind.export.turns import FormerFailed, Turn

Rows = Callable[..., list[tuple[Any, ...]]]


def pieces(count: int) -> Iterator[Piece]:
    for number in range(count):
        yield Piece(Batch(dataset("events"), 1, b"", number), [], 1)


def orders(first: int, last: int, cost: str = "1") -> Iterator[dict[str, Any]]:
    for number in range(first, last):
        yield {"orderId": number, "totalCost": cost}


def costs(rows: Rows) -> dict[Decimal, int]:
    """How many orders there are of each cost."""
    return Counter(cost for _, cost in rows("orders", "orderId", "totalCost"))


class Log:
    """What was staged, written and told, in order; a number may fail."""

    def __init__(self, fails: int = -1) -> None:
        self.events: list[tuple[str, int]] = []
        self.lanes: list[int] = []
        self._fails = fails

    def write(self, piece: Piece, lane: int, turn: Turn) -> Written:
        number = piece.batch.position
        self.lanes.append(lane)
        self.events.append(("staged", number))
        turn.wait()
        if number == self._fails:
            raise RuntimeError(f"piece {number}")
        self.events.append(("written", number))
        return Written()

    def landed(self, piece: Piece, written: Written) -> None:
        self.events.append(("landed", piece.batch.position))

    def numbers(self, what: str) -> list[int]:
        return [number for event, number in self.events if event == what]


def test_pieces_are_written_and_told_in_order() -> None:
    log = Log()
    send(pieces(20), log.write, log.landed, lambda: True)
    assert log.numbers("written") == log.numbers("landed") == list(range(20))
    assert log.lanes == [0, 1] * 10


def test_one_lane_is_enough() -> None:
    log = Log()
    send(pieces(20), log.write, log.landed, lambda: False)
    assert log.numbers("landed") == list(range(20))
    assert set(log.lanes) == {0}


@pytest.mark.parametrize("fails", [0, 1, 3, 4, 19])
def test_what_follows_a_failure_is_not_written(fails: int) -> None:
    log = Log(fails)
    with pytest.raises(RuntimeError, match=f"piece {fails}"):
        send(pieces(20), log.write, log.landed, lambda: True)
    assert log.numbers("written") == log.numbers("landed") == list(range(fails))


def test_where_no_further_piece_can_be_made_those_under_way_are_told() -> None:
    def broken() -> Iterator[Piece]:
        yield from pieces(6)
        raise ValueError("no more")

    log = Log()
    with pytest.raises(ValueError, match="no more"):
        send(broken(), log.write, log.landed, lambda: True)
    assert log.numbers("landed") == list(range(6))


def test_one_piece_is_staged_while_the_one_before_is_written() -> None:
    staged = [threading.Event() for _ in range(8)]

    def write(piece: Piece, lane: int, turn: Turn) -> Written:
        number = piece.batch.position
        staged[number].set()
        turn.wait()
        assert number == 7 or staged[number + 1].wait(30)
        return Written()

    send(pieces(8), write, lambda piece, written: None, lambda: True)


def test_a_turn_ends_with_a_failure_before_it() -> None:
    seen: list[BaseException] = []

    def write(piece: Piece, lane: int, turn: Turn) -> Written:
        try:
            turn.wait()
        except FormerFailed as error:
            seen.append(error)
            raise
        if piece.batch.position == 3:
            raise RuntimeError("the fourth")
        return Written()

    with pytest.raises(RuntimeError, match="the fourth"):
        send(pieces(5), write, lambda piece, written: None, lambda: True)
    assert len(seen) == 1


@pytest.fixture
def role(server: Server, database: psycopg.Connection[Any]) -> Iterator[str]:
    """A superuser of its own, for settings of its own."""
    database.execute("CREATE ROLE settled LOGIN SUPERUSER")
    yield "settled"
    database.execute("DROP OWNED BY settled CASCADE")
    database.execute("DROP ROLE settled")


def by(server: Server, role: str) -> str:
    return f"host={server.folder} port={server.port} user={role} dbname=postgres"


def test_a_second_connection_is_there_for_more_than_one_batch(
    server: Server, database: psycopg.Connection[Any], schema: str, tmp_path: Path
) -> None:
    def sessions() -> int:
        row = database.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'velobind export'")
        return int(row.fetchone()[0])  # type: ignore[index]

    most: list[int] = []
    options = Options(schema=schema, batch_rows=100)
    with Exporter(
        server.dsn, options=options, spool=tmp_path / "s.db", progress=lambda report: most.append(sessions())
    ) as exporter:
        exporter.load("orders", orders(0, 100))
        assert max(most) == 1
        exporter.load("orders", orders(0, 1000))
        assert max(most) == 2
        exporter.record("orders", orders(0, 1000))
        exporter.deliver()
        assert exporter._second._connection is None


def test_a_second_connection_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "_PATIENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        second = Link(f"host=127.0.0.1 port={silent.getsockname()[1]} user=nobody", Retry())
        assert not second.opens()
        others = [thread for thread in threading.enumerate() if thread.name == "velobind-export-second"]
        assert all(thread.daemon for thread in others)
        assert not second.opens()
        assert len(others) == sum(thread.name == "velobind-export-second" for thread in threading.enumerate())


def test_a_role_that_may_have_one_connection_gets_along(
    server: Server, database: psycopg.Connection[Any], role: str, schema: str, rows: Rows, tmp_path: Path
) -> None:
    # The limit does not hold for superusers.
    database.execute(f'CREATE SCHEMA "{schema}"'.encode())
    database.execute(
        f'ALTER ROLE {role} NOSUPERUSER CONNECTION LIMIT 1; GRANT ALL ON SCHEMA "{schema}" TO {role}'.encode()
    )
    with Exporter(by(server, role), schema=schema, spool=tmp_path / "s.db", batch_rows=50) as exporter:
        assert exporter.load("orders", orders(0, 1000)).written == 1000
        assert exporter.load("orders", orders(0, 1000, "2")).written == 1000
        assert exporter._second._refused
    assert costs(rows) == {2: 1000}


@pytest.mark.parametrize("setting", ["default_transaction_isolation = 'serializable'", "synchronous_commit = off"])
def test_the_last_row_of_a_key_wins_over_batches(
    server: Server, database: psycopg.Connection[Any], role: str, schema: str, rows: Rows, tmp_path: Path, setting: str
) -> None:
    database.execute(f"ALTER ROLE {role} SET {setting}".encode())
    with Exporter(by(server, role), schema=schema, spool=tmp_path / "s.db", batch_rows=50) as exporter:
        exporter.load("orders", orders(0, 60))
        counts = exporter.load("orders", (row for turn in range(20) for row in orders(0, 60, f"{turn}")))
        assert counts.read == 1200
    assert costs(rows) == {19: 60}


def test_a_server_that_ends_waiting_sessions_gets_the_batch_again(
    server: Server, database: psycopg.Connection[Any], role: str, schema: str, rows: Rows, tmp_path: Path
) -> None:
    database.execute(f"ALTER ROLE {role} SET idle_in_transaction_session_timeout = '40ms'".encode())
    # The merge of each batch takes longer than a session may wait.
    said: list[str] = []
    with Exporter(
        by(server, role),
        schema=schema,
        spool=tmp_path / "s.db",
        batch_rows=20,
        say=said.append,
        retry=Retry(attempts=50, first=0.01, most=0.1),
    ) as exporter:
        exporter.load("orders", orders(0, 10))
        database.execute(
            f'CREATE FUNCTION "{schema}".slow() RETURNS trigger LANGUAGE plpgsql AS'
            " $$BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END$$".encode()
        )
        database.execute(
            f'CREATE TRIGGER slow AFTER INSERT ON "{schema}".orders EXECUTE FUNCTION "{schema}".slow()'.encode()
        )
        exporter.load("orders", orders(0, 200, "2"))
    assert any("idle" in text for text in said), said
    assert costs(rows) == {2: 200}


def test_sessions_that_are_ended_again_and_again_lose_nothing(
    server: Server, database: psycopg.Connection[Any], schema: str, rows: Rows, tmp_path: Path
) -> None:
    ended = 0

    def end_all(report: object) -> None:
        nonlocal ended
        ended += len(
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'velobind export'"
            ).fetchall()
        )

    with Exporter(
        server.dsn,
        schema=schema,
        spool=tmp_path / "s.db",
        batch_rows=20,
        retry=Retry(first=0.01, most=0.1),
        progress=end_all,
    ) as exporter:
        exporter.record("orders", orders(0, 300))
        exporter.record("orders", orders(0, 300, "2"))
        assert exporter.deliver().clean
    assert ended > 10
    assert costs(rows) == {2: 300}
