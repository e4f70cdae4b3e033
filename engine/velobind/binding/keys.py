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
    from velobind.binding.contacts import Contact

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


def keys_of(contacts: Iterable[Contact], connector: Connector) -> list[str | None]:
    """The key of each contact, as `normal` makes it; the way for many contacts."""
    field = connector.key_field.casefold()
    fold = field == "email"
    keys: list[str | None] = []
    for contact in contacts:
        own = contact.names.get(field)
        value = None if own is None else contact.fields.get(own)
        if value is None or value == "":
            keys.append(None)
            continue
        text = value if isinstance(value, str) else str(value)
        if fold:
            text = text.lower()
        keys.append(text if (text.isascii() and "\0" not in text) or storable(text) else None)
    return keys


def array(keys: Iterable[str]) -> str:
    """Texts as PostgreSQL's text of an array, which reaches the server faster than a list of as many values."""
    listed = list(keys)
    joined = '","'.join(listed)
    if "\\" in joined or joined.count('"') != 2 * max(len(listed) - 1, 0):
        joined = '","'.join(key.replace("\\", r"\\").replace('"', r"\"") for key in listed)
    return f'{{"{joined}"}}' if listed else "{}"


def comparable(keys: Iterable[str], column: Column) -> str:
    """The array of the keys, without those that a column of whole numbers cannot hold."""
    return array(keys if column.type not in WHOLE_NUMBERS else (key for key in keys if number(key) is not None))


def among(connector: Connector, column: Column, name: str | None = None) -> sql.Composed:
    """The SQL that is true where the key `column` of the row `r` is one of a parameter, the array of `comparable`.

    The parameter is the query's one, or the one called `name`. An index on the column, as it compares, serves it.
    """
    whole = column.type in WHOLE_NUMBERS
    left = identifier("r", column.name) if whole else key_expression(connector, column.name, "r")
    right = sql.SQL("int8[]" if whole else "text[]")
    value = sql.SQL("%s") if name is None else sql.Placeholder(name)
    return sql.SQL("{} = any({}::{})").format(left, value, right)


def key_expression(connector: Connector, column: str, table: str | None = None) -> sql.Composed:
    """The SQL that brings `column` to the same form."""
    name = identifier(*([table] if table else []), column)
    if connector.key_field.casefold() == "email":
        return sql.SQL("lower({}::text)").format(name)
    return sql.SQL("{}::text").format(name)
