"""How an exporter works: what may be chosen, with defaults that are safe."""

from __future__ import annotations

from dataclasses import dataclass, field

from velobind.export.batches import BATCH_ROWS
from velobind.export.link import Retry


@dataclass(frozen=True, slots=True)
class Options:
    """How an exporter works.

    `schema` is written to. `name` tells exports of one spool apart. `strict` refuses rows that would be repaired (text
    past its length). `views` keeps snake_case views. `lock_seconds` is how long another exporter, or another session's
    lock on a table, is waited for. What `deliver` has delivered leaves the spool, once `sharers`, the names of other
    exports of the same spool, have it too; with `trim` off it stays until `Spool.trim`.
    """

    schema: str = "public"
    name: str = "export"
    strict: bool = False
    views: bool = False
    batch_rows: int = BATCH_ROWS
    lock_seconds: float = 60.0
    sharers: tuple[str, ...] = ()
    trim: bool = True
    retry: Retry = field(default_factory=Retry)
