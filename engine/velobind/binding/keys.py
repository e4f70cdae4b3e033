"""Contact keys as the platform compares them: exactly, but e-mail addresses without regard to letter case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from psycopg import sql

from velobind.binding.queries import identifier
from velobind.binding.text import storable

if TYPE_CHECKING:
    from velobind.binding.catalog import Column
    from velobind.binding.connector import Connector

WHOLE_NUMBERS = frozenset({"smallint", "integer", "bigint"})


def normal(value: object, connector: Connector) -> str | None:
    """A contact's key in the form that compares equal, or None where the contact has none."""
    if value is None:
        return None
    text = str(value)
    if connector.key_field.casefold() == "email":
        text = text.lower()
    return text if text and storable(text) else None


def number(key: str) -> int | None:
    """A key as the whole number whose text it is, as far as `bigint` holds it; else None."""
    if not key.isascii() or not key.removeprefix("-").isdecimal():
        return None
    value = int(key)
    return value if str(value) == key and abs(value) < 2**63 else None


def comparable(keys: Iterable[str], column: Column) -> list[str]:
    """The keys that a column of whole numbers may hold; any key for a column of another type."""
    return list(keys) if column.type not in WHOLE_NUMBERS else [key for key in keys if number(key) is not None]


def among(connector: Connector, column: Column, table: str | None = None) -> sql.Composed:
    """The SQL that is true where the key `column` is one of the query's parameter, in a way that its index serves."""
    if column.type in WHOLE_NUMBERS:
        name = identifier(*([table] if table else []), column.name)
        return sql.SQL("{} = any(%s::int8[])").format(name)
    return sql.SQL("{} = any(%s::text[])").format(key_expression(connector, column.name, table))


def key_expression(connector: Connector, column: str, table: str | None = None) -> sql.Composed:
    """The SQL that brings `column` to the same form."""
    name = identifier(*([table] if table else []), column)
    if connector.key_field.casefold() == "email":
        return sql.SQL("lower({}::text)").format(name)
    return sql.SQL("{}::text").format(name)
