"""Faults of a rendering -> errors with the place in the template, in words that help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from velobind.errors import LimitExceeded, TemplateError, TemplateNotFound, TemplateRuntimeError, VelobindError
from velobind.language import nodes
from velobind.language.faults import MethodFailed
from velobind.language.runtime import RenderFailure
from velobind.language.source import Source

if TYPE_CHECKING:
    from types import TracebackType

_HINTS = {
    "IndexOutOfBoundsException": "the first has index 0; ask for the size before: #if($list.size() > 1)",
    "ArrayIndexOutOfBoundsException": "the first has index 0; ask for the size before: #if($array.size() > 1)",
    "StringIndexOutOfBoundsException": "ask for the length before: #if($text.length() > 9)",
    "ConcurrentModificationException": "a loop's own list can't change inside of it: add to another list",
    "NoSuchElementException": "ask before whether there is one: hasNext(), or size()",
    "PatternSyntaxException": "behind a backslash, a character such as ( [ or + stands for itself",
    "UnsupportedOperationException": "this list or map can't change: put its items into a new one",
    "IllegalFormatConversionException": "%s takes any value, %d whole numbers, %.2f numbers with a point",
}


class TextOf:
    """A template's text, as its code's `__loader__`: Python's tracebacks then show the template's lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_source(self, name: str) -> str:
        """The whole text."""
        return self.text


class Place(NamedTuple):
    """A place in a template's text; line and column count from 1."""

    template: str
    text: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.template}:{self.line}:{self.column}"


def placed(error: Exception, name: str) -> VelobindError:
    """The error that `render` raises for a fault, with its innermost place; `name` is the template's."""
    places = places_of(error.__traceback__)
    place = places[-1] if places else None
    if isinstance(error, TemplateError):
        if error.line is None and (error.template is None or not isinstance(error, TemplateNotFound)):
            fill(error, places, name)
        elif place is not None and error.template != place.template:
            error.hint = f"{error.hint}; it is used at {place}" if error.hint else f"it is used at {place}"
        return error
    if isinstance(error, VelobindError):
        return error
    if isinstance(error, MethodFailed):
        short = error.java_class.rpartition(".")[2]
        message = f"{short}: {error.message}" if error.message else short
        reference = reference_at(place)
        made: TemplateError = TemplateRuntimeError(
            f"{reference}: {message}" if reference else message, hint=_HINTS.get(short)
        )
    elif isinstance(error, RenderFailure):
        made = TemplateRuntimeError(str(error), hint=error.hint)
    elif isinstance(error, RecursionError):
        made = LimitExceeded(
            "the template goes too deep into itself", hint="look for a macro or a #define that uses itself"
        )
    elif isinstance(error, MemoryError):
        made = LimitExceeded(
            "the template needs more memory than there is", hint="look for a text or list that doubles"
        )
    else:
        reference = reference_at(place)
        message = f"{type(error).__name__}: {error}"
        made = TemplateRuntimeError(f"{reference}: {message}" if reference else message)
    fill(made, places, name)
    return made


def fill(error: TemplateError, places: list[Place], name: str) -> None:
    """Give an error its place, and say where that text was used, if it is another's."""
    if not places:
        error.template = error.template or name
        return
    place = places[-1]
    error.template, error.line, error.column = place.template, place.line, place.column
    error.source = Source(place.template, place.text).line(place.line)
    outer = next((p for p in reversed(places) if p.template != place.template), None)
    if outer is not None:
        error.hint = f"{error.hint}; it is used at {outer}" if error.hint else f"it is used at {outer}"


def places_of(traceback: TracebackType | None) -> list[Place]:
    """The places in templates that a traceback goes through, the innermost last."""
    found = []
    while traceback is not None:
        loader = traceback.tb_frame.f_globals.get("__loader__")
        if isinstance(loader, TextOf):
            code = traceback.tb_frame.f_code
            line, _, column, _ = list(code.co_positions())[traceback.tb_lasti // 2]
            found.append(Place(code.co_filename, loader.text, line or traceback.tb_lineno, (column or 0) + 1))
        traceback = traceback.tb_next
    return found


def reference_at(place: Place | None) -> str | None:
    """The text of the reference that stands at a place, up to the step in question: `$list.get(5)`."""
    if place is None:
        return None
    line = Source(place.template, place.text).line(place.line)
    at = place.column - 1
    begin = line.rfind("$", 0, at + 1)
    if begin < 0 or not re.fullmatch(r"\$!?\{?[A-Za-z_][\w.()\[\]'\", $-]*", line[begin : at + 1]):
        return None
    end = at
    step = re.compile(r"\w*").match(line, at)
    if step is not None:
        end = step.end()
    if line[end : end + 1] in ("(", "["):
        depth = 0
        for close in range(end, len(line)):
            depth += (line[close] in "([") - (line[close] in ")]")
            if depth == 0:
                return line[begin : close + 1]
        return line[begin : at + 1]
    return line[begin:end] if end > begin + 1 else None


def deepest(body: nodes.Body) -> int:
    """The offset of the node that is nested most deeply."""
    best, at = 0, 0
    waiting = [(node, 1) for node in body]
    while waiting:
        node, depth = waiting.pop()
        if depth > best:
            best, at = depth, node.start
        waiting += [(child, depth + 1) for child in nodes.children(node)]
    return at
