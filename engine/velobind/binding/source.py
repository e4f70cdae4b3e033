"""A data source: one table whose rows, found by the contact key, go into messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from velobind.binding import catalog
from velobind.binding.catalog import Column, Table
from velobind.binding.keys import among, comparable, key_expression
from velobind.binding.queries import identifier
from velobind.binding.rows import Row, dicts
from velobind.binding.settings import SourceSettings
from velobind.errors import DatabaseError

if TYPE_CHECKING:
    from velobind.binding.connector import Connector


@dataclass(frozen=True)
class Source:
    """The data source `name`. Its table is looked up when it is first needed; `DatabaseError` if it is not there."""

    name: str
    settings: SourceSettings
    connector: Connector

    @property
    def id(self) -> int:
        """The number under which triggered campaigns carry the rows."""
        return self.settings.id

    @property
    def key(self) -> str:
        """The source's key in the configuration, for errors."""
        return f"sources.{self.name}"

    @cached_property
    def table(self) -> Table:
        """The table, with the key column and the columns of `order_by` present."""
        table = catalog.table(self.connector, self.settings.dataset, self.settings.table, self.key)
        if table.column(self.connector.key_column) is None:
            raise _no_column(table, self.connector.key_column, f"connectors.{self.connector.name}.contact_key.column")
        for word in self.settings.order_by:
            if table.column(_order(word)[0]) is None:
                raise _no_column(table, _order(word)[0], f"{self.key}.order_by")
        return table

    @property
    def columns(self) -> tuple[Column, ...]:
        """The table's columns in their order."""
        return self.table.columns

    def column(self, name: str, key: str) -> Column:
        """The column `name`. Raises DatabaseError with the near name; `key` is the configuration's, for the error."""
        column = self.table.column(name)
        if column is None:
            raise _no_column(self.table, name, key)
        return column

    @property
    def indexed(self) -> bool:
        """Whether an index serves the look-up by contact key."""
        column = self.connector.key_column
        wanted = {f"lower({column})", f'lower("{column}")', f"lower({column}::text)", f'lower("{column}"::text)'}
        plain = {column, f'"{column}"'}
        return bool(self.table.indexes & (wanted if self.folds else plain))

    @property
    def folds(self) -> bool:
        """Whether keys compare without regard to letter case."""
        return self.connector.key_field.casefold() == "email"

    @property
    def key_column(self) -> Column:
        """The column of the contact key."""
        return self.column(self.connector.key_column, self.key)

    @property
    def key_sql(self) -> sql.Composed:
        """The SQL of a row's contact key, as `keys.normal` makes a contact's."""
        return key_expression(self.connector, self.connector.key_column)

    def count(self) -> int:
        """How many rows the table has."""
        query = sql.SQL("select count(*) from {}").format(self.table.identifier)
        return int(self.connector.ask(query)[0][0])

    def present(self, keys: Collection[str]) -> int:
        """How many of the keys, which are as `keys.normal` makes them, have a row."""
        query = sql.SQL("select count(distinct {}) from {} r where {}").format(
            self.key_sql, self.table.identifier, among(self.connector, self.key_column)
        )
        return int(self.connector.ask(query, [comparable(keys, self.key_column)])[0][0])

    def sample(self, limit: int = 5) -> list[Row]:
        """The first rows, whole, as messages get them."""
        query = self._select(self.columns, sql.SQL("true")) + sql.SQL(" limit %s")
        with self.connector.session() as connection:
            rows = connection.execute(query, [limit]).fetchall()
        return _dicts(rows, self.columns)

    def rows(
        self,
        keys: Collection[str],
        columns: Iterable[str] | None = None,
        connection: psycopg.Connection[Any] | None = None,
    ) -> dict[str, list[Row]]:
        """The rows of many contacts by one query: contact key to its rows, in the source's order.

        `keys` are as `keys.normal` makes them; those without rows are left out of the result. `columns` (all by
        default) that the table has not are ignored. Raises DatabaseError.
        """
        if not keys:
            return {}
        chosen = self.chosen(columns)
        query = self.query(chosen)
        values = [comparable(keys, self.key_column)]
        if connection is not None:
            return _grouped(connection.execute(query, values).fetchall(), chosen)
        with self.connector.session() as session:
            return _grouped(session.execute(query, values).fetchall(), chosen)

    def chosen(self, columns: Iterable[str] | None) -> tuple[Column, ...]:
        """The table's columns that are among `columns`, or all."""
        if columns is None:
            return self.columns
        wanted = frozenset(columns)
        return tuple(column for column in self.columns if column.name in wanted)

    def query(self, columns: Sequence[Column]) -> sql.Composed:
        """The query behind `rows`: `columns` as text, then the key; its one parameter is the list of keys."""
        return self._select(columns, among(self.connector, self.key_column))

    def _select(self, columns: Sequence[Column], condition: sql.Composable) -> sql.Composed:
        words = self.settings.order_by or self.table.key
        # Qualified: a bare name would mean the text that the query makes of the column.
        order = [
            sql.SQL("{} desc" if _order(word)[1] else "{}").format(identifier("r", _order(word)[0])) for word in words
        ]
        return sql.SQL("select {} from {} r where {}{}").format(
            sql.SQL(", ").join([*(column.text() for column in columns), self.key_sql]),
            self.table.identifier,
            condition,
            sql.SQL(" order by {}").format(sql.SQL(", ").join(order)) if order else sql.SQL(""),
        )


def _grouped(rows: list[tuple[Any, ...]], columns: Sequence[Column]) -> dict[str, list[Row]]:
    """The rows of the query by contact key, which is the last value of each."""
    grouped: dict[str, list[Row]] = {}
    for values, row in zip(rows, _dicts(rows, columns), strict=True):
        key = values[-1]
        if key in grouped:
            grouped[key].append(row)
        else:
            grouped[key] = [row]
    return grouped


def _dicts(rows: list[tuple[Any, ...]], columns: Sequence[Column]) -> list[Row]:
    made = dicts(tuple(column.name for column in columns), unnamed=1)(rows)
    for column in columns:
        if (convert := column.convert) is not None:
            for row in made:
                row[column.name] = convert(row[column.name])
    return made


def _order(word: str) -> tuple[str, bool]:
    """A word of `order_by` as a column and whether it descends."""
    name, _, direction = word.rpartition(" ")
    return (name, direction == "desc") if name and direction in {"asc", "desc"} else (word, False)


def _no_column(table: Table, name: str, key: str) -> DatabaseError:
    from difflib import get_close_matches

    names = [column.name for column in table.columns]
    near = get_close_matches(name.casefold(), [known.casefold() for known in names], n=1)
    close = next((known for known in names if near and known.casefold() == near[0]), None)
    return DatabaseError(
        f"{table.dataset}.{table.name} has no column `{name}`",
        key=key,
        hint=f"did you mean `{close}`?" if close else "columns: " + ", ".join(names),
    )


def resolve(name: str | int, sources: Mapping[str, Source]) -> Source | None:
    """The source that a person means by a name, a name but for its leading `_`, or an id; None where there is none."""
    text = str(name)
    for option in (text, text.removeprefix("_"), f"_{text}"):
        if option in sources:
            return sources[option]
    return next((source for source in sources.values() if text.isdecimal() and source.id == int(text)), None)
