"""Pieces go to the database in order, while the caller's thread makes the next one ready.

From the fourth on two are under way at once, if there is a second connection: one is copied to the server while the one
before it is merged there. What a piece does to the tables it does in its turn, after the one before it has committed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from velobind.export.batches import Batch
from velobind.export.merge import Written
from velobind.export.rejects import Reject


@dataclass(frozen=True, slots=True)
class Piece:
    """A batch, the rejects of the rows that did not get into it, and how many rows were read for both."""

    batch: Batch
    refused: list[Reject]
    read: int


class FormerFailed(Exception):
    """The piece before did not get into the database, so this one must not."""


Turn = Callable[[], None]
"""Returns once the piece before is in the database. Raises FormerFailed."""

Write = Callable[[Piece, int, Turn], Written]
"""Writes a piece by the lane of that number, 0 or 1; what it does before `Turn` must be seen by nobody."""


def send(
    pieces: Iterator[Piece], write: Write, landed: Callable[[Piece, Written], None], second_lane: Callable[[], bool]
) -> None:
    """Write each piece and tell `landed`, in the caller's thread and in order, once it is in the database.

    `second_lane` is asked once, when a fourth piece comes: small exports need no second connection. Three pieces are in
    memory at the most. When making or writing one fails, those under way before it are finished and told first.
    """
    lanes = 1
    under_way: deque[tuple[Piece, Future[Written]]] = deque()

    def finish() -> None:
        piece, future = under_way.popleft()
        landed(piece, future.result())

    with ThreadPoolExecutor(2, "velobind-export") as threads:
        try:
            for number, piece in enumerate(pieces):
                # The third is in lane 0, so that the fourth, of an odd number, finds lane 1 free.
                if number == 3 and second_lane():
                    lanes = 2
                while len(under_way) >= lanes:
                    finish()
                turn = _turn(under_way[-1][1] if under_way else None)
                under_way.append((piece, threads.submit(write, piece, number % lanes, turn)))
        finally:
            while under_way:
                with suppress(FormerFailed):  # the failure itself is told already
                    finish()


def _turn(former: Future[Written] | None) -> Turn:
    def wait() -> None:
        if former is not None and former.exception() is not None:
            raise FormerFailed

    return wait
