"""What every tool of a template is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar


class Tool:
    """An object that templates call, such as `$math`: only the names in `velocity_methods` are reachable.

    `velocity_methods` maps a Java method name to a function that takes the tool and the call's arguments. Such a
    function raises `faults.NoSuchMethod` where no Java overload fits and `faults.MethodFailed` where Java throws.
    """

    velocity_methods: ClassVar[Mapping[str, Callable[..., object]]] = {}
