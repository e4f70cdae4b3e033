"""Recording, delivering and loading, with the rows counted on both sides."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.export.servers import Server
from velobind.errors import DataError
from velobind.export import Exporter, datasets
from velobind.export.rejects import read

Rows = Callable[..., list[tuple[Any, ...]]]
ORDER = {"orderId": 7, "totalCost": "19.90", "Status": "DELIVERED", "orderDate": "2021-10-08 11:11:02"}


def test_the_first_delivery_makes_the_tables_and_fills_them(exporter: Exporter, rows: Rows) -> None:
    assert exporter.record("orders", ORDER).accepted == 1
    report = exporter.deliver()
    assert report.clean
    assert report.of("orders").written == 1
    found = rows("orders", "orderId", "totalCost", "Status", "orderDate", "email")
    assert found == [(7, Decimal("19.90"), "DELIVERED", dt.datetime(2021, 10, 8, 11, 11, 2), None)]
    assert exporter.spool.datasets() == []  # what is delivered leaves the spool
    assert exporter.deliver().of("orders").read == 0


def test_every_dataset_takes_a_row(exporter: Exporter, rows: Rows) -> None:
    values = {"integer": 5, "bigint": 2**40, "numeric": "1.5", "timestamp": "2024-02-29 10:00:00", "jsonb": {"a": "b"}}
    for dataset in datasets().values():
        row = {column.name: values.get(column.kind, "x") for column in dataset.current}
        assert exporter.record(dataset.name, row).rejected == 0
    report = exporter.deliver()
    assert {name: counts.written for name, counts in report.datasets.items()} == dict.fromkeys(datasets(), 1)
    for dataset in datasets().values():
        assert len(rows(dataset.name)) == 1, dataset.name


def test_obsolete_columns_hold_what_their_successors_hold(exporter: Exporter, rows: Rows) -> None:
    exporter.load(
        "contactActivities",
        [
            {"contactId": 1, "activityStatus": "SPAM", "statusDescription": "550", "activityDateTime": "2024-01-01"},
            {"contactId": 2, "activity": "SPAM", "errorCode": "x", "started": "2024-01-02 00:00:00"},
        ],
    )  # fmt: skip
    names = ("contactId", "activityStatus", "activity", "statusDescription", "errorCode", "activityDateTime", "started")
    first, second = rows("contactActivities", *names)
    assert first[1:5] == ("SPAM", "SPAM", "550", "550")
    assert first[5] == first[6] == dt.datetime(2024, 1, 1)
    assert second[1:5] == ("SPAM", "SPAM", "x", "x")
    assert second[5] == second[6] == dt.datetime(2024, 1, 2)


def test_the_same_rows_twice_change_nothing(exporter: Exporter, rows: Rows) -> None:
    many = [{**ORDER, "orderId": number} for number in range(500)]
    assert exporter.load("orders", many).written == 500
    before = rows("orders", "orderId", "ctid")
    again = exporter.load("orders", many)
    assert (again.written, again.unchanged) == (0, 500)
    assert rows("orders", "orderId", "ctid") == before  # not even rewritten


def test_rows_that_say_the_same_are_not_even_locked(
    server: Server, database: psycopg.Connection[Any], schema: str, tmp_path: Path, rows: Rows
) -> None:
    link = "https://example.com/" + "x" * 300
    keys: list[dict[str, Any]] = [
        {},
        {"clickEventLink": "short"},
        {"clickEventLink": link},
        {"clickEventLink": link + "y"},
    ]
    many = [
        {
            "contactId": number,
            "messageInstanceId": 1,
            "activityStatus": "CLICKED",
            "activityDateTime": "2024-01-01",
            **key,
        }
        for number in range(100)
        for key in keys
    ]
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "s.db", batch_rows=100) as exporter:
        exporter.load("contactActivities", many)
        again = exporter.load("contactActivities", many)
        assert (again.written, again.unchanged) == (0, 400)
        found = database.execute(f'SELECT "contactId" FROM "{schema}"."contactActivities" WHERE xmax <> 0'.encode())
        locked = [number for (number,) in found]
        assert max(locked) < 25  # the first batch finds out that its rows are there
        # Where most rows are the same, a changed, a new and a partial one still land.
        many[350] = {**many[350], "messageName": "changed"}
        mixed = exporter.load("contactActivities", [*many, {**many[0], "contactId": 1000}])
        assert (mixed.written, mixed.unchanged) == (2, 399)
        filled = exporter.load("contactActivities", [*many[:350], {**many[350], "messageName": None}], partial=True)
        assert (filled.written, filled.unchanged) == (0, 351)
    assert len(rows("contactActivities")) == 401
    assert [row for row in rows("contactActivities", "messageName", "contactId") if row[0]] == [("changed", 87)]


def test_an_upsert_takes_the_new_values_whole(exporter: Exporter, rows: Rows) -> None:
    exporter.load("orders", [{**ORDER, "email": "a@example.com"}])
    counts = exporter.load("orders", [{"orderId": 7, "Status": "CANCELED"}, {"orderId": 8}])
    assert counts.written == 2
    assert rows("orders", "orderId", "Status", "totalCost", "email") == [
        (7, "CANCELED", None, None),
        (8, None, None, None),
    ]


def test_of_duplicate_keys_in_a_batch_the_last_wins(exporter: Exporter, rows: Rows) -> None:
    counts = exporter.load("orders", [{"orderId": 1, "Status": s} for s in ("a", "b", "c")] + [{"orderId": 2}])
    assert (counts.read, counts.written, counts.duplicates) == (4, 2, 2)
    assert rows("orders", "orderId", "Status") == [(1, "c"), (2, None)]


def test_of_duplicate_keys_over_batches_the_last_wins(server: Server, schema: str, tmp_path: Path, rows: Rows) -> None:
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "s.db", batch_rows=3) as exporter:
        exporter.load("orders", [{"orderId": number % 4, "Status": str(number)} for number in range(20)])
    assert rows("orders", "orderId", "Status") == [(0, "16"), (1, "17"), (2, "18"), (3, "19")]


def test_nulls_in_a_key_are_equal(exporter: Exporter, rows: Rows) -> None:
    activity = {"contactId": 1, "activityStatus": "CLICKED", "activityDateTime": "2024-01-01 00:00:00"}
    for name in ("first", "second"):
        exporter.load("contactActivities", [{**activity, "messageName": name}])
    exporter.load("contactActivities", [{**activity, "clickEventLink": "", "messageName": "empty is not null"}])
    assert rows("contactActivities", "messageName", "clickEventLink") == [("empty is not null", ""), ("second", None)]


def test_a_row_without_any_key_is_refused(exporter: Exporter, rows: Rows) -> None:
    counts = exporter.load("contacts", [{"email": "a@example.com"}, {"contactId": 1}])
    assert (counts.written, counts.rejected) == (1, 1)
    assert rows("contacts", "contactId") == [(1,)]


def test_links_as_long_as_they_may_be(exporter: Exporter, rows: Rows) -> None:
    # 1000 characters of four bytes: more than an index entry can hold.
    links = ["".join(chr(0x1F300 + (number * 7 + place * 13) % 700) for place in range(1000)) for number in range(3)]
    many = [{"contactId": 1, "activityStatus": "CLICKED", "clickEventLink": link} for link in links]
    assert exporter.load("contactActivities", many).rejected == 0
    exporter.load("contactActivities", many)
    assert sorted(row[0] for row in rows("contactActivities", "clickEventLink")) == sorted(links)


def test_revenue_follows_an_order_whose_total_changes(exporter: Exporter, rows: Rows) -> None:
    row = {"externalOrderId": "A-1", "contactId": 3, "messageInstanceId": 9, "activityStatus": "CLICKED"}
    exporter.load("revenue", [{**row, "totalCost": 10}, {**row, "externalOrderId": "A-2", "totalCost": 1}])
    counts = exporter.load(
        "revenue", [{**row, "totalCost": "12.50"}, {**row, "externalOrderId": "A-2", "totalCost": 1}]
    )
    assert (counts.written, counts.unchanged) == (1, 1)
    assert rows("revenue", "externalOrderId", "totalCost") == [("A-1", Decimal("12.50")), ("A-2", Decimal(1))]


TEXTS = [
    "plain", "", "null", "NULL", "\\N", "\\.", "a\tb", "line\nbreak", "\r\n", 'quote " and \\', "\\n", "\\\\", '"', "'",
    "emoji 🎂", "кирилиця", " leading and trailing ", ",;|", "]\n[", "\x01\x02\x1f\x7f", "\u2028", "[]", "{}", "a\\",
    "\n\\.\n", "%s %(x)s {}",
]  # fmt: skip


@pytest.mark.parametrize("way", ["load", "record"])
def test_any_text_arrives_as_it_is(exporter: Exporter, rows: Rows, way: str) -> None:
    many = [{"deviceId": str(number), "pushToken": text, "category": text[:50]} for number, text in enumerate(TEXTS)]
    if way == "load":
        exporter.load("devices", many)
    else:
        exporter.record("devices", many)
        exporter.deliver()
    found = {row[0]: row[1:] for row in rows("devices", "deviceId", "pushToken", "category")}
    assert found == {str(number): (text, text) for number, text in enumerate(TEXTS)}


@pytest.mark.parametrize("way", ["load", "record"])
def test_characters_that_cannot_be_stored_are_removed_and_counted(exporter: Exporter, rows: Rows, way: str) -> None:
    many = [
        {"deviceId": "nul\0", "pushToken": "a\0b"},
        {"deviceId": "half", "pushToken": "\ud83c!"},
        {"deviceId": "ok"},
    ]
    if way == "load":
        counts = exporter.load("devices", many)
        assert counts.warnings.total == 3
        assert counts.rejected == 0
    else:
        assert exporter.record("devices", many).warnings == 3
        exporter.deliver()
    assert rows("devices", "deviceId", "pushToken") == [("half", "!"), ("nul", "ab"), ("ok", None)]


def test_strict_refuses_what_would_be_repaired(server: Server, schema: str, tmp_path: Path, rows: Rows) -> None:
    with Exporter(server.dsn, schema=schema, spool=tmp_path / "s.db", strict=True) as exporter:
        counts = exporter.load("devices", [{"deviceId": "a\0"}, {"deviceId": "b" * 251}, {"deviceId": "c" * 250}])
        assert (counts.written, counts.rejected) == (1, 2)
        refused = list(read(exporter.rejects.path))
    assert [entry.field for entry in refused] == ["deviceId", "deviceId"]
    assert "251 characters" in refused[1].reason or "251 characters" in refused[0].reason
    assert rows("devices", "deviceId") == [("c" * 250,)]


def test_event_parameters_keep_50_and_300(exporter: Exporter, rows: Rows) -> None:
    wide = {f"p{number}": "v" * 400 for number in range(60)}
    pairs = [{"name": f"p{number}", "value": "v" * 400} for number in range(60)]
    exporter.load(
        "events",
        [
            {"eventId": 1, "paramsJson": wide},
            {"eventId": 2, "paramsJson": pairs},
            {"eventId": 3, "paramsJson": json.dumps(wide)},
            {"eventId": 4, "paramsJson": {"price": 1.10, "nested": {"a": ["x" * 500]}, "line": "a\nb", "nul": "a\0b"}},
        ],
    )
    found: dict[Any, Any] = dict(rows("events", "eventId", "paramsJson"))
    assert found[1] == found[3] == {f"p{number}": "v" * 300 for number in range(50)}
    assert found[2] == [{"name": f"p{number}", "value": "v" * 300} for number in range(50)]
    assert found[4] == {"price": 1.1, "nested": '{"a":["' + "x" * 293, "line": "a\nb", "nul": "ab"}


def test_bad_rows_go_to_the_reject_file_and_the_rest_lands(exporter: Exporter, rows: Rows) -> None:
    bad: list[dict[str, Any]] = [
        {"orderId": "seven"},
        {"orderId": 2**31},
        {"orderId": 3, "totalCost": "a lot"},
        {"orderId": 4, "orderDate": "yesterday"},
        {"orderId": 5, "colour": "red"},
        {"orderId": 6, "email": 5},
        {"orderId": 7, "totalCost": float("nan")},
        {"orderId": True},
    ]
    for way in ("load", "record"):
        if way == "load":
            counts = exporter.load("orders", [*bad, {"orderId": 100}], source="orders.csv")
            assert (counts.read, counts.written, counts.rejected) == (9, 1, 8)
        else:
            recorded = exporter.record("orders", [*bad, {"orderId": 101}])
            assert (recorded.accepted, recorded.rejected) == (1, 8)
            exporter.deliver()
    refused = list(read(exporter.rejects.path))
    fields = ["orderId", "orderId", "totalCost", "orderDate", "colour", "email", "totalCost", "orderId"]
    assert [entry.field for entry in refused] == fields * 2
    assert refused[0].row == {"orderId": "seven"}
    assert refused[0].source == "orders.csv row 1"
    assert refused[0].reason == "a whole number is wanted, got 'seven'"
    assert dt.datetime.fromisoformat(refused[0].time).tzinfo is not None
    assert rows("orders", "orderId") == [(100,), (101,)]


def test_rows_that_only_the_server_refuses_go_there_too(
    exporter: Exporter, rows: Rows, database: psycopg.Connection[Any], schema: str
) -> None:
    exporter.prepare(["orders"])
    database.execute(f'ALTER TABLE "{schema}".orders ADD CHECK ("totalCost" >= 0)')
    many = [{"orderId": number, "totalCost": -1 if number in (5, 77, 78) else number} for number in range(100)]
    counts = exporter.load("orders", many)
    assert (counts.read, counts.written, counts.rejected) == (100, 97, 3)
    refused = list(read(exporter.rejects.path))
    assert sorted(entry.row["orderId"] for entry in refused) == [5, 77, 78]
    assert "check constraint" in refused[0].reason
    exporter.record("orders", {"orderId": 200, "totalCost": -5})
    exporter.deliver()
    assert list(read(exporter.rejects.path))[-1].row == {"orderId": 200, "totalCost": "-5"}
    assert len(rows("orders")) == 97


def test_unknown_statuses_are_kept_and_warned_of(exporter: Exporter, rows: Rows) -> None:
    counts = exporter.load("orders", [{"orderId": 1, "Status": "LOST"}, {"orderId": 2, "Status": "IN PROGRESS"}])
    assert dict(counts.warnings.counts) == {("Status", "unknown value kept"): 1}
    assert rows("orders", "Status") == [("IN PROGRESS",), ("LOST",)]


def test_an_unknown_dataset_is_named_with_its_near_one(exporter: Exporter) -> None:
    with pytest.raises(DataError, match=r"(?s)no export dataset «order_items».*did you mean «orderItems»"):
        exporter.record("order_items", {})
    with pytest.raises(DataError, match=r"a list of dataset names"):
        exporter.deliver("orders")


def test_timestamps_are_to_the_second_and_in_utc(exporter: Exporter, rows: Rows) -> None:
    given: list[Any] = [
        "2021-10-08 11:11:02",
        "2021-10-08T11:11:02.999Z",
        "2021-10-08T13:11:02+02:00",
        "2021-10-08 13:11:02.5 +0200",
        dt.datetime(2021, 10, 8, 11, 11, 2, 999999),
        dt.datetime(2021, 10, 8, 13, 11, 2, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        "2021-10-08 11:11:02 UTC",
    ]
    exporter.load("orders", [{"orderId": number, "orderDate": value} for number, value in enumerate(given)])
    assert {row[0] for row in rows("orders", "orderDate")} == {dt.datetime(2021, 10, 8, 11, 11, 2)}


def test_status_counts_what_waits_and_what_went(exporter: Exporter) -> None:
    exporter.record("orders", [ORDER, {"orderId": "x"}])
    status = {entry.dataset: entry for entry in exporter.status()}["orders"]
    assert (status.waiting, status.rows, status.rejected, status.last_success) == (1, 0, 1, None)
    assert status.oldest is not None and status.oldest < 60
    exporter.deliver()
    status = exporter.status(["orders"])[0]
    assert (status.waiting, status.rows, status.rejected, status.error) == (0, 1, 1, None)
    assert status.last_success is not None


def test_partial_rows_leave_what_they_do_not_name(exporter: Exporter, rows: Rows) -> None:
    exporter.load("contacts", [{"contactId": 1, "email": "a@b.c", "totalSent": 5}, {"contactId": 2, "email": "x"}])
    partial = [{"contactId": 1, "totalSent": 6}, {"contactId": 3, "email": "n"}, {"contactId": 1, "firstName": "Dina"}]
    counts = exporter.load("contacts", partial, partial=True)
    assert (counts.written, counts.duplicates) == (2, 1)
    columns = ("contactId", "email", "totalSent", "firstName")
    expected = [(1, "a@b.c", 6, "Dina"), (2, "x", None, None), (3, "n", None, None)]
    assert rows("contacts", *columns) == expected
    assert exporter.load("contacts", partial, partial=True).written == 0
    # Whole and partial rows in turn, as they were recorded.
    exporter.record("contacts", {"contactId": 1, "email": "whole"})
    exporter.record("contacts", {"contactId": 1, "totalSent": 7}, partial=True)
    exporter.record("contacts", {"contactId": 2, "totalSent": 8}, partial=True)
    exporter.record("contacts", {"contactId": 3})
    assert exporter.deliver(["contacts"]).of("contacts").written == 4
    assert rows("contacts", *columns) == [(1, "whole", 7, None), (2, "x", 8, None), (3, None, None, None)]


def test_exports_that_share_a_spool_each_get_every_row(server: Server, schema: str, tmp_path: Path, rows: Rows) -> None:
    spool = tmp_path / "spool.db"
    with (
        Exporter(server.dsn, schema=schema, spool=spool, name="one", sharers=("two",)) as one,
        Exporter(server.dsn, schema=f"{schema} two", spool=spool, name="two", sharers=("one",)) as two,
    ):
        one.record("orders", [{"orderId": 1}, {"orderId": 2}])
        assert one.deliver(["orders"]).of("orders").written == 2
        assert two.spool.waiting("orders").rows == 2
        assert two.deliver(["orders"]).of("orders").written == 2
        assert two.spool.waiting("orders").rows == 0
    assert len(rows("orders")) == 2
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA "{schema} two" CASCADE'.encode())


def test_a_file_is_loaded_by_its_name(exporter: Exporter, rows: Rows, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("orderId\n1\nx\n")
    counts = exporter.load("orders", tmp_path / "orders.csv")
    assert (counts.written, counts.rejected) == (1, 1)
    assert next(iter(read(exporter.rejects.path))).source == "orders.csv row 2"
