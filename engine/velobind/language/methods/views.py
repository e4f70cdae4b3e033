"""Parts of lists and views of maps: they read and write through to what they are taken from."""

from __future__ import annotations

from collections.abc import Sequence

from velobind.language.faults import MethodFailed
from velobind.language.values import Array, JavaCollection, JavaObject, from_key, java_equals, java_hash, to_text

Map = dict[object, object]


class SubList(JavaCollection):
    """A part of a list: `$l.subList(1, 3)`. It breaks when the list behind it changes size."""

    __slots__ = ("parent", "parent_size", "start", "stop")

    def __init__(self, parent: list[object] | range | Array | SubList, start: int, stop: int) -> None:
        self.parent = parent
        self.parent_size = len(parent)
        self.start = start
        self.stop = stop

    def items(self) -> Sequence[object]:
        """The present items; raises MethodFailed where the list behind was changed."""
        if len(self.parent) != self.parent_size:
            raise MethodFailed("java.util.ConcurrentModificationException")
        parent = self.parent
        items = parent.items() if isinstance(parent, SubList) else parent.items if isinstance(parent, Array) else parent
        return items[self.start : self.stop]

    def splice(self, start: int, stop: int, new: Sequence[object]) -> None:
        """Replaces items `start` to `stop` (counted in this part) by others, also in the lists behind it."""
        self.items()
        if isinstance(self.parent, SubList):
            self.parent.splice(self.start + start, self.start + stop, new)
        elif type(self.parent) is list:
            self.parent[self.start + start : self.start + stop] = new
        elif isinstance(self.parent, Array) and len(new) == stop - start:
            self.parent.items[self.start + start : self.start + stop] = new
        else:
            raise MethodFailed("java.lang.UnsupportedOperationException")
        grown = len(new) - (stop - start)
        self.stop += grown
        self.parent_size += grown

    def root(self) -> list[object] | range | Array:
        """What all the parts are parts of."""
        return self.parent.root() if isinstance(self.parent, SubList) else self.parent

    def __len__(self) -> int:
        return self.stop - self.start


class Entry(JavaObject):
    """A `Map.Entry`: setting its value writes through to `mapping`; None there for an entry that refuses it."""

    __slots__ = ("key", "mapping", "value")

    def __init__(self, mapping: Map | None, key: object, value: object) -> None:
        self.mapping = mapping
        self.key = key
        self.value = value

    def text(self) -> str:
        return f"{to_text(self.key)}={to_text(self.value)}"

    def same(self, other: object) -> bool:
        return isinstance(other, Entry) and java_equals(self.key, other.key) and java_equals(self.value, other.value)

    def code(self) -> int:
        return java_hash(self.key) ^ java_hash(self.value)


class MapView(JavaCollection):
    """A view of a map that sees its later changes."""

    __slots__ = ("mapping",)
    order = "set"

    def __init__(self, mapping: Map) -> None:
        self.mapping = mapping

    def __len__(self) -> int:
        return len(self.mapping)

    def same(self, other: object) -> bool:
        if self.order != "set" or not isinstance(other, MapView) or other.order != "set":
            return self is other
        others = other.items()
        return len(self) == len(others) and all(any(java_equals(i, o) for o in others) for i in self.items())

    def code(self) -> int:
        return sum(map(java_hash, self.items())) if self.order == "set" else super().code()


class KeySet(MapView):
    """`$m.keySet()`."""

    __slots__ = ()

    def items(self) -> list[object]:
        return [from_key(k) for k in self.mapping]


class Values(MapView):
    """`$m.values()`."""

    __slots__ = ()
    order = "none"

    def same(self, other: object) -> bool:
        return isinstance(other, Values) and other.mapping is self.mapping

    def items(self) -> list[object]:
        return list(self.mapping.values())


class EntrySet(MapView):
    """`$m.entrySet()`."""

    __slots__ = ()

    def items(self) -> list[object]:
        return [Entry(self.mapping, from_key(k), v) for k, v in self.mapping.items()]
