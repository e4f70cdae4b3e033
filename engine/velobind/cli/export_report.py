"""What an export did, in words and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from velobind.cli import console

if TYPE_CHECKING:
    from velobind.export import DatasetReport, Report


@contextmanager
def counting(what: str) -> Iterator[Callable[[DatasetReport], None]]:
    """A count of rows on stderr while it lasts; none when that is not a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda counts: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console.console(stderr=True), transient=True) as bar:
        task = bar.add_task(what)
        yield lambda counts: bar.update(task, description=f"{what}: {counts.dataset}, {counts.read:,} rows")


def print_report(report: Report, rejects: Path, as_json: bool, title: str | None = None) -> None:
    found = [counts for counts in report.datasets.values() if counts.read or counts.error]
    if as_json:
        console.json_line(
            {
                "export": title,
                "datasets": [_counts(counts) for counts in found],
                "rejects": str(rejects) if report.rejected else None,
            }
        )
        return
    if not found:
        console.say("nothing waits" if title is None else f"{title}: nothing waits")
        return
    names = ("dataset", "read", "written", "unchanged", "duplicates", "removed", "rejected")
    console.table(names, [[_counts(counts)[each] for each in names] for counts in found], numbers=names[1:])
    for counts in found:
        for (field, what), times in counts.warnings.counts.items():
            example = counts.warnings.examples[field, what]
            console.note(f"warning: {counts.dataset}.{field}: {what}, {times:,} times (first: {example})")
        if counts.error:
            console.note(f"{counts.dataset} waits: {counts.error}")
    if report.rejected:
        rows = "1 row was" if report.rejected == 1 else f"{report.rejected:,} rows were"
        console.note(f"{rows} rejected: {rejects}")


def _counts(counts: DatasetReport) -> dict[str, Any]:
    return {
        "dataset": counts.dataset,
        "read": counts.read,
        "written": counts.written,
        "unchanged": counts.unchanged,
        "duplicates": counts.duplicates,
        "removed": counts.removed,
        "rejected": counts.rejected,
        "warnings": {f"{field}: {what}": times for (field, what), times in counts.warnings.counts.items()},
        "error": counts.error,
    }


def moment(seconds: float | None) -> str | None:
    from datetime import UTC, datetime

    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def age(seconds: object) -> str | None:
    if not isinstance(seconds, int):
        return None
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
