"""`velobind source`: the tables whose rows go into messages."""

from __future__ import annotations

from typing import Annotated

import typer

from velobind.cli import console
from velobind.cli.options import AsJson, ProjectPath, opened

app = typer.Typer(no_args_is_help=True, help="Data sources: tables whose rows go into messages.")


@app.command("list")
def list_sources(as_json: AsJson = False, project: ProjectPath = None) -> None:
    """List the data sources of velobind.toml; nothing is connected to.

    Bulk messages know a source by its name, triggered messages by its id.

    \b
    Example:
      velobind source list
    """
    with opened(project) as found:
        rows = [
            (name, settings.id, settings.connector, f"{settings.dataset}.{settings.table}")
            for name, settings in found.config.sources.items()
        ]
    if as_json:
        console.json_pretty([dict(zip(("name", "id", "connector", "table"), row, strict=True)) for row in rows])
        return
    console.table(
        ("source", "id", "connector", "table", "in a bulk message", "in a triggered one"),
        [
            (name, str(number), connector, table, f"$data.get('{name}')", f"$data.get('{number}')")
            for name, number, connector, table in rows
        ],
        numbers=("id",),
    )


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="The source's name or id.")],
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="How many rows to show.")] = 3,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Show a source's columns with their types, its count of rows, and its first rows as messages get them.

    \b
    Examples:
      velobind source show promo_codes
      velobind source show 1043 --rows 10 --json
    """
    with opened(project) as found:
        source = found.source(name)
        key = source.connector.key_column
        columns = [{"name": column.name, "type": column.type, "key": column.name == key} for column in source.columns]
        count = source.count()
        sample = source.sample(rows) if rows else []
        if as_json:
            console.json_pretty(
                {
                    "name": source.name,
                    "id": source.id,
                    "connector": source.connector.name,
                    "table": f"{source.settings.dataset}.{source.settings.table}",
                    "count": count,
                    "columns": columns,
                    "rows": sample,
                }
            )
            return
        table = f"{source.settings.dataset}.{source.settings.table}"
        console.say(f"{source.name}, id {source.id}: {count:,} rows in {table} of {source.connector.name}")
        console.say("")
        console.table(
            ("column", "type", ""),
            [(each["name"], each["type"], "the contact key" if each["key"] else "") for each in columns],
        )
        for number, row in enumerate(sample, 1):
            console.say("")
            console.say(f"row {number}", style="bold")
            console.say(console.json_text(row, indent=2))
