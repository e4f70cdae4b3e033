"""Contacts from a file: CSV with a header, a JSON list of objects, or JSON lines. CSV and JSON lines are streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from velobind.binding.contacts import Contact, Names, same
from velobind.binding.text import plain
from velobind.errors import ConfigError, DataError

_LINES = {".jsonl", ".ndjson"}
_DELIMITERS = {".tsv": "\t"}


class ContactFile:
    """The contacts of `path`. `mapping` renames columns: contact field to column.

    Raises ConfigError when the file is not there, DataError with the line for what is not a contact.
    """

    def __init__(self, path: Path, mapping: Mapping[str, str] | None = None, key: str = "contacts.file") -> None:
        self.path = path
        self._names = {column: field for field, column in (mapping or {}).items()}
        self._key = key

    @property
    def origin(self) -> str:
        """The file's name."""
        return self.path.name

    def __iter__(self) -> Iterator[Contact]:
        suffix = self.path.suffix.lower()
        with self._faults():
            if suffix == ".json":
                yield from self._from_objects(self._json())
            elif suffix in _LINES:
                yield from self._from_objects(self._json_lines())
            else:
                yield from self._from_csv(_DELIMITERS.get(suffix))

    def field_names(self) -> list[str]:
        """The names of the first contact's fields."""
        first = next(iter(self), None)
        return [] if first is None else list(first.fields)

    def find(self, field: str, value: str) -> Contact | None:
        """The first contact whose `field` is `value`."""
        return next((contact for contact in self if same(field, contact.get(field), value)), None)

    def _from_csv(self, delimiter: str | None) -> Iterator[Contact]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            header_line = file.readline()
            if not header_line:
                return
            delimiter = delimiter or max(",;\t", key=header_line.count)
            header = [
                self._names.get(name.strip(), name.strip())
                for name in next(csv.reader([header_line], delimiter=delimiter))
            ]
            self._check_header(header)
            names = Names.of(dict.fromkeys(header))
            reader = csv.reader(file, delimiter=delimiter)
            width = len(header)
            for row in reader:
                if len(row) != width:
                    if not row:
                        continue
                    raise DataError(
                        f"{len(row)} values for {width} fields",
                        template=self.path.name,
                        line=reader.line_num + 1,
                        hint="a value with a comma or a line break stands in double quotes",
                    )
                yield Contact(dict(zip(header, row, strict=True)), names)

    def _check_header(self, header: list[str]) -> None:
        seen: set[str] = set()
        for name in header:
            if not name or name.casefold() in seen:
                message = (
                    f"the field {name!r} stands twice in the header" if name else "a field of the header has no name"
                )
                raise DataError(message, template=self.path.name, line=1)
            seen.add(name.casefold())

    def _json(self) -> Iterator[tuple[int | None, object]]:
        try:
            data = msgspec.json.decode(self.path.read_bytes())
        except (msgspec.DecodeError, RecursionError) as error:
            raise DataError(f"is not JSON: {error}", template=self.path.name) from None
        if not isinstance(data, list):
            raise DataError(
                "is not a JSON list of contacts", template=self.path.name, hint='as [{"id": 1, "email": ...}]'
            )
        return ((None, item) for item in data)

    def _json_lines(self) -> Iterator[tuple[int | None, object]]:
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    yield number, msgspec.json.decode(line)
                except (msgspec.DecodeError, RecursionError) as error:
                    raise DataError(f"is not JSON: {error}", template=self.path.name, line=number) from None

    def _from_objects(self, items: Iterable[tuple[int | None, object]]) -> Iterator[Contact]:
        shape: tuple[str, ...] = ()
        names = Names()
        for number, (line, item) in enumerate(items, 1):
            if not isinstance(item, dict):
                raise DataError(
                    f"contact {number} is not an object", template=self.path.name, line=line, hint='as {"email": "..."}'
                )
            fields = {self._names.get(str(name), str(name)): text_value(value) for name, value in item.items()}
            if tuple(fields) != shape:
                shape, names = tuple(fields), Names.of(fields)
            yield Contact(fields, names)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise ConfigError(
                f"there is no file {self.path}", key=self._key, hint="paths are relative to velobind.toml"
            ) from None
        except UnicodeDecodeError as error:
            raise DataError(
                f"is not UTF-8: {error.reason}", template=self.path.name, hint="save the file as UTF-8"
            ) from None
        except csv.Error as error:
            raise DataError(f"is not CSV: {error}", template=self.path.name) from None
        except OSError as error:
            raise ConfigError(f"{self.path} cannot be read: {error.strerror}", key=self._key) from None


def text_value(value: Any) -> Any:
    """A JSON value as messages get it: scalars as text, nested values as they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return plain(repr(value))
    return value
