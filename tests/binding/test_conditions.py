"""Operators mean the same in PostgreSQL and in Python, whatever the value is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from velobind.binding.catalog import Column
from velobind.binding.conditions import Day, check
from velobind.binding.matching import holds
from velobind.binding.predicates import predicate
from velobind.binding.queries import Parameters, identifier
from velobind.binding.settings import Condition
from velobind.binding.values import Kind
from velobind.config.shape import struct
from velobind.project import Project

DAY = Day(dt.date(2026, 9, 2), ZoneInfo("Europe/Kyiv"))

# Values of each type, as SQL.
VALUES = {
    "text": [
        "null",
        "''",
        "'Kyiv'",
        "'kyiv'",
        "'Kyivska'",
        "'10'",
        "'9'",
        "' 10 '",
        "'10.50'",
        "'1e3'",
        "'-3'",
        "'.5'",
        "'2026-09-02'",
        "'2026-09-02T00:00:00Z'",
        "'2026-09-02 13:00:00'",
        "'2026-02-30'",
        "'2026-13-01'",
        "'2000-02-29'",
        "'true'",
        "'zürich'",
        "'😀'",
        "'100%'",
        "'a_b'",
        "'infinity'",
        "'-infinity'",
    ],
    "integer": ["null", "0", "9", "10", "-3"],
    "numeric": ["null", "10.50", "'NaN'", "'Infinity'", "9"],
    "double precision": ["null", "10.5", "1e20", "'NaN'", "9"],
    "boolean": ["null", "true", "false"],
    "date": [
        "null",
        "'2026-09-02'",
        "'2026-09-01'",
        "'2000-02-29'",
        "'2000-02-28'",
        "'infinity'",
        "'-infinity'",
        "'1990-09-02'",
    ],
    "timestamp": ["null", "'2026-09-02 23:30:00'", "'2026-09-02'", "'2026-08-03 10:00:00.25'", "'infinity'"],
    "timestamptz": [
        "null",
        "'2026-09-02 22:30:00+00'",
        "'2026-09-01 21:00:00+00'",
        "'2026-09-02 00:00:00+00'",
        "'infinity'",
    ],
    "uuid": ["null", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
    "text[]": ["null", "'{a,b}'", "'{}'"],
}

CONDITIONS: list[dict[str, Any]] = [
    *(
        {name: value}
        for name in ("equals", "not_equals")
        for value in ("Kyiv", "10", 10, 10.5, -3, True, "true", "", "100%")
    ),
    {"equals": dt.date(2026, 9, 2)},
    {"equals": "2026-09-02"},
    {"equals": dt.datetime(2026, 9, 2, 13)},
    {"equals": dt.datetime(2026, 9, 2, 16, tzinfo=ZoneInfo("Europe/Kyiv"))},
    {"in": ["Kyiv", 9, "2026-09-01", True]},
    {"in": []},
    {"not_in": ["Kyiv", 9]},
    {"not_in": []},
    *(
        {name: value}
        for name in ("contains", "starts_with", "ends_with")
        for value in ("", "K", "yiv", "%", "_", "0", "ü", "😀")
    ),
    *(
        {name: value}
        for name in ("greater", "greater_or_equal", "less", "less_or_equal")
        for value in (
            9,
            10,
            10.5,
            -3,
            "10",
            "Kyiv",
            "ä",
            dt.date(2026, 9, 2),
            "2026-09-02",
            dt.datetime(2026, 9, 2, 12),
        )
    ),
    {"between": [9, 10.5]},
    {"between": ["A", "Z"]},
    {"between": ["2026-09-01", "2026-09-02"]},
    {"is_empty": True},
    {"is_empty": False},
    {"before": dt.date(2026, 9, 2)},
    {"after": dt.date(2026, 9, 1)},
    {"before": dt.datetime(2026, 9, 2, 20, 0, tzinfo=dt.UTC)},
    {"after": "2026-09-02T23:00:00+03:00"},
    {"within_last_days": 30},
    {"within_last_days": 1},
    {"within_next_days": 7},
    {"anniversary_today": True},
    {"anniversary_in_days": 0},
    {"anniversary_in_days": 179},
]


def leaf(operator: dict[str, Any]) -> Condition:
    condition = struct({"field": "x", **operator}, Condition, ())
    check(condition)
    return condition


@pytest.mark.parametrize("kind", VALUES)
def test_postgresql_and_python_agree(
    kind: str, make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    rows = ", ".join(f"('a', {n}, {value})" for n, value in enumerate(VALUES[kind]))
    fill(f'create table things (email text, n int, "a % x" {kind})', f"insert into things values {rows}")
    project = make_project('[sources.things]\nid = 1\nconnector = "shop"\ntable = "things"\norder_by = ["n"]\n')
    source = project.source("things")
    column = source.column("a % x", "")
    texts = [row["a % x"] for row in source.rows(["a"])["a"]]
    if column.array:
        # A contact of a table never has a list where a column's own text is meant.
        texts = ["{a,b}" if text == ["a", "b"] else "{}" if text == [] else text for text in texts]
    differing = []
    for operator in CONDITIONS:
        found = ask(project, column, leaf(operator))
        for n, text in enumerate(texts):
            mine = holds(leaf(operator), text, DAY, zoned=column.kind is Kind.TIMESTAMPTZ)
            if mine is not found[n]:
                differing.append((operator, VALUES[kind][n], text, f"python {mine}, postgresql {found[n]}"))
    assert differing == []


def ask(project: Project, column: Column, condition: Condition, day: Day = DAY) -> list[bool]:
    from psycopg import sql

    parameters = Parameters()
    query = sql.SQL("select {} from {} r order by n").format(
        predicate(condition, column, day, parameters, table="r"), identifier("public", "things")
    )
    return [row[0] for row in project.connector("shop").ask(query, parameters)]


def test_numbers_compare_as_numbers_and_text_as_text() -> None:
    assert holds(leaf({"greater": 9}), "10", DAY)
    assert not holds(leaf({"greater": "9"}), "10", DAY)
    assert holds(leaf({"equals": 10}), "10.0", DAY)
    assert not holds(leaf({"equals": "10"}), "10.0", DAY)


def test_letter_case_counts_but_for_addresses() -> None:
    assert not holds(leaf({"equals": "KYIV"}), "Kyiv", DAY)
    assert holds(leaf({"ends_with": "@EXAMPLE.com"}), "Dina@Example.COM", DAY, fold=True)


@pytest.mark.parametrize(
    ("born", "day", "fires"),
    [
        ("2000-02-29", "2028-02-29", True),
        ("2000-02-29", "2028-02-28", False),
        ("2000-02-29", "2026-02-28", True),
        ("2000-02-29", "2026-03-01", False),
        ("2000-02-29", "2100-02-28", True),
        ("2000-02-28", "2026-02-28", True),
        ("2000-02-28", "2028-02-28", True),
        ("2000-02-28", "2028-02-29", False),
        ("2000-12-31", "2026-12-31", True),
        ("2000-01-01", "2026-01-01", True),
        ("2000-01-01", "2026-01-02", False),
    ],
)
def test_anniversaries(
    born: str, day: str, fires: bool, make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    on = Day(dt.date.fromisoformat(day), ZoneInfo("UTC"))
    assert holds(leaf({"anniversary_today": True}), born, on) is fires
    fill(
        "create table things (email text, n int, d date, t text)",
        f"insert into things values ('a', 1, '{born}', '{born}')",
    )
    project = make_project('[sources.things]\nid = 1\nconnector = "shop"\ntable = "things"\n')
    for name in ("d", "t"):
        assert ask(project, project.source("things").column(name, ""), leaf({"anniversary_today": True}), on) == [fires]


def test_moment_is_a_day_in_the_segments_time_zone() -> None:
    late = "2026-09-01T21:30:00Z"
    kyiv, new_york = (Day(dt.date(2026, 9, 2), ZoneInfo(name)) for name in ("Europe/Kyiv", "America/New_York"))
    assert holds(leaf({"anniversary_today": True}), late, kyiv, zoned=True)
    assert not holds(leaf({"anniversary_today": True}), late, new_york, zoned=True)


def test_a_conditions_words_are_those_of_the_file() -> None:
    names = {field.encode_name for field in msgspec.structs.fields(Condition)}
    assert {"not", "in", "equals", "anniversary_today"} <= names
    assert not any(name.endswith("_") for name in names)
