"""One batch, one transaction: COPY to a temporary table, one INSERT ... ON CONFLICT, and the bookkeeping."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from velobind.export import ddl
from velobind.export.batches import Batch
from velobind.export.connect import reason, row_fault
from velobind.export.datasets import Dataset
from velobind.export.wires import sending, talking

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql

    from velobind.export.connect import Connection

_LOCK_CLASS = 0x76656C6F  # «velo»: keeps our advisory locks apart from those of other programs


Refused = tuple[dict[str, object], str]
"""A row that the server does not take, and why."""


@dataclass(slots=True)
class Written:
    """What became of a batch: rows written (new or changed), unchanged, refused by the server, and items removed."""

    written: int = 0
    unchanged: int = 0
    refused: int = 0
    removed: int = 0


@dataclass(slots=True)
class Destination:
    """Where the batches of one dataset go; `source` names the spool or load that the positions count in.

    `fresh` is whether the table was empty when the first batch came, and has met no row with a key of its own since:
    None before the first batch. `familiar` is whether most rows of the last batch said what the table said already.
    """

    schema: str
    source: str
    expression_keys: bool = False
    lock_seconds: float = 60.0
    fresh: bool | None = None
    familiar: bool = False


def lock(conn: Connection, schema: str, seconds: float, waiting: Callable[[str], None] | None = None) -> None:
    """Take the schema's export lock until the transaction ends, so that exporters write one after the other.

    `waiting` is told when another exporter holds it. Raises psycopg's LockNotAvailable after `seconds`. A lock of the
    transaction, not of the session: so it also holds behind a pooler, and a killed exporter leaves none behind.
    """
    key = zlib.crc32(schema.encode()) - 2**31
    row = conn.execute(
        "SELECT pg_try_advisory_xact_lock(%s, %s), set_config('lock_timeout', %s, true)",
        (_LOCK_CLASS, key, f"{max(1, round(seconds * 1000))}ms"),
    ).fetchone()
    if row is not None and row[0]:
        return
    if waiting is not None:
        waiting(f"another exporter is writing to the schema {schema}: waiting for it")
    conn.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK_CLASS, key))


def write(
    conn: Connection,
    destination: Destination,
    batch: Batch,
    *,
    refuse: Callable[[list[Refused]], None],
    turn: Callable[[], None] = lambda: None,
    waiting: Callable[[str], None] | None = None,
) -> Written:
    """Write the batch and the source's new position, all or nothing. Raises psycopg's errors.

    A batch that the server has already, one of the last two of the source, is not written again. Rows that the server
    refuses are found by halving and left out; `refuse` is given them before the rest is committed, so that none is
    lost. `turn` returns once the batch before is in the database: until then this one is staged at the most.
    """
    schema, dataset = destination.schema, batch.dataset
    outcome = Written()
    statements = _statements(schema, dataset, destination.expression_keys, batch.partial)
    everything = range(batch.rows)
    digest = batch.identity()
    with talking(conn.fileno()), conn.transaction():
        # The rows leave the spool once this commits, so the commit must be on the server's disk by then.
        conn.execute(
            "SELECT set_config('synchronous_commit', 'local', true) WHERE current_setting('synchronous_commit') = 'off'"
        )
        staged = destination.fresh is False and _stage(conn, statements, batch, everything) is None
        turn()
        lock(conn, schema, destination.lock_seconds, waiting)
        books = _books(schema)
        last = conn.execute(books.last, (destination.source, dataset.name)).fetchone()
        if last is not None and digest in last[0].split():
            return Written(written=batch.rows)
        if batch.replaced_orders:
            outcome.removed = _empty_orders(conn, schema, batch, statements.expressions)
        if batch.rows:
            if destination.fresh is None:
                row = conn.execute(statements.is_empty).fetchone()
                destination.fresh = row is not None and row[0]
            if destination.fresh and not staged and _copy_straight(conn, statements, batch):
                outcome.written = batch.rows
            else:
                destination.fresh = False
                statement = statements.merge_unlike if destination.familiar else statements.merge
                refused = _merge(conn, statements, statement, batch, everything, outcome, staged=staged)
                destination.familiar = 2 * outcome.unchanged > batch.rows
                if refused:
                    outcome.refused = len(refused)
                    refuse(refused)
        conn.execute(books.advance, (destination.source, dataset.name, digest, batch.position, outcome.written))
    return outcome


@dataclass(frozen=True, slots=True)
class _Statements:
    is_empty: sql.Composed
    straight: sql.Composed
    stage: sql.Composed
    copy: sql.Composed
    merge: sql.Composed
    merge_unlike: sql.Composed
    """The same, faster where most rows are there already: ON CONFLICT would lock each, and write that to the log."""
    drop: sql.Composed
    expressions: bool


@cache
def _statements(schema: str, dataset: Dataset, expressions: bool, partial: bool) -> _Statements:
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
    return _Statements(
        is_empty=sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(table),
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


def _copy_straight(conn: Connection, statements: _Statements, batch: Batch) -> bool:
    """COPY into the table itself, which the unique index allows as long as every key is new; False where one is not.

    Filling an empty table this way takes half of the time, and the same transaction holds it.
    """
    return _tried(conn, lambda: _copy(conn, statements.straight, batch.text)) is None


def _stage(conn: Connection, statements: _Statements, batch: Batch, part: range) -> psycopg.Error | None:
    """COPY those rows into a temporary table; the error, and no table, where a row is at fault."""

    def work() -> None:
        conn.execute(statements.stage)
        _copy(conn, statements.copy, batch.part(part))

    return _tried(conn, work)


def _merge(
    conn: Connection,
    statements: _Statements,
    statement: sql.Composed,
    batch: Batch,
    part: range,
    outcome: Written,
    *,
    staged: bool = False,
) -> list[Refused]:
    """Merge those rows of the batch, and halve them where the server refuses, down to the rows at fault."""
    written = 0

    def work() -> None:
        nonlocal written
        written = conn.execute(statement).rowcount

    fault = None if staged else _stage(conn, statements, batch, part)
    if fault is None:
        fault = _tried(conn, work)
        conn.execute(statements.drop)
    if fault is None:
        outcome.written += written
        outcome.unchanged += len(part) - written
        return []
    if len(part) == 1:
        return [(batch.row(part.start), f"refused by the server: {reason(fault)}")]
    middle = len(part) // 2
    return [
        refused
        for half in (part[:middle], part[middle:])
        for refused in _merge(conn, statements, statement, batch, half, outcome)
    ]


def _copy(conn: Connection, statement: sql.Composed, text: bytes) -> None:
    with conn.cursor().copy(statement) as copy, sending(conn.fileno()):
        copy.write(text)


def _tried(conn: Connection, work: Callable[[], None]) -> psycopg.Error | None:
    """Do it under a savepoint: undone, and the error returned, where a row is to blame. Raises all other errors."""
    import psycopg

    try:
        with conn.transaction():
            work()
    except psycopg.Error as error:
        if not row_fault(error):
            raise
        return error
    return None


def _empty_orders(conn: Connection, schema: str, batch: Batch, expressions: bool) -> int:
    """Remove the items of the replaced orders that the batch does not name again; how many that were."""
    from psycopg import sql

    kept = [_item_key(*key) for key in batch.keys]
    given = [order for order in batch.replaced_orders if order is not None]
    # The term of the key's index, so that the index finds the items.
    order_term = ddl.key_terms(batch.dataset, expressions=expressions)[0]
    remove = sql.SQL(
        "DELETE FROM {table} AS t WHERE {condition} AND NOT EXISTS (SELECT FROM unnest(%s::text[]) AS kept (item)"
        " WHERE kept.item = concat_ws(chr(1), coalesce(t.\"orderId\"::text, '-'),"
        ' (t."externalProductId" IS NULL)::text, coalesce(t."externalProductId", \'\')))'
    )
    table = sql.Identifier(schema, batch.dataset.name)
    removed = 0
    if given:
        condition = sql.SQL('{} = ANY(%s) AND t."orderId" IS NOT NULL').format(order_term)
        removed += conn.execute(remove.format(table=table, condition=condition), (given, kept)).rowcount
    if len(given) < len(batch.replaced_orders):
        condition = sql.SQL('t."orderId" IS NULL').format()
        removed += conn.execute(remove.format(table=table, condition=condition), (kept,)).rowcount
    return removed


def _item_key(order: int | None, product: str | None) -> str:
    return f"{'-' if order is None else order}\x01{'true' if product is None else 'false'}\x01{product or ''}"


@dataclass(frozen=True, slots=True)
class _Books:
    last: sql.Composed
    advance: sql.Composed
    forget: sql.Composed


@cache
def _books(schema: str) -> _Books:
    from psycopg import sql

    table = sql.Identifier(schema, ddl.BOOKS)
    return _Books(
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


def forget(conn: Connection, destination: Destination) -> None:
    """Remove the source's line from the books."""
    conn.execute(_books(destination.schema).forget, (destination.source,))
