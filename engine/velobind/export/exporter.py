"""The exporter: rows recorded to a spool and delivered from it, or loaded straight from a file, into PostgreSQL."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from velobind.errors import DatabaseError, DataError
from velobind.export import loading, merge
from velobind.export.batches import Builder, Units
from velobind.export.connect import Target
from velobind.export.datasets import Dataset, dataset, datasets
from velobind.export.gather import AT_ONCE, gather
from velobind.export.link import Link, Stopped
from velobind.export.merge import Destination, Written
from velobind.export.options import Options
from velobind.export.plan import Plan, plan
from velobind.export.rejects import Reject, RejectFile, reject
from velobind.export.report import DatasetReport, Recorded, Report, Status
from velobind.export.sending import Piece, Write, send
from velobind.export.spool import FILE_NAME, Spool
from velobind.export.turns import Turn
from velobind.export.validation import BadRow, Validator

if TYPE_CHECKING:
    from velobind.export.connect import Connection

_encode = msgspec.json.Encoder().encode
_REJECTS_AT_ONCE = 1000
_RECORDED_AT_ONCE = 10_000
# A load begins with a small batch, so that the server soon has something to do.
_FIRST_BATCH = 2_500


class Exporter:
    """Writes export datasets to one schema of one database.

    `target` is anything libpq understands, or an object (a connector) whose `parameters()` are those of libpq.
    `record` needs the spool and no database; `deliver` sends what waits there; `load` goes past the spool.

        with Exporter("postgresql://marketing@db/shop", schema="campaigns", spool="state/spool.db") as exporter:
            exporter.record("orders", {"orderId": 7, "totalCost": "19.90", "Status": "DELIVERED"})
            exporter.deliver()
    """

    def __init__(
        self,
        target: str | Target,
        *,
        spool: Path | str | Spool | None = None,
        rejects: Path | str | None = None,
        options: Options | None = None,
        stop: threading.Event | None = None,
        say: Callable[[str], None] | None = None,
        progress: Callable[[DatasetReport], None] | None = None,
        **changes: Any,
    ) -> None:
        """`changes` are fields of Options (`schema="campaigns"`). `say` is told what a person may want to know while it
        lasts, `progress` the counts after every batch. `stop` ends waiting and delivering between two batches.
        """
        self.options = replace(options or Options(), **changes)
        self._own_spool = not isinstance(spool, Spool)
        self._spool = spool if isinstance(spool, Spool) else None
        self._spool_path = spool.path if isinstance(spool, Spool) else Path(spool or Path(".velobind") / FILE_NAME)
        self.rejects = RejectFile(rejects or self._spool_path.parent / "rejects.jsonl")
        self._stop = stop or threading.Event()
        self._say = say or (lambda text: None)
        self._progress = progress or (lambda report: None)
        self._link, self._second = (Link(target, self.options.retry, stop=self._stop, say=self._say) for _ in range(2))
        self._validators: dict[str, Validator] = {}
        self._expression_keys: dict[str, bool] = {}
        self._session_unit = uuid.uuid4().hex

    # -- recording

    @property
    def spool(self) -> Spool:
        """The spool, opened when first asked for. Raises DataError."""
        if self._spool is None:
            self._spool = Spool(self._spool_path)
        return self._spool

    def record(
        self, name: str, rows: Mapping[str, object] | Iterable[Mapping[str, object]], *, partial: bool = False
    ) -> Recorded:
        """Put one row, or many, of the dataset `name` into the spool; bad rows go to the reject file.

        What is counted as accepted is on the disk when this returns; many rows go in by pieces of 10,000, each whole
        or not at all. A list of order items is taken as all the items of their orders; order items that are recorded
        one by one belong together until `deliver`. A row is the whole row, and what it leaves out is null; in `partial`
        rows null leaves what the table holds. Raises DataError where there is no such dataset, or where the disk takes
        no more.
        """
        given: Iterable[Mapping[str, object]]
        if isinstance(rows, Mapping):
            given, unit = [rows], self._session_unit
        else:
            given, unit = rows, uuid.uuid4().hex
        validator = self._validator(dataset(name))
        warned = validator.warnings.total
        accepted = rejected = 0
        source = iter(given)
        while piece := list(islice(source, _RECORDED_AT_ONCE)):
            bodies: list[bytes] = []
            refused: list[Reject] = []
            for row in piece:
                try:
                    bodies.append(_body(validator, row))
                except BadRow as bad:
                    refused.append(reject(name, bad.row, bad.problems, "recorded"))
            self.rejects.add(refused)
            with self.spool.transaction():
                accepted += self.spool.append(name, bodies, unit, partial=partial)
                if refused:
                    self.spool.rejected(name, len(refused))
            rejected += len(refused)
        return Recorded(accepted, rejected, validator.warnings.total - warned)

    def _validator(self, wanted: Dataset) -> Validator:
        if wanted.name not in self._validators:
            self._validators[wanted.name] = Validator(wanted, strict=self.options.strict)
        return self._validators[wanted.name]

    # -- tables

    def plan(self, names: Sequence[str] = ()) -> Plan:
        """What is still to be made for those datasets (all by default), and which rights are missing."""
        wanted = _named(names)

        def work(conn: Connection) -> Plan:
            with conn.transaction():
                return plan(conn, self.options.schema, wanted, views=self.options.views)

        return self._link.run(work)

    def prepare(self, names: Sequence[str] = ()) -> Plan:
        """Make what is missing, in one transaction, and return what that was. Raises DatabaseError, naming a right."""
        wanted = _named(names)
        schema = self.options.schema

        def work(conn: Connection) -> Plan:
            with conn.transaction():
                todo = plan(conn, schema, wanted, views=self.options.views)
                if todo.rights:
                    raise DatabaseError(
                        f"the role may not do all that the export to {schema} needs", hint=" ; ".join(todo.rights)
                    )
                if todo.statements:
                    merge.lock(conn, schema, self.options.lock_seconds, self._say)
                    # Another exporter may have made some of it while we waited.
                    todo = plan(conn, schema, wanted, views=self.options.views)
                    for statement in todo.statements:
                        conn.execute(statement)
                return todo

        done = self._link.run(work)
        for each in wanted:
            self._expression_keys[each.name] = each.name in done.expression_keys
        return done

    def _destination(self, name: str, source: str) -> Destination:
        if name not in self._expression_keys:
            self.prepare([name])
        return Destination(self.options.schema, source, self._expression_keys[name], self.options.lock_seconds)

    # -- delivering

    def deliver(self, names: Sequence[str] = ()) -> Report:
        """Send what waits in the spool, dataset by dataset (all by default), and take it out of the waiting.

        A dataset that cannot be delivered keeps its rows; its error is in the report and in the spool. Raises DataError
        where the spool itself fails.
        """
        report = Report()
        for each in _named(names):
            if self._stop.is_set():
                break
            counts = report.of(each.name)
            try:
                if self.spool.waiting(each.name, self.options.name).rows:
                    self._deliver(each, counts)
                else:
                    self.spool.succeeded(self.options.name, each.name)
                if self.options.trim:
                    others = (*self.options.sharers, *self.spool.exports(each.name))
                    self.spool.trim(each.name, [self.options.name, *others])
            except Stopped:
                break
            except DatabaseError as error:
                counts.error = str(error)
                self.spool.failed(self.options.name, each.name, error.message)
                self._say(f"{each.name}: {error.message}")
        self._session_unit = uuid.uuid4().hex
        self._second.close()  # until the next interval
        return report

    def _deliver(self, wanted: Dataset, counts: DatasetReport) -> None:
        spool, name = self.spool, self.options.name
        source = f"{spool.identity}/{name}"
        destination = self._destination(wanted.name, source)
        validator = Validator(wanted, strict=False)  # strictness was the recorder's to ask for
        units = spool.units(name)
        builder = Builder(validator, units, size=self.options.batch_rows)

        def pieces() -> Iterator[Piece]:
            position = spool.progress(name, wanted.name).position
            while not self._stop.is_set():
                rows = spool.rows(wanted.name, position, self.options.batch_rows)
                if not rows:
                    return
                # A batch holds rows of one kind.
                builder.partial = bool(rows[0].partial)
                rows = list(takewhile(lambda row: row.partial == rows[0].partial, rows))  # noqa: B023
                refused = gather(
                    builder,
                    validator,
                    [row.body for row in rows],
                    [row.unit for row in rows],
                    place=lambda index: f"spool row {rows[index].number}",  # noqa: B023
                )
                position = rows[-1].number
                yield Piece(builder.take(position), refused, len(rows))

        def landed(piece: Piece, written: Written) -> None:
            spool.advance(
                name,
                wanted.name,
                piece.batch.position,
                rows=piece.batch.rows - written.refused,
                rejected=len(piece.refused) + written.refused,
                units=units,
                unit_of=piece.batch.units,
            )
            self._count(counts, piece, written)

        send(pieces(), self._writer(destination, "spool"), landed, self._second.opens)

    # -- loading

    def load(
        self, name: str, rows: Iterable[object] | Path, *, source: str = "rows", partial: bool = False
    ) -> DatasetReport:
        """Write rows straight to the database, batch by batch; bad rows go to the reject file.

        `rows` is a file (JSON lines, CSV, Parquet, by its name) or the rows themselves: mappings, JSON text as bytes,
        or a BadRow that says why one could not be read. All the rows are one unit: the order items among them are all
        the items of their orders. Loading the same rows again changes nothing, so a load that broke off is repeated
        whole. `partial` is as for `record`. Raises DatabaseError, and DataError for a file that cannot be read.
        """
        wanted = dataset(name)
        if isinstance(rows, Path | str):
            source, rows = Path(rows).name, loading.rows(wanted, rows)
        validator = Validator(wanted, strict=self.options.strict)
        counts = DatasetReport(name, warnings=validator.warnings)
        destination = self._destination(name, f"load/{uuid.uuid4().hex}")
        units = Units()
        size = min(_FIRST_BATCH, self.options.batch_rows)
        builder = Builder(validator, units, size=size, partial=partial, once=True)

        def pieces() -> Iterator[Piece]:
            refused: list[Reject] = []
            given = iter(rows)
            number = taken = 0
            while some := list(islice(given, min(AT_ONCE, builder.room))):
                refused += gather(
                    builder,
                    validator,
                    some,
                    place=lambda index: f"{source} row {number + index + 1}",  # noqa: B023
                )
                number += len(some)
                if not builder.room or len(refused) >= _REJECTS_AT_ONCE:
                    yield Piece(builder.take(number), refused, number - taken)
                    refused, taken = [], number
                    builder.size = min(2 * builder.size, self.options.batch_rows)
                    if self._stop.is_set():
                        raise Stopped(f"stopped after row {number}; load the whole again, it changes nothing twice")
            if number > taken:
                yield Piece(builder.take(number), refused, number - taken)

        def landed(piece: Piece, written: Written) -> None:
            units.done(piece.batch.units)
            self._count(counts, piece, written)

        with closing(units), closing(self._second):
            send(pieces(), self._writer(destination, source), landed, self._second.opens)
        self._forget(destination)
        return counts

    def _forget(self, destination: Destination) -> None:
        """A finished load needs no books: no later batch can be mistaken for one of its own."""

        def work(conn: Connection) -> None:
            with conn.transaction():
                merge.forget(conn, destination)

        self._link.run(work)

    def _writer(self, destination: Destination, source: str) -> Write:
        """Writes a piece: first its rejects, then its rows."""

        def refuse(dataset_name: str, rows: list[merge.Refused]) -> None:
            self.rejects.add(reject(dataset_name, row, [("", why)], source) for row, why in rows)

        def write(piece: Piece, lane: int, turn: Turn) -> Written:
            batch = piece.batch
            self.rejects.add(piece.refused)
            if not batch.rows:
                turn.wait()
                return Written()
            refused = partial(refuse, batch.dataset.name)
            return (self._second if lane else self._link).run(
                lambda conn: merge.write(conn, destination, batch, refuse=refused, turn=turn, waiting=self._say)
            )

        return write

    def _count(self, counts: DatasetReport, piece: Piece, written: Written) -> None:
        counts.read += piece.read
        counts.written += written.written
        counts.unchanged += written.unchanged
        counts.removed += written.removed
        counts.duplicates += piece.batch.duplicates
        counts.rejected += len(piece.refused) + written.refused
        self._progress(counts)

    # -- looking

    def status(self, names: Sequence[str] = ()) -> list[Status]:
        """How each dataset stands, by the spool alone: no database is asked."""
        spool, export = self.spool, self.options.name
        found = []
        for each in _named(names):
            done = spool.progress(export, each.name)
            waiting = spool.waiting(each.name, export)
            early = spool.progress("", each.name).rejected
            found.append(
                Status(
                    each.name,
                    done.succeeded,
                    done.rows,
                    waiting.rows,
                    waiting.oldest,
                    done.rejected + early,
                    done.failed,
                    done.error,
                )
            )
        return found

    def close(self) -> None:
        """Close the connections and the spool. What was recorded stays in the spool."""
        self._link.close()
        self._second.close()
        if self._spool is not None and self._own_spool:
            self._spool.close()
            self._spool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _body(validator: Validator, raw: Mapping[str, object]) -> bytes:
    """The JSON of a row for the spool, which holds nothing that PostgreSQL could not store. Raises BadRow."""
    row = validator.check(raw)
    try:
        body = _encode(row)
        if b"\\u0000" not in body:
            return body
    except UnicodeEncodeError:
        pass
    return _encode(validator.clean(row))


def _named(names: Sequence[str]) -> list[Dataset]:
    """The datasets of those names, each once; all nine for none. Raises DataError."""
    if isinstance(names, str):
        raise DataError("a list of dataset names is wanted", hint=f'write ["{names}"]')
    return [dataset(name) for name in dict.fromkeys(names)] or list(datasets().values())
