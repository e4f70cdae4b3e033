"""`$loop`: loops that know where they are, leave items out, stop early, and walk other lists beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from velobind.errors import LimitExceeded
from velobind.language.faults import MethodFailed
from velobind.language.limits import overdue, watched
from velobind.language.methods.iterators import ListIterator, walk
from velobind.language.methods.lists import copied
from velobind.language.tools.base import LiveItems, Tool, Walkable
from velobind.language.tools.configured import SAFE_METHODS
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method
from velobind.language.values import JavaObject, elements, java_equals, same_class, to_text

_NOTHING = object()
_MOST_ITEMS = 1_000_000


class _Walk(LiveItems):
    """A loop's way through a `ManagedIterator`. The iterator itself is no collection: never empty, of no length."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched

    def __iter__(self) -> Iterator[object]:
        watched = self.watched
        while watched.has_next():
            watched.walked += 1
            item = watched.next()
            # Velocity looks ahead before it runs the body, so the tool forgets a loop at its last item.
            watched.has_next()
            yield item

    def __len__(self) -> int:
        return self.watched.to_come()

    def __bool__(self) -> bool:
        return self.watched.has_next()


class Watched(Tool):
    """A `ManagedIterator`: what `$loop.watch($list)` gives to `#foreach`."""

    java_name = "org.apache.velocity.tools.generic.LoopTool$ManagedIterator"
    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, owner: LoopTool, name: str | None, items: Iterable[object]) -> None:
        self.owner = owner
        self.name = f"loop{len(owner.stack)}" if name is None else name
        self.source = copied(items if isinstance(items, list | tuple | range) else list(items))
        self.position = 0
        self.walked = 0
        self.stopped = False
        self.count = 0
        # Java holds a null item for none held, and so passes over nulls at the end of its list.
        self.held: object = None
        self.conditions: list[tuple[str, object]] = []
        self.synced: dict[str | None, Synced] | None = None

    def text(self) -> str:
        return f"ManagedIterator:{self.name}"

    def velocity_iterate(self) -> LiveItems:
        return _Walk(self)

    def to_come(self) -> int:
        """How many items a loop over this will have walked at its end."""
        if self.walked:
            return self.walked + self.has_next(False)
        count = 0
        for item in [] if self.stopped else watched(self.source[self.position :]):
            action = self._action(item)
            if action == "stop":
                break
            count += action is None
        return count + (self.held is not None)

    def has_next(self, pop: bool = True) -> bool:
        """Whether an item comes that no condition leaves out; at the end the loop leaves the tool's stack."""
        if self.stopped:
            return False
        return self.held is not None or self._hold(pop)

    def _action(self, item: object) -> str | None:
        return next((action for action, value in self.conditions if _matches(value, item)), None)

    def _hold(self, pop: bool) -> bool:
        while self.position < len(self.source):
            if not self.position & 255:
                overdue()
            self.held = self.source[self.position]
            self.position += 1
            action = self._action(self.held)
            if action is None:
                return True
            if action == "stop":
                self.stop()
                return False
        if pop:
            self.owner.pop()
            self.stop()
        return False

    def next(self) -> object:
        """The next item. Raises `MethodFailed` where there is none."""
        if self.held is None and not self._hold(True):
            raise MethodFailed("java.util.NoSuchElementException", "There are no more valid elements in this iterator")
        self.count += 1
        item, self.held = self.held, None
        for parallel in (self.synced or {}).values():
            parallel.shift()
        return item

    def stop(self) -> None:
        self.stopped = True
        self.held = None

    def first(self) -> bool:
        return self.count < 2

    def last(self) -> bool:
        return not self.has_next(False)

    def get(self, name: str | None) -> object:
        parallel = (self.synced or {}).get(name)
        return None if parallel is None else parallel.current

    def values(self) -> dict[object, object] | None:
        return None if self.synced is None else {name: each.current for name, each in self.synced.items()}


class Synced:
    """A list that is walked beside another, one item a turn; null after its end."""

    def __init__(self, items: Iterator[object]) -> None:
        self.items = items
        self.current: object = None

    def shift(self) -> None:
        self.current = next(self.items, None)


def _matches(wanted: object, item: object) -> bool:
    """Equal, or of another class with the same text."""
    if item is None:
        return False
    if java_equals(wanted, item):
        return True
    return not same_class(wanted, item) and to_text(wanted) == to_text(item)


class LoopTool(Tool):
    """`$loop`, which remembers the loops that run, the innermost last."""

    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        self.stack: list[Watched] = []
        self.last: Watched | None = None
        self.last_synced: dict[object, object] | None = None

    def for_render(self) -> LoopTool:
        return LoopTool()

    def pop(self) -> None:
        if not self.stack:
            raise MethodFailed("java.util.EmptyStackException")
        self.last_synced = self.stack.pop().values()

    def find(self, name: str | None) -> Watched | None:
        return next((each for each in self.stack if each.name == name), None)


def _iterator(value: object) -> Iterable[object] | None:
    """What can be walked: lists, arrays, the values of maps, other loops; None for anything else."""
    if isinstance(value, dict):
        return list(value.values())
    items = elements(value)
    if items is not None:
        return items
    if isinstance(value, JavaObject) and isinstance(value, Walkable):
        return value.velocity_iterate()
    return _rest(value) if isinstance(value, ListIterator) else None


def _rest(iterator: ListIterator) -> Iterator[object]:
    """What is left of an iterator; one that began past its end has no end."""
    for count, item in enumerate(walk(iterator)):
        if count >= _MOST_ITEMS:
            raise LimitExceeded(f"an iterator of more than {_MOST_ITEMS:,} items")
        yield item


def _watch(tool: LoopTool, value: object, name: object = _NOTHING) -> Watched | None:
    items = None if name is None else _iterator(value)
    if items is None:
        return None
    watched = Watched(tool, name if isinstance(name, str) else None, items)
    tool.stack.append(watched)
    tool.last = watched
    return watched


def _sync_both(tool: LoopTool, main: object, beside: object) -> Watched | None:
    watched = _watch(tool, main)
    if watched is None:
        raise MethodFailed("java.lang.NullPointerException")
    return _sync(watched, beside)


def _sync(watched: Watched, value: object, name: str | None = "synced") -> Watched | None:
    items = _iterator(value)
    if items is None:
        return None
    watched.synced = watched.synced or {}
    watched.synced[name] = Synced(iter(items))
    return watched


def _stop(tool: LoopTool, *names: str | None) -> str:
    found = tool.find(names[0]) if names else (tool.stack[-1] if tool.stack else None)
    if found is not None:
        found.stop()
    return ""


def _stop_to(tool: LoopTool, name: str | None) -> str:
    found = next((i for i in range(len(tool.stack) - 1, -1, -1) if tool.stack[i].name == name), None)
    for each in tool.stack[found:] if found is not None else []:
        each.stop()
    return ""


def _stop_all(tool: LoopTool) -> str:
    for each in tool.stack:
        each.stop()
    return ""


def _skip(tool: LoopTool, count: int, *names: str | None) -> str:
    found = tool.find(names[0]) if names else (tool.stack[-1] if tool.stack else None)
    while found is not None and count > 0 and found.has_next():
        found.next()
        count -= 1
    return ""


def _asked(ask: Any) -> Any:
    """What the last loop that was watched says, or the one of a name; null where there is none."""

    def of_last(tool: LoopTool) -> object:
        return None if tool.last is None else ask(tool.last)

    def of_named(tool: LoopTool, name: str | None) -> object:
        found = tool.find(name)
        return None if found is None else ask(found)

    return method(("", of_last), ("String", of_named))


def _index(watched: Watched) -> int | None:
    return watched.count - 1 if watched.count else None


_PREFIXES = {"last_": Watched.last, "count_": lambda w: w.count, "index_": _index, "first_": Watched.first}


def _get(tool: LoopTool, key: str | None) -> object:
    """The present item of a list walked beside, or `last_NAME`, `count_NAME`, `index_NAME`, `first_NAME`."""
    for each in reversed(tool.stack):
        if each.synced is not None and key in each.synced:
            return each.get(key)
    value = (tool.last_synced or {}).get(key)
    if value is not None:
        return value
    for prefix, ask in _PREFIXES.items():
        if key is not None and len(key) >= 6 and key.startswith(prefix):
            found = tool.find(key[len(prefix) :])
            return None if found is None else ask(found)
    return None


def _get_named(tool: LoopTool, name: str | None, synced: str | None) -> object:
    found = tool.find(name)
    return None if found is None else found.get(synced)


def _condition(action: str) -> Any:
    def add(watched: Watched, value: object) -> Watched:
        if value is None:
            message = "Condition must have something to compare to"
            raise MethodFailed("java.lang.IllegalArgumentException", message)
        watched.conditions.append((action, value))
        return watched

    return add


def _void(act: Any) -> Any:
    def run(*args: object) -> str:
        act(*args)
        return ""

    return run


def _refused(watched: Watched) -> object:
    raise MethodFailed("java.lang.UnsupportedOperationException", "remove is not currently supported")


Watched.velocity_methods = {
    **OBJECT_METHODS,
    "getName": method(("", lambda self: self.name)),
    "isFirst": method(("", Watched.first)),
    "isLast": method(("", Watched.last)),
    "getFirst": method(("", Watched.first)),
    "getLast": method(("", Watched.last)),
    "hasNext": method(("", Watched.has_next)),
    "getHasNext": method(("", lambda self: self.has_next(False))),
    "next": method(("", Watched.next)),
    "remove": method(("", _refused)),
    "stop": method(("", _void(Watched.stop)), ("Object", _condition("stop"))),
    "exclude": method(("Object", _condition("exclude"))),
    "sync": method(("Object", _sync), ("Object, String", _sync)),
    "isSyncedWith": method(("String", lambda self, name: self.synced is not None and name in self.synced)),
    "get": method(("String", Watched.get)),
    "getCount": method(("", lambda self: self.count)),
    "getIndex": method(("", lambda self: self.count - 1)),
    "getLastSyncedValues": method(("", Watched.values)),
}
LoopTool.velocity_methods = {
    **SAFE_METHODS,
    "watch": method(("Object", _watch), ("Object, String", _watch)),
    "sync": method(("Object, Object", _sync_both)),
    "stop": method(("", _stop), ("String", _stop)),
    "stopTo": method(("String", _stop_to)),
    "stopAll": method(("", _stop_all)),
    "skip": method(("int", _skip), ("int, String", _skip)),
    "isFirst": _asked(Watched.first),
    "getFirst": method(("", lambda tool: None if tool.last is None else tool.last.first())),
    "isLast": _asked(Watched.last),
    "getLast": method(("", lambda tool: None if tool.last is None else tool.last.last())),
    "getCount": _asked(lambda watched: watched.count),
    "getIndex": _asked(_index),
    "get": method(("String", _get), ("String, String", _get_named)),
    "getThis": method(("", lambda tool: tool.last)),
    "getDepth": method(("", lambda tool: len(tool.stack))),
}
