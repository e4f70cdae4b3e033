"""Which keys have been met before, in memory that does not grow with their number."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self

_IN_MEMORY = 100_000


class Seen:
    """A set of texts that moves to a temporary file once it is large. Use it as a context manager."""

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._limit = in_memory
        self._recent: set[str] = set()
        self._file: sqlite3.Connection | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, key: str) -> bool:
        """Remember `key`; True when it is new."""
        if key in self._recent or (self._file is not None and self._filed(key)):
            return False
        self._recent.add(key)
        self._count += 1
        if len(self._recent) >= self._limit:
            self._spill()
        return True

    def close(self) -> None:
        """Forget everything."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._recent.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _filed(self, key: str) -> bool:
        assert self._file is not None
        return self._file.execute("select 1 from seen where key = ?", (key,)).fetchone() is not None

    def _spill(self) -> None:
        if self._file is None:
            # A database without a name is a temporary file that SQLite removes itself.
            self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._file.execute("create table seen (key text primary key) without rowid")
        self._file.execute("begin")
        self._file.executemany("insert into seen values (?)", ((key,) for key in sorted(self._recent)))
        self._file.execute("commit")
        self._recent.clear()
