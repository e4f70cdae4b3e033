"""`velobind connector`: is the database reached, and whose rows does it hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from velobind.cli import console
from velobind.cli.options import AsJson, ProjectPath, opened

if TYPE_CHECKING:
    from velobind.binding.validation import KeyMatch, Validation

app = typer.Typer(no_args_is_help=True, help="Databases: one connector is one database and one contact key.")


@app.command("list")
def list_connectors(as_json: AsJson = False, project: ProjectPath = None) -> None:
    """List the connectors of velobind.toml; nothing is connected to.

    \b
    Example:
      velobind connector list
    """
    with opened(project) as found:
        rows = [
            (name, _where(settings), f"{settings.contact_key.column} = contact's {settings.contact_key.field}")
            for name, settings in found.config.connectors.items()
        ]
    if as_json:
        console.json_pretty([dict(zip(("name", "database", "contact_key"), row, strict=True)) for row in rows])
    else:
        console.table(("connector", "database", "contact key"), rows)


@app.command("validate")
def validate(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A connector; all of them without it.")] = None,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Connect, and say what was reached: server, encryption, rights, and how many contacts have rows in each source.

    A connection without TLS is a warning. A database that is not reached, or a source that can't be read, ends with 1.

    \b
    Examples:
      velobind connector validate
      velobind connector validate shop --json
    """
    from velobind.errors import VelobindError

    good = True
    results: list[dict[str, object]] = []
    with opened(project) as found:
        if name is not None:
            found.connector(name)
        for each in [name] if name is not None else list(found.config.connectors):
            try:
                validation = found.validate(each)
            except VelobindError as error:
                good = False
                if as_json:
                    results.append({"connector": each, "ok": False, "error": str(error)})
                else:
                    console.print_error(error)
                continue
            good = good and validation.ok
            if as_json:
                results.append(_json(validation))
            else:
                _print(validation)
    if as_json:
        console.json_pretty(results)
    if not good:
        raise typer.Exit(1)


def _print(validation: Validation) -> None:
    from rich.text import Text

    mark = Text("✓ ", style="green") if validation.ok else Text("✗ ", style="red")
    mark.append(f"{validation.connector}", style="bold")
    mark.append(f" reached {console.visible(validation.server)} on {console.visible(validation.host)}")
    console.say(mark)
    console.say(f"  database {validation.database}, user {validation.user}, {_encryption(validation)}")
    if validation.matches:
        console.say("")
        console.table(
            ("  source", "table", "key", "contacts", "with rows", ""),
            [
                (f"  {match.source}", match.table, f"{match.column} = {match.field}", match.contacts, match.matched, "")
                if match.error is None
                else (f"  {match.source}", match.table, f"{match.column} = {match.field}", "", "", match.error)
                for match in validation.matches
            ],
            numbers=("contacts", "with rows"),
        )
    for warning in validation.warnings:
        console.note(f"warning: {warning}")


def _encryption(validation: Validation) -> str:
    if validation.tls is not None:
        return f"encrypted with {validation.tls}"
    return "not encrypted" if "socket" not in validation.host else "on this machine"


def _json(validation: Validation) -> dict[str, object]:
    def match(each: KeyMatch) -> dict[str, object]:
        return {
            "source": each.source,
            "table": each.table,
            "column": each.column,
            "field": each.field,
            "contacts": each.contacts,
            "matched": each.matched,
            "indexed": each.indexed,
            "error": each.error,
        }

    return {
        "connector": validation.connector,
        "ok": validation.ok,
        "server": validation.server,
        "host": validation.host,
        "database": validation.database,
        "user": validation.user,
        "tls": validation.tls,
        "warnings": list(validation.warnings),
        "sources": [match(each) for each in validation.matches],
    }


def _where(settings: object) -> str:
    """Where a connector's database is, without anything secret."""
    from velobind.binding.settings import ConnectorSettings

    assert isinstance(settings, ConnectorSettings)
    if settings.embedded:
        return "velobind's own PostgreSQL"
    if settings.dsn is not None:
        return "given by dsn"
    host = settings.host or "PGHOST"
    port = f":{settings.port}" if settings.port else ""
    return f"{settings.database or 'PGDATABASE'} on {host}{port}"
