"""`velobind init`: a new project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from velobind.cli import console


def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where to; made if it is not there.")] = Path(),
) -> None:
    """Make a new project that renders at once: velobind.toml, templates, contacts, events, tests, and a PostgreSQL.

    Nothing that exists is overwritten.

    \b
    Example:
      velobind init shop
      cd shop
      velobind preview promo --contact dina.kozak@example.com
    """
    from velobind import sample

    sample.copy(folder)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text(".velobind/\n", encoding="utf-8")
    console.say(f"A project is in {folder.resolve()}.")
    console.say("")
    console.say("Try")
    if folder != Path():
        console.say(f"  cd {folder}")
    console.say("  velobind preview promo --contact dina.kozak@example.com")
    console.say("  velobind event fire birthday_today --as-of 2026-09-02")
    console.say("")
    console.say("velobind.toml says where contacts and rows come from, and names the messages.")
