"""A line to the database that outlives its connections: opened when needed, tried again with growing pauses."""

from __future__ import annotations

import contextlib
import queue
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from velobind.errors import DatabaseError, VelobindError
from velobind.export.connect import Target, explain, lost, open_session, reason, transient

if TYPE_CHECKING:
    from velobind.export.connect import Connection

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a failed piece of work is tried, and how long the pauses are: `first` seconds, then twice as long each.

    Only failures that may pass are tried again: a server that is away, restarts or is full, a lock that is taken.
    """

    attempts: int = 6
    first: float = 0.5
    most: float = 30.0

    def pause(self, attempt: int) -> float:
        """Seconds to wait after the attempt of that number, from 1; a little at random, so that many do not march."""
        return float(min(self.most, self.first * 2 ** (attempt - 1)) * random.uniform(0.8, 1.2))


_PATIENCE_SECONDS = 3.0


class Stopped(VelobindError):
    """The exporter was asked to stop while it waited; nothing was lost."""


class Link:
    """Runs work on a connection, and runs it anew on a new one when that breaks."""

    def __init__(
        self,
        target: str | Target,
        retry: Retry,
        *,
        stop: threading.Event | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self._target = target
        self._retry = retry
        self._stop = stop or threading.Event()
        self._say = say or (lambda text: None)
        self._connection: Connection | None = None
        self._refused = False

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """The result of `work`, which leaves its transaction finished. It may run several times.

        Raises DatabaseError for what does not pass, or did not in all attempts, and Stopped.
        """
        import psycopg

        attempt = 1
        while True:
            try:
                if self._connection is None:
                    self._connection = open_session(self._target)
                return work(self._connection)
            except (psycopg.Error, DatabaseError) as error:
                self._tidy(error)
                said = error if isinstance(error, DatabaseError) else explain(error)
                if not transient(error) or attempt >= self._retry.attempts:
                    if said is error:
                        raise
                    raise said from error
                pause = self._retry.pause(attempt)
                cause = said.message if said is error else reason(error)
                self._say(f"{cause}; trying again in {pause:.1f} s ({attempt} of {self._retry.attempts})")
                if self._stop.wait(pause):
                    raise Stopped(f"stopped while waiting for the database ({cause})") from error
                attempt += 1
            except BaseException:
                # An interrupt in mid-transaction: the connection is of no more use.
                self.close()
                raise

    def opens(self) -> bool:
        """Whether there is a connection to be had, which is opened: a role or a server may allow no further one.

        A pooler that has none left says nothing and lets us wait for minutes; we do so for seconds, and once.
        """
        if self._connection is None and not self._refused:
            self._connection = _opened_within(_PATIENCE_SECONDS, self._target)
            self._refused = self._connection is None
        return self._connection is not None

    def _tidy(self, error: BaseException) -> None:
        conn = self._connection
        if conn is None:
            return
        if lost(error) or conn.broken:
            self.close()
            return
        try:
            conn.rollback()
        except Exception:
            self.close()

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(Exception):
                self._connection.close()
            self._connection = None


def _opened_within(seconds: float, target: str | Target) -> Connection | None:
    """A session, or None where it could not be opened in that time; one that comes later is closed."""
    found: queue.SimpleQueue[Connection | None] = queue.SimpleQueue()
    late = threading.Event()

    def work() -> None:
        conn = None
        with contextlib.suppress(DatabaseError):
            conn = open_session(target)
        if late.is_set() and conn is not None:
            conn.close()
        else:
            found.put(conn)

    # A daemon: the program need not wait for it in the end.
    threading.Thread(target=work, name="velobind-export-second", daemon=True).start()
    try:
        return found.get(timeout=seconds)
    except queue.Empty:
        late.set()
        return None
