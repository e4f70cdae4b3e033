"""What the commands of `velobind export` share: options, and the exports that they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from velobind.cli import console
from velobind.cli.options import opened

if TYPE_CHECKING:
    from velobind.export import Exporter

SPOOL = Path(".velobind") / "spool.db"


def known_dataset(name: str | None) -> str | None:
    from velobind.errors import DataError
    from velobind.export.datasets import dataset

    if name is not None:
        try:
            dataset(name)
        except DataError as error:
            raise typer.BadParameter(str(error)) from None
    return name


def known_datasets(names: list[str]) -> list[str]:
    return [name for name in names if known_dataset(name)]


Dsn = Annotated[
    str | None,
    typer.Option(
        envvar="VELOBIND_EXPORT_DSN",
        metavar="URL",
        show_envvar=True,
        help="The database, as libpq takes it; no project is needed then. Give a password by PGPASSWORD or ~/.pgpass.",
    ),
]
Connector = Annotated[str | None, typer.Option(metavar="NAME", help="A connector of the project, instead of --dsn.")]
Schema = Annotated[str | None, typer.Option(metavar="S", help="The schema of the tables: public by default.")]
Name = Annotated[
    str | None, typer.Argument(metavar="[EXPORT]", help="An export of velobind.toml; all of them without it.")
]
Datasets = Annotated[
    list[str],
    typer.Option("--dataset", "-d", callback=known_datasets, metavar="D", help="Only this dataset; may be repeated."),
]
Views = Annotated[bool, typer.Option("--views", help="Also make views with snake_case names, as v_contact_activities.")]
SpoolPath = Annotated[Path, typer.Option("--spool", metavar="FILE", help="With --dsn: where recorded rows wait.")]


@dataclass(frozen=True, slots=True)
class Job:
    """One export: where its rows go, which datasets it takes, and the spool that they wait in."""

    name: str
    target: Any
    schema: str
    datasets: tuple[str, ...]
    spool: Path
    views: bool = False
    strict: bool = False
    every: str | None = None
    sharers: Mapping[str, tuple[str, ...]] | None = None
    """The exports of the same spool and their datasets, none meaning all; None where they are not known."""

    def takers(self, dataset: str, seen: list[str]) -> list[str]:
        """The exports that want the rows of a dataset; `seen` are those that the spool has seen deliver it."""
        if self.sharers is None:
            return list(dict.fromkeys([self.name, *seen]))
        return [name for name, datasets in self.sharers.items() if not datasets or dataset in datasets]


@contextmanager
def jobs(
    project: Path | None,
    name: str | None,
    dsn: str | None,
    connector: str | None,
    schema: str | None,
    *,
    spool: Path = SPOOL,
    views: bool = False,
    strict: bool = False,
) -> Iterator[list[Job]]:
    """The exports that the options mean. Raises ConfigError."""
    import logging

    from velobind.errors import ConfigError
    from velobind.export.datasets import near

    # What psycopg would log of a broken connection, the exporter says itself.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    if dsn is not None and connector is None and name is None:
        yield [Job("export", dsn, schema or "public", (), spool, views, strict)]
        return
    with opened(project) as found:
        path = found.state / "spool.db"
        if connector is not None:
            yield [Job("export", found.connector(connector), schema or "public", (), path, views, strict)]
            return
        exports = found.config.exports
        if name is not None and name not in exports:
            raise ConfigError(f"there is no export «{name}»", path="velobind.toml", hint=near(name, list(exports)))
        if not exports:
            raise ConfigError(
                "there is no export",
                path="velobind.toml",
                hint='write [exports.NAME] with connector = "...", or give --connector or --dsn',
            )
        sharers = {each: settings.datasets for each, settings in exports.items()}
        yield [
            Job(
                each,
                found.connector(settings.connector),
                schema or settings.schema,
                settings.datasets,
                path,
                views or settings.views,
                strict or settings.strict,
                settings.every,
                sharers,
            )
            for each, settings in exports.items()
            if name is None or each == name
        ]


def exporter(job: Job, rejects: Path | None = None, **options: Any) -> Exporter:
    from velobind.export import Exporter

    return Exporter(
        job.target,
        spool=job.spool,
        rejects=rejects,
        schema=job.schema,
        name=job.name,
        views=job.views,
        strict=job.strict,
        trim=False,  # the command knows better which exports share the spool
        say=console.note,
        **options,
    )
