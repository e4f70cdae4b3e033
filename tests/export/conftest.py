"""Servers of a session, and a schema of its own for every test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.export import servers
from tests.export.servers import Server
from velobind.export import Exporter

# What cannot be made here at all is left out, and is no skipped test.
collect_ignore = [
    *([] if servers.can_mount() else ["test_full_server.py"]),
    *([] if servers.pooler_program() else ["test_pooler.py"]),
]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[Server]:
    yield from servers.running(servers.embedded_programs())


@pytest.fixture(scope="session")
def system_server() -> Iterator[Server]:
    programs = servers.system_programs()
    if programs is None:
        pytest.skip("the system has no PostgreSQL: apt-get install postgresql")
    yield from servers.running(programs, tls=True)


@pytest.fixture(scope="session", params=["embedded", "system"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each of the two servers, one after the other."""
    found: Server = request.getfixturevalue(f"{request.param}_server")
    return found


@pytest.fixture
def database(server: Server) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's session of that server, in autocommit."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def schema(server: Server) -> Iterator[str]:
    """The name of a schema that does not exist yet; it is dropped afterwards."""
    name = f"Export {next(_numbers)}"
    yield name
    # A session of its own: the test may have restarted the server.
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'.encode())


@pytest.fixture
def exporter(server: Server, schema: str, tmp_path: Path) -> Iterator[Exporter]:
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "spool.db") as made:
        yield made


@pytest.fixture
def rows(database: psycopg.Connection[Any], schema: str) -> Callable[..., list[tuple[Any, ...]]]:
    """Rows of a table of the schema: `rows("orders", "orderId", "Status")`, ordered by the columns."""

    def fetch(table: str, *columns: str) -> list[tuple[Any, ...]]:
        names = ", ".join(f'"{column}"' for column in columns) or "*"
        order = ", ".join(str(number) for number in range(1, len(columns) + 1)) or "1"
        return database.execute(f'SELECT {names} FROM "{schema}"."{table}" ORDER BY {order}').fetchall()

    return fetch
