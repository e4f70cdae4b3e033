"""What an export finds in a database, and what it still has to make there.

Nothing is ever dropped, renamed or narrowed: a plan only creates what is missing, and a user's own columns stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from velobind.errors import DatabaseError
from velobind.export import ddl
from velobind.export.datasets import ORDER_ITEMS, Dataset, snake_case

if TYPE_CHECKING:
    from psycopg import sql

    from velobind.export.connect import Connection


@dataclass(frozen=True, slots=True)
class Plan:
    """What an export still has to make in a schema. `notes` are remarks for a person, in plain words."""

    schema: str
    statements: tuple[str, ...]
    notes: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    """GRANT statements for what the role lacks."""
    expression_keys: frozenset[str] = frozenset()
    """Datasets whose key index is made of expressions (servers before 15, or made on one)."""


@dataclass(slots=True)
class _Found:
    """A table as it is in the database."""

    columns: dict[str, str] = field(default_factory=dict)
    demanding: list[str] = field(default_factory=list)  # NOT NULL without a default
    key_index: str | None = None  # "plain" or "expressions"
    kind: str = "r"
    owned: bool = True
    lacking: list[str] = field(default_factory=list)  # INSERT, UPDATE, ...


def plan_from_nothing(
    schema: str, datasets: Sequence[Dataset], *, views: bool = False, server_version: int = ddl.NULLS_NOT_DISTINCT_SINCE
) -> Plan:
    """The plan for a database that has none of it, asked of no server."""
    return _plan(schema, datasets, None, {}, views=views, expressions=server_version < ddl.NULLS_NOT_DISTINCT_SINCE)


def plan(conn: Connection, schema: str, datasets: Sequence[Dataset], *, views: bool = False) -> Plan:
    """What is missing in `schema` of that database, and which rights the role lacks. Changes nothing.

    Raises DatabaseError where a table's name is taken by something else, or where a column of the user's own is NOT
    NULL without a default, since no row could ever be written then.
    """
    facts = _facts(conn, schema)
    tables = _tables(
        conn,
        schema,
        [*(dataset.name for dataset in datasets), *(ddl.view_name(dataset) for dataset in datasets), ddl.BOOKS],
    )
    expressions = conn.info.server_version < ddl.NULLS_NOT_DISTINCT_SINCE
    return _plan(schema, datasets, facts, tables, views=views, expressions=expressions)


@dataclass(frozen=True, slots=True)
class _Facts:
    schema_exists: bool
    may_create_schema: bool
    may_use: bool
    may_create: bool
    may_use_temporary: bool
    role: str
    database: str


def _facts(conn: Connection, schema: str) -> _Facts:
    row = conn.execute(
        "SELECT n.oid IS NOT NULL, has_database_privilege(current_database(), 'CREATE'),"
        " coalesce(has_schema_privilege(n.oid, 'USAGE'), false),"
        " coalesce(has_schema_privilege(n.oid, 'CREATE'), false),"
        " has_database_privilege(current_database(), 'TEMPORARY'), current_user::text, current_database()::text"
        " FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = %s",
        (schema,),
    ).fetchone()
    assert row is not None  # the query has always one row
    return _Facts(*row)


def _tables(conn: Connection, schema: str, names: list[str]) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for name, kind, owned, *rights in conn.execute(
        "SELECT c.relname, c.relkind::text, pg_has_role(c.relowner, 'USAGE'),"
        " has_table_privilege(c.oid, 'SELECT'), has_table_privilege(c.oid, 'INSERT'),"
        " has_table_privilege(c.oid, 'UPDATE'), has_table_privilege(c.oid, 'DELETE')"
        " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = ANY(%s)",
        (schema, names),
    ):
        lacking = [
            right for right, held in zip(("SELECT", "INSERT", "UPDATE", "DELETE"), rights, strict=True) if not held
        ]
        found[name] = _Found(kind=kind, owned=owned, lacking=lacking)
    for table, name, type_, demanding in conn.execute(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),"
        " a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''"
        " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        (schema, names),
    ):
        # Outside of the lock another exporter may make a table between these queries: it counts as missing, and the
        # plan is made anew under the lock.
        if table not in found:
            continue
        found[table].columns[name] = type_
        if demanding:
            found[table].demanding.append(name)
    for table, style in conn.execute(
        "SELECT c.relname,"
        " CASE WHEN pg_get_indexdef(i.indexrelid) LIKE '%% IS NULL%%' THEN 'expressions' ELSE 'plain' END"
        " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
        " JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = ANY(%s) AND x.relname = c.relname || '_velobind_key'"
        " AND i.indisunique AND i.indisvalid",
        (schema, names),
    ):
        if table in found:
            found[table].key_index = style
    return found


def _plan(
    schema: str,
    datasets: Sequence[Dataset],
    facts: _Facts | None,
    tables: dict[str, _Found],
    *,
    views: bool,
    expressions: bool,
) -> Plan:
    from psycopg import sql

    statements: list[sql.Composed] = []
    notes: list[str] = []
    rights: list[str] = []
    by_expressions: set[str] = set()
    if facts is None or not facts.schema_exists:
        if schema != "public" or facts is not None:
            statements.append(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        if facts is not None and not facts.may_create_schema:
            rights.append(_grant("CREATE", f"DATABASE {_quoted(facts.database)}", facts))
    if facts is not None and not facts.may_use_temporary:
        rights.append(_grant("TEMPORARY", f"DATABASE {_quoted(facts.database)}", facts))

    made_here = False
    for dataset in datasets:
        found = tables.get(dataset.name)
        style_expressions = expressions
        if found is None:
            statements.append(ddl.create_table(schema, dataset))
            made_here = True
        else:
            _refuse(schema, dataset, found)
            missing = [column for column in dataset.columns if column.name not in found.columns]
            for column in missing:
                statements.append(
                    sql.SQL("ALTER TABLE {} ADD COLUMN {}").format(
                        sql.Identifier(schema, dataset.name), ddl.definition(column)
                    )
                )
            if (missing or found.key_index is None) and not found.owned:
                rights.append(
                    f"-- the owner of {_quoted(schema)}.{_quoted(dataset.name)} must run the statements on it,"
                    f" or make {_quoted(facts.role if facts else '')} a member of its role"
                )
            notes.extend(_differences(dataset, found))
            if facts is not None:
                rights.extend(_table_rights(schema, dataset.name, found, facts, delete=dataset.name == ORDER_ITEMS))
            if found.key_index is not None:
                style_expressions = found.key_index == "expressions"
        if found is None or found.key_index is None:
            statements.append(ddl.create_key_index(schema, dataset, expressions=style_expressions))
        if style_expressions:
            by_expressions.add(dataset.name)
    if ddl.BOOKS not in tables:
        statements.append(ddl.create_books(schema))
        made_here = True
    elif facts is not None:
        rights.extend(_table_rights(schema, ddl.BOOKS, tables[ddl.BOOKS], facts, delete=True))
    for dataset in datasets if views else ():
        view = tables.get(ddl.view_name(dataset))
        if view is None or list(view.columns) != [snake_case(column.name) for column in dataset.current]:
            statements.append(ddl.create_view(schema, dataset))
            made_here = True
    if facts is not None and facts.schema_exists:
        if not facts.may_use:
            rights.append(_grant("USAGE", f"SCHEMA {_quoted(schema)}", facts))
        if made_here and not facts.may_create:
            rights.append(_grant("CREATE", f"SCHEMA {_quoted(schema)}", facts))
    texts = tuple(statement.as_string() for statement in statements)
    return Plan(schema, texts, tuple(notes), tuple(rights), frozenset(by_expressions))


def _refuse(schema: str, dataset: Dataset, found: _Found) -> None:
    if found.kind not in ("r", "p"):
        raise DatabaseError(
            f"{schema}.{dataset.name} is not a table",
            hint="a view or another object bears the dataset's name: rename it, or export to another schema",
        )
    own = {column.name for column in dataset.columns}
    extra = [name for name in found.demanding if name not in own]
    if extra:
        raise DatabaseError(
            f"the column {extra[0]} of {schema}.{dataset.name} is NOT NULL without a default, and no dataset fills it",
            hint=f"give it a default: ALTER TABLE {_quoted(schema)}.{_quoted(dataset.name)}"
            f" ALTER COLUMN {_quoted(extra[0])} SET DEFAULT ...",
        )


def _differences(dataset: Dataset, found: _Found) -> list[str]:
    named = {"timestamp": "timestamp without time zone"}
    notes = []
    for column in dataset.columns:
        wanted = named.get(column.type, column.type.replace("varchar", "character varying"))
        actual = found.columns.get(column.name)
        if actual is not None and actual != wanted:
            notes.append(f"{dataset.name}.{column.name} is {actual} there, {column.type} in the dataset: left as it is")
    own = {column.name for column in dataset.columns}
    extra = [name for name in found.columns if name not in own]
    if extra:
        notes.append(f"{dataset.name} has columns of its own, left alone: {', '.join(extra)}")
    return notes


def _table_rights(schema: str, table: str, found: _Found, facts: _Facts, *, delete: bool) -> list[str]:
    lacking = [right for right in found.lacking if right != "DELETE" or delete]
    return [_grant(", ".join(lacking), f"{_quoted(schema)}.{_quoted(table)}", facts)] if lacking else []


def _grant(rights: str, on: str, facts: _Facts) -> str:
    return f"GRANT {rights} ON {on} TO {_quoted(facts.role)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
