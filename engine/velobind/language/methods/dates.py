"""Methods of `java.util.Date` on datetimes, and of `java.sql.Date` on dates. Times are read in the value's own zone."""

from __future__ import annotations

import datetime
import math

from velobind.language.faults import MethodFailed
from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method
from velobind.language.values import Long

Time = datetime.datetime


def millis(value: datetime.date) -> int:
    """`Date.getTime`: milliseconds since 1970."""
    if not isinstance(value, Time):
        value = Time(value.year, value.month, value.day, tzinfo=datetime.UTC)
    whole = value.replace(microsecond=0, tzinfo=value.tzinfo or datetime.UTC)
    return math.floor(whole.timestamp()) * 1000 + value.microsecond // 1000


def _given(value: object) -> datetime.date:
    if value is None:
        raise MethodFailed("java.lang.NullPointerException")
    if not isinstance(value, datetime.date):
        raise MethodFailed("java.lang.ClassCastException")
    return value


def _compare(left: datetime.date, right: object) -> int:
    a, b = millis(left), millis(_given(right))
    return (a > b) - (a < b)


def _offset(value: datetime.date) -> int:
    offset = value.utcoffset() if isinstance(value, Time) else None
    return -int(offset.total_seconds() // 60) if offset else 0


def _gmt(value: Time) -> str:
    moment = value.astimezone(datetime.UTC)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{moment.day} {months[moment.month - 1]} {moment.year} {moment:%H:%M:%S} GMT"


def _no_time(_: datetime.date) -> object:
    raise MethodFailed("java.lang.IllegalArgumentException")


_COMMON: dict[str, Method | None] = {
    "after(Date)": lambda d, o: millis(d) > millis(_given(o)),
    "before(Date)": lambda d, o: millis(d) < millis(_given(o)),
    "clone()": lambda d: d,
    "compareTo(Date)": _compare,
    "compareTo(Object)": _compare,
    "getDate()": lambda d: d.day,
    "getDay()": lambda d: d.isoweekday() % 7,
    "getMonth()": lambda d: d.month - 1,
    "getTime()": lambda d: Long.of(millis(d)),
    "getTimezoneOffset()": _offset,
    "getYear()": lambda d: d.year - 1900,
    **OBJECT,
}
DATE: dict[str, Method | None] = {
    **_COMMON,
    "getHours()": lambda d: d.hour,
    "getMinutes()": lambda d: d.minute,
    "getSeconds()": lambda d: d.second,
    "toGMTString()": _gmt,
}
SQL_DATE: dict[str, Method | None] = {
    **_COMMON,
    "getHours()": _no_time,
    "getMinutes()": _no_time,
    "getSeconds()": _no_time,
}
