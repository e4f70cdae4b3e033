"""`String.matches`, `split`, `replaceAll` and `replaceFirst`, with a limit on the time that a pattern may run."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from velobind.language.faults import MethodFailed
from velobind.language.limits import (
    HEAVY,
    MAX_ITEMS,
    check_count,
    check_growth,
    check_pattern,
    check_size,
    overdue,
    regex_deadline,
)
from velobind.language.methods.charsets import syntax_error
from velobind.language.methods.patterns import Translator
from velobind.language.methods.units import spread
from velobind.language.values import RegexTimeout, join_pairs

if TYPE_CHECKING:
    import regex

_PLAIN = re.compile(r"[^\\^$.|?*+()\[\]{}]+")
_PLAIN_NEW = re.compile(r"[^\\$]*")


@lru_cache(maxsize=256)
def compile_java(pattern: str) -> regex.Pattern[str]:
    """The compiled pattern; raises MethodFailed where Java refuses it."""
    import regex

    check_pattern(pattern, "a regular expression")
    try:
        return regex.compile(Translator(pattern).translate(), flags=regex.VERSION0 | regex.UNICODE)
    except (regex.error, OverflowError) as error:
        raise syntax_error(str(error), pattern, 0) from None
    except RecursionError:
        raise MethodFailed("java.lang.StackOverflowError") from None


def _finds(pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """The matches in turn, as `Matcher.find` walks: one more unit on after an empty one.

    That unit may be half of a character: the text that later matches are of (`match.string`) then has its two halves.
    """
    at = 0
    deadline, seconds = regex_deadline()
    while at <= len(text):
        match = _timed(partial(pattern.search, text, at), deadline, seconds)
        if match is None:
            return
        yield match
        at = match.end()
        if at == match.start():
            if pattern.pattern.startswith(r"\G"):
                return  # the place after the last match is behind where the next search starts
            if text[at : at + 1] > "\uffff":
                text = text[:at] + spread(text[at]) + text[at + 1 :]
            at += 1


def _timed(run: Callable[..., regex.Match[str] | None], deadline: float, seconds: float) -> regex.Match[str] | None:
    left = deadline - time.monotonic()
    try:
        if left <= 0:
            raise TimeoutError
        return run(timeout=left)
    except TimeoutError:
        overdue()  # the time of the whole rendering may have run out before the expression's own
        raise RegexTimeout(
            f"a regular expression ran longer than {seconds:g} s",
            hint="avoid nested repetitions such as (a+)+, or raise Limits.regex_seconds",
        ) from None


def matches(text: str, pattern: str) -> bool:
    """`String.matches`: the whole text."""
    compiled = compile_java(pattern)
    return _timed(partial(compiled.fullmatch, text), *regex_deadline()) is not None


def split(text: str, pattern: str, limit: int) -> list[str]:
    """`String.split`: no empty first part from an empty match; empty last parts dropped where the limit is 0."""
    if _PLAIN.fullmatch(pattern) and limit == 0:
        check_count(text.count(pattern))
        parts = text.split(pattern)
        if len(parts) == 1:
            return parts
    else:
        parts = _split(text, pattern, limit)
        if len(parts) == 1 or limit != 0:
            return parts
    while parts and parts[-1] == "":
        parts.pop()
    return parts


def _split(text: str, pattern: str, limit: int) -> list[str]:
    parts: list[str] = []
    index = 0
    for match in _finds(compile_java(pattern), text):
        if limit > 0 and len(parts) == limit - 1:
            break
        if index == 0 and match.start() == 0 and match.end() == 0:
            continue
        text = match.string
        parts.append(text[index : match.start()])
        if len(parts) > MAX_ITEMS:
            check_count(len(parts))
        index = match.end()
    if index == 0 and not parts:
        return [text]
    return [*map(join_pairs, parts), join_pairs(text[index:])]


def replace(text: str, pattern: str, new: str | None, *, every: bool) -> str:
    """`String.replaceAll` or `replaceFirst`: `$1`, `${name}` and `\\x` in the replacement.

    A replacement of null (for `replaceAll`) is only missed where something matches.
    """
    if new is None:
        if any(_finds(compile_java(pattern), text)):
            raise MethodFailed("java.lang.NullPointerException")
        return text
    if _PLAIN.fullmatch(pattern) and _PLAIN_NEW.fullmatch(new) and len(new) < 1000:
        if every and len(new) > len(pattern):
            check_size(len(text) + text.count(pattern) * (len(new) - len(pattern)), "replaceAll")
        return text.replace(pattern, new, -1 if every else 1)
    out: list[str] = []
    last = size = checked = 0
    for match in _finds(compile_java(pattern), text):
        piece = _expand(match, new)
        size += len(piece)
        if size > checked:
            check_growth(size, "replaceAll")
            checked = size + HEAVY
        text = match.string
        out += (text[last : match.start()], piece)
        last = match.end()
        if not every:
            break
    out.append(text[last:])
    check_size(size + len(text), "replaceAll")
    return join_pairs("".join(out))


def _expand(match: regex.Match[str], new: str) -> str:
    if "$" not in new and "\\" not in new:
        return new
    out: list[str] = []
    at = 0
    while at < len(new):
        char = new[at]
        at += 1
        if char == "\\":
            if at == len(new):
                raise MethodFailed("java.lang.IllegalArgumentException", "character to be escaped is missing")
            out.append(new[at])
            at += 1
        elif char == "$":
            value, at = _reference(match, new, at)
            out.append(value)
        else:
            out.append(char)
    return "".join(out)


def _reference(match: regex.Match[str], new: str, at: int) -> tuple[str, int]:
    if at == len(new):
        raise MethodFailed("java.lang.IllegalArgumentException", "Illegal group reference: group index is missing")
    if new[at] == "{":
        end = at + 1
        while end < len(new) and new[end].isascii() and new[end].isalnum():
            end += 1
        name = new[at + 1 : end]
        if not name or name[0].isdigit() or new[end : end + 1] != "}":
            raise MethodFailed("java.lang.IllegalArgumentException", "named capturing group is missing trailing '}'")
        if name not in match.re.groupindex:
            raise MethodFailed("java.lang.IllegalArgumentException", f"No group with name {{{name}}}")
        return match.group(name) or "", end + 1
    if not "0" <= new[at] <= "9":
        raise MethodFailed("java.lang.IllegalArgumentException", "Illegal group reference")
    number = int(new[at])
    at += 1
    groups = match.re.groups
    if number > groups:
        raise MethodFailed("java.lang.IndexOutOfBoundsException", f"No group {number}")
    while at < len(new) and "0" <= new[at] <= "9" and number * 10 + int(new[at]) <= groups:
        number = number * 10 + int(new[at])
        at += 1
    return match.group(number) or "", at
