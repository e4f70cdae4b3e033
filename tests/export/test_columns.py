"""Rows that are checked many at once come out as rows that are checked one by one: same lines, rejects and warnings."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velobind.export.batches import Batch, Builder, Units
from velobind.export.columns import ColumnCheck
from velobind.export.datasets import dataset, datasets
from velobind.export.gather import gather
from velobind.export.validation import BadRow, Validator

KIEV = dt.timezone(dt.timedelta(hours=2))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-9, 9) | st.sampled_from([2**31, "5", 1.0, True]),
    "bigint": st.integers(-9, 9) | st.sampled_from([2**63, "5", 1.5]),
    "numeric": st.decimals(allow_nan=True) | st.sampled_from(["1.10", "1e5", "-0", "1e131072", 1.1, 7, "", "null"]),
    "text": st.sampled_from(["DELIVERED", "null", "", 'q"\\', "a\tb\n", "\0", "\ud800", "x" * 2000, "]\n[", "[", 5]),
    "timestamp": st.datetimes(timezones=st.sampled_from([None, dt.UTC, KIEV]))
    | st.sampled_from(["2024-02-29 10:00:00", "2024-02-29T10:00:00Z", "2024-02-29", "2024-02-30 10:00:00"])
    | st.dates(),
    "jsonb": st.dictionaries(st.text(max_size=2), st.integers() | st.text(max_size=3), max_size=2)
    | st.sampled_from(["", "{}", "no json", '{"a": "\\u0000"}', 5]),
}  # fmt: skip


@st.composite
def given_rows(draw: st.DrawFn) -> tuple[str, list[Any]]:
    each = dataset(draw(st.sampled_from(list(datasets()))))
    columns = draw(st.lists(st.sampled_from(each.columns), min_size=1, max_size=6, unique=True))
    # Most rows are good, or nothing would be checked together.
    row = st.fixed_dictionaries(
        {name: st.integers(1, 4) if each.column(name).kind in ("integer", "bigint") else st.none() for name in each.key}
        | {column.name: st.none() | VALUES[column.kind] for column in columns if column.name not in each.key}
    )
    odd = st.fixed_dictionaries({}, optional={column.name: VALUES[column.kind] for column in each.columns})
    return each.name, draw(st.lists(row, max_size=8)) + draw(st.lists(odd | st.just({"colour": 1}), max_size=1))


def outcome(
    name: str, rows: list[Any], partial: bool, add: Callable[[Builder, Validator], list[Any]]
) -> tuple[Batch, list[Any], Any, Any]:
    validator = Validator(dataset(name))
    builder = Builder(validator, Units(), size=max(1, len(rows)), partial=partial)
    refused = add(builder, validator)
    return builder.take(len(rows)), refused, validator.warnings.counts, validator.warnings.examples


@given(given_rows(), st.booleans())
def test_together_or_one_by_one_is_the_same(case: tuple[str, list[Any]], partial: bool) -> None:
    name, rows = case

    def together(builder: Builder, validator: Validator) -> list[Any]:
        refused = gather(builder, validator, rows, ["u"] * len(rows), place=str)
        return [(each.source, each.field, each.reason, each.also) for each in refused]

    def one_by_one(builder: Builder, validator: Validator) -> list[Any]:
        refused = []
        for number, row in enumerate(rows):
            try:
                builder.add(validator.check(row), "u")
            except BadRow as bad:
                (field, reason), *also = bad.problems
                refused.append((str(number), field, reason, tuple(also)))
        return refused

    many, single = (outcome(name, rows, partial, way) for way in (together, one_by_one))
    assert many == single


def test_good_rows_are_checked_together() -> None:
    row = {
        "contactId": 1,
        "activityStatus": "SPAM",
        "activityDateTime": "2024-01-01T00:00:00+02:00",
        "clickEventLink": 'a"b',
    }
    for rows in ([row] * 3, [json.dumps(row).encode()] * 3):
        checked = ColumnCheck(Validator(dataset("contactActivities"))).check(rows)
        assert checked is not None
        assert checked.keys == ((1, None, "SPAM", dt.datetime(2023, 12, 31, 22), 'a"b'),) * 3


@pytest.mark.parametrize(
    "value", ["2024-01-01 00:00:00", "2024-01-01T00:00:00.5Z", dt.datetime(1, 1, 1, tzinfo=dt.UTC)]
)
def test_moments_are_plain_whatever_their_length(value: Any) -> None:
    rows = [{"orderId": 1, "orderDate": None}, {"orderId": 2, "orderDate": value, "totalCost": Decimal("NaN")}]
    assert ColumnCheck(Validator(dataset("orders"))).check(rows) is None
    del rows[1]["totalCost"]
    checked = ColumnCheck(Validator(dataset("orders"))).check(rows)
    assert checked is not None
    moments = [moment for row in checked.rows for moment in row if isinstance(moment, dt.datetime)]
    assert len(moments) == 1
    assert moments[0].tzinfo is None
    assert not moments[0].microsecond


def test_one_bad_row_among_many_is_the_only_reject() -> None:
    rows: list[Any] = [{"orderId": number, "totalCost": "1.50"} for number in range(1000)]
    rows[777] = {"orderId": "x"}
    rows[778] = BadRow([("", "not CSV")], None)
    validator = Validator(dataset("orders"))
    builder = Builder(validator)
    refused = gather(builder, validator, rows, place=lambda index: f"row {index + 1}")
    assert [(each.source, each.field) for each in refused] == [("row 778", "orderId"), ("row 779", "")]
    assert builder.take(1000).rows == 998
