"""`velobind event`: what starts triggered messages."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from velobind.cli import console
from velobind.cli.options import AsOf, Limit, ProjectPath, day, opened

if TYPE_CHECKING:
    from velobind.binding.events import Event
    from velobind.project import Project

app = typer.Typer(no_args_is_help=True, help="Events: what starts the messages of a triggered campaign.")


class Form(StrEnum):
    """The two public forms of an event's parameters."""

    object = "object"
    list = "list"


@app.command("fire")
def fire(
    segment: Annotated[str, typer.Argument(metavar="SEGMENT", help="The segment's name or id.")],
    form: Annotated[
        Form, typer.Option("--form", help="`params` as one object, or as a list of names and values.")
    ] = Form.object,
    new: Annotated[
        bool, typer.Option("--new", help="Only for contacts that came into the segment since the last firing.")
    ] = False,
    limit: Limit = None,
    as_of: AsOf = None,
    project: ProjectPath = None,
) -> None:
    """Print the events that a segment fires: one JSON object a line, for every contact of it.

    With --new it fires as the platform's regular workflow does: for who came into the segment since the last time.
    A contact that left and came back is new again. Who is in the segment is remembered once all events are printed.

    An event carries the contact's rows as text in jsonParam, under the ids of their sources. Its keyValue repeats when
    the same day is fired again.

    \b
    Examples:
      velobind event fire birthday_today --as-of 2026-09-02
      velobind event fire birthday_today --as-of 2026-09-02 --form list > events.jsonl
      velobind preview birthday --event events.jsonl
    """
    from itertools import islice

    count = 0
    if new and limit is not None:
        raise typer.BadParameter("--new remembers who was fired for, so it takes all: leave --limit out")
    with opened(project) as found:
        fired = found.fire(segment, day(as_of))
        if new:
            fired = _new_ones(found, found.segment(segment).id, fired)
        for event in islice(console.progress(fired, "firing", printing=True), limit):
            console.json_line(event.as_object() if form is Form.object else event.as_list())
            count += 1
    if count == 0:
        who = "no contact came into" if new else "no contact is in"
        console.note(f"{who} {segment} on that day: no event was fired")


def _new_ones(project: Project, segment: int, events: Iterator[Event]) -> Iterator[Event]:
    """The events of contacts that were not in the segment at the last firing; this firing is noted at the end."""
    from velobind.campaign.ledger import Ledger, Membership, contact_key
    from velobind.export import Spool

    with Spool(project.state / "spool.db") as spool:
        membership = Membership(Ledger(spool), str(segment))
        for event in events:
            if membership.came(contact_key(event.contact, event.key_value)):
                yield event
        membership.done()
