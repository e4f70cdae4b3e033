"""Rows -> batches: duplicate keys settled, order items kept together, text for COPY made."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import msgspec

from velobind.export.columns import Column, ColumnCheck
from velobind.export.datasets import ORDER_ITEMS, Dataset
from velobind.export.validation import Validator

BATCH_ROWS = 20_000
"""Rows a batch: few enough to stay in the server's memory for temporary tables, many enough to spread the commit."""

_encode = msgspec.json.Encoder().encode
_encode_lines = msgspec.json.Encoder().encode_lines
_as_tuple = msgspec.structs.astuple
# A backslash that does not stand before a quote or a backslash is an escape of JSON's own, which COPY would not read.
_OTHER_ESCAPE = re.compile(rb'\\[^"\\]')


@dataclass(slots=True)
class Batch:
    """Rows of one dataset that go in together or not at all."""

    dataset: Dataset
    rows: int
    json: bytes
    """The rows as lines (see `line_of`)."""
    position: int
    """How far the source has come with these rows: the last row's number, never less than in the batch before."""
    partial: bool = False
    """Whether fields that are null leave what the table holds."""
    odd: bool = False
    """Whether a line holds an escape that COPY does not read."""
    duplicates: int = 0
    """Rows that a later one of the same key in this batch has replaced."""
    keys: list[Any] = field(default_factory=list)
    """The rows' keys, in the same order (order items only)."""
    units: dict[int | None, str] = field(default_factory=dict)
    """The unit that each order's items came in (order items only)."""
    replaced_orders: list[int | None] = field(default_factory=list)
    """Orders whose former items must go, where this batch does not name them again (order items only)."""
    text: bytes = b""
    """What COPY is given for all the rows."""
    once: bool = False
    """Whether its source is never read again, as that of a load."""
    apart: bool = False
    """Whether it has no key of the batch before, and no order is emptied for it."""
    _lines: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = copy_text(self.json.split(b"\n")) if self.odd else self.json

    def identity(self) -> str:
        """What the books know the batch by: the same when it is written anew, another for any other of the source.

        A digest of all that it writes; or its position, where the source is read once only.
        """
        if self.once:
            return str(self.position)
        digest = hashlib.blake2b(self.text, digest_size=16)
        digest.update(repr((self.position, self.partial, self.replaced_orders)).encode())
        return digest.hexdigest()

    def part(self, rows: range) -> bytes:
        """What COPY is given for those rows."""
        if len(rows) == self.rows:
            return self.text
        lines = self._split()[rows.start : rows.stop]
        return copy_text(lines) if self.odd else b"\n".join(lines)

    def row(self, index: int) -> dict[str, object]:
        """The fields of a row that are not null, for a reject."""
        values = msgspec.json.decode(b"[" + self._split()[index] + b"]")
        names = [column.name for column in self.dataset.columns]
        return {name: value for name, value in zip(names, values, strict=True) if value is not None}

    def _split(self) -> list[bytes]:
        if not self._lines:
            self._lines = self.json.split(b"\n")
        return self._lines


class Builder:
    """Gathers the rows of one dataset into batches. Of rows with one key in a batch the last wins: whole, or where rows
    are partial, with what it holds.

    Order items come with a unit, which says which of them were given together: the items of an order in one unit
    replace all that the order had before, however many batches they are spread over.
    """

    def __init__(
        self,
        validator: Validator,
        units: Units | None = None,
        *,
        size: int = BATCH_ROWS,
        partial: bool = False,
        once: bool = False,
    ) -> None:
        self.dataset = validator.dataset
        self.size = size
        self.partial = partial
        """Whether the rows of the batch that is gathered are partial; to be changed only between two batches."""
        self._once = once
        self._key = validator.key
        self._clean = validator.clean
        self._columns = ColumnCheck(validator)
        self._warnings = validator.warnings
        self._units = units if validator.dataset.name == ORDER_ITEMS else None
        # Most batches have no key twice, and then the rows stay together as they came. Once a key comes again, or where
        # rows are partial or replaced with their order, each is kept by its key.
        self._chunks: list[tuple[Column, bytes]] = []
        self._seen: set[Any] = set()
        self._former: set[Any] = set()
        self._lines: dict[Any, bytes] = {}
        self._odd = False
        self._added = 0
        self._orders: dict[int | None, _Order] = {}

    def add(self, row: msgspec.Struct, unit: str = "") -> bool:
        """Add a checked row; True once the batch is full. Raises BadRow where its text cannot be stored."""
        # Written down at once, while the row is in the processor's cache.
        try:
            line = line_of(row)
        except UnicodeEncodeError:
            row = self._clean(row)
            line = line_of(row)
        if b"\\" in line and _OTHER_ESCAPE.search(line) is not None:
            if b"\\u0000" in line:
                row = self._clean(row)
                line = line_of(row)
            self._odd = True
        key = self._key(row)
        if not self._fresh((key,), line):
            self._put(key, line, unit)
        self._added += 1
        return self._added >= self.size

    @property
    def room(self) -> int:
        """How many rows may be added until the batch is full."""
        return self.size - self._added

    def add_many(self, rows: Sequence[Any], units: Sequence[str] = ()) -> bool:
        """Add rows of outside, no more than there is room for; False, and none added, where they need `add`.

        `units` are those of the rows, in the same order; "" where there are none.
        """
        checked = self._columns.check(rows)
        if checked is None:
            return False
        try:
            text = _encode_lines(checked.rows)
        except UnicodeEncodeError:
            return False
        if b"\\" in text and _OTHER_ESCAPE.search(text) is not None:
            if b"\\u0000" in text:
                return False
            self._odd = True
        for note in checked.notes:
            self._warnings.add(*note)
        text = _without_brackets(text, len(checked.rows))
        self._added += len(checked.keys)
        if not self._fresh(checked.keys, text):
            for key, line, unit in zip(checked.keys, text.split(b"\n"), units or repeat(""), strict=False):
                self._put(key, line, unit)
        return True

    def _fresh(self, keys: Column, text: bytes) -> bool:
        """Keep the rows together if none has a key that was there before; False, and none kept, otherwise."""
        if self._lines or self.partial or self._units is not None:
            return False
        before = len(self._seen)
        self._seen.update(keys)
        if len(self._seen) == before + len(keys):
            self._chunks.append((keys, text))
            return True
        for former, lines in self._chunks:
            self._lines.update(zip(former, lines.split(b"\n"), strict=True))
        self._chunks = []
        return False

    def _put(self, key: Any, line: bytes, unit: str) -> None:
        if self._units is not None:
            self._replace_order(key, unit)
        if key in self._lines:
            # Taken out first, so that the row stands where its last occurrence does.
            former = self._lines.pop(key)
            if self.partial:
                line = _filled(line, former)
        self._lines[key] = line

    def _replace_order(self, key: Any, unit: str) -> None:
        order = self._orders.get(key[0])
        if order is None or order.unit != unit:
            for former in order.keys if order is not None else ():
                self._lines.pop(former, None)
            order = self._orders[key[0]] = _Order(unit)
        order.keys.append(key)

    def take(self, position: int) -> Batch:
        """The batch of what was added since the last one; `position` is the number of the last row read."""
        units = {number: order.unit for number, order in self._orders.items()}
        keys = set(self._lines) or self._seen
        rows = len(self._lines) or len(self._seen)
        batch = Batch(
            self.dataset,
            rows,
            b"\n".join(self._lines.values() or [text for _, text in self._chunks]),
            position,
            partial=self.partial,
            odd=self._odd,
            once=self._once,
            apart=self._units is None and keys.isdisjoint(self._former),
            duplicates=self._added - rows,
            keys=list(self._lines) if self._units is not None else [],
            units=units,
            replaced_orders=self._units.new(units) if self._units is not None else [],
        )
        self._chunks, self._seen, self._lines, self._orders, self._former = [], set(), {}, {}, keys
        self._added, self._odd = 0, False
        return batch


@dataclass(slots=True)
class _Order:
    unit: str
    keys: list[Any] = field(default_factory=list)


class Units:
    """Remembers, outside of memory, which unit an order's items last came in.

    Batches under way are remembered apart (`new`) until they are in the database (`done`): so what is stored never
    runs ahead of the database, and a batch that is sent again after a crash empties the same orders again.
    """

    def __init__(self, connection: sqlite3.Connection | None = None, owner: str = "") -> None:
        # The empty name is a temporary database of SQLite's own: on disk when large, gone when closed.
        self._connection = connection or sqlite3.connect("", check_same_thread=False)
        self._owner = owner
        self._under_way: dict[int | None, str] = {}
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS order_units"
            " (owner TEXT, order_id INTEGER, unit TEXT NOT NULL, PRIMARY KEY (owner, order_id)) WITHOUT ROWID"
        )

    def new(self, units: Mapping[int | None, str]) -> list[int | None]:
        """The orders that did not come in this unit before, and so are to be emptied first."""
        fresh = []
        for order, unit in units.items():
            known = self._under_way.get(order)
            if known is None:
                found = self._connection.execute(
                    "SELECT unit FROM order_units WHERE owner = ? AND order_id = ?",
                    (self._owner, _NO_ORDER if order is None else order),
                ).fetchone()
                known = found[0] if found else None
            if known != unit:
                fresh.append(order)
        self._under_way.update(units)
        return fresh

    def close(self) -> None:
        """Give up a temporary memory of one's own."""
        self._connection.close()

    def done(self, units: Mapping[int | None, str]) -> None:
        """Store the units of a batch that is in the database; the caller commits."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO order_units VALUES (?, ?, ?)",
            [(self._owner, _NO_ORDER if order is None else order, unit) for order, unit in units.items()],
        )
        for order, unit in units.items():
            if self._under_way.get(order) == unit:
                del self._under_way[order]


_NO_ORDER = -(2**40)  # outside integer's range, so no order has this number


def line_of(row: msgspec.Struct) -> bytes:
    """A row as a JSON array without its brackets, in the order of the columns. Raises UnicodeEncodeError.

    That is also a line of CSV, with text in quotes and null bare, as long as its only escapes are those of the quote
    and the backslash; and msgspec writes it in C.
    """
    return _encode(_as_tuple(row))[1:-1]


def _without_brackets(text: bytes, rows: int) -> bytes:
    """Lines of JSON arrays as `line_of` writes them. A line break within a text is escaped, so there is one a row."""
    # To take one character out takes a tenth of the time that to look for several takes.
    bare = text.replace(b"[", b"").replace(b"]", b"")
    if len(text) - len(bare) == 2 * rows:
        return bare[:-1]
    return b"\n".join(text[1:-2].split(b"]\n["))


def _filled(line: bytes, former: bytes) -> bytes:
    """A row whose nulls are filled from the former row of the same key."""
    new, old = (msgspec.json.decode(b"[" + each + b"]") for each in (line, former))
    return _encode([before if value is None else value for value, before in zip(new, old, strict=True)])[1:-1]


def copy_text(lines: list[bytes]) -> bytes:
    """The lines as CSV for `COPY ... (FORMAT csv, ESCAPE '\\', NULL 'null')`, where some hold other escapes."""
    return b"\n".join(
        line if _OTHER_ESCAPE.search(line) is None else _plain_line(msgspec.json.decode(b"[" + line + b"]"))
        for line in lines
    )


def _plain_line(values: list[object]) -> bytes:
    """A line whose text holds line breaks and the like as they are, between its quotes."""
    return ",".join("null" if value is None else _quoted(value) for value in values).encode()


def _quoted(value: object) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
