"""The mode `structured`: what stands inside of a block moves left by the block's own extra indentation.

Velocity does it piece by piece, with a pattern made of the first piece of a block that has an indentation; so does
this. A directive's statements must stay changeable until the directives around it are known, hence the drafts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from velobind.language import nodes


class Plain(nodes.Text, frozen=True):
    """Text of the template proper: comments and escapes keep their indentation."""


class Part:
    """A body of a directive: `prefix` is the line end right after the directive that opens it."""

    def __init__(self, prefix: str, body: list[nodes.Node | Draft], *, follows: bool = False) -> None:
        self.prefix = prefix
        self.body = body
        self.follows = follows  # `#elseif` or `#else`


class Draft:
    """A directive whose bodies may still change. `make` turns the final bodies into a node."""

    def __init__(
        self,
        prefix: str,
        parts: list[Part],
        make: Callable[[list[nodes.Body]], nodes.Node],
        *,
        block: bool,
        is_if: bool = False,
    ) -> None:
        self.prefix = prefix
        self.parts = parts
        self.make = make
        self.block = block
        self.is_if = is_if


class Mover:
    """Moves the parts of one directive, which stands behind `parent` white space."""

    def __init__(self, parent: str) -> None:
        self.parent = parent
        self.extra: str | None = None

    def parts(self, draft: Draft) -> None:
        for part in draft.parts:
            if (part.prefix and not part.follows) or (part.follows and self.extra and part.prefix):
                self.body(part.body)

    def body(self, body: list[nodes.Node | Draft]) -> None:
        for at, item in enumerate(body):
            if isinstance(item, Draft):
                if item.prefix and self.measure(item.prefix):
                    item.prefix = self.moved(item.prefix)
                    if item.block or item.is_if:
                        self.parts(item)
            elif isinstance(item, Plain) and self.measure(item.text):
                body[at] = Plain(item.start, self.moved(item.text))

    def measure(self, text: str) -> bool:
        """Whether there is anything to take away; the first text that is asked about decides."""
        if self.extra is None:
            found = re.match(rf"{self.parent}([ \t\n\v\f\r]+)", text)
            self.extra = found[1] if found else ""
            self.pattern = re.compile(f"(?:^|(?<=\n)|(?<=\r)(?!\n)){re.escape(self.parent + self.extra)}")
        return bool(self.extra)

    def moved(self, text: str) -> str:
        return self.pattern.sub(lambda _: self.parent, text)
