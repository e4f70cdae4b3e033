"""One batch, one transaction: COPY to a temporary table, one INSERT ... ON CONFLICT, and the bookkeeping."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from velobind.export import ddl
from velobind.export.batches import Batch
from velobind.export.connect import reason, row_fault
from velobind.export.statements import Statements, books_of, statements_of
from velobind.export.turns import NotYet, Turn
from velobind.export.wires import sending, talking

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql

    from velobind.export.connect import Connection

_LOCKS = (0x76656C6F, 0x76656C70)
"""«velo»: keeps our advisory locks apart from those of other programs. A schema has two, for the two batches that an
exporter has under way: whoever has the first while nobody has the second may write, and so may whoever has the one
while the batch before has the other."""

# Most batches take less than a second: one that waits longer for its turn may be what the one before it waits for.
_PATIENCE_SECONDS = 5.0


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
    None before the first batch. `familiar` is whether most rows of the batch that was merged last said what the table
    said already, `alone` whether no two batches may be written at once.
    """

    schema: str
    source: str
    expression_keys: bool = False
    lock_seconds: float = 60.0
    fresh: bool | None = None
    familiar: bool | None = None
    alone: bool = True

    def merge(self, statements: Statements) -> sql.Composed:
        return statements.merge_unlike if self.familiar else statements.merge

    def met(self, outcome: Written) -> None:
        """Remember what became of the rows that were merged last."""
        self.familiar = outcome.unchanged > outcome.written


def _milliseconds(seconds: float) -> str:
    return f"{max(1, round(seconds * 1000))}ms"


def lock(conn: Connection, schema: str, seconds: float, waiting: Callable[[str], None] | None = None) -> None:
    """Take the schema's export lock until the transaction ends, so that exporters write one after the other.

    `waiting` is told when another exporter holds it. Raises psycopg's LockNotAvailable after `seconds`. A lock of the
    transaction, not of the session: so it also holds behind a pooler, and a killed exporter leaves none behind.
    """
    conn.execute("SELECT set_config('lock_timeout', %s, true)", (_milliseconds(seconds),))
    _lock_alone(conn, schema, waiting)


def _lock_alone(conn: Connection, schema: str, waiting: Callable[[str], None] | None) -> None:
    """Take the first lock while nobody has the second."""
    key = _lock_key(schema)
    at_once = _taken(conn, schema, 0)
    if not at_once:
        _say_waiting(schema, waiting)
        conn.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCKS[0], key))
    # The second is left to the batch behind; that nobody has it now is enough, for who takes it needs the first. Taken
    # and given back in one statement, so no session keeps it.
    free = "SELECT CASE WHEN pg_try_advisory_lock(%(lock)s, %(key)s) THEN pg_advisory_unlock(%(lock)s, %(key)s) END"
    if conn.execute(free, {"lock": _LOCKS[1], "key": key}).fetchone() == (True,):
        return
    if at_once:
        _say_waiting(schema, waiting)
    with conn.transaction(force_rollback=True):
        conn.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCKS[1], key))


def _say_waiting(schema: str, waiting: Callable[[str], None] | None) -> None:
    if waiting is not None:
        waiting(f"another exporter is writing to the schema {schema}: waiting for it")


def _lock_beside(conn: Connection, schema: str, turn: Turn) -> bool:
    """Take the lock that the batch before does not have; False where that has none, or another exporter comes between.

    Who holds the first lock may be waiting for the second to become free, and is let in at the end of the batch before.
    """
    before = turn.lock_before()
    if before is None or not _taken(conn, schema, 1 - before):
        return False
    # Still there: so it has been there all the time, and nobody else had both.
    if turn.lock_before() != before:
        return False
    turn.took(1 - before)
    return True


def _taken(conn: Connection, schema: str, number: int) -> bool:
    row = conn.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (_LOCKS[number], _lock_key(schema))).fetchone()
    return row is not None and bool(row[0])


def _lock_key(schema: str) -> int:
    return zlib.crc32(schema.encode()) - 2**31


def write(
    conn: Connection,
    destination: Destination,
    batch: Batch,
    *,
    refuse: Callable[[list[Refused]], None],
    turn: Turn,
    waiting: Callable[[str], None] | None = None,
) -> Written:
    """Write the batch and the source's new position, all or nothing. Raises psycopg's errors, and FormerFailed.

    A batch that the server has already, one of the last two of the source, is not written again. Rows that the server
    refuses are found by halving and left out; `refuse` is given them before the rest is committed, so that none is
    lost. The batch commits in its turn, after the one before; what can be done beside that one is done before the turn.
    """
    try:
        with talking(conn.fileno()), conn.transaction():
            outcome = _write(conn, destination, batch, refuse, turn, waiting)
            turn.leaving()
    except BaseException:
        turn.lost()
        raise
    return outcome


def _write(
    conn: Connection,
    destination: Destination,
    batch: Batch,
    refuse: Callable[[list[Refused]], None],
    turn: Turn,
    waiting: Callable[[str], None] | None,
) -> Written:
    schema, dataset = destination.schema, batch.dataset
    statements, books = statements_of(schema, dataset, destination.expression_keys, batch.partial), books_of(schema)
    digest = batch.identity()

    def known() -> bool:
        last = conn.execute(books.last, (destination.source, dataset.name)).fetchone()
        return last is not None and digest in last[0].split()

    # The rows leave the spool once this commits, so the commit must be on the server's disk by then.
    conn.execute(
        "SELECT set_config('lock_timeout', %s, true), CASE current_setting('synchronous_commit') WHEN 'off'"
        " THEN set_config('synchronous_commit', 'local', true) END",
        (_milliseconds(destination.lock_seconds),),
    )
    staged = destination.fresh is False and _stage(conn, statements, batch, range(batch.rows)) is None
    outcome = _write_early(conn, destination, statements, batch, turn, known, staged=staged)
    if outcome is None:
        turn.wait()
        _lock_alone(conn, schema, waiting)
        turn.took(0)
        if known():
            return Written(written=batch.rows)
        outcome = _write_now(conn, destination, statements, batch, refuse, staged=staged)
    conn.execute(books.advance, (destination.source, dataset.name, digest, batch.position, outcome.written))
    return outcome


def _write_early(
    conn: Connection,
    destination: Destination,
    statements: Statements,
    batch: Batch,
    turn: Turn,
    known: Callable[[], bool],
    *,
    staged: bool,
) -> Written | None:
    """Write the rows beside the batch before; None, and nothing written, where that has to be done in their turn.

    The turn has come when it returns: the transaction may be committed. Left to the turn is what the batch before may
    have a say in: rows of a key, or in a table where more than the key decides; rows that the server refuses; and rows
    whose locks the batch before waits for, which would be in vain.
    """
    straight = not staged and destination.fresh is True
    # The first batch that is merged finds out in which way the others are.
    ready = straight or (staged and destination.familiar is not None)
    if destination.alone or not batch.apart or not ready:
        return None
    outcome: Written | None = None

    def work() -> None:
        if not _lock_beside(conn, destination.schema, turn):
            raise NotYet
        try:
            beside()
        except BaseException:
            turn.lost()  # before the lock is lost in truth
            raise

    def beside() -> None:
        nonlocal outcome
        written = batch.rows
        if straight:
            _copy(conn, statements.straight, batch.text)
        else:
            written = conn.execute(destination.merge(statements)).rowcount
        if not turn.wait_beside(_PATIENCE_SECONDS):
            destination.alone = True
            raise NotYet
        if known():
            raise NotYet
        outcome = Written(written, batch.rows - written)

    try:
        if _tried(conn, work) is not None and straight:
            destination.fresh = False
    except NotYet:
        pass
    if outcome is not None and not straight:
        destination.met(outcome)
    return outcome


def _write_now(
    conn: Connection,
    destination: Destination,
    statements: Statements,
    batch: Batch,
    refuse: Callable[[list[Refused]], None],
    *,
    staged: bool,
) -> Written:
    """Write the rows in their turn."""
    outcome = Written()
    if batch.replaced_orders:
        outcome.removed = _empty_orders(conn, destination.schema, batch, statements.expressions)
    if not batch.rows:
        return outcome
    if destination.fresh is None:
        destination.fresh, destination.alone = conn.execute(statements.look).fetchone() or (False, True)
    if destination.fresh and not staged and _copy_straight(conn, statements, batch):
        outcome.written = batch.rows
        return outcome
    destination.fresh = False
    merge = destination.merge(statements)
    refused = _merge(conn, statements, merge, batch, range(batch.rows), outcome, staged=staged)
    destination.met(outcome)
    if refused:
        outcome.refused = len(refused)
        refuse(refused)
    return outcome


def _copy_straight(conn: Connection, statements: Statements, batch: Batch) -> bool:
    """COPY into the table itself, which the unique index allows as long as every key is new; False where one is not.

    Filling an empty table this way takes half of the time, and the same transaction holds it.
    """
    return _tried(conn, lambda: _copy(conn, statements.straight, batch.text)) is None


def _stage(conn: Connection, statements: Statements, batch: Batch, part: range) -> psycopg.Error | None:
    """COPY those rows into a temporary table; the error, and no table, where a row is at fault."""

    def work() -> None:
        conn.execute(statements.stage)
        _copy(conn, statements.copy, batch.part(part))

    return _tried(conn, work)


def _merge(
    conn: Connection,
    statements: Statements,
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


def forget(conn: Connection, destination: Destination) -> None:
    """Remove the source's line from the books."""
    conn.execute(books_of(destination.schema).forget, (destination.source,))
