"""Roles with few rights, TLS that is required, wrong passwords: each message says what to do."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.export.servers import Server
from velobind.errors import DatabaseError
from velobind.export import Exporter

Rows = Callable[..., list[tuple[Any, ...]]]
Database = psycopg.Connection[Any]
_numbers = itertools.count(1)
PASSWORD = "s3cret-of-the-role"


@pytest.fixture
def role(database: Database, schema: str) -> Iterator[str]:
    """A role that may do nothing, and a schema that it may not use."""
    name = f"exporter {next(_numbers)}"
    database.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{PASSWORD}'".encode())
    database.execute(f'CREATE SCHEMA "{schema}"'.encode())
    yield name
    database.execute(f'DROP OWNED BY "{name}" CASCADE'.encode())
    database.execute(f'DROP ROLE "{name}"'.encode())


def by_socket(server: Server, role: str) -> str:
    return f"host={server.folder} port={server.port} user='{role}' dbname=postgres"


def by_tls(server: Server, role: str, sslmode: str, password: str = PASSWORD) -> str:
    return (
        f"host=127.0.0.1 port={server.port} user='{role}' password={password} dbname=postgres sslmode={sslmode}"
        f" sslrootcert={server.certificate if sslmode.startswith('verify') else 'none'}"
    )


@pytest.mark.parametrize("sslmode", ["require", "verify-full"])
def test_a_role_limited_to_one_schema_exports_over_tls(system_server: Server, tmp_path: Path, sslmode: str) -> None:
    with psycopg.connect(system_server.dsn, autocommit=True) as admin:
        name = f"limited_{sslmode.replace('-', '_')}"
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'".encode())
        admin.execute(f"CREATE SCHEMA only_{name}; GRANT USAGE, CREATE ON SCHEMA only_{name} TO {name}".encode())
        dsn = by_tls(system_server, name, sslmode)
        with Exporter(dsn, schema=f"only_{name}", spool=tmp_path / "s.db", views=True) as exporter:
            exporter.record("orders", [{"orderId": 1}, {"orderId": 2}])
            exporter.record("orderItems", [{"orderId": 1, "externalProductId": "a"}])
            assert exporter.deliver().clean
            encrypted = exporter._link.run(
                lambda conn: conn.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
            )
        assert encrypted == (True,)
        assert admin.execute(f"SELECT count(*) FROM only_{name}.orders".encode()).fetchone() == (2,)
        with (
            Exporter(dsn, schema="elsewhere", spool=tmp_path / "t.db") as exporter,
            pytest.raises(DatabaseError, match=r'GRANT CREATE ON DATABASE "postgres" TO'),
        ):
            exporter.prepare(["orders"])
        admin.execute(f"DROP OWNED BY {name} CASCADE; DROP ROLE {name}; DROP SCHEMA only_{name} CASCADE".encode())


def test_a_server_that_requires_tls_says_so(system_server: Server, tmp_path: Path) -> None:
    said = list[str]()
    with (
        Exporter(by_tls(system_server, "postgres", "disable"), spool=tmp_path / "s.db", say=said.append) as exporter,
        pytest.raises(DatabaseError, match=r"(?s)no encryption.*hint: the server insists on TLS"),
    ):
        exporter.plan()
    with (
        Exporter(
            f"{system_server.dsn} host=127.0.0.1 sslmode=verify-full sslrootcert=system",
            spool=tmp_path / "s.db",
            say=said.append,
        ) as exporter,
        pytest.raises(DatabaseError, match=r"(?s)certificate verify failed.*its certificate is not trusted"),
    ):
        exporter.plan()
    assert said == []  # nothing of this gets better by trying again


def test_a_wrong_password_is_not_tried_again_and_never_shown(system_server: Server, tmp_path: Path) -> None:
    said = list[str]()
    wrong = by_tls(system_server, "postgres", "require", "wr0ng-secret")
    with (
        Exporter(wrong, spool=tmp_path / "s.db", say=said.append) as exporter,
        pytest.raises(DatabaseError, match="password authentication failed") as caught,
    ):
        exporter.plan()
    assert said == []
    assert "wr0ng-secret" not in str(caught.value)
    with (
        Exporter("postgresql//me:wr0ng-secret@host", spool=tmp_path / "s.db") as exporter,
        pytest.raises(DatabaseError, match="not one that libpq understands") as caught,
    ):
        exporter.plan()
    assert "wr0ng-secret" not in str(caught.value)


def test_each_missing_right_is_named(
    server: Server, role: str, schema: str, database: Database, tmp_path: Path, rows: Rows
) -> None:
    def fails(*grants: str) -> None:
        with Exporter(by_socket(server, role), schema=schema, spool=tmp_path / "s.db") as exporter:
            assert exporter.plan(["orders", "orderItems"]).rights == grants
            with pytest.raises(DatabaseError) as caught:
                exporter.load("orders", [{"orderId": 1}])
        assert str(caught.value).startswith(f"the role may not do all that the export to {schema} needs")
        assert grants[0] in str(caught.value)

    usage = f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"'
    create = f'GRANT CREATE ON SCHEMA "{schema}" TO "{role}"'
    fails(usage, create)
    database.execute(usage.encode())
    fails(create)
    # Where a DBA makes the tables, the role needs less.
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "admin.db") as admin:
        admin.prepare(["orders", "orderItems"])
    grants = (
        f'GRANT SELECT, INSERT, UPDATE ON "{schema}"."orders" TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{schema}"."orderItems" TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{schema}"."velobind_exports" TO "{role}"',
    )
    fails(*grants)
    for grant in grants:
        database.execute(grant.encode())
    with Exporter(by_socket(server, role), schema=schema, spool=tmp_path / "s.db") as exporter:
        assert exporter.plan(["orders", "orderItems"]).rights == ()
        exporter.load("orders", [{"orderId": 1}])
        exporter.load("orders", [{"orderId": 1, "Status": "DELIVERED"}])
        exporter.load("orderItems", [{"orderId": 1, "externalProductId": "a"}])
        exporter.load("orderItems", [{"orderId": 1, "externalProductId": "b"}])
    assert rows("orders", "orderId", "Status") == [(1, "DELIVERED")]
    assert rows("orderItems", "externalProductId") == [("b",)]
    database.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
    try:
        fails(f'GRANT TEMPORARY ON DATABASE "postgres" TO "{role}"')
    finally:
        database.execute("GRANT TEMPORARY ON DATABASE postgres TO PUBLIC")
    # A column is missing, and only the owner may add it.
    database.execute(f'ALTER TABLE "{schema}".orders DROP COLUMN email'.encode())
    with (
        Exporter(by_socket(server, role), schema=schema, spool=tmp_path / "s.db") as exporter,
        pytest.raises(DatabaseError, match=r'the owner of ".*"\."orders" must run the statements'),
    ):
        exporter.load("orders", [{"orderId": 1}])


def test_a_right_lost_on_the_way_keeps_the_rows(
    server: Server, role: str, schema: str, database: Database, tmp_path: Path
) -> None:
    database.execute(f'GRANT USAGE, CREATE ON SCHEMA "{schema}" TO "{role}"'.encode())
    with Exporter(by_socket(server, role), schema=schema, spool=tmp_path / "s.db") as exporter:
        exporter.prepare(["orders"])
        database.execute(f'REVOKE INSERT ON "{schema}".orders FROM "{role}"'.encode())
        exporter.record("orders", {"orderId": 1})
        assert "permission denied for table orders" in exporter.deliver(["orders"]).errors[0]
        assert exporter.status(["orders"])[0].waiting == 1
        database.execute(f'GRANT INSERT ON "{schema}".orders TO "{role}"'.encode())
        assert exporter.deliver(["orders"]).of("orders").written == 1


def test_a_role_that_is_read_only_by_default_still_exports(
    server: Server, role: str, schema: str, database: Database, tmp_path: Path, rows: Rows
) -> None:
    database.execute(f'GRANT USAGE, CREATE ON SCHEMA "{schema}" TO "{role}"'.encode())
    database.execute(f'ALTER ROLE "{role}" SET default_transaction_read_only = on'.encode())
    database.execute(f"ALTER ROLE \"{role}\" SET timezone = 'Asia/Tokyo'".encode())
    with Exporter(by_socket(server, role), schema=schema, spool=tmp_path / "s.db") as exporter:
        exporter.load("orders", [{"orderId": 1, "orderDate": "2024-01-01 00:00:00"}])
    assert rows("orders", "orderDate")[0][0].isoformat() == "2024-01-01T00:00:00"
