"""What an export did, counted: made by the exporter, shown by the command line."""

from __future__ import annotations

from dataclasses import dataclass, field

from velobind.export.validation import Warnings


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of recorded rows: how many wait in the spool now, how many went to the reject file, and how often
    something was repaired or noticed (text cut, an unknown status)."""

    accepted: int
    rejected: int
    warnings: int = 0


@dataclass(slots=True)
class DatasetReport:
    """The counts of one dataset.

    `read` = `written` + `unchanged` + `duplicates` + `rejected`; `removed` are items that their order no longer has.
    """

    dataset: str
    read: int = 0
    written: int = 0
    unchanged: int = 0
    duplicates: int = 0
    removed: int = 0
    rejected: int = 0
    warnings: Warnings = field(default_factory=Warnings)
    error: str | None = None
    """Why the rest could not be delivered; it waits."""


@dataclass(slots=True)
class Report:
    """The counts of a run, by dataset."""

    datasets: dict[str, DatasetReport] = field(default_factory=dict)

    def of(self, dataset: str) -> DatasetReport:
        return self.datasets.setdefault(dataset, DatasetReport(dataset))

    @property
    def rejected(self) -> int:
        return sum(report.rejected for report in self.datasets.values())

    @property
    def errors(self) -> list[str]:
        return [f"{report.dataset}: {report.error}" for report in self.datasets.values() if report.error]

    @property
    def clean(self) -> bool:
        """Everything landed: nothing was rejected and nothing failed."""
        return not self.rejected and not self.errors


@dataclass(frozen=True, slots=True)
class Status:
    """One dataset of one export: times are seconds since the epoch, `oldest` is the age in seconds."""

    dataset: str
    last_success: float | None
    rows: int
    waiting: int
    oldest: float | None
    rejected: int
    last_failure: float | None
    error: str | None
