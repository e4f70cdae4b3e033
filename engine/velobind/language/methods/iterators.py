"""Java's iterators, as templates use them by hand: `hasNext`, `next`, and those of lists in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from velobind.language.faults import MethodFailed
from velobind.language.methods.changes import Mark, changed, mark_of
from velobind.language.methods.classes import check_item
from velobind.language.methods.objects import OBJECT, null_function
from velobind.language.methods.overloads import Method
from velobind.language.methods.views import EntrySet, KeySet, MapView, SubList, Values
from velobind.language.values import Array, FixedList, JavaObject


class ListIterator(JavaObject):
    """A walk over the items of a list, which notices when the list is changed by another way than through it.

    `at` is the place of the next item, `last` the place of the one that was given last, -1 where there is none.
    """

    __slots__ = ("at", "expected", "last", "mark", "owner")
    one_way = False

    def __init__(self, owner: object, at: int = 0) -> None:
        self.owner = owner
        self.at = at
        self.last = -1
        self.mark: Mark | None = None
        if isinstance(owner, SubList):
            owner.check()
            self.mark = owner.mark
        elif type(owner) is list:
            self.mark = mark_of(owner)
        self.expected = 0
        self.keep_up()

    def keep_up(self) -> None:
        """Takes the changes so far for its own."""
        if self.mark is not None:
            self.expected = self.mark.changes

    def check(self) -> None:
        """Raises MethodFailed where the list was changed behind its back."""
        if self.mark is not None:
            self.mark.expect(self.expected)

    def left(self) -> int:
        """How many items are to come, by the list's present size; under zero where it shrank below what was walked."""
        return len(self.owner) - self.at  # type: ignore[arg-type]

    def has_next(self) -> bool:
        return self.left() != 0

    def has_previous(self) -> bool:
        return self.at != 0

    def next_index(self) -> int:
        return self.at

    def previous_index(self) -> int:
        return self.at - 1

    def item(self, at: int) -> object:
        owner = self.owner
        if isinstance(owner, SubList):
            return owner.at(at)
        items: Sequence[object] = owner.items if isinstance(owner, Array) else owner  # type: ignore[assignment]
        return items[at]

    def next(self) -> object:
        self.check()
        if self.left() <= 0:
            raise MethodFailed("java.util.NoSuchElementException")
        self.last = self.at
        self.at += 1
        return self.item(self.last)

    def previous(self) -> object:
        self.check()
        if self.at <= 0:
            raise MethodFailed("java.util.NoSuchElementException")
        self.at -= 1
        self.last = self.at
        return self.item(self.last)

    def splice(self, start: int, stop: int, new: list[object]) -> None:
        """Replaces items of the list."""
        owner = self.owner
        if isinstance(owner, SubList):
            owner.splice(start, stop, new)
        elif type(owner) is list:
            owner[start:stop] = new
            if len(new) != stop - start:
                changed(owner)
        elif isinstance(owner, Array) and len(new) == stop - start:
            for item in new:
                check_item(owner, item)
            owner.items[start:stop] = new
        else:
            raise MethodFailed("java.lang.UnsupportedOperationException")
        self.keep_up()

    def need_last(self) -> None:
        """Raises MethodFailed where there is no item to change."""
        if self.last < 0:
            raise MethodFailed("java.lang.IllegalStateException")
        self.check()

    def remove(self) -> str:
        self.need_last()
        self.splice(self.last, self.last + 1, [])
        self.at = self.last
        self.last = -1
        return ""

    def set(self, value: object) -> str:
        self.need_last()
        self.splice(self.last, self.last + 1, [value])
        return ""

    def add(self, value: object) -> str:
        self.check()
        self.splice(self.at, self.at, [value])
        self.at += 1
        self.last = -1
        return ""

    def class_name(self) -> str:
        owner = self.owner
        if isinstance(owner.root if isinstance(owner, SubList) else owner, FixedList | tuple):
            return "java.util.ImmutableCollections$ListItr"
        if isinstance(owner, SubList):
            return f"{owner.class_name()}$1"
        plain = "ArrayList" if type(owner) is list else "AbstractList"
        return f"java.util.{plain}${'Itr' if self.one_way else 'ListItr'}"

    def text(self) -> str:
        return f"{self.class_name()}@{self.code():x}"


class Walker(ListIterator):
    """A plain `java.util.Iterator`: of an ArrayList, of an array."""

    __slots__ = ()
    one_way = True


def _unsupported(_: object, value: object = None) -> Any:
    raise MethodFailed("java.lang.UnsupportedOperationException")


class FixedWalker(ListIterator):
    """The iterator of a list that can't change: it has the methods of both directions, and refuses those for one."""

    __slots__ = ()
    add = set = remove = previous = previous_index = has_previous = next_index = _unsupported


class StreamWalker(Walker):
    """The iterator of a stream over a list: it takes the list's size when it is first asked, and reads one ahead."""

    __slots__ = ("end", "found", "ready")

    def __init__(self, owner: Sequence[object]) -> None:
        super().__init__(owner)
        self.end = -1
        self.ready = False
        self.found: object = None

    def class_name(self) -> str:
        return "java.util.Spliterators$1Adapter"

    def left(self) -> int:
        return 1 + self.end - self.at if self.has_next() else 0

    def has_next(self) -> bool:
        if self.end < 0:
            self.end = len(self.owner)  # type: ignore[arg-type]
            self.keep_up()
        if not self.ready and self.at < self.end:
            self.check()
            self.found = self.item(self.at)
            self.at += 1
            self.ready = True
        return self.ready

    def next(self) -> object:
        if not self.has_next():
            raise MethodFailed("java.util.NoSuchElementException")
        self.ready = False
        return self.found

    remove = _unsupported


class RangeWalker(ListIterator):
    """The iterator of a range, which counts on past either end."""

    __slots__ = ()

    def __init__(self, numbers: range, at: int = 0) -> None:
        super().__init__(numbers, at)

    def class_name(self) -> str:
        return "org.apache.velocity.runtime.parser.node.ASTIntegerRange$IntegerRange$RangeIterator"

    def item(self, at: int) -> object:
        numbers: range = self.owner  # type: ignore[assignment]
        return numbers.start + at * numbers.step

    def previous_index(self) -> int:
        return self.at - 2

    def next(self) -> object:
        self.at += 1
        return self.item(self.at - 1)

    def previous(self) -> object:
        self.at -= 1
        return self.item(self.at - 1)

    add = set = remove = _unsupported


_WALKED: dict[type, str] = {KeySet: "Key", Values: "Value", EntrySet: "Entry"}


class MapWalker(Walker):
    """The iterator of a map's view: what comes next is settled one item ahead."""

    __slots__ = ("keys", "mapping", "view")

    def __init__(self, view: MapView) -> None:
        super().__init__(None)
        self.view = view
        self.mapping = view.mapping
        self.keys = list(view.mapping)
        self.mark = mark_of(view.mapping)
        self.keep_up()

    def class_name(self) -> str:
        return f"java.util.LinkedHashMap$Linked{_WALKED[type(self.view)]}Iterator"

    def left(self) -> int:
        return len(self.keys) - self.at

    def item(self, at: int) -> object:
        return self.view.of_key(self.keys[at])

    def remove(self) -> str:
        self.need_last()
        del self.mapping[self.keys[self.last]]
        changed(self.mapping)
        self.keep_up()
        self.last = -1
        return ""


def iterator_of(owner: object) -> ListIterator:
    """The iterator that `#foreach` walks a list, a map or one of its views with."""
    if isinstance(owner, dict):
        return MapWalker(Values(owner))
    if isinstance(owner, range):
        return RangeWalker(owner)
    return MapWalker(owner) if isinstance(owner, MapView) else ListIterator(owner)


def walk_list(items: list[object]) -> Iterator[object]:
    """A list for `#foreach`; raises MethodFailed where the loop changed its structure and does not end there."""
    mark = mark_of(items)
    expected, size = mark.changes, len(items)
    at = 0
    while at != len(items):
        # An object of the caller's may have changed the list, too, which nobody counts.
        if mark.changes != expected or len(items) != size:
            raise MethodFailed("java.util.ConcurrentModificationException")
        yield items[at]
        at += 1


def walk(iterator: ListIterator) -> Iterator[object]:
    """The rest of an iterator for `#foreach`: it stops where `hasNext` is false."""
    while iterator.has_next():
        yield iterator.next()


WALKER: dict[str, Method | None] = {
    "forEachRemaining(Consumer)": null_function,
    "hasNext()": lambda i: i.has_next(),
    "next()": lambda i: i.next(),
    "remove()": lambda i: i.remove(),
    **OBJECT,
}
ITERATOR: dict[str, Method | None] = {
    **WALKER,
    "add(E)": lambda i, value: i.add(value),
    "hasPrevious()": lambda i: i.has_previous(),
    "nextIndex()": lambda i: i.next_index(),
    "previous()": lambda i: i.previous(),
    "previousIndex()": lambda i: i.previous_index(),
    "set(E)": ListIterator.set,
}
