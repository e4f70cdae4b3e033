"""`%FIRSTNAME%`: the merge tags of the platform's older messages, filled from the contact's fields.

They belong to the dialect `platform`. A tag finds its field in any letter case; a field without a value is empty, and
what names no field at all stays as it is, for a percent sign may be just that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from velobind.language import nodes

_TAG = re.compile(r"%([A-Za-z_][A-Za-z0-9_]*)%")


def tagged(text: nodes.Text) -> list[nodes.Node]:
    """A text, cut at its merge tags."""
    if text.text.count("%") < 2:
        return [text]
    result: list[nodes.Node] = []
    at = 0
    for found in _TAG.finditer(text.text):
        if found.start() > at:
            result.append(nodes.Text(text.start + at, text.text[at : found.start()]))
        result.append(nodes.MergeTag(text.start + found.start(), found[1], found[0]))
        at = found.end()
    if at < len(text.text):
        result.append(nodes.Text(text.start + at, text.text[at:]))
    return result


def names_in(text: str) -> set[str]:
    """The variables that the tags of a text look at."""
    found = set(_TAG.findall(text))
    return found | {"contact"} if found else found


def field_of(contact: object, value: object, name: str) -> object:
    """The contact's field of that name in any letter case, or the variable's value; None for neither.

    A field that has no value is an empty text.
    """
    if isinstance(contact, Mapping):
        wanted = name.casefold()
        for key, field in contact.items():
            if isinstance(key, str) and key.casefold() == wanted:
                return "" if field is None else field
    return value
