"""Turns the plain tables of a TOML file into structs, naming the key of whatever does not fit.

msgspec checks the values; the walk is ours because its errors know neither the names of a table's entries nor the
positions of a list's.
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Collection
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

from velobind.binding.settings import ConnectorSettings, Settings

S = TypeVar("S", bound=Settings)

_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "object": "a table",
    "array": "a list",
    "null": "nothing",
    "datetime": "a date and time",
    "date": "a date",
}


class Unfit(Exception):
    """A value that does not fit: the `key` as parts, the `message`, an optional `hint`."""

    def __init__(self, key: tuple[str, ...], message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.key = key
        self.message = message
        self.hint = hint


def near(name: str, known: Collection[str]) -> str | None:
    """The one of `known` that `name` was probably meant to be, or None."""
    folded = {item.casefold(): item for item in known}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(name: str, known: Collection[str]) -> str | None:
    """A hint that names the near one of `known`, or else all of them when they are few."""
    if close := near(name, known):
        return f"did you mean `{close}`?"
    if 0 < len(known) <= 12:
        return "known: " + ", ".join(f"`{item}`" for item in sorted(known))
    return None


def struct(value: object, kind: type[S], key: tuple[str, ...]) -> S:
    """The table `value` as a struct `kind`. Raises Unfit for the first key that does not fit."""
    if not isinstance(value, dict):
        raise Unfit(key, f"expected a table, found {_found(value)}")
    if kind is ConnectorSettings:
        value = _with_libpq(value)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in value:
        if name not in fields:
            raise Unfit((*key, name), f"unknown key `{name}`", did_you_mean(name, fields))
    made = {}
    for name, field in fields.items():
        if name in value:
            made[field.name] = _value(value[name], field.type, (*key, name))
        elif field.required:
            raise Unfit(key, f"the key `{name}` is missing", f"add `{name} = ...`")
    return kind(**made)


def _value(value: object, kind: Any, key: tuple[str, ...]) -> object:
    """`value` as `kind`: a struct, a list or table of structs, or what msgspec converts."""
    options = [option for option in _options(kind) if option is not types.NoneType]
    for option in options:
        arguments = get_args(option)
        inner: Any = arguments[-1] if get_origin(option) is dict else arguments[0] if arguments else None
        if _is_struct(option) and (isinstance(value, dict) or len(options) == 1):
            return struct(value, option, key)
        if get_origin(option) is tuple and _is_struct(inner):
            if not isinstance(value, list):
                raise Unfit(key, f"expected a list, found {_found(value)}")
            name = key[-1]
            return tuple(struct(item, inner, (*key[:-1], f"{name}[{n}]")) for n, item in enumerate(value))
        if get_origin(option) is dict and _is_struct(inner):
            if not isinstance(value, dict):
                raise Unfit(key, f"expected a table, found {_found(value)}")
            return {name: struct(item, inner, (*key, name)) for name, item in value.items()}
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Unfit(key, _plain(str(error))) from None


def _options(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Settings)


def _with_libpq(value: dict[str, Any]) -> dict[str, Any]:
    """A connector's table with libpq's own parameters moved to `libpq`, so that anything that libpq knows may stand."""
    own = {field.encode_name for field in msgspec.structs.fields(ConnectorSettings)}
    others = set(value) - own
    if not others:
        return value
    from psycopg import pq

    words = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    moved = {name: str(value[name]) for name in others & words if isinstance(value[name], str | int)}
    kept = {name: item for name, item in value.items() if name not in moved}
    return {**kept, "libpq": {**kept.get("libpq", {}), **moved}} if moved else kept


def _plain(message: str) -> str:
    """msgspec's words as a person's: «expected a whole number, found text»."""
    message = re.sub(r" - at `.*`$", "", message)
    typed = re.fullmatch(r"Expected `(.+?)`, got `(.+?)`", message)
    if length := re.fullmatch(r"Expected `array` of length (\d+), got (\d+)", message):
        return f"expected a list of {length[1]}, found one of {length[2]}"
    if not typed:
        return message[0].lower() + message[1:]
    wanted = " or ".join(
        _WORDS.get(word.strip(), word.strip()) for word in typed[1].split("|") if word.strip() != "null"
    )
    return f"expected {wanted}, found {_WORDS.get(typed[2], typed[2])}"


def _found(value: object) -> str:
    names = {dict: "object", list: "array", type(None): "null"}
    return _WORDS.get(names.get(type(value), type(value).__name__), type(value).__name__)
