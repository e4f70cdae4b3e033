"""What PostgreSQL's catalog says about a table: its columns, its primary key, its indexes, and who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from velobind.binding.queries import identifier
from velobind.binding.values import Convert, Kind, converter, expression, kind_of
from velobind.errors import DatabaseError

if TYPE_CHECKING:
    from velobind.binding.connector import Connector


@dataclass(frozen=True)
class Column:
    """A column: `type` as PostgreSQL prints it (`character varying(50)`), `kind` of its elements, `array`."""

    name: str
    type: str
    nullable: bool
    kind: Kind
    array: bool

    def text(self, table: str | None = None) -> sql.Composed:
        """The SQL that gives the column's value as a message gets it."""
        return expression(identifier(*([table] if table else []), self.name), self.kind, self.array)

    @property
    def convert(self) -> Convert | None:
        """What Python still does to the query's value, or None."""
        return converter(self.kind, self.array)


@dataclass(frozen=True)
class Table:
    """A table, view or foreign table: `key` is its primary key, `indexes` the expressions that indexes begin with.

    `unique` are the expressions of unique indexes of one column, `estimate` the planner's count of rows.
    """

    dataset: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: frozenset[str]
    unique: frozenset[str]
    estimate: int

    @property
    def identifier(self) -> sql.Identifier:
        """The qualified name for a query."""
        return identifier(self.dataset, self.name)

    def column(self, name: str) -> Column | None:
        """The column of exactly this name, or None."""
        return next((column for column in self.columns if column.name == name), None)


# A domain is its base type; an array is what its elements are.
_COLUMNS = """
with recursive wanted as (
    select a.attname, a.attnum, a.attnotnull, format_type(a.atttypid, a.atttypmod) as shown, a.atttypid as type
    from pg_attribute a where a.attrelid = %s and a.attnum > 0 and not a.attisdropped
), based(attnum, type, element, depth) as (
    select attnum, type, false, 0 from wanted
    union all
    select b.attnum, case when t.typtype = 'd' then t.typbasetype else t.typelem end, b.element or t.typtype <> 'd',
        depth + 1
    from based b join pg_type t on t.oid = b.type
    where t.typtype = 'd' or (t.typcategory = 'A' and t.typelem <> 0)
)
select distinct on (w.attnum) w.attname, w.shown, not w.attnotnull, t.typname, t.typcategory::text, b.element
from wanted w join based b using (attnum) join pg_type t on t.oid = b.type
order by w.attnum, b.depth desc
"""

_RELATION = """
select c.oid, has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select'),
    greatest(c.reltuples, 0)::bigint,
    (select array_agg(a.attname::text order by p.place)
     from pg_index i cross join unnest(i.indkey) with ordinality p(number, place)
     join pg_attribute a on a.attrelid = c.oid and a.attnum = p.number
     where i.indrelid = c.oid and i.indisprimary),
    (select array_agg(pg_get_indexdef(i.indexrelid, 1, true)) from pg_index i
     where i.indrelid = c.oid and i.indisvalid and i.indpred is null),
    (select array_agg(pg_get_indexdef(i.indexrelid, 1, true)) from pg_index i
     where i.indrelid = c.oid and i.indisvalid and i.indpred is null and i.indisunique and i.indnkeyatts = 1)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = %s and c.relname = %s and c.relkind in ('r', 'v', 'm', 'f', 'p')
"""


def table(connector: Connector, dataset: str, name: str, key: str) -> Table:
    """The table `name` of schema `dataset`. `key` is the configuration's, for errors.

    Raises DatabaseError when there is no such table (with the near name), or when the user may not read it.
    """
    found = connector.ask(sql.SQL(_RELATION), [dataset, name])
    if not found:
        raise _missing(connector, dataset, name, key)
    oid, readable, estimate, primary, indexes, unique = found[0]
    if not readable:
        raise DatabaseError(
            f"the connector's user may not read {dataset}.{name}",
            key=key,
            hint=f'grant usage on schema "{dataset}" and select on "{dataset}"."{name}" to it',
        )
    rows = connector.ask(sql.SQL(_COLUMNS), [oid])
    columns = tuple(
        Column(column, shown, nullable, kind_of(base, category), array)
        for column, shown, nullable, base, category, array in rows
    )
    return Table(
        dataset, name, columns, tuple(primary or ()), frozenset(indexes or ()), frozenset(unique or ()), estimate
    )


def tables(connector: Connector) -> list[tuple[str, str]]:
    """Every schema and table that the connector's user may read, sorted."""
    query = """
        select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'f', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
        and n.nspname not like 'pg\\_%%' and has_schema_privilege(n.oid, 'usage')
        and has_any_column_privilege(c.oid, 'select') order by 1, 2
    """
    return [(dataset, name) for dataset, name in connector.ask(sql.SQL(query), [])]


def _missing(connector: Connector, dataset: str, name: str, key: str) -> DatabaseError:
    from difflib import get_close_matches

    known = tables(connector)
    elsewhere = [f"{schema}.{table}" for schema, table in known if table == name]
    near = elsewhere or get_close_matches(f"{dataset}.{name}", [".".join(pair) for pair in known], n=1, cutoff=0.5)
    return DatabaseError(
        f"there is no table {dataset}.{name} in the database of `{connector.name}`",
        key=key,
        hint=f"did you mean {near[0]}?" if near else "check `dataset` and `table`",
    )
