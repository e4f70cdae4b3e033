"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from velobind.project import Project

ProjectPath = Annotated[
    Path | None,
    typer.Option(
        "--project",
        "-C",
        envvar="VELOBIND_PROJECT",
        metavar="PATH",
        help="The folder of velobind.toml, or the file. Without it, this folder or the nearest above that has one.",
        rich_help_panel="Project",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Take this day for today, so that «birthday today» can be tried on any day.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Stop after so many contacts.")]


class Kind(StrEnum):
    """The two ways of a campaign."""

    bulk = "bulk"
    triggered = "triggered"


def day(as_of: datetime | None) -> date | None:
    """The day of `--as-of`."""
    return None if as_of is None else as_of.date()


@contextmanager
def opened(path: Path | None) -> Iterator[Project]:
    """The project of `--project`; its connections are closed, and its own PostgreSQL stops, at the end."""
    from velobind.project import Project

    with Project.load(path) as project:
        yield project
