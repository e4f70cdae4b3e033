"""Pieces are written in order by one thread, while the caller's thread makes the next one ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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


def send(pieces: Iterator[Piece], write: Callable[[Piece], Written], landed: Callable[[Piece, Written], None]) -> None:
    """Write each piece and tell `landed`, in the caller's thread, once it is in the database.

    At most two pieces are in memory. When making or writing one fails, the one under way is finished and told first.
    """
    with ThreadPoolExecutor(1, "velobind-export") as thread:
        under_way: tuple[Piece, Future[Written]] | None = None

        def finish() -> None:
            nonlocal under_way
            if under_way is not None:
                (piece, future), under_way = under_way, None
                landed(piece, future.result())

        try:
            for piece in pieces:
                finish()
                under_way = (piece, thread.submit(write, piece))
        finally:
            finish()
