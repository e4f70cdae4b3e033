"""Column values as the text that messages get.

PostgreSQL makes the text, in the query itself: numbers in plain decimal; `date`, `timestamp` and `timestamptz` as
ISO-8601 in UTC with `Z`; booleans `true` and `false`; everything else its text. `json` and `jsonb` come as nested
values, arrays as lists. NULL is None. Years are ISO-8601's too: before the year 1 they are negative and counted from
0 (44 BC is -0043), after 9999 they carry a `+`; an infinite date is `infinity` or `-infinity`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from enum import Enum
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from psycopg.adapt import Loader
from psycopg.types.json import set_json_loads

from velobind.binding.text import moment, plain

Convert = Callable[[Any], Any]


class Kind(Enum):
    """What a column's type is to velobind, whatever PostgreSQL calls it."""

    TEXT = "text"
    NUMBER = "number"
    FLOAT = "float"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    JSON = "json"
    OTHER = "other"


_KINDS = {
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "citext"), Kind.TEXT),
    **dict.fromkeys(("int2", "int4", "int8", "numeric", "oid"), Kind.NUMBER),
    **dict.fromkeys(("float4", "float8"), Kind.FLOAT),
    **dict.fromkeys(("json", "jsonb"), Kind.JSON),
    "money": Kind.MONEY,
    "bool": Kind.BOOLEAN,
    "date": Kind.DATE,
    "timestamp": Kind.TIMESTAMP,
    "timestamptz": Kind.TIMESTAMPTZ,
}

NUMBERS = frozenset({Kind.NUMBER, Kind.FLOAT, Kind.MONEY})
TIMES = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})


def kind_of(type_name: str, category: str) -> Kind:
    """The kind of a base type by its name and category in `pg_type` (an enum is text)."""
    return _KINDS.get(type_name, Kind.TEXT if category in "SE" else Kind.OTHER)


_EXPRESSIONS = {
    Kind.TEXT: "{c}::text",
    Kind.NUMBER: "{c}::text",
    # The shortest text that reads back as the same number, out of scientific notation.
    Kind.FLOAT: "case when strpos({c}::text, 'e') > 0 then trim_scale({c}::text::numeric)::text else {c}::text end",
    Kind.MONEY: "{c}::numeric::text",
    Kind.BOOLEAN: "{c}::text",
    Kind.DATE: "case when {c} >= date '0001-01-01' and {c} < date '10000-01-01'"
    " then {c}::text || 'T00:00:00Z' {far} end",
    Kind.TIMESTAMP: "case when {c} >= timestamp '0001-01-01' and {c} < timestamp '10000-01-01'"
    " then replace({c}::text, ' ', 'T') || 'Z' {far} end",
    Kind.JSON: "{c}",
    Kind.OTHER: "{c}::text",
}
_FAR = (
    "when not isfinite({c}) then {c}::text"
    " else case when extract(year from {c}) > 0 then '+' || extract(year from {c})::int::text"
    " when extract(year from {c}) = -1 then '0000'"
    " else '-' || lpad((-1 - extract(year from {c})::int)::text, 4, '0') end"
    " || to_char({c}, '-MM-DD\"T\"HH24:MI:SS')"
    " || rtrim(rtrim(to_char({c}, '.US'), '0'), '.') || 'Z'"
)


def expression(column: sql.Composable, kind: Kind, array: bool) -> sql.Composed:
    """The SQL that gives `column` as text (an array as an array of texts, JSON as it is)."""
    if array:
        return sql.SQL("{c}::text[]").format(c=column)
    if kind is Kind.TIMESTAMPTZ:
        column = sql.SQL("({c} at time zone 'UTC')").format(c=column)
        kind = Kind.TIMESTAMP
    far = sql.SQL(_FAR).format(c=column)
    return sql.SQL(_EXPRESSIONS[kind]).format(c=column, far=far)


def converter(kind: Kind, array: bool) -> Convert | None:
    """What Python still has to do to a value of the query: elements of arrays, whose text the query leaves as it is."""
    if not array:
        return None
    element = _ELEMENTS.get(kind)
    if element is None:
        return None
    return lambda value: _each(element, value)


def _each(element: Convert, value: Any) -> Any:
    if isinstance(value, list):
        return [_each(element, item) for item in value]
    return None if value is None else element(value)


def use_text_loaders(connection: psycopg.Connection[Any]) -> None:
    """Prepare a session for queries that ask for text and JSON.

    A database in SQL_ASCII may hold any bytes as text: what is not UTF-8 in it becomes U+FFFD, so that one value does
    not stop a campaign.
    """
    set_json_loads(nested, connection)
    if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
        connection.execute("set client_encoding to sql_ascii")

        class Lenient(Loader):
            def load(self, data: bytes | bytearray | memoryview) -> str:
                return bytes(data).decode("utf-8", "replace")

        for name in ("text", "varchar", "name", "bpchar"):
            connection.adapters.register_loader(name, Lenient)


def nested(text: str | bytes) -> Any:
    """A JSON value. Half of a surrogate pair, which `json` may hold, becomes `?`, as where Java writes it.

    JSON that is nested deeper than Python can go stays text.
    """
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        return text if isinstance(text, str) else bytes(text).decode()


_ELEMENTS: dict[Kind, Convert] = {
    Kind.FLOAT: plain,
    Kind.DATE: moment,
    Kind.TIMESTAMP: moment,
    Kind.TIMESTAMPTZ: moment,
    Kind.JSON: nested,
    Kind.BOOLEAN: lambda value: {"t": "true", "f": "false"}.get(value, value),
    Kind.MONEY: lambda value: re.sub(r"[^\d.-]", "", value),
}
