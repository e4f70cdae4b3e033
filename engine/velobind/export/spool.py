"""The spool: rows that wait in a SQLite file until the database has them.

A row is in the spool once `append` returns, whatever happens to the process afterwards; it leaves it once every export
that takes its dataset has committed it. Rows are kept as JSON objects of canonical values, in the order of recording.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from velobind.errors import DataError
from velobind.export.batches import Units
from velobind.storage import open_file, said_clearly, writing

FILE_NAME = "spool.db"
_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS spool_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spool_rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT, dataset TEXT NOT NULL, unit TEXT NOT NULL,
    partial INTEGER NOT NULL, body BLOB NOT NULL, recorded REAL NOT NULL);
CREATE INDEX IF NOT EXISTS spool_rows_dataset ON spool_rows (dataset, id);
CREATE TABLE IF NOT EXISTS spool_exports (
    export TEXT, dataset TEXT, position INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0, succeeded REAL, failed REAL, error TEXT, PRIMARY KEY (export, dataset));
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one dataset that an export has not delivered: how many, and the seconds that the oldest has waited."""

    rows: int
    oldest: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What an export did with one dataset so far; times are seconds since the epoch."""

    position: int = 0
    rows: int = 0
    rejected: int = 0
    succeeded: float | None = None
    failed: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SpooledRow:
    """One waiting row: its number, the unit it was recorded in, whether it is partial, and its JSON text."""

    number: int
    unit: str
    partial: int
    body: bytes


class Spool:
    """An open spool file. Safe to use from several threads, and the file from several processes."""

    def __init__(self, path: Path | str) -> None:
        """Open `path`, or make it. Raises DataError where that cannot be."""
        self.path = Path(path)
        self._lock = threading.RLock()
        self._connection = open_file(self.path)
        try:
            with said_clearly(self.path):
                version = self._connection.execute("PRAGMA user_version").fetchone()[0]
                if version > _VERSION:
                    raise DataError(f"{self.path} was made by a newer velobind", hint="upgrade velobind here")
                self._connection.executescript(_TABLES)
                self._connection.execute(f"PRAGMA user_version = {_VERSION}")
                self._connection.execute("INSERT OR IGNORE INTO spool_meta VALUES ('identity', ?)", (uuid.uuid4().hex,))
                self.identity: str = self._connection.execute(
                    "SELECT value FROM spool_meta WHERE name = 'identity'"
                ).fetchone()[0]
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction of the file, all or nothing; others who keep tables in it join in by the connection."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            with writing(self._connection, self.path):
                yield self._connection

    def append(self, dataset: str, bodies: Iterable[bytes], unit: str = "", *, partial: bool = False) -> int:
        """Add rows, all or none, and return how many. Raises DataError (a full disk, say), and then none is added."""
        now = time.time()
        with self.transaction() as connection:
            cursor = connection.executemany(
                "INSERT INTO spool_rows (dataset, unit, partial, body, recorded) VALUES (?, ?, ?, ?, ?)",
                ((dataset, unit, partial, body, now) for body in bodies),
            )
            return max(cursor.rowcount, 0)

    def rows(self, dataset: str, after: int, limit: int) -> list[SpooledRow]:
        """The next rows of a dataset after the number `after`, at most `limit`."""
        with self._lock, said_clearly(self.path):
            found = self._connection.execute(
                "SELECT id, unit, partial, body FROM spool_rows WHERE dataset = ? AND id > ? ORDER BY id LIMIT ?",
                (dataset, after, limit),
            ).fetchall()
        return [SpooledRow(*row) for row in found]

    def units(self, export: str) -> Units:
        """Which unit an order's items last came in, for one export."""
        with self._lock, said_clearly(self.path):
            return Units(self._connection, export)

    def progress(self, export: str, dataset: str) -> Progress:
        with self._lock, said_clearly(self.path):
            found = self._connection.execute(
                "SELECT position, rows, rejected, succeeded, failed, error FROM spool_exports"
                " WHERE export = ? AND dataset = ?",
                (export, dataset),
            ).fetchone()
        return Progress(*found) if found else Progress()

    def advance(
        self,
        export: str,
        dataset: str,
        position: int,
        *,
        rows: int,
        rejected: int,
        units: Units | None = None,
        unit_of: Mapping[int | None, str] | None = None,
    ) -> None:
        """Note that the export has all rows of the dataset up to the number `position`."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO spool_exports (export, dataset, position, rows, rejected, succeeded)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (export, dataset) DO UPDATE SET position = excluded.position,"
                " rows = rows + excluded.rows, rejected = rejected + excluded.rejected,"
                " succeeded = excluded.succeeded, error = NULL",
                (export, dataset, position, rows, rejected, time.time()),
            )
            if units is not None and unit_of:
                units.done(unit_of)

    def succeeded(self, export: str, dataset: str) -> None:
        """Note a success that had nothing to deliver."""
        position = self.progress(export, dataset).position
        self.advance(export, dataset, position, rows=0, rejected=0)

    def failed(self, export: str, dataset: str, error: str) -> None:
        """Note why the dataset could not be delivered."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO spool_exports (export, dataset, failed, error) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (export, dataset) DO UPDATE SET failed = excluded.failed, error = excluded.error",
                (export, dataset, time.time(), error),
            )

    def rejected(self, dataset: str, count: int) -> None:
        """Count rows that were refused when they were recorded, and so never entered the spool."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO spool_exports (export, dataset, rejected) VALUES ('', ?, ?)"
                " ON CONFLICT (export, dataset) DO UPDATE SET rejected = rejected + excluded.rejected",
                (dataset, count),
            )

    def waiting(self, dataset: str, export: str | None = None) -> Waiting:
        """What of a dataset waits for `export`, or, without one, is in the spool at all."""
        after = self.progress(export, dataset).position if export is not None else 0
        with self._lock, said_clearly(self.path):
            count, oldest = self._connection.execute(
                "SELECT count(*), min(recorded) FROM spool_rows WHERE dataset = ? AND id > ?", (dataset, after)
            ).fetchone()
        return Waiting(count, None if oldest is None else max(0.0, time.time() - oldest))

    def datasets(self) -> list[str]:
        """The datasets that have rows here."""
        with self._lock, said_clearly(self.path):
            return [row[0] for row in self._connection.execute("SELECT DISTINCT dataset FROM spool_rows ORDER BY 1")]

    def exports(self, dataset: str) -> list[str]:
        """The exports that have delivered rows of the dataset, or tried to."""
        with self._lock, said_clearly(self.path):
            found = self._connection.execute(
                "SELECT export FROM spool_exports WHERE export <> '' AND dataset = ? ORDER BY 1", (dataset,)
            )
            return [row[0] for row in found]

    def trim(self, dataset: str, exports: Sequence[str]) -> int:
        """Remove the rows that all of `exports` have; how many that were. With no export nothing is removed."""
        if not exports:
            return 0
        reached = min(self.progress(export, dataset).position for export in exports)
        removed = 0
        while True:
            # In pieces, so that a recorder never waits long for its turn.
            with self.transaction() as connection:
                count = connection.execute(
                    "DELETE FROM spool_rows WHERE id IN"
                    " (SELECT id FROM spool_rows WHERE dataset = ? AND id <= ? ORDER BY id LIMIT 20000)",
                    (dataset, reached),
                ).rowcount
            removed += count
            if count < 20_000:
                break
        if removed:
            with self._lock, said_clearly(self.path):
                self._connection.execute("PRAGMA incremental_vacuum").fetchall()
        return removed

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
