"""Whose data a command shows: a contact, a segment, an event or a data file, as bulk or as triggered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from velobind.cli.options import Kind

if TYPE_CHECKING:
    from velobind.binding.context import Bound
    from velobind.binding.events import Event
    from velobind.binding.needs import Reads
    from velobind.project import Project

ContactKey = Annotated[
    str | None,
    typer.Option(
        "--contact", metavar="KEY", help="A contact: e-mail address, id, external id, phone number, or FIELD=VALUE."
    ),
]
SegmentName = Annotated[str | None, typer.Option("--segment", metavar="NAME", help="The contacts of a segment.")]
EventFile = Annotated[
    Path | None, typer.Option("--event", metavar="FILE", help="The events of a file; `-` is standard input.")
]
DataFile = Annotated[
    Path | None,
    typer.Option("--data", metavar="FILE", help="A JSON object, instead of contact and database; `-`: standard input."),
]
AsKind = Annotated[
    Kind | None,
    typer.Option("--as", help="Rows by the source's name, or by its id through an event. The message decides."),
]


@dataclass(frozen=True)
class Choice:
    """What the options of a command chose."""

    message: str
    contact: str | None = None
    segment: str | None = None
    event: Path | None = None
    data: Path | None = None
    kind: Kind | None = None
    as_of: date | None = None
    limit: int = 1

    def __post_init__(self) -> None:
        given = [self.contact, self.event, self.data]
        chosen = sum(each is not None for each in given)
        # A contact may be looked at as a member of a segment, whose event it then gets.
        if self.segment is not None and self.contact is None:
            chosen += 1
        if chosen != 1:
            raise typer.BadParameter(
                "say whose data: --contact KEY, --segment NAME, --event FILE or --data FILE (one of them)"
            )
        if self.kind is Kind.bulk and self.event is not None:
            raise typer.BadParameter("an event makes a triggered message: leave --as bulk out")

    def kind_for(self, project: Project) -> Kind:
        """The kind that was asked for, or the message's own: triggered where it takes its data out of an event."""
        if self.kind is not None:
            return self.kind
        triggered = self.event is not None or project.message(self.message).json is not None
        return Kind.triggered if triggered else Kind.bulk

    def contexts(self, project: Project, reads: Reads | None) -> Iterator[Bound]:
        """The contexts of the chosen contacts or events."""
        if self.data is not None:
            from velobind.campaign.inputs import bound_to, read_object, shown

            yield bound_to(read_object(self.data), shown(self.data))
        elif self.kind_for(project) is Kind.triggered:
            for event in islice(self._events(project), self.limit):
                yield project.triggered_context(event, self.message, reads)
        else:
            sources = project.message(self.message).sources
            if self.contact is not None:
                people = iter([project.contact(self.contact)])
            else:
                people = islice(project.segment_contacts(str(self.segment), self.as_of), self.limit)
            yield from project.bulk_contexts(people, reads, sources=sources)

    def _events(self, project: Project) -> Iterator[Event]:
        from velobind.campaign.inputs import read_events

        if self.event is not None:
            return iter(read_events(self.event))
        if self.contact is not None:
            contact = project.contact(self.contact)
            return iter([project.event_for(contact, segment=self.segment, as_of=self.as_of)])
        return project.fire(str(self.segment), self.as_of)
