"""What messages get for the values of PostgreSQL's types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
import pytest

from velobind.binding.connector import Connector
from velobind.binding.source import Source
from velobind.project import Project

CONFIG = '[sources.things]\nid = 1\nconnector = "shop"\ntable = "things"\n'

CASES: list[tuple[str, str, Any]] = [
    ("smallint", "-5", "-5"),
    ("integer", "2147483647", "2147483647"),
    ("bigint", "-9223372036854775808", "-9223372036854775808"),
    ("numeric", "1249.50", "1249.50"),
    ("numeric", "1e20", "100000000000000000000"),
    ("numeric", "0.0000001", "0.0000001"),
    ("numeric", "'NaN'", "NaN"),
    ("numeric", "'-Infinity'", "-Infinity"),
    ("real", "0.1", "0.1"),
    ("double precision", "0.1", "0.1"),
    ("double precision", "100", "100"),
    ("double precision", "1e20", "100000000000000000000"),
    ("double precision", "1.5e-7", "0.00000015"),
    ("double precision", "1.7976931348623157e308", "17976931348623157" + "0" * 292),
    ("double precision", "'NaN'", "NaN"),
    ("double precision", "'Infinity'", "Infinity"),
    ("money", "1234.5", "1234.50"),
    ("boolean", "true", "true"),
    ("boolean", "false", "false"),
    ("text", "'Ünïcode ☃ 😀'", "Ünïcode ☃ 😀"),
    ("text", "''", ""),
    ("varchar(9)", "' x '", " x "),
    ("char(5)", "'ab'", "ab"),
    ("date", "'2020-09-02'", "2020-09-02T00:00:00Z"),
    ("date", "'infinity'", "infinity"),
    ("date", "'-infinity'", "-infinity"),
    ("date", "'0044-03-15 BC'", "-0043-03-15T00:00:00Z"),
    ("date", "'0001-12-31 BC'", "0000-12-31T00:00:00Z"),
    ("date", "'12345-01-02'", "+12345-01-02T00:00:00Z"),
    ("timestamp", "'2026-02-03 04:05:06'", "2026-02-03T04:05:06Z"),
    ("timestamp", "'2026-02-03 04:05:06.5'", "2026-02-03T04:05:06.5Z"),
    ("timestamp", "'2026-02-03 04:05:06.123456'", "2026-02-03T04:05:06.123456Z"),
    ("timestamp", "'infinity'", "infinity"),
    ("timestamp", "'0044-03-15 10:00:00.25 BC'", "-0043-03-15T10:00:00.25Z"),
    ("timestamptz", "'2026-02-03 04:05:06+02'", "2026-02-03T02:05:06Z"),
    ("timestamptz", "'2026-02-03 01:00:00+05:30'", "2026-02-02T19:30:00Z"),
    ("timestamptz", "'-infinity'", "-infinity"),
    ("timestamptz", "'20000-01-01 00:00+00'", "+20000-01-01T00:00:00Z"),
    ("time", "'04:05:06'", "04:05:06"),
    ("interval", "'1 year 2 days 03:00'", "1 year 2 days 03:00:00"),
    ("bytea", r"'\xdeadbeef'", r"\xdeadbeef"),
    ("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("inet", "'10.0.0.1/8'", "10.0.0.1/8"),
    ("int4range", "'[1,5)'", "[1,5)"),
    ("point", "'(1,2)'", "(1,2)"),
    ("mood", "'so ''so'''", "so 'so'"),
    ("pair", "row(1, 'a b')", '(1,"a b")'),
    ("whole_days", "'2020-09-02'", "2020-09-02T00:00:00Z"),
    (
        "jsonb",
        """'{"a": [1, 2.5, "x", null, true], "n": {"m": "é"}}'""",
        {"a": [1, 2.5, "x", None, True], "n": {"m": "é"}},
    ),
    ("json", "'[]'", []),
    ("json", "'\"text\"'", "text"),
    ("jsonb", "'null'", None),
    ("json", r"""'{"half": "\ud800"}'""", {"half": "?"}),
    ("json", "(repeat('[', 3000) || repeat(']', 3000))::json", "[" * 3000 + "]" * 3000),
    ("int[]", "'{1,NULL,3}'", ["1", None, "3"]),
    ("text[]", """'{a,"b c",NULL,"NULL",""}'""", ["a", "b c", None, "NULL", ""]),
    ("int[][]", "'{{1,2},{3,4}}'", [["1", "2"], ["3", "4"]]),
    ("text[]", "'{}'", []),
    ("boolean[]", "'{t,f,NULL}'", ["true", "false", None]),
    ("date[]", "'{2020-09-02,infinity,0044-03-15 BC}'", ["2020-09-02T00:00:00Z", "infinity", "-0043-03-15T00:00:00Z"]),
    ("timestamptz[]", "array['2026-02-03 04:05:06+02'::timestamptz]", ["2026-02-03T02:05:06Z"]),
    ("timestamp[]", "array['2026-02-03 04:05:06.5'::timestamp]", ["2026-02-03T04:05:06.5Z"]),
    ("double precision[]", "'{1e20,0.5}'", ["100000000000000000000", "0.5"]),
    ("numeric[]", "'{1.50}'", ["1.50"]),
    ("money[]", "array[1234.5::money]", ["1234.50"]),
    ("jsonb[]", """array['{"a": 1}'::jsonb]""", [{"a": 1}]),
    ("mood[]", "array['happy'::mood]", ["happy"]),
    ("days_list", "'{2020-09-02}'", ["2020-09-02T00:00:00Z"]),
    ("text", "null", None),
    ("date", "null", None),
    ("double precision", "null", None),
    ("jsonb", "null", None),
    ("int[]", "null", None),
]


@pytest.fixture
def things(make_project: Callable[..., Project], fill: Callable[..., None]) -> dict[str, Any]:
    """The one row of a table that has every case as a column."""
    columns = ", ".join(f'"c{n}" {kind}' for n, (kind, _, _) in enumerate(CASES))
    values = ", ".join(value for _, value, _ in CASES)
    fill(
        "create type mood as enum ('happy', 'so ''so''')",
        "create type pair as (n int, t text)",
        "create domain days as date",
        "create domain whole_days as days check (value > '1000-01-01')",
        "create domain days_list as date[]",
        f"create table things (email text, {columns})",
        f"insert into things values ('a@example.com', {values})",
    )
    project = make_project(CONFIG)
    return project.source("things").rows(["a@example.com"])["a@example.com"][0]


def test_every_type(things: dict[str, Any]) -> None:
    wanted = {f"{kind} {value}": text for kind, value, text in CASES}
    found = {f"{kind} {value}": things[f"c{n}"] for n, (kind, value, _) in enumerate(CASES)}
    assert found == wanted
    for name, value in found.items():
        assert type(value) is type(wanted[name]), name


def test_text_does_not_depend_on_what_the_role_is_set_to(
    make_project: Callable[..., Project], fill: Callable[..., None], database: dict[str, Any]
) -> None:
    fill(
        f"alter database {database['dbname']} set datestyle = 'German, DMY'",
        f"alter database {database['dbname']} set timezone = 'Asia/Tokyo'",
        f"alter database {database['dbname']} set bytea_output = 'escape'",
        f"alter database {database['dbname']} set extra_float_digits = 0",
        "create table things (email text, d date, m timestamptz, t timestamp, b bytea, f float8)",
        "insert into things values"
        " ('a', '2020-09-02', '2020-09-02 00:00+00', '2020-09-02 01:00', 'x', 0.1::float8 + 0.2)",
    )
    row = make_project(CONFIG).source("things").rows(["a"])["a"][0]
    assert row["d"] == "2020-09-02T00:00:00Z"
    assert row["m"] == "2020-09-02T00:00:00Z"
    assert row["t"] == "2020-09-02T01:00:00Z"
    assert row["b"] == r"\x78"
    assert row["f"] == "0.30000000000000004"


def test_every_day_of_four_centuries_and_microseconds_agree_with_python(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill(
        "create table things (email text, n int, d date, t timestamp)",
        "insert into things select 'a', n, date '1900-01-01' + n * 37,"
        " timestamp '1900-01-01' + n * interval '37 days 1.000013 s' from generate_series(0, 3000) n",
    )
    rows = make_project(CONFIG + 'order_by = ["n"]\n').source("things").rows(["a"])["a"]
    assert len(rows) == 3001
    for row in rows:
        n = int(row["n"])
        day = dt.date(1900, 1, 1) + dt.timedelta(days=37 * n)
        moment = dt.datetime(1900, 1, 1) + n * dt.timedelta(days=37, seconds=1, microseconds=13)
        assert row["d"] == f"{day.isoformat()}T00:00:00Z"
        text = moment.isoformat()
        assert row["t"] == (text.rstrip("0") if "." in text else text) + "Z"


def test_database_that_is_not_utf8_gives_its_text(
    make_project: Callable[..., Project], fill: Callable[..., None], database: dict[str, Any], server: Any
) -> None:
    """SQL_ASCII holds any bytes: those that are no UTF-8 show as U+FFFD and stop nothing."""
    with psycopg.connect(**server.parameters, dbname="postgres", autocommit=True) as connection:
        connection.execute("drop database if exists bytes_only")
        connection.execute(
            "create database bytes_only encoding 'SQL_ASCII' locale 'C' locale_provider libc template template0"
        )
    parameters = {**database, "dbname": "bytes_only"}
    with psycopg.connect(**parameters) as connection:
        connection.execute("create table things (email text, name text)")
        connection.execute(rb"insert into things values ('a', E'caf\351'), ('b', E'caf\303\251')")
    project = make_project(CONFIG)
    settings = project.config.connectors["shop"]
    connector = Connector("shop", msgspec.structs.replace(settings, database="bytes_only"), project.root)
    source = Source("things", project.config.sources["things"], connector)
    rows = source.rows(["a", "b"])
    connector.close()
    assert rows["a"] == [{"email": "a", "name": "caf\ufffd"}]
    assert rows["b"] == [{"email": "b", "name": "café"}]
