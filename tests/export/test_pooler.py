"""Behind PgBouncer, which gives each transaction, or each session, one of few connections.

Where PgBouncer is not installed, this file is left out.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.export import servers
from tests.export.servers import Server
from velobind.export import Exporter, link

Rows = Callable[..., list[tuple[Any, ...]]]

SETTINGS = """
[databases]
postgres = host={server.folder} port={server.port} dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
logfile = {folder}/log
pidfile = {folder}/pid
"""


@contextmanager
def pooler(server: Server, mode: str, size: int) -> Iterator[str]:
    """The DSN of a PgBouncer before the server."""
    folder = server.folder / f"pooler {mode} {size}"
    folder.mkdir()
    server.account.own(folder)
    port = servers.free_port()
    settings = folder / "settings.ini"
    settings.write_text(SETTINGS.format(server=server, port=port, mode=mode, size=size, folder=folder))
    program = servers.pooler_program()
    assert program is not None
    server.account.run([program, "--daemon", "--quiet", settings], check=True)
    try:
        yield f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    finally:
        os.kill(int((folder / "pid").read_text()), signal.SIGTERM)


def orders(cost: str) -> list[dict[str, Any]]:
    return [{"orderId": number, "totalCost": cost} for number in range(600)]


@pytest.mark.parametrize(("mode", "size"), [("transaction", 3), ("transaction", 1), ("session", 3), ("session", 1)])
def test_an_export_behind_a_pooler(
    server: Server, schema: str, rows: Rows, tmp_path: Path, mode: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "_PATIENCE_SECONDS", 0.5)
    with (
        pooler(server, mode, size) as dsn,
        Exporter(dsn, schema=schema, spool=tmp_path / "s.db", batch_rows=50) as exporter,
    ):
        exporter.record("orders", orders("1"))
        assert exporter.deliver().clean
        assert exporter.load("orders", orders("2")).written == 600
        assert exporter.load("orders", orders("2")).unchanged == 600
        # A pool that gives away its one session has none left for a second.
        assert exporter._second._refused == ((mode, size) == ("session", 1))
    assert Counter(cost for _, cost in rows("orders", "orderId", "totalCost")) == {2: 600}
