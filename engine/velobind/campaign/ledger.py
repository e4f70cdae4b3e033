"""The ledger: which contact got which message in which run, so that a run that was killed goes on where it stopped.

It stands in the SQLite file of the export's spool, so that «sent» and the activity that will be exported are one
transaction. A delivery is `sending` from before the server is told of it until its answer is written down; after a kill
at most one is left in that state, and of that one nobody can say whether the server had accepted it.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from velobind.binding.contacts import Contact

_TABLES = (
    "CREATE TABLE IF NOT EXISTS campaign_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT NOT NULL,"
    " segment TEXT NOT NULL, day TEXT NOT NULL, destination TEXT NOT NULL, finished REAL, created REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS campaign_runs_key ON campaign_runs (message, segment, day, destination)",
    "CREATE TABLE IF NOT EXISTS campaign_deliveries (id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL,"
    " contact TEXT NOT NULL, address TEXT, state TEXT NOT NULL, reason TEXT, at REAL NOT NULL, UNIQUE (run, contact))",
    "CREATE INDEX IF NOT EXISTS campaign_deliveries_state ON campaign_deliveries (run, state)",
    "CREATE INDEX IF NOT EXISTS campaign_deliveries_contact ON campaign_deliveries (contact, state)",
    "CREATE TABLE IF NOT EXISTS campaign_numbers (kind TEXT, name TEXT, number INTEGER NOT NULL,"
    " PRIMARY KEY (kind, name)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS campaign_numbers_number ON campaign_numbers (kind, number)",
    "CREATE TABLE IF NOT EXISTS campaign_firings (segment TEXT PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS campaign_members (segment TEXT, generation INTEGER, contact TEXT,"
    " PRIMARY KEY (segment, generation, contact)) WITHOUT ROWID",
)

SENDING, SENT, FAILED, UNCERTAIN = "sending", "sent", "failed", "uncertain"


class Store(Protocol):
    """The SQLite file: the spool, or anything with transactions that join one another."""

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]: ...


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a message over a segment on a day; `resumed` when it had begun before."""

    id: int
    resumed: bool
    created: dt.datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one contact: its number in the ledger, and whom it was for."""

    id: int
    contact: str
    address: str | None


def contact_key(contact: Contact | None, fallback: str = "") -> str:
    """What tells one contact from another, by the most lasting of what it has."""
    if contact is None:
        return f"event:{fallback}"
    for kind, value in (("id", contact.id), ("external", contact.external_id), ("sms", contact.sms)):
        if kind == "sms" and contact.email:
            return f"email:{contact.email.lower()}"
        if value:
            return f"{kind}:{value}"
    return f"other:{sorted(contact.fields.items())!r}"


class Ledger:
    """The runs and deliveries of one file. All writing joins the transaction that the caller has open, if any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction() as connection:
            for statement in _TABLES:
                connection.execute(statement)

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """Everything inside is written together, or not at all."""
        return self._store.transaction()

    def start(self, message: str, segment: str, day: dt.date, destination: str, *, again: bool = False) -> Run:
        """The run of that message over that segment on that day to that destination: the last one, or a new one.

        A run that is taken up again, finished or not, reaches only the contacts that it did not reach before. `again`
        begins a new one, which reaches all.
        """
        with self.transaction() as connection:
            found = connection.execute(
                "SELECT id, created FROM campaign_runs WHERE message = ? AND segment = ? AND day = ?"
                " AND destination = ? ORDER BY id DESC LIMIT 1",
                (message, segment, day.isoformat(), destination),
            ).fetchone()
            if found is not None and not again:
                return Run(found[0], True, _moment(found[1]))
            now = time.time()
            cursor = connection.execute(
                "INSERT INTO campaign_runs (message, segment, day, destination, created) VALUES (?, ?, ?, ?, ?)",
                (message, segment, day.isoformat(), destination, now),
            )
            assert cursor.lastrowid is not None
            return Run(cursor.lastrowid, False, _moment(now))

    def finish(self, run: Run) -> None:
        with self.transaction() as connection:
            connection.execute("UPDATE campaign_runs SET finished = ? WHERE id = ?", (time.time(), run.id))

    def settled(self, run: Run, contact: str) -> bool:
        """Whether the contact is not to be sent to again in this run: it was, or it may have been."""
        with self.transaction() as connection:
            found = connection.execute(
                "SELECT 1 FROM campaign_deliveries WHERE run = ? AND contact = ? AND state <> ?",
                (run.id, contact, FAILED),
            ).fetchone()
        return found is not None

    def begin(self, run: Run, contact: str, address: str | None) -> Delivery:
        """Note that the contact's message is about to be handed over. On the disk when this returns."""
        return self._note(run, contact, address, SENDING, None)

    def fail(self, run: Run, contact: str, address: str | None, reason: str) -> Delivery:
        """Note that the contact surely did not get it; a later run tries again."""
        return self._note(run, contact, address, FAILED, reason)

    def settle(self, delivery: Delivery, state: str, reason: str | None = None) -> None:
        """Note what became of a delivery."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE campaign_deliveries SET state = ?, reason = ?, at = ? WHERE id = ?",
                (state, reason, time.time(), delivery.id),
            )

    def in_state(self, run: Run, state: str) -> list[Delivery]:
        """The deliveries of a run in that state."""
        with self.transaction() as connection:
            found = connection.execute(
                "SELECT id, contact, address FROM campaign_deliveries WHERE run = ? AND state = ? ORDER BY id",
                (run.id, state),
            ).fetchall()
        return [Delivery(*row) for row in found]

    def count(self, run: Run, state: str) -> int:
        with self.transaction() as connection:
            row = connection.execute(
                "SELECT count(*) FROM campaign_deliveries WHERE run = ? AND state = ?", (run.id, state)
            ).fetchone()
        return int(row[0])

    def sent_to(self, contact: str) -> int:
        """How many messages the contact got in all runs."""
        with self.transaction() as connection:
            row = connection.execute(
                "SELECT count(*) FROM campaign_deliveries WHERE contact = ? AND state = ?", (contact, SENT)
            ).fetchone()
        return int(row[0])

    def number(self, kind: str, name: str) -> int:
        """A lasting number for what has no id of its own. It is negative, so that it meets no id of the user's."""
        with self.transaction() as connection:
            found = connection.execute(
                "SELECT number FROM campaign_numbers WHERE kind = ? AND name = ?", (kind, name)
            ).fetchone()
            if found is not None:
                return int(found[0])
            lowest = connection.execute(
                "SELECT coalesce(min(number), 0) FROM campaign_numbers WHERE kind = ?", (kind,)
            ).fetchone()[0]
            connection.execute("INSERT INTO campaign_numbers VALUES (?, ?, ?)", (kind, name, lowest - 1))
            return int(lowest - 1)

    def _note(self, run: Run, contact: str, address: str | None, state: str, reason: str | None) -> Delivery:
        with self.transaction() as connection:
            row = connection.execute(
                "INSERT INTO campaign_deliveries (run, contact, address, state, reason, at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (run, contact) DO UPDATE SET address = excluded.address, state = excluded.state,"
                " reason = excluded.reason, at = excluded.at RETURNING id",
                (run.id, contact, address, state, reason, time.time()),
            ).fetchone()
        return Delivery(row[0], contact, address)


class Membership:
    """Who was in a segment at its last firing, and who is now: the difference is whom `event fire --new` fires for."""

    _AT_ONCE = 1000

    def __init__(self, ledger: Ledger, segment: str) -> None:
        self._ledger = ledger
        self._segment = segment
        self._waiting: list[tuple[str, int, str]] = []
        with ledger.transaction() as connection:
            found = connection.execute(
                "SELECT generation FROM campaign_firings WHERE segment = ?", (segment,)
            ).fetchone()
            self._last: int = found[0] if found else 0
            # What a firing that was killed left behind.
            connection.execute(
                "DELETE FROM campaign_members WHERE segment = ? AND generation > ?", (segment, self._last)
            )

    def came(self, contact: str) -> bool:
        """Note that the contact is in the segment now; True where it was not at the last firing."""
        self._waiting.append((self._segment, self._last + 1, contact))
        if len(self._waiting) >= self._AT_ONCE:
            self._write()
        with self._ledger.transaction() as connection:
            found = connection.execute(
                "SELECT 1 FROM campaign_members WHERE segment = ? AND generation = ? AND contact = ?",
                (self._segment, self._last, contact),
            ).fetchone()
        return found is None

    def done(self) -> None:
        """Make those who are in the segment now the last firing's. Until then, the same would be fired again."""
        with self._ledger.transaction() as connection:
            self._write()
            connection.execute(
                "INSERT INTO campaign_firings VALUES (?, ?)"
                " ON CONFLICT (segment) DO UPDATE SET generation = excluded.generation",
                (self._segment, self._last + 1),
            )
            connection.execute(
                "DELETE FROM campaign_members WHERE segment = ? AND generation <= ?", (self._segment, self._last)
            )
        self._last += 1

    def _write(self) -> None:
        with self._ledger.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO campaign_members VALUES (?, ?, ?)", self._waiting)
        self._waiting = []


def _moment(seconds: float) -> dt.datetime:
    """To the second, in UTC, as export datasets hold it."""
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).replace(tzinfo=None)
