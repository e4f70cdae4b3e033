"""Objects that a template meets under the names `$foreach`, `$bodyContent` and those of `#define`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_size
from velobind.language.methods import METHODS
from velobind.language.tools.base import Tool
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.values import NULL_TEXT, JavaObject, string_of, to_text

Write = Callable[[str], object]

_PACKAGE = "org.apache.velocity.runtime.directive."


class ScopeInfo(Tool, JavaObject):
    """`$foreach.info`: where the loop stands."""

    java_name = _PACKAGE + "Scope$Info"

    def __init__(self, template: str, line: int, column: int, depth: int) -> None:
        self.template = template
        self.line = line
        self.column = column
        self.depth = depth

    def text(self) -> str:
        depth = f" depth:{self.depth}" if self.depth > 1 else ""
        name = f'"{self.template}"' if " " in self.template else self.template
        return f"#foreach[type:block{depth} template:{name} line:{self.line} column:{self.column}]"

    velocity_methods: ClassVar[dict[str, Callable[..., object]]] = {
        **OBJECT_METHODS,
        "getName": lambda self: "foreach",
        "getType": lambda self: "block",
        "getDepth": lambda self: self.depth,
        "getTemplate": lambda self: self.template,
        "getLine": lambda self: self.line,
        "getColumn": lambda self: self.column,
        "toString": string_of,
    }


def _of_storage(name: str) -> Callable[..., object]:
    """A map's method, done to what a template put into a scope."""
    return lambda scope, *arguments: METHODS[dict][name](scope.storage, *map(_plain, arguments))


def _plain(argument: object) -> object:
    """A scope as a map's method sees it: as a map."""
    return argument.storage if isinstance(argument, ForeachScope) else argument


_MAP_METHODS = (
    "clear containsKey containsValue entry entrySet equals forEach getOrDefault hashCode isEmpty keySet notify "
    "notifyAll of putAll putIfAbsent remove replace size values wait"
).split()


class ForeachScope(Tool, JavaObject):
    """`$foreach`: walks the items of a loop and answers for its counters. It is a map of the template's own, too."""

    java_name = _PACKAGE + "ForeachScope"

    def __init__(
        self, walked: Iterable[object], sequence: Any, before: object, line: int, column: int, template: str
    ) -> None:
        self.walked = walked
        self.sequence = sequence
        self.parent: ForeachScope | None = None
        self.replaced: object = None
        if isinstance(before, ForeachScope):
            self.parent = before
        else:
            self.replaced = before
        self.index = -1
        self.more = False
        self.line = line
        self.column = column
        self.template = template
        self.storage: dict[object, object] = {}

    def __iter__(self) -> Iterator[object]:
        for index, item in enumerate(self.walked):
            self.index = index
            self.more = index + 1 != len(self.sequence)
            yield item

    @staticmethod
    def leave(scope: object) -> object:
        """What the name holds once the loop is over; a value that the template put there stays.

        Raises MethodFailed for null, as Velocity fails on it.
        """
        if scope is None:
            raise MethodFailed("java.lang.NullPointerException", "$foreach was set to null inside of its loop")
        if not isinstance(scope, ForeachScope):
            return scope
        return scope.replaced if scope.parent is None else scope.parent

    def text(self) -> str:
        return to_text(self.storage)

    def empty(self) -> bool:
        return not self.storage

    def __bool__(self) -> bool:
        return bool(self.storage)

    def get(self, key: object) -> object:
        value = self.storage.get(key)
        if value is None and self.parent is not None and key not in self.storage:
            return self.parent.get(key)
        return value

    def put(self, key: object, value: object) -> object:
        before = self.storage.get(key)
        self.storage[key] = value
        return before

    def set(self, key: object, value: object) -> str:
        self.storage[key] = value
        return ""

    def topmost(self) -> ForeachScope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def depth(self) -> int:
        return 1 if self.parent is None else self.parent.depth() + 1

    def info(self) -> ScopeInfo:
        return ScopeInfo(self.template, self.line, self.column, self.depth())

    def get_replaced(self) -> object:
        if self.replaced is None and self.parent is not None:
            return self.parent.get_replaced()
        return self.replaced

    velocity_methods: ClassVar[dict[str, Callable[..., object]]] = {
        "getClass": OBJECT_METHODS["getClass"],
        "getIndex": lambda self: self.index,
        "getCount": lambda self: self.index + 1,
        "hasNext": lambda self: self.more,
        "getHasNext": lambda self: self.more,
        "isFirst": lambda self: self.index < 1,
        "getFirst": lambda self: self.index < 1,
        "isLast": lambda self: not self.more,
        "getLast": lambda self: not self.more,
        "getParent": lambda self: self.parent,
        "getTopmost": topmost,
        "getReplaced": get_replaced,
        "getInfo": info,
        "get": get,
        "put": put,
        "set": set,
        **{name: _of_storage(name) for name in _MAP_METHODS},
        "toString": string_of,
    }


class Block(Tool, JavaObject):
    """The body of a `#define`, or the one given to a macro: rendered anew wherever its reference stands.

    Inside of itself it goes `limit` deep; beyond, the reference prints its source.
    """

    java_name = _PACKAGE + "Block$Reference"

    def __init__(self, body: Callable[[Write], None], limit: int) -> None:
        self.body = body
        self.limit = limit
        self.depth = 0

    def render(self, write: Write) -> bool:
        """Write the block; False where it is too deep inside of itself."""
        if self.depth >= self.limit:
            return False
        self.depth += 1
        try:
            self.body(write)
        finally:
            self.depth -= 1
        return True

    def text(self) -> str:
        pieces: list[str] = []
        if not self.render(pieces.append):
            return NULL_TEXT
        check_size(sum(map(len, pieces)), "a block")
        return "".join(pieces)

    velocity_methods: ClassVar[dict[str, Callable[..., object]]] = {
        **OBJECT_METHODS,
        "getAsBoolean": lambda self: self.depth <= self.limit,
        "toString": string_of,
    }
