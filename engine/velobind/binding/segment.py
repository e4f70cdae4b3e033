"""Segments: which contacts meet the conditions and stand on both sides.

Conditions on columns are always evaluated by PostgreSQL. Where contacts live in a table of the sources' own database,
the whole segment is one query (`segment_query`); otherwise contacts stream by, and for each batch of them one query a
source says what holds of their rows (`segment_batches`). Both leave out contacts without a row in any of the
segment's sources, and all but the first of contacts that share a key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from velobind.binding.conditions import Day, sources_of
from velobind.binding.connector import Connector
from velobind.binding.contact_table import ContactTable
from velobind.binding.contacts import Contact, Contacts, Names
from velobind.binding.settings import Condition, SegmentSettings
from velobind.binding.source import Source, resolve
from velobind.errors import ConfigError


@dataclass(frozen=True)
class SegmentCount:
    """How a segment divides contacts and rows.

    `contacts`: all there are; `matched`: the segment's; `only_in_contacts`: with a key but no row in the sources;
    `only_in_database`: keys of the sources that no contact has; `without_key`: contacts whose key field is empty;
    `duplicates`: contacts whose key an earlier contact has.
    """

    contacts: int
    matched: int
    only_in_contacts: int
    only_in_database: int
    without_key: int
    duplicates: int


@dataclass(frozen=True)
class Segment:
    """The segment `name`. `sources` are those that its conditions name and those that its table lists."""

    name: str
    settings: SegmentSettings
    sources: tuple[Source, ...]
    known: Mapping[str, Source]

    @property
    def id(self) -> int:
        """The number that events of the segment carry in their type."""
        return self.settings.id

    @property
    def where(self) -> tuple[Condition, ...]:
        """The conditions, all of which must hold."""
        return self.settings.where

    def source(self, name: str) -> Source:
        """The source that a condition names."""
        source = resolve(name, self.known)
        if source is None:
            raise ConfigError(f"no source is named `{name}`", key=f"segments.{self.name}")
        return source

    @property
    def connectors(self) -> tuple[Connector, ...]:
        """The connectors of the sources, each once."""
        return tuple({source.connector.name: source.connector for source in self.sources}.values())

    @property
    def key_field(self) -> str:
        """The contact field by which two contacts are one: the first connector's, or the e-mail address."""
        return self.sources[0].connector.key_field if self.sources else "email"

    def check(self, contacts: Contacts) -> None:
        """Raise ConfigError or DatabaseError for a field or a column that is not there."""
        fields = Names.of(dict.fromkeys(contacts.field_names()))
        for connector in self.connectors:
            if fields and connector.key_field.casefold() not in fields:
                raise ConfigError(
                    f"contacts of {contacts.origin} have no field `{connector.key_field}`",
                    key=f"connectors.{connector.name}.contact_key.field",
                    hint="fields: " + ", ".join(contacts.field_names()),
                )


def make(name: str, settings: SegmentSettings, sources: Mapping[str, Source]) -> Segment:
    """The segment of a table of the configuration."""
    named = [resolve(word, sources) for word in (*sources_of(settings.where), *settings.sources)]
    used = {source.name: source for source in named if source is not None}
    return Segment(name, settings, tuple(used.values()), sources)


def stream(segment: Segment, contacts: Contacts, day: Day) -> Iterator[Contact]:
    """The segment's contacts on a day, in the order of the contacts. Raises DatabaseError, DataError, ConfigError."""
    from velobind.binding import segment_batches, segment_query

    segment.check(contacts)
    if isinstance(contacts, ContactTable) and _one_database(segment, contacts):
        return segment_query.stream(segment, contacts, day)
    return segment_batches.stream(segment, contacts, day)


def count(segment: Segment, contacts: Contacts, day: Day) -> SegmentCount:
    """How many contacts the segment has on a day, and who is left out."""
    from velobind.binding import segment_batches, segment_query

    segment.check(contacts)
    if isinstance(contacts, ContactTable) and _one_database(segment, contacts):
        return segment_query.count(segment, contacts, day)
    return segment_batches.count(segment, contacts, day)


def _one_database(segment: Segment, contacts: ContactTable) -> bool:
    return all(connector is contacts.connector for connector in segment.connectors)
