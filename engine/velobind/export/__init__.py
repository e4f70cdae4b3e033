"""Export: campaign results, contacts, orders and events to the nine datasets' tables in the user's PostgreSQL."""

from velobind.export.datasets import Column, Dataset, dataset, datasets
from velobind.export.exporter import Exporter
from velobind.export.link import Retry
from velobind.export.options import Options
from velobind.export.report import DatasetReport, Recorded, Report, Status
from velobind.export.spool import Spool

__all__ = [
    "Column",
    "Dataset",
    "DatasetReport",
    "Exporter",
    "Options",
    "Recorded",
    "Report",
    "Retry",
    "Spool",
    "Status",
    "dataset",
    "datasets",
]
