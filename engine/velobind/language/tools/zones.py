"""Time zones as Java has them: by id, with the names that dates print and that parsing knows.

Offsets are the zone database's; names are Java 17's, recorded in `zone_names.json` for en, uk, de, ru, fr and pl (other
locales take long names from Babel and short ones from English, as Java does where CLDR has none).
"""

from __future__ import annotations

import datetime
import json
import re
import zoneinfo
from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any, ClassVar

from velobind.language.limits import check_pattern
from velobind.language.tools.base import Tool
from velobind.language.tools.locales import Locale, babel_locale
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_DAY = 86_400_000
_MOST_DAYS = 4096
_LAST = 253_402_300_799_999 - 86_400_000
_FOUR_CENTURIES = 12_622_780_800_000
_UTC_1900 = -2_208_988_800_000
_CUSTOM = re.compile(r"GMT([+-])(\d{1,2})(?::?([0-5]\d))?\Z")


@cache
def _data() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("zone_names.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _groups() -> dict[str, list[str]]:
    """Each zone's English names (long and short, standard and summer), in the order in which Java looks for them."""
    groups = _data()["groups"]
    return {zone: groups[run[0]] for run in _data()["zones"] for zone in run[1:]}


def _in_range(millis: int) -> int:
    """An instant that Python has a date for: later ones by the calendar's turn of four hundred years earlier."""
    return (
        millis
        if millis <= _LAST
        else millis - (millis - _LAST + _FOUR_CENTURIES - 1) // _FOUR_CENTURIES * _FOUR_CENTURIES
    )


def _by_day(days: dict[int, int | None], day: int, offset_at: Callable[[int], int]) -> int | None:
    """The offset of a whole day, from the table of those known; None where it changes."""
    try:
        return days[day]
    except KeyError:
        first, last = offset_at(day * _DAY), offset_at((day + 1) * _DAY - 1)
        if len(days) >= _MOST_DAYS:
            days.clear()
        known = days[day] = first if first == last else None
        return known


class TimeZone(Tool):
    """A `java.util.TimeZone`: `id`, and how far its clocks are from UTC at an instant."""

    java_name = "sun.util.calendar.ZoneInfo"
    velocity_methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, name: str, fixed: int | None = None) -> None:
        self.id = name
        self.fixed = fixed
        self.rules = None if fixed is not None else zoneinfo.ZoneInfo(name)
        # Offsets by the day (of UTC, and of the zone's clocks), None for a day in which they change: no zone has ever
        # changed twice within a day and come back to where it was.
        self._days: dict[int, int | None] = {}
        self._local_days: dict[int, int | None] = {}

    def text(self) -> str:
        rules = "dstSavings=0,useDaylight=false,transitions=0,lastRule=null" if self.fixed is not None else ""
        return f'sun.util.calendar.ZoneInfo[id="{self.id}",offset={self.offset(0)},{rules}]'

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TimeZone) and other.id == self.id

    def same(self, other: object) -> bool:
        return self == other

    def code(self) -> int:
        return hash(self.id)

    def __hash__(self) -> int:
        return hash(self.id)

    @cached_property
    def tzinfo(self) -> datetime.tzinfo:
        """The zone for Python's datetimes, which then print the name that Java gives to the time."""
        if self.rules is not None:
            return _JavaTime(self)
        assert self.fixed is not None
        if self.id == "UTC":
            return datetime.UTC
        return datetime.timezone(datetime.timedelta(milliseconds=self.fixed), self.id)

    @cached_property
    def raw(self) -> int:
        """Milliseconds that standard time is ahead of UTC today, which Java takes for all times before 1900."""
        return min(self.offset(1_704_067_200_000), self.offset(1_719_792_000_000))

    @cached_property
    def epoch(self) -> datetime.datetime:
        """The midnight that began 1970 on the zone's clocks."""
        return datetime.datetime(1970, 1, 1, tzinfo=self.tzinfo)

    def offset(self, millis: int) -> int:
        """Milliseconds that the zone's clocks are ahead of UTC at that instant, summer time included."""
        if self.fixed is not None:
            return self.fixed
        known = _by_day(self._days, millis // _DAY, self._offset)
        return self._offset(millis) if known is None else known

    def steady_offset(self, millis: int) -> int | None:
        """The offset, None where it may have changed within a day: then a time on the clocks may stand for two."""
        if self.fixed is not None:
            return self.fixed
        day = millis // _DAY
        known = _by_day(self._days, day, self._offset)
        return known if known == _by_day(self._days, day - 1, self._offset) else None

    def _offset(self, millis: int) -> int:
        if millis < _UTC_1900:
            return self.raw
        moment = _EPOCH + datetime.timedelta(milliseconds=_in_range(millis))
        offset = moment.astimezone(self.rules).utcoffset()
        return 0 if offset is None else offset // datetime.timedelta(milliseconds=1)

    def summer_offset(self, millis: int) -> int:
        """How many milliseconds of the offset at that instant are summer time's."""
        if self.fixed is not None or millis < _UTC_1900:
            return 0
        moment = _EPOCH + datetime.timedelta(milliseconds=_in_range(millis))
        shift = moment.astimezone(self.rules).dst()
        return 0 if shift is None else shift // datetime.timedelta(milliseconds=1)

    def summer(self, millis: int) -> bool:
        """Whether summer time is kept at that instant."""
        return self.summer_offset(millis) != 0

    def offset_of_wall(self, wall: int) -> int:
        """The offset for a local time: the earlier of two where clocks go back, the standard one in a gap."""
        if self.fixed is not None:
            return self.fixed
        known = _by_day(self._local_days, wall // _DAY, self._offset_of_wall)
        return self._offset_of_wall(wall) if known is None else known

    def _offset_of_wall(self, wall: int) -> int:
        if wall - self.raw < _UTC_1900:
            return self.raw
        local = _EPOCH.replace(tzinfo=None) + datetime.timedelta(milliseconds=_in_range(wall))
        offset = local.replace(tzinfo=self.rules, fold=1 if self._repeats(local) else 0).utcoffset()
        return 0 if offset is None else offset // datetime.timedelta(milliseconds=1)

    def _repeats(self, local: datetime.datetime) -> bool:
        """A time that clocks show twice is standard time to Java: the second of the two."""
        first, second = (local.replace(tzinfo=self.rules, fold=f).utcoffset() for f in (0, 1))
        return first is not None and second is not None and first > second


class _JavaTime(datetime.tzinfo):
    """A zone's clock with Java's names of its times."""

    def __init__(self, of: TimeZone) -> None:
        assert of.rules is not None
        self.zone = of
        self.rules = of.rules

    def utcoffset(self, moment: datetime.datetime | None) -> datetime.timedelta | None:
        if moment is None:
            return None
        if moment.year < 1900:
            return datetime.timedelta(milliseconds=self.zone.raw)
        return self.rules.utcoffset(moment)

    def dst(self, moment: datetime.datetime | None) -> datetime.timedelta | None:
        return None if moment is None else self.rules.dst(moment)

    def tzname(self, moment: datetime.datetime | None) -> str:
        return zone_name(self.zone, bool(self.dst(moment)), False, Locale("en", "US"))

    def fromutc(self, moment: datetime.datetime) -> datetime.datetime:
        if moment.year < 1900:
            return moment + datetime.timedelta(milliseconds=self.zone.raw)
        return self.rules.fromutc(moment.replace(tzinfo=self.rules)).replace(tzinfo=self)


@lru_cache(maxsize=128)
def zone(name: str) -> TimeZone:
    """`TimeZone.getTimeZone`: a zone of the database, `GMT+2:00`, or GMT where the name is unknown."""
    check_pattern(name, "a time zone's name")
    if name in ("UTC", "GMT", "Z"):
        return TimeZone("UTC" if name == "UTC" else "GMT", 0)
    match = _CUSTOM.match(name)
    if match and int(match[2]) < 24:
        millis = (int(match[2]) * 60 + int(match[3] or 0)) * 60_000
        text = f"GMT{match[1]}{int(match[2]):02d}:{match[3] or '00'}" if millis else "GMT"
        return TimeZone(text, -millis if match[1] == "-" else millis)
    try:
        return TimeZone(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return TimeZone("GMT", 0)


def _offset_text(millis: int) -> str:
    minutes = abs(millis) // 60_000
    return f"GMT{'-' if millis < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


@lru_cache(maxsize=256)
def zone_name(of: TimeZone, summer: bool, long: bool, locale: Locale) -> str:
    """`TimeZone.getDisplayName`: `Eastern European Summer Time` or `EEST`."""
    index = 2 * summer + (not long)
    names = _groups().get(of.id)
    if names is None:
        return of.id if of.id.startswith("GMT") else _offset_text(of.offset(0))
    local = _data()["locales"].get(str(locale)) or _data()["locales"].get(locale.language)
    if local is not None:
        named: str = local["zones"].get(of.id, [local["names"].get(n, n) for n in names])[index]
        return named
    if locale.language == "en" or not long or names[0].startswith("GMT"):
        return names[index]
    return _babel_name(of, summer, locale) or names[index]


def _babel_name(of: TimeZone, summer: bool, locale: Locale) -> str:
    from babel.dates import get_timezone_name

    place, rules = babel_locale(locale), of.rules or of.tzinfo
    if summer:
        return str(get_timezone_name(rules, width="long", zone_variant="daylight", locale=place))
    return str(get_timezone_name(rules, width="long", zone_variant="standard", locale=place))


def match_zone(text: str, start: int, current: TimeZone, locale: Locale) -> tuple[TimeZone, int, bool] | None:
    """The zone whose name stands at `start`, the place after it, and whether the name is of summer time.

    The current zone's names come first, then all zones' in Java's order; letter case does not matter.
    """
    folded = text[start : start + 80].lower()
    local = _data()["locales"].get(str(locale)) or _data()["locales"].get(locale.language) or {"names": {}, "zones": {}}
    table = _groups()
    ordered = [(current.id, table[current.id])] if current.id in table else []
    for zone_id, names in [*ordered, *table.items()]:
        localized = local["zones"].get(zone_id) or [local["names"].get(n, n) for n in names]
        for index, name in enumerate(localized):
            if folded.startswith(name.lower()):
                same = index < 2 and localized[index].lower() == localized[index + 2].lower()
                return zone(zone_id), start + len(name), index >= 2 and not same
    return None


TimeZone.velocity_methods = {
    "getID": method(("", lambda z: z.id)),
    "getRawOffset": method(("", lambda z: z.raw)),
    "getOffset": method(("long", lambda z, millis: z.offset(millis))),
    "getDisplayName": method(("", lambda z: zone_name(z, False, True, Locale("en", "US")))),
    **OBJECT_METHODS,
}


def configured_zone(name: str) -> TimeZone:
    """The zone of a setting. Raises ValueError where the name is unknown."""
    found = zone(name)
    if found.id == "GMT" and name not in ("GMT", "Z") and not _CUSTOM.match(name):
        raise ValueError(f"time zone {name!r} is unknown")
    return found


def zone_of(moment: datetime.date) -> TimeZone:
    """The zone that a date carries; UTC where it carries none."""
    info = moment.tzinfo if isinstance(moment, datetime.datetime) else None
    if isinstance(info, _JavaTime):
        return info.zone
    return zone(str(getattr(info, "key", info or "UTC")))
