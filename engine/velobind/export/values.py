"""One value from outside -> the canonical value that is stored, by the kind of its column.

Every function takes a value that is not None and returns the canonical one, or raises ValueError whose text is the
reason that a person reads in the reject file. Canonical are: int, Decimal, str, datetime
without zone or fraction; jsonb is JSON text.
"""

from __future__ import annotations

import datetime
import re
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Underflow

import msgspec

from velobind.export.datasets import EVENT_PARAMETERS_KEPT, EVENT_VALUE_LENGTH

INTEGER_RANGES = {"integer": (-(2**31), 2**31 - 1), "bigint": (-(2**63), 2**63 - 1)}
# What numeric can hold: 131072 digits before the point and 16383 after it (PostgreSQL, "Numeric Types").
_NUMERIC_WHOLE, _NUMERIC_FRACTION = 131072, 16383

# Numbers keep their digits (1.10 stays 1.10) on the way into jsonb.
_decode_json = msgspec.json.Decoder(float_hook=Decimal).decode
_encode_json = msgspec.json.Encoder(decimal_format="number").encode

_SURROGATES_AND_NUL = re.compile("[\0\ud800-\udfff]")


def type_name(value: object) -> str:
    """What a person calls the type of `value`."""
    names = {
        bool: "a boolean",
        int: "a whole number",
        float: "a number",
        Decimal: "a number",
        str: "text",
        list: "a list",
        dict: "an object",
        bytes: "bytes",
        datetime.datetime: "a timestamp",
        datetime.date: "a date",
    }
    return names.get(type(value), f"a {type(value).__name__}")


def whole(value: object, kind: str) -> int:
    """An integer in the range of `kind` (`integer` or `bigint`); text of digits and `2.0` count as one."""
    number: int | None = None
    if type(value) is int:
        number = value
    elif isinstance(value, float | Decimal):
        # A number that is not itself is NaN.
        if value == value and -(2.0**64) < value < 2.0**64 and value == int(value):
            number = int(value)
    elif isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,40}(\.0*)?\s*", value):
        number = int(value.split(".")[0])
    if number is None:
        raise ValueError(f"a whole number is wanted, got {_shown(value)}")
    low, high = INTEGER_RANGES[kind]
    if not low <= number <= high:
        raise ValueError(f"{number} is outside {kind}'s range of {low} to {high}")
    return number


def number(value: object) -> Decimal:
    """A finite Decimal that PostgreSQL's numeric can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(f"a number is wanted, got {_shown(value)}")
    try:
        result = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"a number is wanted, got {_shown(value)}") from None
    if not storable_number(result):
        raise ValueError(f"{_shown(value)} is not a number that PostgreSQL's numeric can hold")
    return result


# Complains of what is far from any amount: only then is a number's every digit looked at.
_usual = Context(prec=100, Emin=-100, Emax=100, traps=[Inexact, Overflow, Underflow, InvalidOperation]).plus


def storable_number(value: Decimal) -> bool:
    """False for NaN, infinity, and more digits than numeric has."""
    if not value.is_finite():
        return False
    try:
        _usual(value)
    except ArithmeticError:
        exponent = value.as_tuple().exponent
        return isinstance(exponent, int) and -exponent <= _NUMERIC_FRACTION and value.adjusted() < _NUMERIC_WHOLE
    return True


def timestamp(value: object) -> datetime.datetime:
    """To the second (a fraction is dropped), without a zone: in UTC where a zone is given, as it is otherwise.

    Takes ISO-8601 text (`T` or a space between, the time may be missing), datetime and date objects.
    """
    if isinstance(value, datetime.datetime):
        return plain_time(value)
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        return _from_text(value)
    raise ValueError(f"a timestamp such as 2021-10-08 11:11:02 is wanted, got {_shown(value)}")


def plain_time(moment: datetime.datetime) -> datetime.datetime:
    """`moment` to the second and, where it has a zone, in UTC; without a zone."""
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(datetime.UTC)
        except OverflowError:
            raise ValueError(f"{moment} is outside the years 1 to 9999") from None
    return moment.replace(microsecond=0, tzinfo=None)


def _from_text(value: str) -> datetime.datetime:
    if len(value) == 19 and value[10] == " " and value[4] == value[7] == "-" and value[13] == value[16] == ":":
        # The platform's own form.
        try:
            return datetime.datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"not a timestamp: {_shown(value)}") from None
    # A date, then T or a space and a time, then a zone, before which some programs put a space or which they call UTC.
    match = re.fullmatch(
        r"\s*(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?)?\s*([Zz]|UTC|[+-]\d\d(?::?\d\d)?)?\s*",
        value,
        re.ASCII,
    )
    if match is None:
        raise ValueError(f"not a timestamp: {_shown(value)}")
    day, time, zone = match.groups()
    offset = {None: "", "Z": "+00:00", "z": "+00:00", "UTC": "+00:00"}.get(zone, zone)
    try:
        return plain_time(datetime.datetime.fromisoformat(f"{day} {time or '00:00'}{offset}"))
    except ValueError:
        raise ValueError(f"not a timestamp: {_shown(value)}") from None


def clean_text(value: str) -> str:
    """`value` without the characters that PostgreSQL's text cannot hold: NUL and halves of surrogate pairs."""
    return _SURROGATES_AND_NUL.sub("", value)


def parameters(value: object) -> str:
    """The JSON text of an event's parameters: the first 50, each value cut to 300 characters.

    Takes both public forms, an object and a list of `{name, value}`, or JSON text of either, and keeps the form.
    """
    if isinstance(value, str):
        try:
            value = _decode_json(value)
        except (msgspec.MsgspecError, UnicodeEncodeError):
            raise ValueError(f"not JSON: {_shown(value)}") from None
    if isinstance(value, dict):
        kept = list(value.items())[:EVENT_PARAMETERS_KEPT]
        result: object = {_key(name): _cut(entry) for name, entry in kept}
    elif isinstance(value, list):
        result = [_cut_pair(entry) for entry in value[:EVENT_PARAMETERS_KEPT]]
    else:
        raise ValueError(f"an object or a list of name and value is wanted, got {_shown(value)}")
    return _to_json(result)


def _cut_pair(entry: object) -> object:
    if isinstance(entry, dict) and "value" in entry:
        return {_key(name): _cut(part) for name, part in entry.items()}
    return _cut(entry)


def _cut(value: object) -> object:
    """A value in at most 300 characters; a nested one that is longer becomes the beginning of its JSON text."""
    if isinstance(value, str):
        return clean_text(value)[:EVENT_VALUE_LENGTH]
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    text = _to_json(value)
    return _decode_json(text) if len(text) <= EVENT_VALUE_LENGTH else text[:EVENT_VALUE_LENGTH]


def _key(name: object) -> str:
    return clean_text(str(name))


def _to_json(value: object) -> str:
    try:
        text = _encode_json(value).decode()
    except (TypeError, ValueError, UnicodeEncodeError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    # The escape of NUL is legal JSON, but jsonb refuses it.
    return re.sub(r"(?<!\\)((?:\\\\)*)\\u0000", r"\1", text) if "\\u0000" in text else text


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    return type_name(value) if isinstance(value, list | dict | bool) or value is None else str(value)[:60]
