"""A segment of contacts that live in the database of their sources: one query."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from velobind.binding.conditions import Day
from velobind.binding.contact_table import ContactTable
from velobind.binding.contacts import Contact
from velobind.binding.keys import key_expression
from velobind.binding.queries import Parameters
from velobind.binding.segment import Segment, SegmentCount
from velobind.binding.segment_sql import ContactConditions, RowConditions


def stream(segment: Segment, contacts: ContactTable, day: Day) -> Iterator[Contact]:
    """The segment's contacts through a server-side cursor."""
    parameters = Parameters()
    conditions = ContactConditions(RowConditions(segment, day, parameters), contacts)
    condition = sql.SQL("{} and {}").format(conditions.all(segment.where), conditions.present())
    with contacts.connector.stream() as connection:
        yield from contacts.stream(connection, condition, parameters, _identity(segment, contacts))


def count(segment: Segment, contacts: ContactTable, day: Day) -> SegmentCount:
    """The counts by two queries."""
    parameters = Parameters()
    conditions = ContactConditions(RowConditions(segment, day, parameters), contacts)
    key = _key(segment, contacts)
    query = sql.SQL(
        "select count(*), count(distinct key) filter (where met and present and key <> '')"
        " + count(*) filter (where met and present and key = ''),"
        " count(*) filter (where key <> '' and not present), count(*) filter (where key = ''),"
        " count(*) filter (where key <> '' and turn > 1)"
        " from (select coalesce({key}, '') as key, {met} as met, {present} as present,"
        " row_number() over (partition by {key}) as turn from {table} contact) contacts"
    ).format(
        key=key,
        met=conditions.all(segment.where),
        present=conditions.present(),
        table=contacts.table.identifier,
    )
    total, matched, alone, keyless, doubles = contacts.connector.ask(query, parameters)[0]
    if not segment.sources:
        return SegmentCount(total, matched, 0, 0, keyless, doubles)
    return SegmentCount(total, matched, alone, _only_in_database(segment, contacts), keyless, doubles)


def _only_in_database(segment: Segment, contacts: ContactTable) -> int:
    keys = sql.SQL(" union ").join(
        [
            sql.SQL("select {} as key from {}").format(source.key_sql, source.table.identifier)
            for source in segment.sources
        ]
    )
    query = sql.SQL(
        "select count(distinct key) from ({keys}) keys where key <> ''"
        " and not exists (select 1 from {table} contact where {contact} = keys.key)"
    ).format(keys=keys, table=contacts.table.identifier, contact=_key(segment, contacts))
    return int(contacts.connector.ask(query)[0][0])


def _key(segment: Segment, contacts: ContactTable) -> sql.Composed:
    """The key by which two contacts are one; for a table without that field, nothing: no two are."""
    column = contacts.column(segment.key_field)
    if column is None:
        return sql.Composed([sql.SQL("null::text")])
    if segment.sources:
        return key_expression(segment.sources[0].connector, column.name, "contact")
    text = column.text("contact")
    return sql.SQL("lower({})").format(text)


def _identity(segment: Segment, contacts: ContactTable) -> sql.Composed | None:
    """The key, unless an index of the table already keeps it unique as it compares."""
    column = contacts.column(segment.key_field)
    if column is None:
        return None
    names = (column.name, f'"{column.name}"')
    folded = segment.key_field.casefold() == "email"
    unique = {f"lower({name}{cast})" for name in names for cast in ("", "::text")} if folded else set(names)
    return None if contacts.table.unique & unique else _key(segment, contacts)
