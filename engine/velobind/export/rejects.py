"""The reject file: one JSON line for each row that could not be exported, with the field, the reason and the time."""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from velobind.errors import DataError


@dataclass(frozen=True, slots=True)
class Reject:
    """One refused row: `row` as it came, the first `field` at fault ("" for the row as a whole) and why.

    `source` says where the row stood (`orders.csv row 17`); `also` holds the further faults of the same row.
    """

    dataset: str
    row: Any
    field: str
    reason: str
    time: str
    source: str = ""
    also: tuple[tuple[str, str], ...] = ()


def reject(dataset: str, row: object, problems: list[tuple[str, str]], source: str = "") -> Reject:
    """A reject of now."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    (name, reason), *also = problems
    return Reject(dataset, row, name, reason, now, source, tuple(also))


class RejectFile:
    """Appends rejects to `path`, made when the first one comes. A line is on the disk once `add` returns."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()

    def add(self, rejects: Iterable[Reject]) -> None:
        """Append all, in one write. Raises DataError where the file cannot be written (a full disk, say)."""
        text = b"".join(_line(entry) for entry in rejects)
        if not text:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock, self.path.open("ab") as file:
                # A line that a kill or a full disk cut short is ended, so that ours stays readable.
                if file.tell() and not _ends_line(self.path):
                    text = b"\n" + text
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DataError(
                f"the reject file {self.path} cannot be written: {error.strerror or error}",
                hint="no row is lost: the batch is not delivered until its rejects are written",
            ) from error


def _ends_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def read(path: Path | str) -> Iterator[Reject]:
    """The rejects of a file, one by one; an unfinished line is passed over. No file is no rejects."""
    try:
        with Path(path).open("rb") as file:
            for line in file:
                try:
                    yield msgspec.json.decode(line, type=Reject)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    continue
    except FileNotFoundError:
        return
    except OSError as error:
        raise DataError(f"the reject file {path} cannot be read: {error.strerror or error}") from error


def _line(entry: Reject) -> bytes:
    try:
        return msgspec.json.encode(entry, enc_hook=_plain) + b"\n"
    except (TypeError, ValueError, UnicodeEncodeError, RecursionError):
        # Values that JSON has no word for are shown as Python writes them.
        shown = ascii(entry.row)
        return msgspec.json.encode(_with_row(entry, shown)) + b"\n"


def _with_row(entry: Reject, row: object) -> Reject:
    return Reject(entry.dataset, row, ascii(entry.field)[1:-1], entry.reason, entry.time, entry.source, entry.also)


def _plain(value: object) -> object:
    return str(value)
