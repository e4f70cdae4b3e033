"""What people write by hand: data objects and events in files. The path `-` is standard input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from velobind.errors import DataError

if TYPE_CHECKING:
    from velobind.binding.context import Bound
    from velobind.binding.events import Event


def read_text(path: Path) -> str:
    """The UTF-8 text of a file. Raises DataError when it can't be read or is not UTF-8."""
    name = shown(path)
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        hint = None
        if isinstance(error, IsADirectoryError):
            hint = "a file is wanted here, this is a folder"
        elif isinstance(error, PermissionError):
            hint = "may this user read it?"
        raise DataError(f"cannot be read: {(error.strerror or str(error)).lower()}", path=name, hint=hint) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"line {line} holds a byte that is not UTF-8 (0x{raw[error.start]:02x})",
            path=name,
            hint="save the file as UTF-8",
        ) from None


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object of a data file. Raises DataError for anything else."""
    value = parse_json(read_text(path), shown(path))
    if not isinstance(value, dict):
        raise DataError(
            f"holds {_kind(value)}, not an object",
            path=shown(path),
            hint='a data file is one object, as {"firstName": "Dina", "data": {"promo_codes": [{"name": "Dina"}]}}',
        )
    return value


def read_events(path: Path) -> list[Event]:
    """The events of a file: one JSON object, a list of them, or one a line. Raises DataError."""
    from velobind.binding.events import read_event

    text, name = read_text(path), shown(path)
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines):
        return [read_event(parse_json(line, f"{name}, line {number}"), name) for number, line in enumerate(lines, 1)]
    value = parse_json(text, name)
    return [read_event(each, name) for each in (value if isinstance(value, list) else [value])]


def bound_to(values: dict[str, Any], name: str = "the data") -> Bound:
    """The context of a data object: its names as they are written, no contact. Raises DataError for an event."""
    from velobind.binding.context import Bound

    if "params" in values and "eventTypeKey" in values:
        raise DataError("is an event, not data", path=name, hint="give it as an event: --event FILE, or event=...")
    data = values.get("data", {})
    if not isinstance(data, dict):
        raise DataError('has a "data" that is not an object', path=name, hint='as "data": {"promo_codes": []}')
    external = {key: value for key, value in values.items() if key != "data"}
    return Bound(contact=None, values=values, data=data, external=external)


def parse_json(text: str, name: str) -> Any:
    """The value of a JSON text. Raises DataError with line and column."""
    if not text.strip():
        raise DataError("is empty", path=name, hint="write a JSON object there")
    try:
        return json.loads(text, parse_constant=lambda word: _refuse(word, name))
    except json.JSONDecodeError as error:
        raise _not_json(error, text, name) from None
    except RecursionError:
        raise DataError("is nested too deeply", path=name) from None


def shown(path: Path) -> str:
    """The name of a file for messages."""
    return "standard input" if str(path) == "-" else str(path)


def _not_json(error: json.JSONDecodeError, text: str, name: str) -> DataError:
    lines = text.split("\n")
    source = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
    made = DataError(
        f"line {error.lineno}, column {error.colno} is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", path=name
    )
    if len(source) <= 200:
        made.line, made.column, made.source = error.lineno, error.colno, source.rstrip("\r")
    return made


def _refuse(word: str, name: str) -> NoReturn:
    raise DataError(f"{word} is not JSON", path=name)


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "a text" if isinstance(value, str) else json.dumps(value)
