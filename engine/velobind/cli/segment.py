"""`velobind segment`: who gets a message."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from velobind.cli import console
from velobind.cli.options import AsJson, AsOf, ProjectPath, day, opened

app = typer.Typer(no_args_is_help=True, help="Segments: the contacts that meet conditions and have rows.")
Segment = Annotated[str, typer.Argument(metavar="SEGMENT", help="The segment's name or id.")]


@app.command("list")
def list_segments(as_json: AsJson = False, project: ProjectPath = None) -> None:
    """List the segments of velobind.toml; nothing is connected to.

    \b
    Example:
      velobind segment list
    """
    with opened(project) as found:
        rows = [
            (name, segment.id, [source.name for source in segment.sources], len(segment.where))
            for name, segment in found.segments.items()
        ]
    if as_json:
        console.json_pretty([dict(zip(("name", "id", "sources", "conditions"), row, strict=True)) for row in rows])
        return
    console.table(
        ("segment", "id", "sources", "conditions"),
        [(name, str(number), ", ".join(sources), conditions) for name, number, sources, conditions in rows],
        numbers=("id", "conditions"),
    )


@app.command("count")
def count(name: Segment, as_of: AsOf = None, as_json: AsJson = False, project: ProjectPath = None) -> None:
    """Count a segment's contacts, and those left out because they stand on one side only.

    A segment takes contacts that exist both among the contacts and in the database.

    \b
    Examples:
      velobind segment count birthday_today
      velobind segment count birthday_today --as-of 2026-09-02
    """
    with opened(project) as found:
        counted = found.segment_count(name, day(as_of))
    if as_json:
        console.json_pretty({"segment": name, **asdict(counted)})
        return
    console.table(
        (name, ""),
        [
            ("in the segment", counted.matched),
            ("contacts in all", counted.contacts),
            ("contacts without rows", counted.only_in_contacts),
            ("keys in the database that no contact has", counted.only_in_database),
            ("contacts without a key", counted.without_key),
            ("contacts with a key seen before", counted.duplicates),
        ],
        numbers=("",),
    )


@app.command("show")
def show(
    name: Segment,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Show so many contacts.")] = 20,
    as_of: AsOf = None,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Show a segment's first contacts; with --json, one JSON object a line.

    \b
    Examples:
      velobind segment show everyone --limit 5
      velobind segment show birthday_today --as-of 2026-09-02 --json
    """
    from itertools import islice

    with opened(project) as found:
        contacts = list(islice(found.segment_contacts(name, day(as_of)), limit + 1))
    shown = contacts[:limit]
    if as_json:
        for contact in shown:
            console.json_line(console.as_json(dict(contact.fields)))
        return
    if not shown:
        console.say(f"no contact is in {name}")
        return
    columns = list(dict.fromkeys(field for contact in shown for field in contact.fields))
    rows = [[contact.fields.get(column) for column in columns] for contact in shown]
    fitting = console.fitting(columns, rows)
    console.table(columns[:fitting], [row[:fitting] for row in rows])
    if fitting < len(columns):
        console.note(f"without room for {', '.join(columns[fitting:])}: --json shows all fields")
    if len(contacts) > limit:
        console.note(f"there are more: --limit {limit * 5} shows them, `velobind segment count {name}` counts them")
