"""The statements that make an export's tables, indexes and views, composed from the datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velobind.export.datasets import Column, Dataset, snake_case

if TYPE_CHECKING:
    from psycopg import sql

BOOKS = "velobind_exports"
"""The bookkeeping table of a schema: the last batch of each source and how far it went, written with its rows."""

NULLS_NOT_DISTINCT_SINCE = 150000
"""From PostgreSQL 15 on a unique index can take nulls as equal; before, expressions stand for it."""

# Rows of these come once and stay as they came, those of the other datasets come again when something of them changed.
_ONLY_ADDED = frozenset({"contactActivities", "events", "orderItems"})
# So the pages of their tables are filled to this many percent: a changed row that finds room on its own page needs no
# new index entry, which takes half of the time.
_FILLED = 85

# A B-tree entry holds at most 2704 bytes, a character takes up to four: longer texts go into the index by their digest.
_LONGEST_INDEXED = 250


def long_text(column: Column) -> bool:
    """Whether the column's texts may be too long for an index entry."""
    return column.length is not None and column.length > _LONGEST_INDEXED


def key_index_name(dataset: Dataset) -> str:
    return f"{dataset.name}_velobind_key"


def key_terms(dataset: Dataset, *, expressions: bool) -> list[sql.Composed]:
    """The terms of the key's unique index, and so of ON CONFLICT: columns, or expressions in which null equals null.

    As expressions each column makes two terms, «is null» and the value with a stand-in for null: so no stand-in can be
    mistaken for a value.
    """
    from psycopg import sql

    terms: list[sql.Composed] = []
    for name in dataset.key:
        column = dataset.column(name)
        ident = sql.Identifier(name)
        # Only texts that need a digest get one, for it takes longer than to find the place in the index. It follows a
        # beginning that is as long as the longest text without a digest, so that the two cannot be mistaken.
        value = sql.SQL(
            "(CASE WHEN length({0}) <= {1} THEN {0}::text ELSE left({0}, {1}) || md5({0}) END)"
            if long_text(column)
            else "{0}"
        ).format(ident, sql.Literal(_LONGEST_INDEXED))
        stand_in = {"text": "''", "timestamp": "'1970-01-01 00:00:00'::timestamp"}.get(column.kind, "0")
        if expressions:
            # The value first, so that the index also finds rows by it.
            terms.append(sql.SQL("(COALESCE({}, {}))").format(value, sql.SQL(stand_in)))
            terms.append(sql.SQL("({} IS NULL)").format(ident))
        else:
            terms.append(value)
    return terms


def create_key_index(schema: str, dataset: Dataset, *, expressions: bool) -> sql.Composed:
    from psycopg import sql

    statement = sql.SQL("CREATE UNIQUE INDEX {} ON {} ({})").format(
        sql.Identifier(key_index_name(dataset)),
        sql.Identifier(schema, dataset.name),
        sql.SQL(", ").join(key_terms(dataset, expressions=expressions)),
    )
    return statement if expressions else statement + sql.SQL(" NULLS NOT DISTINCT")


def create_table(schema: str, dataset: Dataset) -> sql.Composed:
    from psycopg import sql

    return sql.SQL("CREATE TABLE {} (\n  {}\n){}").format(
        sql.Identifier(schema, dataset.name),
        sql.SQL(",\n  ").join(definition(column) for column in dataset.columns),
        sql.SQL("" if dataset.name in _ONLY_ADDED else f" WITH (fillfactor = {_FILLED})"),
    )


def create_books(schema: str) -> sql.Composed:
    from psycopg import sql

    return sql.SQL(
        "CREATE TABLE {} (\n  source text,\n  dataset text,\n  batch text NOT NULL,\n  position bigint NOT NULL,\n"
        "  rows bigint NOT NULL,\n  exported_at timestamptz NOT NULL,\n  PRIMARY KEY (source, dataset)\n)"
    ).format(sql.Identifier(schema, BOOKS))


def create_view(schema: str, dataset: Dataset) -> sql.Composed:
    """A view `v_contact_activities` with snake_case names and without the obsolete columns."""
    from psycopg import sql

    return sql.SQL("CREATE OR REPLACE VIEW {} AS\n  SELECT {}\n  FROM {}").format(
        sql.Identifier(schema, view_name(dataset)),
        sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(sql.Identifier(column.name), sql.Identifier(snake_case(column.name)))
            for column in dataset.current
        ),
        sql.Identifier(schema, dataset.name),
    )


def view_name(dataset: Dataset) -> str:
    # Seven of the tables are called the same in both spellings, so a prefix keeps views and tables apart.
    return f"v_{snake_case(dataset.name)}"


def definition(column: Column) -> sql.Composed:
    from psycopg import sql

    return sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(column.type))
