"""`velobind render`: a template and a data file, no database."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from velobind.cli import console
from velobind.cli.choice import DataFile

if TYPE_CHECKING:
    from velobind.language.environment import Environment


class Dialect(StrEnum):
    """The two dialects of the language."""

    velocity = "velocity"
    platform = "platform"


def render(
    template: Annotated[Path, typer.Argument(metavar="TEMPLATE", help="The template's file; `-`: standard input.")],
    data: DataFile = None,
    dialect: Annotated[
        Dialect | None,
        typer.Option(
            "--dialect",
            help="velocity: exactly Apache Velocity. platform: with $velocityCount, ...Tool names and merge tags. "
            "Inside a project its own is meant, elsewhere velocity.",
        ),
    ] = None,
    tools: Annotated[
        bool, typer.Option("--tools/--no-tools", help="Give templates $date, $number, $math, $esc and the others.")
    ] = True,
    autoescape: Annotated[bool, typer.Option("--autoescape", help="Write values as HTML text.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to FILE.")] = None,
) -> None:
    """Render a template file with a JSON file, and print exactly the result. No database is needed.

    #parse and #include find files beside the template. Inside a project, its locale, time zone and dialect hold.

    \b
    Examples:
      velobind render templates/promo.html.vm --data data/promo.json
      echo '{"name": "Dina"}' | velobind render hello.vm --data - --dialect velocity
    """
    from velobind.campaign.inputs import read_object, read_text, shown

    text = read_text(template)
    values = {} if data is None else read_object(data)
    environment = _environment(template, dialect, tools=tools, autoescape=autoescape)
    name = "standard input" if str(template) == "-" else template.name
    result = environment.from_string(text, name).render(values)
    if out is None:
        console.write(result)
        return
    out.write_text(result, encoding="utf-8", errors="surrogatepass", newline="")
    console.note(f"{shown(template)} is rendered to {out}")


def _environment(template: Path, dialect: Dialect | None, *, tools: bool, autoescape: bool) -> Environment:
    from velobind.config import FILE_NAME, ProjectSettings, read
    from velobind.language.environment import Environment
    from velobind.language.loaders import FileSystemLoader
    from velobind.language.tools import generic_tools

    folder = Path.cwd() if str(template) == "-" else template.resolve().parent
    above = next((each / FILE_NAME for each in (folder, *folder.parents) if (each / FILE_NAME).is_file()), None)
    folders = [folder]
    if above is None:
        settings = ProjectSettings(dialect="velocity")
    else:
        settings = read(above).project
        folders.append(above.parent / settings.templates)
    return Environment(
        FileSystemLoader(folders),
        dialect=settings.dialect if dialect is None else dialect.value,
        tools=generic_tools(settings.locale, settings.timezone) if tools else None,
        autoescape=autoescape,
        gobble=settings.gobble,
    )
