"""Rows out of files of every format, good and bad."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from velobind.errors import DataError
from velobind.export import Exporter, dataset, loading
from velobind.export.loading import format_of
from velobind.export.rejects import read
from velobind.export.validation import BadRow

Rows = Callable[..., list[tuple[Any, ...]]]
ORDERS = dataset("orders")


def test_json_lines(tmp_path: Path, exporter: Exporter, rows: Rows) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"orderId": 1, "totalCost": 1.10}\n\n  {"orderId": "2", "totalCost": "2.20"}\r\n'
        b'not json\n[1]\n{"orderId": 3, "email": "\xff"}\n{"orderId": 4'
    )
    counts = exporter.load("orders", load(path), source="orders.jsonl")
    assert (counts.read, counts.written, counts.rejected) == (6, 2, 4)
    assert rows("orders", "orderId", "totalCost") == [(1, Decimal("1.10")), (2, Decimal("2.20"))]
    refused = list(read(exporter.rejects.path))
    assert [entry.source for entry in refused] == [f"orders.jsonl row {number}" for number in (3, 4, 5, 6)]
    assert refused[0].reason.startswith("not JSON")
    assert refused[1].reason == "a row must be an object, got a list"
    assert refused[2].reason == "not UTF-8: byte 26 of the line"
    assert refused[3].row == '{"orderId": 4'


def load(path: Path, format: str | None = None) -> Any:
    return loading.rows(ORDERS, path, format)


def test_csv(tmp_path: Path, exporter: Exporter, rows: Rows) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(
        b"orderId,totalCost,email,orderDate,deliveryAddress\n"
        b'1,1.10,a@b.c,2024-01-02 03:04:05,"Street 1\nCity, ""A"""\n'
        b"2,,,,\n"
        b"3,x,,,\n"
        b"4,1,a\n"
        b"5,1,,2024-01-02,\n" + b"6,1,\xff,,\n\n7,1,,,end"
    )
    counts = exporter.load("orders", load(path))
    assert (counts.read, counts.written, counts.rejected) == (7, 4, 3)
    assert rows("orders", "orderId", "totalCost", "email", "orderDate", "deliveryAddress") == [
        (1, Decimal("1.10"), "a@b.c", dt.datetime(2024, 1, 2, 3, 4, 5), 'Street 1\nCity, "A"'),
        (2, None, None, None, None),
        (5, Decimal(1), None, dt.datetime(2024, 1, 2), None),
        (7, Decimal(1), None, None, "end"),
    ]
    assert [entry.reason for entry in read(exporter.rejects.path)] == [
        "a number is wanted, got 'x'",
        "3 fields, the header names 5",
        "not UTF-8",
    ]


def test_parquet(tmp_path: Path, exporter: Exporter, rows: Rows) -> None:
    path = tmp_path / "orders.parquet"
    table = pyarrow.table(
        {
            "orderId": pyarrow.array([1, 2, None], pyarrow.int64()),
            "contactId": pyarrow.array([1.0, None, 2.0], pyarrow.float64()),
            "totalCost": pyarrow.array([Decimal("1.10"), None, Decimal("3.00")], pyarrow.decimal128(10, 2)),
            "orderDate": pyarrow.array([dt.datetime(2024, 1, 2, 3, 4, 5, 6), None, None], pyarrow.timestamp("us")),
            "orderCreatedDate": pyarrow.array([dt.date(2024, 1, 2), None, None], pyarrow.date32()),
            "email": ["a@b.c", None, "d"],
        }
    )
    pyarrow.parquet.write_table(table, path)
    counts = exporter.load("orders", load(path))
    assert (counts.read, counts.written, counts.rejected) == (3, 2, 1)
    assert rows("orders", "orderId", "contactId", "totalCost", "orderDate", "orderCreatedDate", "email") == [
        (1, 1, Decimal("1.10"), dt.datetime(2024, 1, 2, 3, 4, 5), dt.datetime(2024, 1, 2), "a@b.c"),
        (2, None, None, None, None, None),
    ]


def test_compressed_files(tmp_path: Path) -> None:
    for name, text in (("a.jsonl.gz", '{"orderId": 1}\n'), ("a.csv.gz", "orderId\n1\n")):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
        assert len(list(load(tmp_path / name))) == 1
    (tmp_path / "broken.jsonl.gz").write_bytes(b"no gzip at all")
    with pytest.raises(DataError, match="cannot be read"):
        list(load(tmp_path / "broken.jsonl.gz"))


def test_formats_by_name() -> None:
    assert format_of("a/b.NDJSON") == format_of("x.jsonl.gz") == format_of("-", "jsonl") == "jsonl"
    assert format_of("x.parquet") == "parquet"
    with pytest.raises(DataError, match="not clear from its name"):
        format_of("-")
    with pytest.raises(DataError, match="is no format"):
        format_of("x", "xml")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("orderId,total_cost", r"(?s)«total_cost», which orders does not have.*«totalCost»"),
        ("orderId,email,orderId", "names a column twice"),
    ],
)
def test_a_wrong_csv_header_is_the_files_fault(tmp_path: Path, header: str, message: str) -> None:
    (tmp_path / "x.csv").write_text(f"{header}\n1,2,3\n")
    with pytest.raises(DataError, match=message):
        list(load(tmp_path / "x.csv"))


def test_files_that_are_no_such_files(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: No such file"):
        list(load(tmp_path / "missing.csv"))
    (tmp_path / "x.parquet").write_text("no")
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        list(load(tmp_path / "x.parquet"))
    (tmp_path / "empty.csv").write_text("")
    assert list(load(tmp_path / "empty.csv")) == []


def test_a_line_that_is_no_csv_is_one_bad_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_FIELD_SIZE", 1000)
    (tmp_path / "x.csv").write_text('orderId\n1\n"' + "x" * 1001 + '"\n2\n')
    found = list(load(tmp_path / "x.csv"))
    assert found[0] == {"orderId": 1}
    assert isinstance(found[1], BadRow)
    assert found[-1] == {"orderId": 2}


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_separators_of_spreadsheets(tmp_path: Path, separator: str) -> None:
    (tmp_path / "x.csv").write_text(f'"orderId"{separator}email\n1{separator}"a{separator}b"\n')
    assert list(load(tmp_path / "x.csv")) == [{"orderId": 1, "email": f"a{separator}b"}]


def test_a_json_array_is_no_json_lines(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"orderId": 1}]')
    with pytest.raises(DataError, match=r"(?s)one JSON array, not JSON lines.*jq -c"):
        list(load(tmp_path / "x.json"))
