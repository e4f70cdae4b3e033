"""What `velobind.toml` says about databases, contacts and segments: one frozen struct a table of the file.

Names of fields are the keys of the file. Structs hold what was written; nothing here connects or checks a database.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

# Text, a number, a boolean, a TOML date or date and time; `conditions.check` says which operator takes which.
Operand = Any


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every table of the file: immutable, keyword-only, and closed against unknown keys."""


class Secret(Settings, frozen=True):
    """Where a password stands: the environment variable `env`, or the first line of `file`."""

    env: str | None = None
    file: str | None = None


class ContactKey(Settings, frozen=True):
    """The contact key of a connector: `column` in each of its tables equals the contact's `field`.

    `field` is `email`, `sms`, `externalCustomerId`, `id` or the name of an additional field, in any letter case.
    """

    column: str
    field: str


class ConnectorSettings(Settings, frozen=True):
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
    libpq: dict[str, str] = msgspec.field(default_factory=dict)

    def __repr__(self) -> str:
        """The connection by name, without its secrets."""
        return f"ConnectorSettings(host={self.host!r}, port={self.port!r}, database={self.database!r})"


class SourceSettings(Settings, frozen=True):
    """One table that messages read: `dataset` is its schema; `id` names it in triggered campaigns.

    `order_by` lists columns, each with an optional `desc`, that order a contact's rows; without it the table's primary
    key does.
    """

    id: int
    connector: str
    table: str
    dataset: str = "public"
    order_by: tuple[str, ...] = ()


class ContactsSettings(Settings, frozen=True):
    """Where contacts come from: `file` (CSV, JSON, JSON lines) or a `table` of a `connector`.

    `fields` maps a contact field to the column that holds it, where the names differ.
    """

    file: str | None = None
    connector: str | None = None
    dataset: str = "public"
    table: str | None = None
    fields: dict[str, str] = msgspec.field(default_factory=dict)


class Condition(Settings, frozen=True, rename={"not_": "not", "in_": "in"}):
    """One condition of a segment: a subject and an operator, or a group.

    The subject is `field` (of the contact), `source` with `column`, or, inside the group of a source, `column` alone.
    `all`, `any` and `not` nest; beside `source` they speak of one row. `at_least` and `at_most` count rows.
    """

    field: str | None = None
    source: str | None = None
    column: str | None = None
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = None
    at_least: int | None = None
    at_most: int | None = None
    equals: Operand = None
    not_equals: Operand = None
    in_: tuple[Operand, ...] | None = None
    not_in: tuple[Operand, ...] | None = None
    contains: str | None = None
    starts_with: str | None = None
    ends_with: str | None = None
    greater: Operand = None
    greater_or_equal: Operand = None
    less: Operand = None
    less_or_equal: Operand = None
    between: tuple[Operand, Operand] | None = None
    is_empty: bool | None = None
    before: Operand = None
    after: Operand = None
    within_last_days: int | None = None
    within_next_days: int | None = None
    anniversary_today: bool | None = None
    anniversary_in_days: int | None = None


class SegmentSettings(Settings, frozen=True):
    """Contacts that meet every condition of `where` and have a row in one of the sources.

    `sources` adds to those that conditions name; events that the segment fires carry the rows of all of them.
    `timezone` decides what day «today» is; the project's is the default.
    """

    id: int
    where: tuple[Condition, ...] = ()
    sources: tuple[str, ...] = ()
    timezone: str | None = None
