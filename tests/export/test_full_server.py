"""The server's own disk fills up, really: the tables lie on a file system of few megabytes.

There is no other way, so where none can be mounted (that takes root), this file is left out.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.export.servers import Server
from velobind.errors import DatabaseError
from velobind.export import Exporter, Retry

Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def small(server: Server, schema: str) -> Iterator[Path]:
    """The folder of a tablespace `small` on a disk of 3 megabytes."""
    folder = server.folder / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], check=True)
    try:
        server.account.own(folder)
        with psycopg.connect(server.dsn, autocommit=True) as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{folder}'".encode())
            yield folder
            admin.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'.encode())
            admin.execute("CHECKPOINT")  # files of dropped tables go only then
            admin.execute("DROP TABLESPACE small")
    finally:
        # Sessions of other fixtures may still have files of it open.
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def orders(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"orderId": number, "Status": "DELIVERED", "deliveryAddress": "x" * 200}


def test_a_full_disk_of_the_server_is_said_and_the_rows_wait(
    server: Server, schema: str, small: Path, rows: Rows, tmp_path: Path
) -> None:
    dsn = f"{server.dsn} options='-c default_tablespace=small'"
    said: list[str] = []
    with Exporter(
        dsn,
        schema=schema,
        spool=tmp_path / "s.db",
        batch_rows=1000,
        retry=Retry(attempts=2, first=0.01),
        say=said.append,
    ) as exporter:
        exporter.record("orders", orders(20_000))
        report = exporter.deliver(["orders"])
        assert "the server's disk is full" in report.errors[0]
        assert "trying again" in said[0]
        landed = report.of("orders").written
        status = exporter.status(["orders"])[0]
        assert 0 < landed < 20_000
        assert status.waiting == 20_000 - landed
        assert "disk is full" in (status.error or "")
        assert rows("orders", "orderId") == [(number,) for number in range(landed)]
        with pytest.raises(DatabaseError, match=r"(?s)the server's disk is full.*hint: the rows are kept"):
            exporter.load("orders", orders(20_000))
        subprocess.run(["mount", "-o", "remount,size=60m", small], check=True)
        assert exporter.deliver(["orders"]).clean
        assert exporter.status(["orders"])[0].waiting == 0
    assert rows("orders", "orderId") == [(number,) for number in range(20_000)]
