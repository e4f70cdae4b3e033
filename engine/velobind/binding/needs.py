"""Which sources and columns a message needs, from what its templates read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from velobind.binding.source import Source


class RowsRead(Protocol):
    """What is read of a source's rows: `columns` by name; with `whole`, any column may be."""

    @property
    def columns(self) -> frozenset[str]: ...

    @property
    def whole(self) -> bool: ...


class Reads(Protocol):
    """What templates read: top-level `names`; rows by the key that `$data` is asked for; perhaps any source at all."""

    @property
    def names(self) -> frozenset[str]: ...

    @property
    def sources(self) -> Mapping[str, RowsRead]: ...

    @property
    def every_source(self) -> bool: ...


@dataclass(frozen=True)
class Need:
    """A source to query: its `columns` (None: all), and the `keys` under which its rows stand in `data`."""

    source: Source
    columns: frozenset[str] | None
    keys: tuple[str, ...]


def needs(
    reads: Reads | None, sources: Mapping[str, Source], chosen: Collection[str] | None = None
) -> tuple[Need, ...]:
    """The needs of a bulk message. Without `reads`, every source whole; `chosen` limits the sources by name.

    A template may write a source's name with or without its leading `_`; rows then stand under that key as well.
    """
    allowed = {name: source for name, source in sources.items() if chosen is None or name in chosen}
    if reads is None:
        return tuple(Need(source, None, (name,)) for name, source in allowed.items())
    columns: dict[str, set[str] | None] = {}
    keys: dict[str, dict[str, None]] = {}
    if reads.every_source:
        columns.update(dict.fromkeys(allowed))
    for key, rows in reads.sources.items():
        if name := named(key, allowed):
            known = columns.setdefault(name, set())
            columns[name] = None if rows.whole or known is None else known | rows.columns
            keys.setdefault(name, {})[key] = None
    for key in reads.names:
        if key not in reads.sources and (name := named(key, allowed)):
            columns[name] = None
            keys.setdefault(name, {})[key] = None
    return tuple(
        Need(source, _frozen(columns[name]), tuple(dict.fromkeys((name, *keys.get(name, ())))))
        for name, source in allowed.items()
        if name in columns
    )


def named(key: str, names: Collection[str]) -> str | None:
    """The source's name that `key` is, but for a leading `_`; None where no source is so named."""
    return next((name for name in (key, key.removeprefix("_"), f"_{key}") if name in names), None)


def _frozen(columns: Iterable[str] | None) -> frozenset[str] | None:
    return None if columns is None else frozenset(columns)
