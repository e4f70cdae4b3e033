"""Rows out of files: JSON lines, CSV and Parquet, one by one, whatever the size of the file."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from velobind.errors import DataError
from velobind.export.datasets import Dataset, near
from velobind.export.validation import BadRow
from velobind.export.values import INTEGER_RANGES

FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".parquet": "parquet"}
_PARQUET_ROWS = 10_000
_FIELD_SIZE = 2**27  # bytes of one CSV field: more than any column holds, less than memory


def format_of(path: str, given: str | None = None) -> str:
    """`jsonl`, `csv` or `parquet`, by the file's ending (`.gz` may follow) unless it is given. Raises DataError."""
    if given is not None:
        if given not in FORMATS.values():
            raise DataError(f"«{given}» is no format of rows", hint="known are jsonl, csv and parquet")
        return given
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    found = FORMATS.get(suffixes[-1]) if suffixes else None
    if found is None:
        raise DataError(f"the format of {path} is not clear from its name", hint="give --format jsonl, csv or parquet")
    return found


def rows(dataset: Dataset, path: Path | str, format: str | None = None) -> Iterator[Any]:
    """The rows of a file as `Exporter.load` takes them; `-` is the standard input. Raises DataError.

    A line that cannot be read becomes a BadRow, so that the rest is loaded; a file that as a whole is not of its
    format, or a CSV header that names an unknown column, is an error.
    """
    kind = format_of(str(path), format)
    if kind == "parquet":
        yield from _parquet(path)
        return
    try:
        with _opened(path) as file:
            yield from _json_lines(file, str(path)) if kind == "jsonl" else _csv(dataset, file, str(path))
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise DataError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _opened(path: Path | str) -> IO[bytes]:
    if str(path) == "-":
        return sys.stdin.buffer
    file = Path(path)
    return gzip.open(file, "rb") if file.suffix.lower() == ".gz" else file.open("rb")  # type: ignore[return-value]


def _json_lines(file: IO[bytes], name: str) -> Iterator[bytes]:
    first = True
    for line in file:
        if first:
            line, first = line.removeprefix(b"\xef\xbb\xbf"), False
            if line.lstrip().startswith(b"["):
                raise DataError(f"{name} is one JSON array, not JSON lines", hint="jq -c '.[]' makes lines of it")
        line = line.strip()
        if line:
            yield line


def _csv(dataset: Dataset, file: IO[bytes], name: str) -> Iterator[dict[str, object] | BadRow]:
    # Bytes that are not UTF-8 come through as lone surrogates, so that only their row is at fault.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _csv_rows(dataset, text, name)
    finally:
        text.detach()  # whoever opened the file closes it


def _csv_rows(dataset: Dataset, text: IO[str], name: str) -> Iterator[dict[str, object] | BadRow]:
    csv.field_size_limit(_FIELD_SIZE)
    first = text.readline()
    if not first:
        return
    # Spreadsheets of many countries separate with a semicolon; no column's name holds one, or a tab.
    separator = next((sign for sign in ";\t" if sign in first), ",")
    header = next(csv.reader([first], delimiter=separator), [])
    reader = csv.reader(text, delimiter=separator)
    known = [column.name for column in dataset.columns]
    header = [column.strip() for column in header]
    for column in header:
        if column not in known:
            raise DataError(
                f"{name}: the header names «{column}», which {dataset.name} does not have", hint=near(column, known)
            )
    if len(set(header)) < len(header):
        raise DataError(f"{name}: the header names a column twice")
    width = len(header)
    whole = [column.name for column in dataset.columns if column.kind in INTEGER_RANGES and column.name in header]
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            yield BadRow([("", f"not CSV: {error}")], None)
            continue
        if fields is None:
            return
        if not fields:
            continue
        if len(fields) != width:
            yield BadRow([("", f"{len(fields)} fields, the header names {width}")], fields)
            continue
        row: dict[str, object] = {column: value or None for column, value in zip(header, fields, strict=True)}
        for column in whole:
            value = row[column]
            # Plain digits are made numbers here, so that the row need not be repaired field by field.
            if value is not None and value.isdigit() and value.isascii():  # type: ignore[attr-defined]
                row[column] = int(value)  # type: ignore[call-overload]
        if "".join(fields).isascii() or (bad := _not_text(row)) is None:
            yield row
        else:
            yield BadRow([(bad, "not UTF-8")], row)


def _not_text(row: dict[str, object]) -> str | None:
    """The first column whose bytes were not UTF-8."""
    for column, value in row.items():
        try:
            str(value).encode()
        except UnicodeEncodeError:
            return column
    return None


def _parquet(path: Path | str) -> Iterator[dict[str, object]]:
    try:
        import pyarrow  # type: ignore[import-untyped,unused-ignore]
        import pyarrow.parquet  # type: ignore[import-untyped,unused-ignore]
    except ImportError as error:
        raise DataError("Parquet needs pyarrow", hint="pip install 'velobind[parquet]'") from error
    try:
        source: Any = io.BytesIO(sys.stdin.buffer.read()) if str(path) == "-" else str(path)
        with pyarrow.parquet.ParquetFile(source) as file:
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                yield from batch.to_pylist()
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"{path} cannot be read as Parquet: {error}") from error
