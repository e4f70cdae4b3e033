"""`velobind export`: campaign results, contacts, orders and events to the user's own PostgreSQL."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from velobind.cli import console
from velobind.cli.export_options import (
    SPOOL,
    Connector,
    Datasets,
    Dsn,
    Job,
    Name,
    Schema,
    SpoolPath,
    Views,
    known_dataset,
)
from velobind.cli.export_options import exporter as exporter_of
from velobind.cli.export_options import jobs as jobs_of
from velobind.cli.export_report import age, counting, moment, print_report
from velobind.cli.options import AsJson, ProjectPath, opened

if TYPE_CHECKING:
    from velobind.export import Report

app = typer.Typer(no_args_is_help=True, help="Campaign results, contacts, orders and events to your own PostgreSQL.")


@app.command("plan")
def plan(
    name: Name = None,
    dsn: Dsn = None,
    connector: Connector = None,
    schema: Schema = None,
    dataset: Datasets = [],  # noqa: B006
    views: Views = False,
    for_server: Annotated[
        int | None, typer.Option(metavar="VERSION", min=10, help="For a new server of that version, asking none.")
    ] = None,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Print the SQL that an export would still run, and the rights that the role lacks. Nothing is changed.

    \b
    Examples:
      velobind export plan
      velobind export plan --dsn postgresql://me@db/shop --schema campaigns
      velobind export plan --for-server 15 > tables.sql
    """
    from velobind.export.datasets import dataset as dataset_named
    from velobind.export.datasets import datasets
    from velobind.export.plan import Plan, plan_from_nothing

    plans: list[tuple[str, Plan]] = []
    if for_server is not None:
        chosen = [dataset_named(each) for each in dataset] or list(datasets().values())
        made = plan_from_nothing(schema or "public", chosen, views=views, server_version=for_server * 10000)
        plans.append((f"a new PostgreSQL {for_server}", made))
    else:
        with jobs_of(project, name, dsn, connector, schema, views=views) as jobs:
            for job in jobs:
                with exporter_of(job) as exporter:
                    plans.append((job.name, exporter.plan(dataset or job.datasets)))
    if as_json:
        console.json_pretty(
            [
                {
                    "export": title,
                    "schema": made.schema,
                    "statements": list(made.statements),
                    "rights": list(made.rights),
                    "notes": list(made.notes),
                }
                for title, made in plans
            ]
        )
        return
    for title, made in plans:
        console.say(f"-- {title}, schema {made.schema}: {_statements(len(made.statements))}")
        for statement in made.statements:
            console.write(f"{statement};\n")
        for right in made.rights:
            console.write(f"{right}{'' if right.startswith('--') else ';'}  -- the role lacks this right\n")
        for note in made.notes:
            console.say(f"-- {note}")


@app.command("load")
def load(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", callback=known_dataset, help="Such as orders.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines, CSV or Parquet; `-` is standard input.")],
    dsn: Dsn = None,
    connector: Connector = None,
    schema: Schema = None,
    format: Annotated[str | None, typer.Option(metavar="F", help="jsonl, csv or parquet, if not by the name.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse text past its length instead of cutting it.")
    ] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Empty and missing fields leave what is there.")] = False,
    rejects: Annotated[Path | None, typer.Option(metavar="FILE", help="Where bad rows go.")] = None,
    views: Views = False,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Load the rows of a file into a dataset's table, by its key: rows that are there are updated.

    A row is the whole row: a field that it leaves empty is null afterwards, unless --partial is given.

    Bad rows go to the reject file and the rest lands; the exit code is 1 then. Loading a file again changes nothing.

    \b
    Examples:
      velobind export load orders orders.csv --dsn postgresql://me@db/shop
      velobind export load events - --format jsonl --connector shop < e.jsonl
    """
    from velobind.errors import DataError
    from velobind.export import dataset as dataset_named
    from velobind.export.loading import format_of, rows
    from velobind.export.report import Report

    try:
        format_of(str(file), format)
    except DataError as error:
        raise typer.BadParameter(str(error)) from None
    beside = Path(f"{'stdin' if str(file) == '-' else file.name}.rejects.jsonl")
    with jobs_of(project, None, dsn, connector, schema, views=views, strict=strict) as jobs:
        if len(jobs) > 1:
            raise typer.BadParameter("the project has several exports: say where with --connector or --dsn")
        job = jobs[0]
        with (
            counting(f"loading {dataset}") as progress,
            exporter_of(job, rejects or beside, progress=progress) as exporter,
        ):
            counts = exporter.load(
                dataset, rows(dataset_named(dataset), file, format), source=file.name, partial=partial
            )
            path = exporter.rejects.path
    _show(Report({dataset: counts}), path, as_json)


@app.command("run")
def run(
    name: Name = None,
    every: Annotated[str | None, typer.Option(metavar="INTERVAL", help="Again and again: 15m, 1h, 1d.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Once, for cron and systemd; the default.")] = False,
    dsn: Dsn = None,
    connector: Connector = None,
    schema: Schema = None,
    spool: SpoolPath = SPOOL,
    views: Views = False,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Deliver what waits in the spool: once, or on an interval until SIGTERM or Ctrl-C, which end it cleanly.

    A database that is away is tried again with growing pauses; the rows wait. Two runs never overlap.

    \b
    Examples:
      velobind export run --once
      velobind export run --every 15m
      velobind export run --dsn postgresql://me@db/shop --spool state/spool.db
    """
    from velobind.errors import DataError
    from velobind.export.schedule import only_run, run_every, seconds_of, stopped_by_signals

    if every is not None and once:
        raise typer.BadParameter("--every and --once exclude each other")
    stop = threading.Event()
    with jobs_of(project, name, dsn, connector, schema, spool=spool, views=views) as jobs, stopped_by_signals(stop):
        interval = every or (None if once else next((job.every for job in jobs if job.every), None))
        try:
            seconds = None if interval is None else seconds_of(interval)
        except DataError as error:
            raise typer.BadParameter(str(error)) from None
        with only_run(jobs[0].spool):
            if seconds is None:
                good = _deliver(jobs, stop, as_json)
            else:
                run_every(seconds, lambda: _deliver(jobs, stop, as_json, quiet=True), stop, console.note)
                good = True
    if not good:
        raise typer.Exit(1)


@app.command("status")
def status(
    name: Name = None,
    dsn: Dsn = None,
    spool: SpoolPath = SPOOL,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Show how each dataset stands: its last success, rows delivered, rows waiting and for how long, rejects.

    The database is not asked. The exit code is 1 where the last delivery of a dataset failed.

    \b
    Examples:
      velobind export status
      velobind export status --json
    """
    lines: list[dict[str, object]] = []
    with jobs_of(project, name, dsn, None, None, spool=spool) as jobs:
        for job in jobs:
            with exporter_of(job) as exporter:
                lines.extend(
                    {
                        "export": job.name,
                        "dataset": entry.dataset,
                        "last_success": moment(entry.last_success),
                        "rows": entry.rows,
                        "waiting": entry.waiting,
                        "oldest_seconds": None if entry.oldest is None else round(entry.oldest),
                        "rejected": entry.rejected,
                        "error": entry.error,
                    }
                    for entry in exporter.status(job.datasets)
                )
    if as_json:
        console.json_pretty(lines)
    else:
        console.table(
            ("export", "dataset", "last success", "rows", "waiting", "oldest", "rejects", "error"),
            [
                (*list(line.values())[:5], age(line["oldest_seconds"]), line["rejected"], line["error"])
                for line in lines
            ],
            numbers=("rows", "waiting", "oldest", "rejects"),
        )
    if any(line["error"] for line in lines):
        raise typer.Exit(1)


@app.command("rejects")
def rejects(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A reject file; the project's without it.")
    ] = None,
    dataset: Datasets = [],  # noqa: B006
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the last N.")] = None,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Show the rows that could not be exported, each with the field and the reason.

    \b
    Examples:
      velobind export rejects
      velobind export rejects orders.csv.rejects.jsonl --json
    """
    from collections import deque

    from velobind.errors import DataError
    from velobind.export.rejects import read

    if file is None:
        with opened(project) as found:
            file = found.state / "rejects.jsonl"
    elif not file.exists():
        raise DataError(f"{file}: no such file")
    entries = (entry for entry in read(file) if not dataset or entry.dataset in dataset)
    chosen = entries if limit is None else iter(deque(entries, maxlen=limit))
    if as_json:
        for entry in chosen:
            console.json_line(entry)
        return
    console.table(
        ("time", "dataset", "where", "field", "reason", "row"),
        [
            (entry.time, entry.dataset, entry.source, entry.field, entry.reason, console.json_text(entry.row)[:200])
            for entry in chosen
        ],
    )


def _deliver(jobs: list[Job], stop: threading.Event, as_json: bool, *, quiet: bool = False) -> bool:
    """One run of every job; the spool keeps nothing that all of them have. Quiet: nothing is said of nothing."""
    from velobind.export.datasets import datasets

    good = True
    for job in jobs:
        with (
            counting(f"exporting to {job.name}") as progress,
            exporter_of(job, stop=stop, progress=progress) as exporter,
        ):
            report = exporter.deliver(job.datasets)
            for name in datasets():
                exporter.spool.trim(name, job.takers(name, exporter.spool.exports(name)))
            if not quiet or any(counts.read or counts.error for counts in report.datasets.values()):
                print_report(report, exporter.rejects.path, as_json, title=job.name)
        good = good and report.clean
    return good


def _show(report: Report, rejects: Path, as_json: bool) -> None:
    print_report(report, rejects, as_json)
    if not report.clean:
        raise typer.Exit(1)


def _statements(count: int) -> str:
    return "nothing is to be made" if not count else f"{count} statement{'s' if count != 1 else ''}"
