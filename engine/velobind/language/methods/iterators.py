"""Java's iterators, as templates use them by hand: `hasNext`, `next`, and those of lists in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from velobind.language.faults import MethodFailed
from velobind.language.methods.objects import OBJECT, null_function
from velobind.language.methods.overloads import Method
from velobind.language.values import JavaObject, elements


class ListIterator(JavaObject):
    """A walk over the present items of a collection, which notices when the collection changes its size."""

    __slots__ = ("at", "last", "owner", "size")

    def __init__(self, owner: object, at: int = 0) -> None:
        self.owner = owner
        self.at = at
        self.last = -1
        self.size = len(self.items())

    def items(self) -> Sequence[object]:
        return elements(self.owner) or ()

    def has_next(self) -> bool:
        return self.at != len(self.items())

    def next(self) -> object:
        items = self.items()
        if len(items) != self.size:
            raise MethodFailed("java.util.ConcurrentModificationException")
        if self.at >= len(items):
            raise MethodFailed("java.util.NoSuchElementException")
        self.last = self.at
        self.at += 1
        return items[self.last]

    def previous(self) -> object:
        items = self.items()
        if len(items) != self.size:
            raise MethodFailed("java.util.ConcurrentModificationException")
        if self.at <= 0:
            raise MethodFailed("java.util.NoSuchElementException")
        self.at -= 1
        self.last = self.at
        return items[self.last]

    def change(self, edit: Callable[[list[object], int], None]) -> str:
        """Does something to the list at the place of the last item."""
        if self.last < 0:
            raise MethodFailed("java.lang.IllegalStateException")
        if type(self.owner) is not list:
            raise MethodFailed("java.lang.UnsupportedOperationException")
        edit(self.owner, self.last)
        return ""

    def text(self) -> str:
        return f"java.util.ArrayList$Itr@{self.code():x}"


class Walker(ListIterator):
    """A plain `java.util.Iterator`: of an ArrayList, of a map's views, of an array."""

    __slots__ = ()


def walk_items(items: list[object]) -> Iterator[object]:
    """A list for `#foreach`; raises MethodFailed where the loop changed its size and items are left."""
    size = len(items)
    for at, item in enumerate(items, 1):
        yield item
        if len(items) != size:
            if at == len(items):
                return
            raise MethodFailed("java.util.ConcurrentModificationException")


def walk_values(mapping: dict[object, object]) -> Iterator[object]:
    """A map's values for `#foreach`, with the same."""
    size = len(mapping)
    for at, value in enumerate(list(mapping.values()), 1):
        yield value
        if len(mapping) != size:
            if at == size:
                return
            raise MethodFailed("java.util.ConcurrentModificationException")


def walk(iterator: ListIterator) -> Iterator[object]:
    """The rest of an iterator for `#foreach`: it stops where `hasNext` is false."""
    while iterator.has_next():
        yield iterator.next()


def _remove(iterator: ListIterator) -> str:
    def edit(items: list[object], at: int) -> None:
        del items[at]

    result = iterator.change(edit)
    iterator.at = iterator.last
    iterator.last = -1
    iterator.size = len(iterator.items())
    return result


def _set(iterator: ListIterator, value: object) -> str:
    return iterator.change(lambda items, at: items.__setitem__(at, value))


def _add(iterator: ListIterator, value: object) -> str:
    if type(iterator.owner) is not list:
        raise MethodFailed("java.lang.UnsupportedOperationException")
    iterator.owner.insert(iterator.at, value)
    iterator.at += 1
    iterator.last = -1
    iterator.size += 1
    return ""


WALKER: dict[str, Method | None] = {
    "forEachRemaining(Consumer)": null_function,
    "hasNext()": ListIterator.has_next,
    "next()": ListIterator.next,
    "remove()": _remove,
    **OBJECT,
}
ITERATOR: dict[str, Method | None] = {
    **WALKER,
    "add(E)": _add,
    "hasPrevious()": lambda i: i.at != 0,
    "nextIndex()": lambda i: i.at,
    "previous()": ListIterator.previous,
    "previousIndex()": lambda i: i.at - 1,
    "set(E)": _set,
}
