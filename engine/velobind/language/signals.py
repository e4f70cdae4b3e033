"""How `#break` and `#stop` leave the code around them, where Python's own statements can't."""

from __future__ import annotations


class BreakSignal(Exception):
    """`#break` from inside of a string, or out of the scope it names."""

    def __init__(self, scope: object = None) -> None:
        self.scope = scope

    def land(self, scope: object) -> None:
        """End here, if this is where it is bound for: the nearest scope, or the one that was named."""
        if self.scope is not None and self.scope is not scope:
            raise self


class StopSignal(Exception):
    """`#stop`: the rendering ends, what was written stays."""
