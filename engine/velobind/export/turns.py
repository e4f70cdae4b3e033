"""Batches get into the database one after the other: how one of them waits for the one before, or goes beside it."""

from __future__ import annotations

import time
from concurrent.futures import Future, wait
from threading import Event
from typing import Any

_LOOK_SECONDS = 0.2


class FormerFailed(Exception):
    """The batch before did not get into the database, so this one must not."""


class NotYet(Exception):
    """What was done beside the batch before is to be undone, and done in its turn.

    Not psycopg's Rollback, which comes out of a connection that is broken.
    """


class Turn:
    """The turn of a batch comes when the one before, if there is one, is in the database."""

    def __init__(self, former: Turn | None = None) -> None:
        self._former = former
        self._future: Future[Any] | None = None
        self._settled = Event()
        self._lock: int | None = None
        self._lost = False

    def begin(self, future: Future[Any]) -> None:
        """What becomes of the batch is what becomes of that future."""
        self._future = future
        future.add_done_callback(lambda done: self._settled.set())

    def took(self, lock: int) -> None:
        """The batch has the export lock of that number, until it says that it is leaving or has lost it."""
        self._lock, self._lost = lock, False
        self._settled.set()

    def leaving(self) -> None:
        """The batch is about to commit, and its lock is not to be relied on from now on."""
        self._lock = None

    def lost(self) -> None:
        """The batch is not in, and has its lock no more: it may be written anew."""
        self._lock, self._lost = None, True

    def lock_before(self) -> int | None:
        """The number of the lock that the batch before has, once it has one; None where it is leaving or has left."""
        former = self._former
        if former is None:
            return None
        former._settled.wait()
        return former._lock

    def wait(self) -> None:
        """Return once the turn has come. Raises FormerFailed."""
        former, self._former = self._former, None  # so that no chain of them is kept
        if former is not None and former._future is not None and former._future.exception() is not None:
            raise FormerFailed

    def wait_beside(self, seconds: float) -> bool:
        """True once the turn has come, False where it has not in so many seconds.

        Raises FormerFailed, and NotYet where the batch before has lost its lock, and may wait for that of this one.
        """
        former, end = self._former, time.monotonic() + seconds
        while former is not None and former._future is not None and not former._future.done():
            if former._lost:
                raise NotYet
            if time.monotonic() > end:
                return False
            wait([former._future], min(seconds, _LOOK_SECONDS))
        self.wait()
        return True
