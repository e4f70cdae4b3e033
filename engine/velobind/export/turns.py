"""Batches get into the database one after the other: how one of them waits for the one before."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any


class FormerFailed(Exception):
    """The batch before did not get into the database, so this one must not."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of a batch comes when the one before, if there is one, is in the database."""

    former: Future[Any] | None = None

    def wait(self, seconds: float | None = None) -> bool:
        """True once it has come, False where it has not in that many seconds. Raises FormerFailed."""
        if self.former is None:
            return True
        try:
            failed = self.former.exception(seconds) is not None
        except TimeoutError:
            return False
        if failed:
            raise FormerFailed
        return True
