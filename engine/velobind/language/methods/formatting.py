"""`String.format`."""

from __future__ import annotations


def java_format(pattern: object, args: object) -> str:
    raise NotImplementedError
