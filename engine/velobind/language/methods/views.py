"""Parts of lists and views of maps: they read and write through to what they are taken from."""

from __future__ import annotations

from collections.abc import Sequence

from velobind.language.faults import MethodFailed
from velobind.language.limits import watched
from velobind.language.methods.changes import changed, mark_of
from velobind.language.methods.classes import check_item
from velobind.language.values import (
    Array,
    FixedList,
    JavaCollection,
    JavaObject,
    from_key,
    java_equals,
    java_hash,
    to_text,
)

Map = dict[object, object]
Root = list[object] | range | Array


class SubList(JavaCollection):
    """A part of a list: `$l.subList(1, 3)`. It breaks when the list behind it is changed by another way than it."""

    __slots__ = ("mark", "offset", "parent", "root", "seen", "size")

    offset: int
    seen: int

    def __init__(self, parent: Root | SubList, start: int, stop: int) -> None:
        self.parent = parent if isinstance(parent, SubList) else None
        self.root: Root = parent.root if isinstance(parent, SubList) else parent
        self.offset = start + (parent.offset if isinstance(parent, SubList) else 0)
        self.size = stop - start
        self.mark = mark_of(self.root) if type(self.root) is list else None
        self.seen = parent.seen if isinstance(parent, SubList) else self.changes()

    def changes(self) -> int:
        """How often the list behind has changed until now."""
        return 0 if self.mark is None else self.mark.changes

    def check(self) -> None:
        """Raises MethodFailed where the list behind was changed."""
        if self.mark is not None:
            self.mark.expect(self.seen)

    def items(self) -> Sequence[object]:
        """The present items; raises MethodFailed where the list behind was changed."""
        self.check()
        items = self.root.items if isinstance(self.root, Array) else self.root
        return items[self.offset : self.offset + self.size]

    def at(self, index: int) -> object:
        """One item, whatever happened to the list behind."""
        items = self.root.items if isinstance(self.root, Array) else self.root
        return items[self.offset + index]

    def clear(self) -> str:
        """Takes all items out; a change also where there were none."""
        if not self and type(self.root) is list:
            changed(self.root)
            self.keep_up(0)
        self.splice(0, self.size, [])
        return ""

    def splice(self, start: int, stop: int, new: Sequence[object]) -> None:
        """Replaces items `start` to `stop` (counted in this part) by others, in the list behind it."""
        self.check()
        first, last = self.offset + start, self.offset + stop
        grown = len(new) - (stop - start)
        if type(self.root) is list:
            self.root[first:last] = new
            if grown:
                changed(self.root)
        elif isinstance(self.root, Array) and not grown:
            for item in new:
                check_item(self.root, item)
            self.root.items[first:last] = new
        else:
            raise MethodFailed("java.lang.UnsupportedOperationException")
        self.keep_up(grown)

    def keep_up(self, grown: int) -> None:
        """Takes the changes so far for its own, and for those of the parts that it is a part of."""
        part: SubList | None = self
        while part is not None:
            part.size += grown
            part.seen = self.changes()
            part = part.parent

    def __len__(self) -> int:
        return self.size

    def __bool__(self) -> bool:
        self.check()
        return self.size != 0

    def class_name(self) -> str:
        plain = "ArrayList" if type(self.root) is list else "AbstractList"
        return f"java.util.{'ImmutableCollections' if isinstance(self.root, FixedList) else plain}$SubList"


class Entry(JavaObject):
    """A `Map.Entry`: its value is the map's, and setting it writes through.

    `mapping` is None for an entry of no map, which refuses that; `held` is the key as the map's dict has it.
    """

    __slots__ = ("held", "key", "mapping", "seen")

    def __init__(self, mapping: Map | None, key: object, value: object, held: object = None) -> None:
        self.mapping = mapping
        self.key = key
        self.held = held
        self.seen = value

    @property
    def value(self) -> object:
        """The value of now; where the map has no such key any more, the last one that was seen."""
        if self.mapping is not None:
            self.seen = self.mapping.get(self.held, self.seen)
        return self.seen

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

    def of_key(self, key: object) -> object:
        """The item that stands for a key of the map's dict."""
        raise NotImplementedError

    def same(self, other: object) -> bool:
        if self.order != "set" or not isinstance(other, MapView) or other.order != "set":
            return self is other
        others = other.items()
        if len(self) != len(others):
            return False
        return all(any(java_equals(i, o) for o in watched(others)) for i in watched(self.items()))

    def code(self) -> int:
        return sum(map(java_hash, watched(self.items()))) if self.order == "set" else super().code()


class KeySet(MapView):
    """`$m.keySet()`."""

    __slots__ = ()

    def items(self) -> list[object]:
        return [from_key(k) for k in watched(list(self.mapping))]

    def of_key(self, key: object) -> object:
        return from_key(key)


class Values(MapView):
    """`$m.values()`."""

    __slots__ = ()
    order = "none"

    def same(self, other: object) -> bool:
        return isinstance(other, Values) and other.mapping is self.mapping

    def items(self) -> list[object]:
        return list(self.mapping.values())

    def of_key(self, key: object) -> object:
        return self.mapping.get(key)


class EntrySet(MapView):
    """`$m.entrySet()`."""

    __slots__ = ()

    def items(self) -> list[object]:
        return [Entry(self.mapping, from_key(k), self.mapping[k], k) for k in watched(list(self.mapping))]

    def of_key(self, key: object) -> object:
        return Entry(self.mapping, from_key(key), self.mapping.get(key), key)
