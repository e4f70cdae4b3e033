"""How often a list or a map has changed while somebody walks it: Java's `modCount`.

Java counts the changes of structure in the collection itself. A Python list has no room for that, so the count stands
beside it, for as long as an iterator, a loop or a part of the list holds it; otherwise nothing is counted.
"""

from __future__ import annotations

import weakref

from velobind.language.faults import MethodFailed


class Mark:
    """The count of one list or map, `owner`, which it keeps alive so that its place in memory stays its own."""

    __slots__ = ("__weakref__", "changes", "owner")

    def __init__(self, owner: object) -> None:
        self.owner = owner
        self.changes = 0

    def expect(self, changes: int) -> None:
        """Raises MethodFailed where the count is another by now."""
        if self.changes != changes:
            raise MethodFailed("java.util.ConcurrentModificationException")


MARKS: dict[int, weakref.ref[Mark]] = {}
"""The counts that are held now, by the place of their owner in memory. Asked before `changed` is called in a hurry."""


def mark_of(owner: object) -> Mark:
    """The count of a list or a map, from now on if nobody held it."""
    place = id(owner)
    known = MARKS.get(place)
    mark = None if known is None else known()
    if mark is None:
        mark = Mark(owner)

        def forget(gone: weakref.ref[Mark]) -> None:
            if MARKS.get(place) is gone:
                del MARKS[place]

        MARKS[place] = weakref.ref(mark, forget)
    return mark


def changed(owner: object) -> None:
    """To be called after each change of a list's or a map's structure."""
    known = MARKS.get(id(owner))
    mark = None if known is None else known()
    if mark is not None:
        mark.changes += 1


def store(mapping: dict[object, object], held: object, value: object) -> None:
    """Sets an entry by the key that the dict holds; a new one is a change of structure."""
    count = len(mapping)
    mapping[held] = value
    if len(mapping) != count:
        changed(mapping)
