"""A SQLite file that survives a kill and a power cut: how it is opened, and what its errors mean for a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from velobind.errors import DataError

_WAIT_SECONDS = 60.0


def open_file(path: Path) -> sqlite3.Connection:
    """A connection to the file, made with its folders if missing, in autocommit; use `writing` to change it.

    A write-ahead log with full synchronisation: what was committed is on the disk, whatever happens to the process or
    the machine. Several processes may share the file. Raises DataError.
    """
    with said_clearly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            # Before the first table: lets deleted rows give their space back to the disk.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


@contextmanager
def writing(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """One transaction: all of it or, on any error, nothing. Raises DataError for SQLite's own errors."""
    with said_clearly(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def said_clearly(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors about `path` as DataError with a hint."""
    try:
        yield
    except sqlite3.Error as error:
        raise DataError(f"{path}: {error}", hint=_hint(error)) from error
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}", hint="may this user write there?") from error


def _hint(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    # A full disk shows as FULL, and where a limit of the process is met, as a failed write.
    if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
        return "the disk is full or cannot be written; what was recorded before is kept"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return "may this user write to the file and its folder?"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "the file is damaged or is something else: move it away, keep it, and start a new one"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "another process has held the file for a minute: is one of them stuck?"
    return "look at the file and its folder"
