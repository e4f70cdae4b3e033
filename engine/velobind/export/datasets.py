"""The nine export datasets: names, columns, PostgreSQL types and keys.

`datasets.json` beside this module is the one place where they are written down; everything else (tables, validation,
documentation) is made from it. Column names are exact, so `occured`, `Phone` and `Status` stay as the platform spells
them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from velobind.errors import DataError

EVENT_PARAMETERS_KEPT = 50
"""`events.paramsJson` holds this many parameters, the first ones."""
EVENT_VALUE_LENGTH = 300
"""A parameter's value in `events.paramsJson` is cut to this many characters."""

_CAMPAIGN_TYPES = frozenset({"IM", "Group"})
_ACTIVITY_STATUSES = frozenset(
    {
        "DELIVERED",
        "UNDELIVERED",
        "RECEIVED",
        "UNSUBSCRIBED",
        "CLICKED",
        "SPAM",
        "SUBSCRIPTION_CHANGED",
        "PUSH_SUBSCRIBED",
    }
)

KNOWN_VALUES: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType(
    {
        ("broadcasts", "status"): frozenset(
            {"IDLE", "RUNNING", "PAUSED", "SCHEDULED", "UNCONFIRMED", "CONSIDERATION", "BLOCKED"}
        ),
        ("contactActivities", "activityStatus"): _ACTIVITY_STATUSES,
        ("contactActivities", "campaignType"): _CAMPAIGN_TYPES,
        ("orders", "Status"): frozenset({"INITIALIZED", "IN PROGRESS", "DELIVERED", "CANCELED"}),
        ("revenue", "activityStatus"): _ACTIVITY_STATUSES,
        ("revenue", "campaignType"): _CAMPAIGN_TYPES,
    }
)
"""Values that the platform documents, by dataset and column. Another value is kept, and warned of."""

ORDER_ITEMS = "orderItems"
"""The one dataset whose rows are replaced by their parent (`orderId`), not one by one."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `type` is PostgreSQL's; `successor` names the column that replaces this obsolete one."""

    name: str
    type: str
    successor: str | None = None

    @property
    def kind(self) -> str:
        """`integer`, `bigint`, `numeric`, `timestamp`, `jsonb` or `text` (varchar too)."""
        return "text" if self.type.startswith("varchar") else self.type

    @property
    def length(self) -> int | None:
        """The most characters that the column holds, None for no limit."""
        match = re.fullmatch(r"varchar\((\d+)\)", self.type)
        return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset; its table bears its name. `key` is what an upsert matches on, nulls counting as equal."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that exact name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def current(self) -> tuple[Column, ...]:
        """The columns without the obsolete ones."""
        return tuple(column for column in self.columns if column.successor is None)


@cache
def datasets() -> Mapping[str, Dataset]:
    """All nine, by name, in the order of the platform's documentation."""
    described = msgspec.json.decode(Path(__file__).with_name("datasets.json").read_bytes())
    return MappingProxyType(
        {
            name: Dataset(
                name,
                tuple(entry["key"]),
                tuple(
                    Column(column["name"], column["type"], column.get("deprecated_for")) for column in entry["columns"]
                ),
            )
            for name, entry in described.items()
        }
    )


def dataset(name: str) -> Dataset:
    """The dataset `name`; DataError, with the near name as a hint, where there is none such."""
    known = datasets()
    if name in known:
        return known[name]
    raise DataError(f"there is no export dataset «{name}»", hint=near(name, list(known)))


def near(name: str, known: list[str]) -> str:
    """A hint: the known name most like `name`, or all of them."""
    folded = {re.sub(r"[^a-z]", "", candidate.lower()): candidate for candidate in known}
    match = difflib.get_close_matches(re.sub(r"[^a-z]", "", name.lower()), list(folded), n=1)
    return f"did you mean «{folded[match[0]]}»?" if match else f"known are: {', '.join(known)}"


def snake_case(name: str) -> str:
    """`messageURL` -> `message_url`, `contactId` -> `contact_id`: for people who write SQL by hand."""
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name))
    return parted.lower()
