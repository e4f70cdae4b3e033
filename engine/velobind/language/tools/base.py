"""What every tool of a template is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar, Protocol, runtime_checkable

from velobind.language.values import JavaObject


class Tool(JavaObject):
    """An object that templates call, such as `$math`: only the names in `velocity_methods` are reachable.

    `velocity_methods` maps a Java method name to a function that takes the tool and the call's arguments. Such a
    function raises `faults.NoSuchMethod` where no Java overload fits and `faults.MethodFailed` where Java throws.
    Values that tools give back (a calendar, a comparison) are of the same make; `text` says what they print.
    """

    velocity_methods: ClassVar[Mapping[str, Callable[..., object]]] = {}
    # The Java class that this stands for, where it has another name than the Python one.
    java_name: ClassVar[str] = ""

    def text(self) -> str:
        return f"{class_name(self)}@{self.code():x}"

    def __str__(self) -> str:
        return self.text()

    def for_render(self) -> Tool:
        """The tool that one rendering uses: itself, or a new one where the tool remembers what a template did."""
        return self


def class_name(tool: Tool) -> str:
    """The full name of the tool's Java class."""
    return tool.java_name or f"org.apache.velocity.tools.generic.{type(tool).__name__}"


@runtime_checkable
class Walkable(Protocol):
    """A value of a tool's that `#foreach` can walk."""

    def velocity_iterate(self) -> Iterable[object] | None:
        """The items from here on (`LiveItems` are taken one by one), or None where there is nothing to walk."""


class LiveItems(ABC):
    """Items that a loop must take one by one, because the template may stop, skip or leave out what is to come."""

    @abstractmethod
    def __iter__(self) -> Iterator[object]: ...

    @abstractmethod
    def __len__(self) -> int:
        """How many items the loop will have walked at its end, by what is known now."""
