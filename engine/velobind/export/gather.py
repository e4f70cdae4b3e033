"""Rows from outside -> a batch: many at once as long as all is well, one by one where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from velobind.export.batches import Builder
from velobind.export.rejects import Reject, reject
from velobind.export.validation import BadRow, Validator
from velobind.export.wires import give_way

AT_ONCE = 128
"""Rows that are looked at together: enough to spread what a look costs, few enough to stay in the processor's cache,
and for a thread that sends to get its turn often."""

# Fewer rows than this are not worth a second look together.
_FEW = 32


def gather(
    builder: Builder,
    validator: Validator,
    rows: Sequence[Any],
    units: Sequence[str] = (),
    *,
    place: Callable[[int], str],
) -> list[Reject]:
    """Add rows to the batch, no more than there is room for; what is returned are the rejects of those that are bad.

    Rows are mappings, JSON text as bytes, or BadRows. `units` are theirs (see Builder); `place` names the row with that
    index, for a reject.
    """
    refused: list[Reject] = []

    def add(start: int, stop: int) -> None:
        some = rows[start:stop]
        if builder.add_many(some, units[start:stop]):
            return
        if stop - start > _FEW:
            # Most of them may be good.
            middle = (start + stop) // 2
            add(start, middle)
            add(middle, stop)
            return
        for number, row in enumerate(some, start):
            try:
                if isinstance(row, BadRow):
                    raise row
                checked = validator.check_json(row) if type(row) is bytes else validator.check(row)
                builder.add(checked, units[number] if units else "")
            except BadRow as bad:
                refused.append(reject(validator.dataset.name, bad.row, bad.problems, place(number)))

    for start in range(0, len(rows), AT_ONCE):
        add(start, min(start + AT_ONCE, len(rows)))
        give_way()
    return refused
