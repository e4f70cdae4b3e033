"""`velobind context`: the data object that a message gets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from velobind.cli import console
from velobind.cli.options import AsOf, ProjectPath, day, opened

if TYPE_CHECKING:
    from velobind.binding.context import Bound
    from velobind.project import Project

app = typer.Typer(no_args_is_help=True, help="The data object that a message gets, as JSON.")
Contact = Annotated[
    str | None,
    typer.Option(
        "--contact", metavar="KEY", help="A contact: e-mail address, id, external id, phone number, or FIELD=VALUE."
    ),
]
Segment = Annotated[str | None, typer.Option("--segment", metavar="NAME", help="The contacts of a segment.")]
Message = Annotated[
    str | None, typer.Option("--message", metavar="NAME", help="Only the sources that this message's templates read.")
]
Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="NAME", help="Only this source; may be given several times.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Of a segment, so many contacts.")]


@app.command("bulk")
def bulk(
    contact: Contact = None,
    segment: Segment = None,
    message: Message = None,
    source: Sources = None,
    limit: Limit = 5,
    as_of: AsOf = None,
    project: ProjectPath = None,
) -> None:
    """Print the data object of a bulk campaign: every source's rows under the source's name.

    One object for a contact; for a segment, one a line.

    \b
    Examples:
      velobind context bulk --contact dina.kozak@example.com --source promo_codes
      velobind context bulk --segment everyone --message promo --limit 3
    """
    _one_of(contact, segment, None)
    with opened(project) as found:
        sources = _sources(found, message, source)
        if contact is not None:
            console.json_pretty({"data": found.bulk_context(found.contact(contact), sources=sources).data})
            return
        assert segment is not None
        people = islice(found.segment_contacts(segment, day(as_of)), limit)
        _lines(found.bulk_contexts(people, sources=sources), segment)


@app.command("triggered")
def triggered(
    contact: Contact = None,
    segment: Segment = None,
    event: Annotated[
        Path | None, typer.Option("--event", metavar="FILE", help="Events of a file, as `velobind event fire` prints.")
    ] = None,
    message: Message = None,
    source: Sources = None,
    limit: Limit = 5,
    as_of: AsOf = None,
    project: ProjectPath = None,
) -> None:
    """Print the data object of a triggered campaign: every source's rows under the source's id, out of an event.

    With --contact the event is made for that contact, whether or not a segment holds it.

    \b
    Examples:
      velobind context triggered --contact dina.kozak@example.com --source promo_codes
      velobind context triggered --event events/birthday.json
      velobind context triggered --segment birthday_today --as-of 2026-09-02
    """
    from velobind.campaign.inputs import read_events
    from velobind.config import MessageSettings

    _one_of(contact, segment, event)
    with opened(project) as found:
        settings = MessageSettings(json="${jsonParam}")
        if message is not None and found.message(message).json is not None:
            settings = found.message(message)
        if contact is not None:
            sources = _sources(found, message, source)
            made = found.event_for(found.contact(contact), sources=sources, as_of=day(as_of))
            console.json_pretty({"data": found.triggered_context(made, settings).data})
            return
        events = iter(read_events(event)) if event is not None else found.fire(str(segment), day(as_of))
        bounds = [found.triggered_context(each, settings) for each in islice(events, limit)]
        if event is not None and len(bounds) == 1:
            console.json_pretty({"data": bounds[0].data})
        else:
            _lines(iter(bounds), str(segment or event))
        for text in dict.fromkeys(text for bound in bounds for text in bound.notes):
            console.note(f"note: {text}")


def _lines(bounds: Iterator[Bound], where: str) -> None:
    count = 0
    for bound in bounds:
        console.json_line({"data": bound.data})
        count += 1
    if count == 0:
        console.note(f"no contact is in {where}")


def _sources(project: Project, message: str | None, sources: list[str] | None) -> list[str] | None:
    """The sources that options name: all (None), those given, those that a message reads."""
    if sources:
        return [project.source(name).name for name in sources]
    if message is None:
        return None
    return sources_read(project, message)


def sources_read(project: Project, message: str) -> list[str]:
    """The names of the sources that a message's templates read, by name (bulk) or by id (triggered)."""
    from velobind.errors import ConfigError

    reads = project.message_reads(message)
    if reads.every_source:
        return list(project.sources)
    read: dict[str, None] = {}
    for key in (*reads.sources, *reads.names):
        try:
            read[project.source(key).name] = None
        except ConfigError:
            continue
    return list(read)


def _one_of(contact: str | None, segment: str | None, event: Path | None) -> None:
    if sum(each is not None for each in (contact, segment, event)) != 1:
        raise typer.BadParameter("say whose data: --contact KEY, --segment NAME, or --event FILE")
