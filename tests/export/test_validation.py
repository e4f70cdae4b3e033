"""Rows of every kind, good and bad: what is made of them, and what is said of them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from velobind.export import values
from velobind.export.batches import Builder, copy_text, line_of
from velobind.export.datasets import KNOWN_VALUES, dataset, datasets, near, snake_case
from velobind.export.validation import BadRow, Validator


def problems(name: str, row: object, *, strict: bool = False) -> list[tuple[str, str]]:
    with pytest.raises(BadRow) as caught:
        Validator(dataset(name), strict=strict).check(row)  # type: ignore[arg-type]
    return caught.value.problems


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("orderId", "1x", "a whole number is wanted, got '1x'"),
        ("orderId", 1.5, "a whole number is wanted, got 1.5"),
        ("orderId", True, "a whole number is wanted, got a boolean"),
        ("orderId", [1], "a whole number is wanted, got a list"),
        ("orderId", 2147483648, "2147483648 is outside integer's range of -2147483648 to 2147483647"),
        ("contactId", -(2**63) - 1, "outside bigint's range"),
        ("totalCost", "1,5", "a number is wanted, got '1,5'"),
        ("totalCost", float("inf"), "Infinity is not a number that PostgreSQL's numeric can hold"),
        ("totalCost", "1e131072", "is not a number that PostgreSQL's numeric can hold"),
        ("totalCost", "1e-16384", "is not a number that PostgreSQL's numeric can hold"),
        ("totalCost", False, "a number is wanted, got a boolean"),
        ("orderDate", "2024-02-30 00:00:00", "not a timestamp: '2024-02-30 00:00:00'"),
        ("orderDate", "24:00", "not a timestamp"),
        ("orderDate", 1700000000, "a timestamp such as 2021-10-08 11:11:02 is wanted, got 1700000000"),
        ("email", 5, "text is wanted, got a whole number"),
        ("email", {"a": 1}, "text is wanted, got an object"),
        ("Email", "a", "unknown field; did you mean «email»?"),
        ("total_cost", 1, "unknown field; did you mean «totalCost»?"),
    ],
)
def test_bad_values(field: str, value: Any, reason: str) -> None:
    found = problems("orders", {"orderId": 1, field: value})
    assert [name for name, _ in found] == [field]
    assert reason in found[0][1]


def test_every_fault_of_a_row_is_named() -> None:
    found = problems("orders", {"orderId": "x", "totalCost": "y", "colour": 1, "email": "fine"})
    assert [field for field, _ in found] == ["orderId", "totalCost", "colour"]


@pytest.mark.parametrize("row", [None, 5, "text", ["a"], b"bytes"])
def test_what_is_no_row(row: object) -> None:
    assert problems("orders", row)[0][1].startswith("a row must be an object")


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("orderId", "12", 12),
        ("orderId", " 12 ", 12),
        ("orderId", 12.0, 12),
        ("orderId", Decimal("12.00"), 12),
        ("contactId", 2**63 - 1, 2**63 - 1),
        ("totalCost", 1.1, Decimal("1.1")),
        ("totalCost", "1.10", Decimal("1.10")),
        ("totalCost", 5, Decimal(5)),
        ("totalCost", "", None),
        ("orderDate", "", None),
        ("orderDate", dt.date(2024, 1, 2), dt.datetime(2024, 1, 2)),
        ("orderDate", "2024-01-02", dt.datetime(2024, 1, 2)),
        ("orderDate", "2024-01-02T03:04", dt.datetime(2024, 1, 2, 3, 4)),
        ("orderDate", "2024-01-02 03:04:05.123456789+01", dt.datetime(2024, 1, 2, 2, 4, 5)),
        ("email", "", ""),
        ("email", None, None),
    ],
)
def test_values_that_are_taken(field: str, value: Any, stored: Any) -> None:
    row = Validator(dataset("orders")).check({"orderId": 1, field: value})
    assert getattr(row, field) == stored
    assert type(getattr(row, field)) is type(stored)


def test_text_is_cut_by_characters_and_counted() -> None:
    validator = Validator(dataset("orders"))
    row: Any = validator.check({"orderId": 1, "firstName": "🎂" * 51, "lastName": "y" * 50})
    assert (row.firstName, row.lastName) == ("🎂" * 50, "y" * 50)
    assert dict(validator.warnings.counts) == {("firstName", "cut to its length"): 1}
    assert problems("orders", {"orderId": 1, "firstName": "x" * 51}, strict=True) == [
        ("firstName", "51 characters, varchar(50) holds 50")
    ]


def test_known_values_are_the_platforms() -> None:
    assert set(KNOWN_VALUES) == {
        (name, column.name)
        for name, each in datasets().items()
        for column in each.columns
        if column.name in ("status", "Status", "activityStatus", "campaignType")
    }


def test_near_names_and_snake_case() -> None:
    assert near("contact_activities", list(datasets())) == "did you mean «contactActivities»?"
    assert near("zzz", ["a", "b"]) == "known are: a, b"
    for name, snake in [("messageURL", "message_url"), ("contactId", "contact_id"), ("Phone", "phone")]:
        assert snake_case(name) == snake


@given(st.text())
def test_no_text_breaks_out_of_its_column(text: str) -> None:
    validator = Validator(dataset("devices"))
    builder = Builder(validator)
    builder.add(validator.check({"deviceId": "d", "pushToken": text}))
    batch = builder.take(1)
    fields = parsed(batch.text.decode() + "\n")
    clean = values.clean_text(text)
    assert fields == [[None] * 4 + ["d"] + [None] * 5 + [clean, None]]
    assert batch.row(0) == {"deviceId": "d", "pushToken": clean}


def parsed(text: str) -> list[list[str | None]]:
    """CSV as COPY reads it with ESCAPE '\\\\' and NULL 'null'."""
    rows: list[list[str | None]] = []
    position, row = 0, list[str | None]()
    while position < len(text):
        if text[position] == '"':
            position, value = position + 1, ""
            while text[position] != '"':
                if text[position] == "\\" and text[position + 1] in '"\\':
                    position += 1
                value += text[position]
                position += 1
            row.append(value)
            position += 1
        else:
            end = min(place for sign in ",\n" if (place := text.find(sign, position)) >= 0)
            row.append(None if text[position:end] == "null" else text[position:end])
            position = end
        if text[position] == "\n":
            rows.append(row)
            row = []
        position += 1
    return rows


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=400) | st.floats(allow_nan=True),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=10), json_values, max_size=60) | st.lists(json_values, max_size=60))
def test_parameters_are_json_that_jsonb_takes(given_: Any) -> None:
    text = values.parameters(given_)
    assert "\0" not in json.dumps(json.loads(text), ensure_ascii=False)
    found = json.loads(text)
    assert len(found) <= 50
    for value in found.values() if isinstance(found, dict) else found:
        assert len(value if isinstance(value, str) else json.dumps(value)) <= 1900
        assert not isinstance(value, str) or len(value) <= 300


@pytest.mark.parametrize("value", ["not json", "5", 5, True, '"text"', "[1", "\ud800"])
def test_parameters_that_are_none(value: Any) -> None:
    with pytest.raises(ValueError, match=r"JSON|object"):
        values.parameters(value)


def test_lines_are_rows_without_brackets() -> None:
    row = Validator(dataset("events")).check({"eventId": 1, "paramsJson": {"a": 'q"\n'}, "occured": "2024-01-02"})
    line = line_of(row)
    assert line == b'null,1,null,null,"2024-01-02T00:00:00","{\\"a\\":\\"q\\\\\\"\\\\n\\"}"'
    assert parsed(copy_text([line]).decode() + "\n") == parsed(line.decode() + "\n")
    assert msgspec.json.decode(b"[" + line + b"]")[5] == '{"a":"q\\"\\n"}'
