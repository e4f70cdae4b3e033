"""Contacts from a table of a connector, read through a server-side cursor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from velobind.binding import catalog
from velobind.binding.catalog import Column, Table
from velobind.binding.contacts import Contact, Names
from velobind.binding.queries import Parameters, identifier
from velobind.binding.rows import dicts
from velobind.errors import DatabaseError

if TYPE_CHECKING:
    from velobind.binding.connector import Connector

FETCH = 2000


class ContactTable:
    """The contacts of `dataset.name` in the database of `connector`. `mapping` renames columns: field to column."""

    def __init__(self, connector: Connector, dataset: str, name: str, mapping: Mapping[str, str] | None = None) -> None:
        self.connector = connector
        self._dataset = dataset
        self._name = name
        self._mapping = dict(mapping or {})

    @property
    def origin(self) -> str:
        """The table and its connector."""
        return f"{self._dataset}.{self._name} of {self.connector.name}"

    @cached_property
    def table(self) -> Table:
        """The table. Raises DatabaseError when it, or a column that `fields` maps to, is not there."""
        table = catalog.table(self.connector, self._dataset, self._name, "contacts")
        for field, column in self._mapping.items():
            if table.column(column) is None:
                raise DatabaseError(
                    f"{self._dataset}.{self._name} has no column `{column}`",
                    key=f"contacts.fields.{field}",
                    hint="columns: " + ", ".join(column.name for column in table.columns),
                )
        return table

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns by the names of the contact fields that they hold."""
        fields = {column: field for field, column in self._mapping.items()}
        return {fields.get(column.name, column.name): column for column in self.table.columns}

    @cached_property
    def names(self) -> Names:
        """The names of the fields, in any letter case."""
        return Names.of(self.columns)

    def column(self, field: str) -> Column | None:
        """The column of a contact field in any letter case, or None."""
        name = self.names.get(field.casefold())
        return None if name is None else self.columns[name]

    def field_names(self) -> list[str]:
        """The names of the fields."""
        return list(self.columns)

    def __iter__(self) -> Iterator[Contact]:
        with self.connector.stream() as connection:
            yield from self.stream(connection)

    def stream(
        self,
        connection: psycopg.Connection[Any],
        condition: sql.Composable | None = None,
        parameters: Parameters | None = None,
        distinct: sql.Composable | None = None,
    ) -> Iterator[Contact]:
        """Contacts that meet `condition` (SQL over the table as `contact`), by primary key; one for each `distinct`."""
        query = self.select(condition, distinct)
        cursor = connection.cursor(name="velobind_contacts")
        try:
            cursor.execute(query, parameters or Parameters())
            while rows := cursor.fetchmany(FETCH):
                yield from self._contacts(rows)
        finally:
            try:
                cursor.close()
            except psycopg.Error:
                # The connection was lost, which the first attempt only found out: now there is nothing to ask for.
                cursor.close()

    def select(self, condition: sql.Composable | None = None, distinct: sql.Composable | None = None) -> sql.Composed:
        """The query of `stream`."""
        columns = [
            sql.SQL("{} as {}").format(column.text("contact"), identifier(field))
            for field, column in self.columns.items()
        ]
        order = [identifier("contact", name) for name in self.table.key]
        query = sql.SQL("select {} from {} contact where {}").format(
            sql.SQL(", ").join(columns), self.table.identifier, condition or sql.SQL("true")
        )
        if distinct is not None:
            # The first of each by primary key: a window keeps the order of the whole without sorting twice in Python.
            return sql.SQL(
                "select {fields} from (select {columns}, row_number() over (partition by {key}{by}) as turn,"
                " coalesce({key}, '') = '' as keyless{keys}"
                " from {table} contact where {condition}) numbered where turn = 1 or keyless{order}"
            ).format(
                fields=sql.SQL(", ").join([identifier(field) for field in self.columns]),
                columns=sql.SQL(", ").join(columns),
                key=distinct,
                by=sql.SQL(" order by {}").format(sql.SQL(", ").join(order)) if order else sql.SQL(""),
                keys=sql.SQL("").join(
                    [sql.SQL(", {} as {}").format(name, identifier(f"order {n}")) for n, name in enumerate(order)]
                ),
                table=self.table.identifier,
                condition=condition or sql.SQL("true"),
                order=_order([identifier(f"order {n}") for n in range(len(order))]),
            )
        return query + _order(order)

    def find(self, field: str, value: str) -> Contact | None:
        """The first contact whose `field` is `value`."""
        column = self.column(field)
        if column is None:
            return None
        parameters = Parameters()
        form = "lower({t}) = lower({v})" if field.casefold() in {"email", "emailaddress"} else "{t} = {v}"
        condition = sql.SQL(form).format(t=column.text("contact"), v=parameters.text(value))
        query = self.select(condition) + sql.SQL(" limit 1")
        with self.connector.session() as connection:
            return next(iter(self._contacts(connection.execute(query, parameters).fetchall())), None)

    def _contacts(self, rows: list[tuple[Any, ...]]) -> list[Contact]:
        names = self.names
        made = dicts(tuple(self.columns))(rows)
        for name, column in self.columns.items():
            if (convert := column.convert) is not None:
                for values in made:
                    values[name] = convert(values[name])
        return [Contact(values, names) for values in made]


def _order(names: list[sql.Identifier]) -> sql.Composable:
    return sql.SQL(" order by {}").format(sql.SQL(", ").join(names)) if names else sql.SQL("")
