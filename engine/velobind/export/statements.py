"""What is said to the server for a batch of a dataset, composed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from velobind.export import ddl
from velobind.export.datasets import Dataset

if TYPE_CHECKING:
    from psycopg import sql


@dataclass(frozen=True, slots=True)
class Statements:
    """Those for the rows. A batch is copied `straight` into the table, or into the `stage`, merged and dropped."""

    look: sql.Composed
    """Whether the table is empty; and whether more than the key decides about its rows: triggers, rules, other unique
    indexes."""
    straight: sql.Composed
    stage: sql.Composed
    copy: sql.Composed
    merge: sql.Composed
    merge_unlike: sql.Composed
    """The merge, faster where most rows are there already: ON CONFLICT would lock each, and write that to the log."""
    drop: sql.Composed
    expressions: bool


@cache
def statements_of(schema: str, dataset: Dataset, expressions: bool, partial: bool) -> Statements:
    from psycopg import sql

    stage = sql.Identifier("pg_temp", f"velobind_stage_{dataset.name}")
    names = [sql.Identifier(column.name) for column in dataset.columns]
    changing = [sql.Identifier(column.name) for column in dataset.columns if column.name not in dataset.key]
    comma = sql.SQL(", ")
    copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, ESCAPE '\\', NULL 'null')")
    table = sql.Identifier(schema, dataset.name)
    new = "COALESCE({row}.{name}, t.{name})" if partial else "{row}.{name}"

    def differs(row: str) -> sql.Composed:
        return sql.SQL("({}) IS DISTINCT FROM ({})").format(
            comma.join(sql.SQL("t.{}").format(name) for name in changing),
            comma.join(sql.SQL(new).format(row=sql.SQL(row), name=name) for name in changing),
        )

    def merge(source: sql.Composable) -> sql.Composed:
        # Rows that say the same are not touched: the same batch twice leaves no dead row behind.
        return sql.SQL(
            "INSERT INTO {table} AS t ({names}) SELECT {names} FROM {source}"
            " ON CONFLICT ({key}) DO UPDATE SET {settings} WHERE {differs}"
        ).format(
            table=table,
            names=comma.join(names),
            source=source,
            key=comma.join(ddl.key_terms(dataset, expressions=expressions)),
            settings=comma.join(
                sql.SQL("{} = ").format(name) + sql.SQL(new).format(row=sql.SQL("excluded"), name=name)
                for name in changing
            ),
            differs=differs("excluded"),
        )

    # A row with a null in its key passes, and ON CONFLICT decides.
    unlike = sql.SQL("{} AS s WHERE NOT EXISTS (SELECT FROM {} AS t WHERE {} AND NOT ({}))").format(
        stage,
        table,
        sql.SQL(" AND ").join(
            sql.SQL(
                "t.{0} IS NOT DISTINCT FROM s.{0}" if ddl.long_text(dataset.column(name)) else "t.{0} = s.{0}"
            ).format(sql.Identifier(name))
            for name in dataset.key
        ),
        differs("s"),
    )
    return Statements(
        look=sql.SQL(
            "SELECT NOT EXISTS (SELECT FROM {}), relhastriggers OR relhasrules OR 1 < ("
            "SELECT count(*) FROM pg_index WHERE indrelid = c.oid AND (indisunique OR indisexclusion))"
            " FROM pg_class AS c WHERE relname = {} AND relnamespace = ("
            "SELECT oid FROM pg_namespace WHERE nspname = {})"
        ).format(table, sql.Literal(dataset.name), sql.Literal(schema)),
        straight=copy.format(table, comma.join(names)),
        stage=sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(
            sql.Identifier(f"velobind_stage_{dataset.name}"), comma.join(map(ddl.definition, dataset.columns))
        ),
        copy=copy.format(stage, comma.join(names)),
        merge=merge(stage),
        # The index of expressions would not find rows by the columns.
        merge_unlike=merge(stage if expressions else unlike),
        drop=sql.SQL("DROP TABLE {}").format(stage),
        expressions=expressions,
    )


@dataclass(frozen=True, slots=True)
class Books:
    """Those for the table that notes the last batches of each source."""

    last: sql.Composed
    advance: sql.Composed
    forget: sql.Composed


@cache
def books_of(schema: str) -> Books:
    from psycopg import sql

    table = sql.Identifier(schema, ddl.BOOKS)
    return Books(
        sql.SQL("SELECT batch FROM {} WHERE source = %s AND dataset = %s").format(table),
        sql.SQL(
            "INSERT INTO {} AS b (source, dataset, batch, position, rows, exported_at)"
            " VALUES (%s, %s, %s, %s, %s, now())"
            " ON CONFLICT (source, dataset) DO UPDATE"
            " SET batch = excluded.batch || ' ' || split_part(b.batch, ' ', 1), position = excluded.position,"
            " rows = b.rows + excluded.rows, exported_at = excluded.exported_at"
        ).format(table),
        sql.SQL("DELETE FROM {} WHERE source = %s").format(table),
    )
