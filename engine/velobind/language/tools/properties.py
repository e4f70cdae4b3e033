"""Properties of values by name, as `PropertyUtils.getProperty` of Commons BeanUtils reads them for the tools."""

from __future__ import annotations

from collections.abc import Sequence

from velobind.language.limits import check_pattern
from velobind.language.values import JavaCollection, elements


class PropertyError(Exception):
    """There is no such property: the text is what Java's exception prints."""


def get_property(bean: object, name: str) -> object:
    """The property `name` of a value: `a.b` goes on into what `a` is, `a[0]` takes an item of a list.

    A map answers with its value for the name, null where it has none. Raises `PropertyError` where the value is null or
    has no such property.
    """
    for part in _parts(name):
        bean = _one(bean, part, name)
    return bean


def _list_items(bean: object) -> Sequence[object] | None:
    """The items of a list or an array, None for anything else."""
    is_list = not isinstance(bean, JavaCollection) or bean.order == "list"
    return elements(bean) if is_list else None


def _parts(name: str) -> list[str]:
    check_pattern(name, "a property's name")
    parts, depth, current = [], 0, ""
    for c in name:
        depth += (c in "([") - (c in ")]")
        if c == "." and depth <= 0:
            parts.append(current)
            current = ""
        else:
            current += c
    return [*parts, current]


def _one(bean: object, part: str, name: str) -> object:
    if bean is None:
        raise PropertyError(f"Null property value for '{part}'")
    if isinstance(bean, dict):
        if part.startswith("(") and part.endswith(")"):
            part = part[1:-1]
        elif "[" in part or "(" in part:
            raise PropertyError(f"Indexed or mapped properties are not supported on objects of type Map: {part}")
        return bean.get(part)
    if part.endswith("]") and part.startswith("["):
        items = _list_items(bean)
        if items is None:
            raise PropertyError("Unknown property '' on class")
        try:
            return items[int(part[1:-1])]
        except (ValueError, IndexError):
            raise PropertyError(part) from None
    if part == "empty" and isinstance(bean, list | str):
        return not bean
    if part == "blank" and isinstance(bean, str):
        return not bean.strip()
    raise PropertyError(f"Unknown property '{part}' on class")
