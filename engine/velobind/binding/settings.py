"""What `velobind.toml` says about databases, contacts and segments: one frozen struct a table of the file.

Names of fields are the keys of the file. Structs hold what was written; nothing here connects or checks a database.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

type_name = Literal["email", "sms", "externalCustomerId", "id"]

Scalar = bool | int | float | str | dt.datetime | dt.date


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every table of the file: immutable, keyword-only, and closed against unknown keys."""


class Secret(Settings):
    """Where a password stands: the environment variable `env`, or the first line of `file`."""

    env: str | None = None
    file: str | None = None


class ContactKey(Settings):
    """The contact key of a connector: `column` in each of its tables equals the contact's `field`.

    `field` is `email`, `sms`, `externalCustomerId`, `id` or the name of an additional field, in any letter case.
    """

    column: str
    field: str


class ConnectorSettings(Settings):
    """One database and one contact key.

    `libpq` holds every other connection parameter of libpq that the table named (`service`, `passfile`, `sslrootcert`
    and so on); what is left out, libpq takes from its `PG*` variables. `statement_timeout` is in seconds.
    `embedded` starts the project's own PostgreSQL, and `setup` names SQL files that fill it.
    """

    contact_key: ContactKey
    dsn: str | Secret | None = None
    host: str | None = None
    port: int | None = None
    database: str | None = None
    user: str | None = None
    password: str | Secret | None = None
    sslmode: Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] | None = None
    statement_timeout: float = 60.0
    connect_timeout: int = 10
    embedded: bool = False
    setup: tuple[str, ...] = ()
    libpq: dict[str, str] = {}

    def __repr__(self) -> str:
        """Names the connection without its secrets."""
        return f"ConnectorSettings(host={self.host!r}, port={self.port!r}, database={self.database!r})"

    __rich_repr__ = None


class SourceSettings(Settings):
    """One table that messages read: `dataset` is its schema; `id` names it in triggered campaigns.

    `order_by` lists columns, each with an optional `desc`, that order a contact's rows; without it the table's primary
    key does.
    """

    id: int
    connector: str
    table: str
    dataset: str = "public"
    order_by: tuple[str, ...] = ()


class ContactsSettings(Settings):
    """Where contacts come from: `file` (CSV, JSON, JSON lines) or a `table` of a `connector`.

    `fields` maps a contact field to the column that holds it, where the names differ.
    """

    file: str | None = None
    connector: str | None = None
    dataset: str = "public"
    table: str | None = None
    fields: dict[str, str] = {}


class Condition(Settings, rename={"not_": "not"}):
    """One condition of a segment: a subject and an operator, or a group.

    The subject is `field` (of the contact), `source` with `column`, or, inside the group of a source, `column` alone.
    `all`, `any` and `not` nest; beside `source` they speak of one and the same row, and `at_least`/`at_most` count rows.
    """

    field: str | None = None
    source: str | None = None
    column: str | None = None
    all: "tuple[Condition, ...] | None" = None
    any: "tuple[Condition, ...] | None" = None
    not_: "Condition | None" = None
    at_least: int | None = None
    at_most: int | None = None
    equals: Scalar | None = None
    not_equals: Scalar | None = None
    in_: tuple[Scalar, ...] | None = msgspec.field(name="in", default=None)
    not_in: tuple[Scalar, ...] | None = None
    contains: str | None = None
    starts_with: str | None = None
    ends_with: str | None = None
    greater: Scalar | None = None
    greater_or_equal: Scalar | None = None
    less: Scalar | None = None
    less_or_equal: Scalar | None = None
    between: tuple[Scalar, Scalar] | None = None
    is_empty: bool | None = None
    before: str | dt.datetime | dt.date | None = None
    after: str | dt.datetime | dt.date | None = None
    within_last_days: int | None = None
    within_next_days: int | None = None
    anniversary_today: bool | None = None
    anniversary_in_days: int | None = None


class SegmentSettings(Settings):
    """Contacts that meet every condition of `where` and have a row in one of the sources.

    `sources` adds to those that conditions name; events that the segment fires carry the rows of all of them.
    `timezone` decides what day «today» is; the project's is the default.
    """

    id: int
    where: tuple[Condition, ...] = ()
    sources: tuple[str, ...] = ()
    timezone: str | None = None
