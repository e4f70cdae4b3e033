"""Java's methods on the values of templates: a table a class of signatures and what runs.

`find_method` gives what compiled code calls. A module is imported when a value of its class is first met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

__all__ = ["METHODS", "find_method"]

Method = Callable[..., object]


class _Tables(Mapping[type, Mapping[str, Method]]):
    """`METHODS[type][name]`: filled a type at a time."""

    def __init__(self) -> None:
        self._known: dict[type, dict[str, Method]] = {}

    def __getitem__(self, kind: type) -> dict[str, Method]:
        table = self._known.get(kind)
        if table is None:
            from velobind.language.methods.tables import methods_of

            table = self._known[kind] = methods_of(kind)
        return table

    def __iter__(self) -> Iterator[type]:
        from velobind.language.methods.tables import CLASSES

        return iter(CLASSES)

    def __len__(self) -> int:
        return sum(1 for _ in self)


METHODS: Mapping[type, Mapping[str, Method]] = _Tables()


def find_method(kind: type, name: str) -> Method | None:
    """What runs for a method of that name on a value of exactly that type: `(receiver, *args)`; None if there is none.

    It raises NoSuchMethod where no overload fits the arguments, MethodFailed where Java throws.
    """
    try:
        return METHODS[kind].get(name)
    except KeyError:
        return None
