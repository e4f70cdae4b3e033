"""`velobind event`: what starts triggered messages."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from velobind.cli import console
from velobind.cli.options import AsOf, Limit, ProjectPath, day, opened

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
    limit: Limit = None,
    as_of: AsOf = None,
    project: ProjectPath = None,
) -> None:
    """Print the events that a segment fires: one JSON object a line, for every contact of it.

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
    with opened(project) as found:
        for event in islice(console.progress(found.fire(segment, day(as_of)), "firing"), limit):
            console.json_line(event.as_object() if form is Form.object else event.as_list())
            count += 1
    if count == 0:
        console.note(f"no contact is in {segment} on that day: no event was fired")
