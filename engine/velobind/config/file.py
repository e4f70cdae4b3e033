"""Finds and reads `velobind.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from velobind.binding.conditions import WrongCondition, check, sources_of
from velobind.binding.settings import ConnectorSettings
from velobind.config.place import locate
from velobind.config.settings import Config
from velobind.config.shape import Unfit, did_you_mean, struct
from velobind.errors import ConfigError

FILE_NAME = "velobind.toml"


def find(start: Path | None = None) -> Path:
    """The `velobind.toml` in `start` (a folder, or the file itself) or the nearest folder above it.

    Raises ConfigError when there is none.
    """
    start = Path.cwd() if start is None else start.expanduser().absolute()
    if start.is_file():
        return start
    if start.is_dir():
        for folder in (start, *start.parents):
            if (folder / FILE_NAME).is_file():
                return folder / FILE_NAME
        raise ConfigError(
            f"no {FILE_NAME} in {start} or a folder above it", hint="`velobind init` makes a project that works at once"
        )
    raise ConfigError(f"{start} does not exist", hint=f"give a folder that holds a {FILE_NAME}, or the file")


def read(path: Path) -> Config:
    """The checked configuration of the file `path`.

    Raises ConfigError for text that is not TOML (with its line), a wrong type, a missing or an unknown key (with the
    near name), two sources or two segments with one id, and a name that no table defines.
    """
    text = _text(path)
    try:
        config = struct(_toml(text, path), Config, ())
        _check(config)
    except Unfit as unfit:
        place = locate(text, unfit.key)
        raise ConfigError(
            unfit.message,
            path=_shown(path),
            key=".".join(unfit.key) or None,
            line=place and place.line,
            column=place and place.column,
            source=place and place.source,
            hint=unfit.hint,
        ) from None
    return config


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8: byte {error.start + 1}", path=_shown(path)) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", path=_shown(path)) from None


def _toml(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        where = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
        lines = text.splitlines() or [""]
        line = int(where[1]) if where and where[1] else len(lines)
        column = int(where[2]) if where and where[2] else len(lines[-1]) + 1
        raise ConfigError(
            f"line {line}: {message[: where.start()] if where else message}",
            path=_shown(path),
            line=line,
            column=column,
            source=lines[line - 1] if line <= len(lines) else "",
            hint="the file is TOML: text stands in quotes, a table opens with [name]",
        ) from None


def _shown(path: Path) -> str:
    """The path as a person would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _check(config: Config) -> None:
    """Raises Unfit where tables contradict themselves or each other."""
    _check_zone(config.project.timezone, ("project", "timezone"))
    for name, connector in config.connectors.items():
        _check_connector(connector, ("connectors", name))
    for name, source in config.sources.items():
        _defined(source.connector, config.connectors, "connector", ("sources", name, "connector"))
    _check_contacts(config)
    for name, segment in config.segments.items():
        key = ("segments", name)
        if segment.timezone is not None:
            _check_zone(segment.timezone, (*key, "timezone"))
        for source_name in segment.sources:
            _defined_source(source_name, config, (*key, "sources"))
        for number, condition in enumerate(segment.where):
            here = (*key, f"where[{number}]")
            try:
                check(condition)
            except WrongCondition as wrong:
                raise Unfit((*here, *wrong.key), wrong.message, wrong.hint) from None
            for source_name in sources_of([condition]):
                _defined_source(source_name, config, (*here, "source"))
    for name, message in config.messages.items():
        for source_name in message.sources or ():
            _defined_source(source_name, config, ("messages", name, "sources"))
        if message.html is None and message.text is None:
            raise Unfit(("messages", name), "a message needs `html` or `text`", 'add `html = "name.html.vm"`')
    for name, export in config.exports.items():
        _defined(export.connector, config.connectors, "connector", ("exports", name, "connector"))
    for table in ("sources", "segments", "messages"):
        _check_ids(getattr(config, table), table)


def _check_connector(connector: ConnectorSettings, key: tuple[str, ...]) -> None:
    if connector.port is not None and not 0 < connector.port < 65536:
        raise Unfit((*key, "port"), f"{connector.port} is not a port", "PostgreSQL's is 5432")
    if connector.statement_timeout <= 0:
        raise Unfit((*key, "statement_timeout"), "a timeout is a number of seconds above 0")
    if connector.connect_timeout <= 0:
        raise Unfit((*key, "connect_timeout"), "a timeout is a number of seconds above 0")
    placed = [word for word in ("dsn", "host", "port", "user", "password") if getattr(connector, word) is not None]
    if connector.embedded and placed:
        raise Unfit(
            (*key, placed[0]), "an embedded PostgreSQL is reached by velobind itself", f"leave `{placed[0]}` out"
        )
    if connector.setup and not connector.embedded:
        raise Unfit(
            (*key, "setup"), "setup fills an embedded PostgreSQL only", "add `embedded = true`, or leave it out"
        )
    for word in ("dsn", "password"):
        secret = getattr(connector, word)
        if secret is not None and not isinstance(secret, str) and (secret.env is None) == (secret.file is None):
            raise Unfit((*key, word), "say `env` or `file`", f'{word} = {{env = "SHOP_{word.upper()}"}}')
    for word in ("column", "field"):
        if not getattr(connector.contact_key, word).strip():
            raise Unfit((*key, "contact_key", word), "is empty")


def _check_contacts(config: Config) -> None:
    contacts = config.contacts
    if contacts is None:
        return
    if contacts.file is not None:
        if contacts.connector is not None or contacts.table is not None:
            raise Unfit(("contacts", "file"), "contacts come from a file or from a table", "leave one of them out")
        return
    if contacts.connector is None or contacts.table is None:
        raise Unfit(("contacts",), "say `file`, or `connector` and `table`", 'file = "contacts.csv"')
    _defined(contacts.connector, config.connectors, "connector", ("contacts", "connector"))


def _check_ids(tables: Mapping[str, Any], table: str) -> None:
    seen: dict[int, str] = {}
    for name, settings in tables.items():
        if settings.id is None:
            continue
        if settings.id < 0:
            raise Unfit((table, name, "id"), "an id is a whole number, 0 or above")
        if settings.id in seen:
            raise Unfit((table, name, "id"), f"{settings.id} is already the id of `{seen[settings.id]}`")
        seen[settings.id] = name


def _check_zone(name: str, key: tuple[str, ...]) -> None:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Unfit(key, f"`{name}` is not a time zone", did_you_mean(name, available_timezones())) from None


def _defined(name: str, tables: Mapping[str, object], what: str, key: tuple[str, ...]) -> None:
    if name not in tables:
        raise_unknown(name, tables, what, key)


def _defined_source(name: str, config: Config, key: tuple[str, ...]) -> None:
    if source_name(name, config) is None:
        raise_unknown(name, config.sources, "source", key)


def raise_unknown(name: str, tables: Mapping[str, object], what: str, key: tuple[str, ...]) -> NoReturn:
    """Raises Unfit: no table defines `name`."""
    raise Unfit(key, f"no {what} is named `{name}`", did_you_mean(name, tables) or f"add [{what}s.{name}]")


def source_name(name: str | int, config: Config) -> str | None:
    """The name in the file of the source that `name` means: itself, itself but for a leading `_`, or its id."""
    text = str(name)
    for option in (text, text.removeprefix("_"), f"_{text}"):
        if option in config.sources:
            return option
    if text.isdecimal():
        return next((known for known, source in config.sources.items() if source.id == int(text)), None)
    return None
