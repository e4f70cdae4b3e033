"""The tables: exactly as the datasets say, made once, completed later, never narrowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.export.servers import Server
from velobind.errors import DatabaseError
from velobind.export import Exporter, dataset, datasets
from velobind.export import plan as planning
from velobind.export.ddl import BOOKS, key_index_name
from velobind.export.plan import plan_from_nothing

Rows = Callable[..., list[tuple[Any, ...]]]
Database = psycopg.Connection[Any]


def columns(database: Database, schema: str, table: str) -> dict[str, str]:
    found = database.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum",
        (schema, table),
    )
    return dict(found.fetchall())


def test_tables_are_exactly_those_of_the_datasets(exporter: Exporter, database: Database, schema: str) -> None:
    exporter.prepare()
    for each in datasets().values():
        expected = {
            column.name: column.type.replace("varchar", "character varying").replace(
                "timestamp", "timestamp without time zone"
            )
            for column in each.columns
        }
        assert columns(database, schema, each.name) == expected
        unique = database.execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = %s AND indexname = %s", (schema, key_index_name(each))
        ).fetchone()
        assert unique is not None
        assert unique[0].startswith("CREATE UNIQUE INDEX")
        assert unique[0].endswith("NULLS NOT DISTINCT")
        for name in each.key:
            assert name in unique[0]


def test_a_plan_changes_nothing_and_is_empty_once_done(exporter: Exporter, database: Database, schema: str) -> None:
    first = exporter.plan()
    assert first.statements[0] == f'CREATE SCHEMA "{schema}"'
    assert len(first.statements) == 1 + 2 * len(datasets()) + 1
    assert database.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone() is None
    assert exporter.prepare().statements == first.statements
    assert exporter.plan().statements == ()
    assert exporter.prepare().statements == ()


def test_the_plan_run_by_hand_is_all_that_is_needed(exporter: Exporter, database: Database, rows: Rows) -> None:
    for statement in exporter.plan(["orders"]).statements:
        database.execute(statement.encode())
    assert exporter.plan(["orders"]).statements == ()
    assert exporter.load("orders", [{"orderId": 1}]).written == 1
    assert rows("orders", "orderId") == [(1,)]


def test_missing_columns_are_added_and_extra_ones_left_alone(
    exporter: Exporter, database: Database, schema: str, rows: Rows
) -> None:
    database.execute(f'CREATE SCHEMA "{schema}"')
    database.execute(
        f'CREATE TABLE "{schema}".orders ("orderId" integer, region text DEFAULT \'EU\', email varchar(10),'
        ' "totalCost" numeric)'
    )
    database.execute(f"INSERT INTO \"{schema}\".orders VALUES (1, 'mine', 'a@b.c', 5)")
    notes = exporter.plan(["orders"]).notes
    assert any("email is character varying(10) there, varchar(50)" in note for note in notes)
    assert any("columns of its own, left alone: region" in note for note in notes)
    exporter.load("orders", [{"orderId": 1, "Status": "DELIVERED", "totalCost": 6}, {"orderId": 2}])
    assert set(columns(database, schema, "orders")) == {column.name for column in dataset("orders").columns} | {
        "region"
    }
    assert columns(database, schema, "orders")["email"] == "character varying(10)"
    assert rows("orders", "orderId", "region", "totalCost") == [(1, "mine", 6), (2, "EU", None)]
    # A value too long for the user's narrower column is that row's fault alone.
    counts = exporter.load("orders", [{"orderId": 3, "email": "someone@example.com"}, {"orderId": 4}])
    assert (counts.written, counts.rejected) == (1, 1)


def test_a_demanding_column_of_the_users_is_named(exporter: Exporter, database: Database, schema: str) -> None:
    exporter.prepare(["orders"])
    database.execute(f'ALTER TABLE "{schema}".orders ADD COLUMN region text NOT NULL')
    with pytest.raises(DatabaseError, match=r"region of .*orders is NOT NULL without a default"):
        exporter.plan(["orders"])


def test_a_view_in_the_way_is_named(exporter: Exporter, database: Database, schema: str) -> None:
    database.execute(f'CREATE SCHEMA "{schema}"')
    database.execute(f'CREATE VIEW "{schema}".orders AS SELECT 1 AS "orderId"')
    with pytest.raises(DatabaseError, match="orders is not a table"):
        exporter.prepare(["orders"])


def test_duplicates_in_a_former_table_are_said_and_nothing_is_made(
    exporter: Exporter, database: Database, schema: str
) -> None:
    database.execute(f'CREATE SCHEMA "{schema}"')
    database.execute(f'CREATE TABLE "{schema}".contacts ("contactId" bigint)')
    database.execute(f'INSERT INTO "{schema}".contacts VALUES (1), (1)')
    with pytest.raises(DatabaseError, match=r"could not create unique index.*is duplicated"):
        exporter.prepare(["contacts"])
    assert list(columns(database, schema, "contacts")) == ["contactId"]


def test_snake_case_views(server: Server, schema: str, tmp_path: Path, database: Database, rows: Rows) -> None:
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "s.db", views=True) as exporter:
        exporter.load("contactActivities", [{"contactId": 1, "activityStatus": "SPAM", "messageURL": "u"}])
        assert exporter.plan(["contactActivities"]).statements == ()
    assert rows("v_contact_activities", "contact_id", "activity_status", "message_url") == [(1, "SPAM", "u")]
    names = columns(database, schema, "v_contact_activities")
    assert "activity" not in names and "error_code" not in names
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


def test_a_plan_of_nothing_needs_no_server() -> None:
    plan = plan_from_nothing("public", list(datasets().values()))
    assert len(plan.statements) == 2 * len(datasets()) + 1
    assert any("NULLS NOT DISTINCT" in statement for statement in plan.statements)
    old = plan_from_nothing("public", [dataset("revenue")], server_version=140000)
    assert not any("NULLS NOT DISTINCT" in statement for statement in old.statements)
    assert any('COALESCE("contactId", 0)), ("contactId" IS NULL)' in statement for statement in old.statements)


@pytest.fixture
def before_15(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keys are made as on a server before 15, with expressions; every server understands those."""
    monkeypatch.setattr(planning.ddl, "NULLS_NOT_DISTINCT_SINCE", 10**9)
    yield


@pytest.mark.usefixtures("before_15")
def test_keys_of_expressions_hold_nulls_equal(
    exporter: Exporter, rows: Rows, database: Database, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = {"contactId": 1, "activityStatus": "CLICKED", "activityDateTime": "2024-01-01 00:00:00"}
    many = [
        activity,
        {**activity, "contactId": 0},
        {**activity, "contactId": None},
        {**activity, "clickEventLink": ""},
        {**activity, "activityDateTime": None},
        {**activity, "activityDateTime": "1970-01-01 00:00:00"},
    ]
    assert exporter.load("contactActivities", many).written == 6
    assert exporter.load("contactActivities", many).unchanged == 6
    named = [{**row, "messageName": "again"} for row in many]
    assert exporter.load("contactActivities", named).written == 6
    assert len(rows("contactActivities")) == 6
    for name in datasets():
        exporter.prepare([name])
    exporter.load("orderItems", [{"orderId": 1, "externalProductId": p} for p in ("a", None)])
    exporter.load("orderItems", [{"orderId": 1, "externalProductId": p} for p in (None, "b")])
    assert rows("orderItems", "orderId", "externalProductId") == [(1, "b"), (1, None)]
    # The server is upgraded in place to 15 or later: the index that is there goes on to serve.
    monkeypatch.setattr(planning.ddl, "NULLS_NOT_DISTINCT_SINCE", 150000)
    with Exporter(database.info.dsn, schema=schema, spool=exporter.spool.path) as later:
        assert later.plan().statements == ()
        assert later.load("contactActivities", named).unchanged == 6


def test_the_books_say_how_far_each_source_is(exporter: Exporter, rows: Rows) -> None:
    exporter.record("orders", [{"orderId": 1}, {"orderId": 2}])
    exporter.deliver()
    exporter.load("orders", [{"orderId": 3}])
    assert rows(BOOKS, "source", "dataset", "position", "rows") == [
        (f"{exporter.spool.identity}/export", "orders", 2, 2)
    ]
