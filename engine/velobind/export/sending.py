"""Pieces go to the database in order, while the caller's thread makes the next one ready.

Two are under way at once, if there is a second connection. They get into the database in order: none commits before the
one before it has, and none at all after one that failed.
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
from velobind.export.turns import FormerFailed, Turn


@dataclass(frozen=True, slots=True)
class Piece:
    """A batch, the rejects of the rows that did not get into it, and how many rows were read for both."""

    batch: Batch
    refused: list[Reject]
    read: int


Write = Callable[[Piece, int, Turn], Written]
"""Writes a piece by the lane of that number, 0 or 1; what it does before its turn must be seen by nobody."""


def send(
    pieces: Iterator[Piece], write: Write, landed: Callable[[Piece, Written], None], second_lane: Callable[[], bool]
) -> None:
    """Write each piece and tell `landed`, in the caller's thread and in order, once it is in the database.

    `second_lane` is asked once, when a second piece comes. Three pieces are in memory at the most. When making or
    writing one fails, those under way before it are finished and told first.
    """
    lanes = 1
    turn: Turn | None = None
    under_way: deque[tuple[Piece, Future[Written]]] = deque()

    def finish() -> None:
        piece, future = under_way.popleft()
        landed(piece, future.result())

    with ThreadPoolExecutor(2, "velobind-export") as threads:
        try:
            for number, piece in enumerate(pieces):
                if number == 1 and second_lane():
                    lanes = 2
                while len(under_way) >= lanes:
                    finish()
                turn = Turn(turn)
                turn.begin(future := threads.submit(write, piece, number % lanes, turn))
                under_way.append((piece, future))
        finally:
            while under_way:
                with suppress(FormerFailed):  # the failure itself is told already
                    finish()
