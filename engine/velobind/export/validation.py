"""A row from outside -> a row that PostgreSQL will take, or the reasons why not.

The fast way is msgspec's: a struct type a dataset, with the columns' types, ranges and lengths as constraints, checked
in C. Only a row that it refuses is gone through field by field, in Python, to repair what may be repaired (text past
its length, characters that cannot be stored) and to say exactly what is wrong with the rest.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

import msgspec

from velobind.export import values
from velobind.export.datasets import KNOWN_VALUES, Column, Dataset, near

_convert = msgspec.convert


class BadRow(Exception):
    """A row that cannot be exported: `problems` holds (field, reason) pairs; the field is "" for the row as a whole."""

    def __init__(self, problems: list[tuple[str, str]], row: object) -> None:
        super().__init__("; ".join(f"{name}: {reason}" if name else reason for name, reason in problems))
        self.problems = problems
        self.row = row


@dataclass(slots=True)
class Warnings:
    """What was repaired or noticed, counted by (field, what), with the first value seen as an example."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, name: str, what: str, example: object) -> None:
        self.counts[name, what] += 1
        self.examples.setdefault((name, what), str(example)[:80])

    def update(self, other: Warnings) -> None:
        self.counts.update(other.counts)
        for key, example in other.examples.items():
            self.examples.setdefault(key, example)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


CUT = "cut to its length"
CLEANED = "NUL or invalid characters removed"
UNKNOWN_VALUE = "unknown value kept"
OBSOLETE_DIFFERS = "obsolete column differs from its successor, successor kept"


@cache
def row_type(dataset: Dataset) -> type[msgspec.Struct]:
    """The struct type of a dataset's rows: a field a column, in order, None where nothing is given."""
    return msgspec.defstruct(
        dataset.name,
        [(column.name, _field_type(column), None) for column in dataset.columns],
        forbid_unknown_fields=True,
        omit_defaults=True,
        gc=False,
    )


def _field_type(column: Column) -> Any:
    kind = column.kind
    if kind in values.INTEGER_RANGES:
        low, high = values.INTEGER_RANGES[kind]
        return Annotated[int, msgspec.Meta(ge=low, le=high)] | None
    if kind == "numeric":
        return Decimal | None
    if kind == "text":
        return (Annotated[str, msgspec.Meta(max_length=column.length)] if column.length else str) | None
    if kind == "timestamp":
        return datetime.datetime | None
    return Any  # jsonb is made canonical by a function of ours


class _Field(NamedTuple):
    """A column's name, kind and length, worked out once."""

    name: str
    kind: str
    length: int | None


class Validator:
    """Checks the rows of one dataset. `strict` refuses what is otherwise repaired with a warning."""

    def __init__(self, dataset: Dataset, *, strict: bool = False) -> None:
        self.dataset = dataset
        self.strict = strict
        self.warnings = Warnings()
        self.row_type = row_type(dataset)
        self.decode = msgspec.json.Decoder(self.row_type).decode
        self._columns = {column.name: _Field(column.name, column.kind, column.length) for column in dataset.columns}
        names: dict[str, list[str]] = {}
        for column in dataset.columns:
            names.setdefault(column.kind, []).append(column.name)
        self._stamps = names.get("timestamp", [])
        self._documents = names.get("jsonb", [])
        self._numbers = names.get("numeric", [])
        # Looked up at once: most rows need no more than a look at them.
        self._stamps_of = _values_of(self._stamps)
        self._numbers_of = _values_of(self._numbers)
        self.successors = [
            (column.name, column.successor) for column in dataset.columns if column.successor is not None
        ]
        self.known = [(column, known) for (name, column), known in KNOWN_VALUES.items() if name == dataset.name]
        # A row's key: a tuple, or the bare value where the key is one column.
        self.key: Callable[[Any], Any] = attrgetter(*dataset.key)
        self._no_key = None if len(dataset.key) == 1 else (None,) * len(dataset.key)

    def check(self, raw: Mapping[str, object]) -> msgspec.Struct:
        """The row of a mapping from field names to values. Raises BadRow."""
        try:
            row = _convert(raw, self.row_type)
        except (TypeError, ValueError, OverflowError):  # msgspec's ValidationError is a ValueError
            return self._examine(raw)
        return self._settle(row, raw)

    def check_json(self, line: bytes) -> msgspec.Struct:
        """The row of one JSON object. Raises BadRow."""
        try:
            row: msgspec.Struct = self.decode(line)
        except msgspec.ValidationError:
            pass
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BadRow([("", _json_fault(line))], line.decode("utf-8", "replace")) from None
        else:
            return self._settle(row, line)
        try:
            raw = msgspec.json.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise BadRow([("", _json_fault(line))], line.decode("utf-8", "replace")) from None
        return self._examine(raw)

    def clean(self, row: msgspec.Struct) -> msgspec.Struct:
        """A checked row without the characters that PostgreSQL cannot store. Raises BadRow where strict.

        `check` lets them through, because looking for them in every text would slow down all the rows that have none:
        writing the rows down as JSON shows them, and then this is called.
        """
        return self._examine({name: value for name, value in msgspec.structs.asdict(row).items() if value is not None})

    def _settle(self, row: Any, raw: object) -> msgspec.Struct:
        """Make canonical what msgspec cannot: zones, jsonb, obsolete columns; and watch the known values."""
        problems: list[tuple[str, str]] = []
        for moment in self._stamps_of(row):
            if moment is not None and (moment.tzinfo is not None or moment.microsecond):
                self._settle_stamps(row, problems)
                break
        for number in self._numbers_of(row):
            if number is not None and not values.storable_number(number):
                problems.extend(self._unstorable_numbers(row))
                break
        for name in self._documents:
            value = getattr(row, name)
            if value is not None:
                try:
                    setattr(row, name, values.parameters(value) if value != "" else None)
                except ValueError as error:
                    problems.append((name, str(error)))
        for old, new in self.successors:
            value = getattr(row, new)
            former = getattr(row, old)
            if value is None:
                if former is not None:
                    setattr(row, new, former)
            elif former is not value:
                if former is not None and former != value:
                    self.warnings.add(old, OBSOLETE_DIFFERS, former)
                setattr(row, old, value)
        if not problems and self.key(row) == self._no_key:
            problems.append((self.dataset.key[0], f"no value in the key ({', '.join(self.dataset.key)})"))
        if problems:
            raise BadRow(problems, _shown_row(raw))
        for name, known in self.known:
            value = getattr(row, name)
            if value is not None and value not in known:
                self.warnings.add(name, UNKNOWN_VALUE, value)
        return row  # type: ignore[no-any-return]

    def _settle_stamps(self, row: Any, problems: list[tuple[str, str]]) -> None:
        for name in self._stamps:
            moment = getattr(row, name)
            if moment is not None:
                try:
                    setattr(row, name, values.plain_time(moment))
                except ValueError as error:
                    problems.append((name, str(error)))

    def _unstorable_numbers(self, row: Any) -> Iterator[tuple[str, str]]:
        for name in self._numbers:
            number = getattr(row, name)
            if number is not None and not values.storable_number(number):
                yield name, f"{str(number)[:60]} is not a number that PostgreSQL's numeric can hold"

    def _examine(self, raw: object) -> msgspec.Struct:
        """The slow way: every field by itself, repaired where that is allowed."""
        if not isinstance(raw, Mapping):
            raise BadRow([("", f"a row must be an object, got {values.type_name(raw)}")], raw)
        problems: list[tuple[str, str]] = []
        notes: list[tuple[str, str, str]] = []
        repaired: dict[str, object] = {}
        for name, value in raw.items():
            column = self._columns.get(name) if isinstance(name, str) else None
            if column is None:
                problems.append((str(name), f"unknown field; {near(str(name), list(self._columns))}"))
            elif value is not None:
                try:
                    repaired[name] = self._repair(column, value, notes)
                except ValueError as error:
                    problems.append((name, str(error)))
        if problems:
            raise BadRow(problems, _shown_row(raw))
        row = self._settle(_convert(repaired, self.row_type), raw)
        for note in notes:
            self.warnings.add(*note)
        return row

    def _repair(self, column: _Field, value: object, notes: list[tuple[str, str, str]]) -> object:
        kind = column.kind
        if kind == "text":
            fits = column.length is None or (type(value) is str and len(value) <= column.length)
            if fits and type(value) is str and value.isascii() and "\0" not in value:
                return value
            return self._text(column, value, notes)
        if isinstance(value, str) and not value.strip():
            return None
        if kind == "numeric":
            return values.number(value)
        if kind == "timestamp":
            return values.timestamp(value)
        if kind == "jsonb":
            return values.parameters(value)
        return values.whole(value, kind)

    def _text(self, column: _Field, value: object, notes: list[tuple[str, str, str]]) -> str:
        if not isinstance(value, str):
            raise ValueError(f"text is wanted, got {values.type_name(value)}")
        text = values.clean_text(value)
        if text != value:
            if self.strict:
                raise ValueError("holds NUL or invalid characters, which PostgreSQL's text cannot")
            notes.append((column.name, CLEANED, text))
        if column.length is not None and len(text) > column.length:
            if self.strict:
                raise ValueError(f"{len(text)} characters, varchar({column.length}) holds {column.length}")
            notes.append((column.name, CUT, text))
            text = text[: column.length]
        return text


def _values_of(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """A function from a row to the values of those fields."""
    if not names:
        return lambda row: ()
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda row: (only(row),)
    return attrgetter(*names)


def _json_fault(line: bytes) -> str:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return f"not UTF-8: byte {error.start + 1} of the line"
    try:
        msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return f"not JSON: {error}"
    return "not JSON"


def _shown_row(raw: object) -> object:
    """The row as it came, for the reject file."""
    if isinstance(raw, bytes):
        return msgspec.json.decode(raw)
    return raw
