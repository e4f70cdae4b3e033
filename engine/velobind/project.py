"""A project: `velobind.toml` turned into the objects that it names.

Everything is made when it is first asked for: loading a project reads one file and touches no database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from velobind.binding.connector import Connector
    from velobind.binding.contacts import Contact, Contacts
    from velobind.binding.context import Bound, Reads
    from velobind.binding.events import Event
    from velobind.binding.segment import Segment, SegmentCount
    from velobind.binding.source import Source
    from velobind.config import Config, MessageSettings
    from velobind.language.environment import Environment


class Project:
    """A loaded project. Use it as a context manager, or call `close`: an embedded PostgreSQL stops with its last user."""

    root: Path
    config: Config

    @classmethod
    def load(cls, path: Path | str | None = None) -> Self:
        """The project of the `velobind.toml` at `path` (a file or a folder), or in the nearest folder above.

        Raises ConfigError when there is none or when it says something that can't be.
        """
        raise NotImplementedError

    @property
    def environment(self) -> Environment:
        """The project's template environment: its dialect, tools, and the loader of its templates folder."""
        raise NotImplementedError

    @property
    def timezone(self) -> ZoneInfo:
        """The project's time zone."""
        raise NotImplementedError

    def connector(self, name: str) -> Connector:
        """The connector `name`. Raises ConfigError with the near name where there is none (as do the next three)."""
        raise NotImplementedError

    def source(self, name: str | int) -> Source:
        """A data source by its name (`promo_codes`, `_promo_codes`) or its id (1043, "1043")."""
        raise NotImplementedError

    def segment(self, name: str | int) -> Segment:
        """A segment by its name or its id."""
        raise NotImplementedError

    def message(self, name: str) -> MessageSettings:
        """What the file says of a message."""
        raise NotImplementedError

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every data source by name."""
        raise NotImplementedError

    @property
    def segments(self) -> Mapping[str, Segment]:
        """Every segment by name."""
        raise NotImplementedError

    @property
    def contacts(self) -> Contacts:
        """The project's contacts. Raises ConfigError when the file has no `[contacts]`."""
        raise NotImplementedError

    def contact(self, key: str) -> Contact:
        """One contact by id, e-mail address, external id or phone number, or by `FIELD=VALUE`.

        Raises DataError when no contact has it.
        """
        raise NotImplementedError

    def segment_contacts(self, segment: str | int, as_of: dt.date | None = None) -> Iterator[Contact]:
        """The contacts of a segment on the day `as_of` (today by default), streamed; memory does not grow."""
        raise NotImplementedError

    def segment_count(self, segment: str | int, as_of: dt.date | None = None) -> SegmentCount:
        """How many contacts a segment has, and how many stand on one side only."""
        raise NotImplementedError

    def message_reads(self, message: str | MessageSettings) -> Reads:
        """What all the templates of a message read together (it compiles them)."""
        raise NotImplementedError

    def bulk_context(self, contact: Contact, reads: Reads | None = None, *, sources: Iterable[str] | None = None) -> Bound:
        """The context of a bulk message for one contact: rows by the name of their source.

        `reads` decides which sources and columns are queried; without it `sources` (all of the project's by default)
        come whole. Raises DatabaseError.
        """
        raise NotImplementedError

    def bulk_contexts(
        self, contacts: Iterable[Contact], reads: Reads | None = None, *, sources: Iterable[str] | None = None
    ) -> Iterator[Bound]:
        """The contexts of many contacts, in their order: one query a source for each batch of contacts."""
        raise NotImplementedError

    def triggered_context(self, event: Event, message: str | MessageSettings, reads: Reads | None = None) -> Bound:
        """The context of a triggered message: rows by the id of their source, out of the event.

        No database is asked but for the contact that the event names. Raises DataError when the message's `json` does
        not give a JSON object.
        """
        raise NotImplementedError

    def event_for(
        self,
        contact: Contact,
        *,
        segment: str | int | None = None,
        sources: Iterable[str] | None = None,
        as_of: dt.date | None = None,
    ) -> Event:
        """The event that a triggered campaign would get for one contact, whether or not the segment holds it.

        It carries the rows of the segment's sources, or of `sources` (all of the project's by default).
        """
        raise NotImplementedError

    def fire(self, segment: str | int, as_of: dt.date | None = None) -> Iterator[Event]:
        """The events of a triggered campaign: one a contact of the segment, streamed.

        An event's key repeats when the same day is fired again.
        """
        raise NotImplementedError

    def bulk(self, message: str, **options: Any) -> Iterator[Any]:
        """The messages of a bulk campaign; see `velobind.campaign.bulk.bulk`."""
        raise NotImplementedError

    def triggered(self, message: str, event: Any, **options: Any) -> Any:
        """The message of a triggered campaign; see `velobind.campaign.triggered.triggered`."""
        raise NotImplementedError

    def close(self) -> None:
        """Close connections; stop the embedded PostgreSQL if nobody else uses it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
