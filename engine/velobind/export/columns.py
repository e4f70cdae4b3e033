"""Many rows checked at once, column by column: the fast way for rows that need no repair.

What Validator does to one row after the other is done here to a whole column by a call or two that run in C. As soon
as anything is unusual there is no result, and the rows are for Validator, which says what is wrong with which.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from velobind.export import values
from velobind.export.validation import OBSOLETE_DIFFERS, UNKNOWN_VALUE, Validator

_as_tuple = msgspec.structs.astuple
_convert = msgspec.convert
_encode = msgspec.json.Encoder().encode

Column = tuple[Any, ...]

# A timestamp in JSON that has neither fraction nor zone, with its quotes; any other is longer.
_STAMP = len('"2024-02-29T10:00:00"')
_NULL = len("null")
# What is left of amounts in JSON, commas, nulls and all, once this is taken out: nothing, or the letters of an
# exponent, of NaN or of Infinity.
_PLAIN_AMOUNTS = b'0123456789.-",[]nul'
# Fewer digits than numeric has on either side of the point.
_SHORT_AMOUNT = 16_000


class Rows(NamedTuple):
    """Checked rows, their values in the order of the columns, their keys, and what Warnings is to be told."""

    rows: list[Column]
    keys: Column
    notes: list[tuple[str, str, object]]


class ColumnCheck:
    """Checks many rows of a validator's dataset."""

    def __init__(self, validator: Validator) -> None:
        dataset = validator.dataset
        self._decode: Callable[[Any], Any] = validator.decode
        self._many: Any = list[validator.row_type]  # type: ignore[name-defined]
        place = {column.name: number for number, column in enumerate(dataset.columns)}
        kinds = [column.kind for column in dataset.columns]
        self._stamps = [number for number, kind in enumerate(kinds) if kind == "timestamp"]
        self._numbers = [number for number, kind in enumerate(kinds) if kind == "numeric"]
        self._documents = [number for number, kind in enumerate(kinds) if kind == "jsonb"]
        self._successors = [(place[old], place[new], old) for old, new in validator.successors]
        self._known = [(place[name], name, known) for name, known in validator.known]
        self._key = [place[name] for name in dataset.key]

    def check(self, raw: Sequence[Any]) -> Rows | None:
        """The rows of mappings, or of JSON objects as bytes; None where one of them has to be looked at by itself."""
        try:
            structs = list(map(self._decode, raw)) if type(raw[0]) is bytes else _convert(raw, self._many)
        except (TypeError, ValueError, OverflowError, RecursionError):  # msgspec's errors are ValueErrors
            return None
        rows = list(map(_as_tuple, structs))
        columns: list[Column] = list(zip(*rows, strict=True))
        try:
            changed = self._canonical(columns)
        except ValueError:
            return None
        notes: list[tuple[str, str, object]] = []
        for old, new, name in self._successors:
            changed = _succeed(columns, old, new, name, notes) or changed
        first = columns[self._key[0]]
        # A row without any key is for Validator to refuse; it has no first part of one either.
        if None in set(first):
            return None
        keys = first if len(self._key) == 1 else tuple(zip(*[columns[number] for number in self._key], strict=True))
        for number, name, known in self._known:
            unknown = set(columns[number]) - known - {None}
            if unknown:
                notes += [(name, UNKNOWN_VALUE, value) for value in columns[number] if value in unknown]
        # All of one length: each was made of a column of these rows.
        return Rows(list(zip(*columns, strict=False)) if changed else rows, keys, notes)

    def _canonical(self, columns: list[Column]) -> bool:
        """Make timestamps and JSON canonical; whether that was needed. Raises ValueError for what cannot be."""
        changed = False
        if self._stamps and not _plain_stamps([columns[number] for number in self._stamps]):
            changed = True
            for number in self._stamps:
                columns[number] = tuple(map(_plain_time, columns[number]))
        if self._numbers and not _plain_amounts([columns[number] for number in self._numbers]):
            for number in self._numbers:
                if not all(value is None or values.storable_number(value) for value in columns[number]):
                    raise ValueError("not a number for numeric")
        for number in self._documents:
            changed = True
            columns[number] = tuple(
                None if value is None or value == "" else values.parameters(value) for value in columns[number]
            )
        return changed


def _plain_stamps(columns: list[Column]) -> bool:
    """Whether all timestamps are without fraction and zone: seen at the length of their JSON."""
    text = _encode(columns)
    places = len(columns) * len(columns[0])
    nulls = text.count(b"null")
    # Each column has a bracket more than it has commas and values, and so have all columns together.
    signs = places + len(columns) + len(columns) + 1
    return len(text) == nulls * _NULL + (places - nulls) * _STAMP + signs


def _plain_time(moment: datetime.datetime | None) -> datetime.datetime | None:
    if moment is None or (moment.tzinfo is None and not moment.microsecond):
        return moment
    return values.plain_time(moment)


def _plain_amounts(columns: list[Column]) -> bool:
    """Whether all numbers are digits, a point and a sign at the most, and not very many of them."""
    text = _encode(columns)
    if text.translate(None, _PLAIN_AMOUNTS):
        return False
    return len(text) < _SHORT_AMOUNT or max(map(len, text.split(b","))) < _SHORT_AMOUNT


def _succeed(columns: list[Column], old: int, new: int, name: str, notes: list[tuple[str, str, object]]) -> bool:
    """Give an obsolete column and its successor the same values; whether that changed one."""
    given, current = columns[old], columns[new]
    if given == current:
        return False
    if given.count(None) == len(given):
        columns[old] = current
        return True
    notes += [
        (name, OBSOLETE_DIFFERS, former)
        for former, value in zip(given, current, strict=True)
        if value is not None and former is not None and former != value
    ]
    columns[old] = columns[new] = tuple(
        former if value is None else value for former, value in zip(given, current, strict=True)
    )
    return True
