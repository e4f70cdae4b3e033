"""A project: `velobind.toml` turned into the objects that it names.

Everything is made when it is first asked for: loading a project reads one file and touches no database.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from velobind import config as configuration
from velobind.config.file import source_name
from velobind.config.shape import did_you_mean
from velobind.errors import ConfigError

if TYPE_CHECKING:
    from velobind.binding.conditions import Day
    from velobind.binding.connector import Connector
    from velobind.binding.contacts import Contact, Contacts
    from velobind.binding.context import Bound
    from velobind.binding.embedded import EmbeddedServer
    from velobind.binding.events import Event
    from velobind.binding.needs import Need, Reads
    from velobind.binding.segment import Segment, SegmentCount
    from velobind.binding.source import Source
    from velobind.binding.validation import Validation
    from velobind.campaign.bulk import Campaign
    from velobind.campaign.message import Message
    from velobind.config import Config, MessageSettings
    from velobind.language.environment import Environment


class Project:
    """A loaded project. Use it as a context manager, or call `close`: an embedded PostgreSQL stops with its last user.

    `root` is the folder of `velobind.toml`, `config` what that says.
    """

    def __init__(self, root: Path, config: Config) -> None:
        self.root = root
        self.config = config
        self._server: EmbeddedServer | None = None
        self._connectors: dict[str, Connector] = {}

    @classmethod
    def load(cls, path: Path | str | None = None) -> Self:
        """The project of the `velobind.toml` at `path` (a file or a folder), or in the nearest folder above.

        Raises ConfigError when there is none or when it says something that can't be.
        """
        file = configuration.find(None if path is None else Path(path))
        return cls(file.parent, configuration.read(file))

    @property
    def state(self) -> Path:
        """The folder of what velobind keeps between runs: the embedded PostgreSQL, the spool."""
        return self.root / self.config.project.state

    @property
    def locale(self) -> str:
        """The locale of tools, as `en_US`."""
        return self.config.project.locale

    @cached_property
    def timezone(self) -> ZoneInfo:
        """The time zone that decides «today», and that of the date tool."""
        return ZoneInfo(self.config.project.timezone)

    @cached_property
    def environment(self) -> Environment:
        """The project's template environment: its dialect, tools, and the loader of its templates folder."""
        return self.environment_with()

    def environment_with(self, *, autoescape: bool = False) -> Environment:
        """A new environment like the project's, for messages that escape what they print."""
        from velobind.language.environment import Environment
        from velobind.language.loaders import FileSystemLoader
        from velobind.language.tools import generic_tools

        settings = self.config.project
        return Environment(
            FileSystemLoader(self.root / settings.templates),
            dialect=settings.dialect,
            tools=generic_tools(settings.locale, settings.timezone),
            autoescape=autoescape,
            gobble=settings.gobble,
        )

    @property
    def connectors(self) -> Mapping[str, Connector]:
        """Every connector by name."""
        return {name: self.connector(name) for name in self.config.connectors}

    def connector(self, name: str) -> Connector:
        """The connector `name`. Raises ConfigError with the near name where there is none (as do the next three)."""
        if name not in self._connectors:
            from velobind.binding.connector import Connector
            from velobind.binding.embedded import EmbeddedServer

            settings = self.config.connectors.get(name)
            if settings is None:
                raise _unknown("connector", name, self.config.connectors)
            if settings.embedded and self._server is None:
                self._server = EmbeddedServer(self.state)
            self._connectors[name] = Connector(name, settings, self.root, self._server if settings.embedded else None)
        return self._connectors[name]

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every data source by name."""
        from velobind.binding.source import Source

        return {
            name: Source(name, settings, self.connector(settings.connector))
            for name, settings in self.config.sources.items()
        }

    def source(self, name: str | int) -> Source:
        """A data source by its name (`promo_codes`, `_promo_codes`) or its id (1043, "1043")."""
        found = source_name(name, self.config)
        if found is None:
            raise _unknown("source", name, self.config.sources)
        return self.sources[found]

    @cached_property
    def segments(self) -> Mapping[str, Segment]:
        """Every segment by name."""
        from velobind.binding.segment import make

        return {name: make(name, settings, self.sources) for name, settings in self.config.segments.items()}

    def segment(self, name: str | int) -> Segment:
        """A segment by its name or its id."""
        if name in self.segments:
            return self.segments[str(name)]
        for segment in self.segments.values():
            if str(segment.id) == str(name):
                return segment
        raise _unknown("segment", name, self.config.segments)

    @property
    def messages(self) -> Mapping[str, MessageSettings]:
        """What the file says of each message, by name."""
        return self.config.messages

    def message(self, name: str) -> MessageSettings:
        """What the file says of a message."""
        if name not in self.config.messages:
            raise _unknown("message", name, self.config.messages)
        return self.config.messages[name]

    @cached_property
    def contacts(self) -> Contacts:
        """The project's contacts. Raises ConfigError when the file has no `[contacts]`."""
        settings = self.config.contacts
        if settings is None:
            raise ConfigError(
                "the project has no contacts",
                path=configuration.FILE_NAME,
                key="contacts",
                hint='add [contacts] with file = "contacts.csv", or with a connector and a table',
            )
        if settings.file is not None:
            from velobind.binding.contact_file import ContactFile

            return ContactFile(self.root / settings.file, settings.fields)
        from velobind.binding.contact_table import ContactTable

        assert settings.connector is not None and settings.table is not None
        return ContactTable(self.connector(settings.connector), settings.dataset, settings.table, settings.fields)

    def contact(self, key: str) -> Contact:
        """One contact by id, e-mail address, external id or phone number, or by `FIELD=VALUE`.

        Raises DataError when no contact has it.
        """
        from velobind.binding.contacts import find

        return find(self.contacts, key)

    def validate(self, connector: str) -> Validation:
        """What a connector reaches, how it is encrypted, and whose rows its sources hold. Raises DatabaseError."""
        from velobind.binding.validation import validate

        contacts = self.contacts if self.config.contacts is not None else None
        return validate(self.connector(connector), self.sources.values(), contacts)

    def today(self, segment: str | int | None = None) -> dt.date:
        """The day that it is in the project's time zone, or in the segment's."""
        return dt.datetime.now(self.timezone if segment is None else self._zone(self.segment(segment))).date()

    def segment_contacts(self, segment: str | int, as_of: dt.date | None = None) -> Iterator[Contact]:
        """The contacts of a segment on the day `as_of` (today by default), streamed; memory does not grow."""
        from velobind.binding.segment import stream

        found = self.segment(segment)
        return stream(found, self.contacts, self._day(found, as_of))

    def segment_count(self, segment: str | int, as_of: dt.date | None = None) -> SegmentCount:
        """How many contacts a segment has, and how many stand on one side only."""
        from velobind.binding.segment import count

        found = self.segment(segment)
        return count(found, self.contacts, self._day(found, as_of))

    def message_reads(self, message: str | MessageSettings) -> Reads:
        """What all the templates of a message read together (it compiles them). Raises TemplateSyntaxError."""
        from velobind.language.analysis import Reads, RowsRead

        settings = self.message(message) if isinstance(message, str) else message
        environment = self.environment
        templates = [environment.get_template(name) for name in (settings.html, settings.text) if name is not None]
        texts = [settings.subject, settings.from_, settings.to, settings.reply_to, *settings.headers.values()]
        templates += [environment.from_string(text, "<message>") for text in texts if text and not text.isalnum()]
        reads = [template.reads for template in templates]
        # A name of which one template reads columns, another may read as a whole.
        whole = {name for read in reads for name in read.names if name not in read.sources}
        sources: dict[str, RowsRead] = {}
        for read in reads:
            for key, rows in read.sources.items():
                known = sources.get(key, RowsRead(frozenset(), key in whole))
                sources[key] = RowsRead(known.columns | rows.columns, known.whole or rows.whole)
        names = frozenset[str]().union(*(read.names for read in reads))
        return Reads(names, sources, any(read.every_source for read in reads))

    def needs(self, reads: Reads | None = None, sources: Iterable[str] | None = None) -> tuple[Need, ...]:
        """The sources and columns that a bulk message is given: what `reads` says, limited to `sources`."""
        from velobind.binding.needs import needs

        chosen = None if sources is None else {self.source(name).name for name in sources}
        return needs(reads, self.sources, chosen)

    def bulk_context(
        self, contact: Contact, reads: Reads | None = None, *, sources: Iterable[str] | None = None
    ) -> Bound:
        """The context of a bulk message for one contact: rows by the name of their source.

        `reads` decides which sources and columns are queried; without it `sources` (all of the project's by default)
        come whole. Raises DatabaseError.
        """
        from velobind.binding.context import bulk_one

        return bulk_one(contact, self.needs(reads, sources), reads)

    def bulk_contexts(
        self, contacts: Iterable[Contact], reads: Reads | None = None, *, sources: Iterable[str] | None = None
    ) -> Iterator[Bound]:
        """The contexts of many contacts, in their order: one query a source for each batch of contacts."""
        from velobind.binding.context import bulk

        return bulk(contacts, self.needs(reads, sources), reads)

    def triggered_context(self, event: Event, message: str | MessageSettings, reads: Reads | None = None) -> Bound:
        """The context of a triggered message: rows by the id of their source, out of the event.

        No database is asked but for the contact that the event names. Raises DataError when the message's `json` does
        not give a JSON object.
        """
        from velobind.binding.context import triggered

        name = message if isinstance(message, str) else "the message"
        settings = self.message(message) if isinstance(message, str) else message
        contact, notes = self._contact_of(event)
        data, more = self._data_of(event, settings, f"messages.{name}.json")
        return triggered(event, contact, data, self.sources.values(), reads, (*notes, *more))

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
        from velobind.binding.context import rows_of
        from velobind.binding.events import regular_event

        found = None if segment is None else self.segment(segment)
        rows = {str(source.id): rows_of(contact, source) for source in self._carried(found, sources)}
        day = as_of or self.today(segment)
        return regular_event(0 if found is None else found.id, contact, rows, day)

    def fire(self, segment: str | int, as_of: dt.date | None = None) -> Iterator[Event]:
        """The events of a triggered campaign: one a contact of the segment, streamed.

        An event's key repeats when the same day is fired again. Raises DatabaseError.
        """
        from velobind.binding.context import bulk
        from velobind.binding.events import regular_event
        from velobind.binding.needs import Need

        found = self.segment(segment)
        day = self._day(found, as_of)
        needs = [Need(source, None, (str(source.id),)) for source in self._carried(found, None)]
        for bound in bulk(self.segment_contacts(segment, as_of), needs):
            assert bound.contact is not None
            yield regular_event(found.id, bound.contact, bound.data, day.date)

    def bulk(
        self,
        message: str,
        *,
        segment: str | int | None = None,
        contacts: Iterable[Contact | str] | None = None,
        as_of: dt.date | None = None,
        limit: int | None = None,
    ) -> Campaign:
        """The bulk campaign of a message, for a `segment` (on the day `as_of`) or for given `contacts`.

        Iterating over it gives the messages that can go out; it holds the failures of the others. Raises what
        `velobind.campaign.bulk.bulk` raises.
        """
        from velobind.campaign.bulk import bulk

        return bulk(self, message, segment=segment, contacts=contacts, as_of=as_of, limit=limit)

    def triggered(self, message: str, event: Event | str | bytes | Mapping[str, Any]) -> Message:
        """The message that an event triggers; the event may be JSON or its object, in either public form.

        Raises what `velobind.campaign.triggered.triggered` raises.
        """
        from velobind.campaign.triggered import triggered

        return triggered(self, message, event)

    def close(self) -> None:
        """Close connections; stop the embedded PostgreSQL if nobody else uses it."""
        for connector in self._connectors.values():
            connector.close()
        if self._server is not None:
            self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _zone(self, segment: Segment) -> ZoneInfo:
        return ZoneInfo(segment.settings.timezone) if segment.settings.timezone else self.timezone

    def _day(self, segment: Segment, as_of: dt.date | None) -> Day:
        from velobind.binding.conditions import Day

        zone = self._zone(segment)
        return Day(as_of or dt.datetime.now(zone).date(), zone)

    def _carried(self, segment: Segment | None, sources: Iterable[str] | None) -> list[Source]:
        """The sources whose rows an event carries."""
        if sources is not None:
            return [self.source(name) for name in sources]
        return list(segment.sources if segment is not None and segment.sources else self.sources.values())

    def _contact_of(self, event: Event) -> tuple[Contact | None, list[str]]:
        """The contact that an event names, and what there is to note about it."""
        from velobind.binding.contacts import Contact

        if event.contact is not None:
            return event.contact, []
        named = event.contact_named()
        if self.config.contacts is not None:
            for field, value in named:
                fields = [field] if field else [key.settings.contact_key.field for key in self.connectors.values()]
                for option in fields:
                    if (contact := self.contacts.find(option, value)) is not None:
                        return contact, []
        known = {field: value for field, value in reversed(named) if field}
        if not known:
            return None, ["the event names no contact: it has neither ContactId nor EmailAddress"]
        notes = (
            [] if self.config.contacts is None else [f"no contact has {field} {value!r}" for field, value in named[:1]]
        )
        return Contact(known), notes

    def _data_of(self, event: Event, message: MessageSettings, where: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        """What a message's `json` makes of an event's parameters."""
        from velobind.binding.context import data_of

        if message.json is None:
            return {}, ("the message has no `json`: its data are empty",)
        single = re.fullmatch(r"\s*\$!?\{?(\w+)\}?\s*", message.json)
        value = event.params.get(single[1]) if single else None
        if isinstance(value, dict):
            return value, (f"{single[1] if single else ''} is an object already, not text that holds JSON",)
        import msgspec

        params = {
            name: msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value
            for name, value in event.params.items()
        }
        text = self.environment.from_string(message.json, where).render(params)
        return data_of(text, where, event)


def _unknown(what: str, name: object, known: Mapping[str, object]) -> ConfigError:
    return ConfigError(
        f"no {what} is named `{name}`",
        path=configuration.FILE_NAME,
        key=f"{what}s",
        hint=did_you_mean(str(name), known) or f"add [{what}s.{name}]",
    )
