"""The short ways for common numbers and dates give what the general ways give, which recorded cases hold to Java."""

from __future__ import annotations

import datetime
import random
import zoneinfo
from decimal import Decimal

import pytest

from velobind.language.tools.calendar import moment
from velobind.language.tools.date_format import WRITERS, DateFormat, pattern_format
from velobind.language.tools.date_parse import parse_date
from velobind.language.tools.decimal_format import NumberFormat, decimal_format, number_format
from velobind.language.tools.decimal_short import short_reader, short_writer
from velobind.language.tools.locales import Locale
from velobind.language.tools.zones import TimeZone

LOCALES = [Locale("en", "US"), Locale("uk", "UA"), Locale("de", "DE"), Locale("fr", "FR"), Locale("sv", "SE")]
ZONES = ["Europe/Kiev", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca"]
NUMBER_PATTERNS = ["0", "#", "#,##0", "#,##0.00", "#.##", "#,##0.0#", "00", "0,000.0", "#,###", "0.000000000", "0%"]
DATE_PATTERNS = [
    "yyyy-MM-dd'T'HH:mm:ssX", "yyyy-MM-dd HH:mm:ss.SSS", "dd.MM.yyyy", "d.M.yy", "yyyyMMddHHmmss", "HH:mm dd/MM/yyyy",
    "EEEE, d MMMM yyyy", "d MMM yyyy, h:mm a", "kk:mm KK u", "LLLL yy G", "MMMM", "Z dd MM y",
    "yyyy-MM-dd'T'HH:mm:ssXXX",
]  # fmt: skip


def _numbers(choose: random.Random) -> list[int | float | Decimal]:
    whole = choose.randrange(10 ** choose.randrange(1, 20))
    halves = (choose.randrange(10**6) + 0.5) / 10 ** choose.randrange(5)
    return [
        whole, choose.uniform(0, 10), halves, round(choose.uniform(0, 10**6), choose.randrange(6)),
        choose.uniform(0, 1) * 10.0 ** choose.randrange(-6, 17), Decimal(whole).scaleb(-choose.randrange(9)),
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", NUMBER_PATTERNS)
@pytest.mark.parametrize("locale", LOCALES, ids=str)
def test_numbers_are_written_as_the_general_way_does(pattern: str, locale: Locale) -> None:
    form, choose = decimal_format(pattern, locale), random.Random(pattern)
    write = short_writer(form.pattern, form.names)
    assert write is not None
    written = 0
    for number in [0, 0.0, 0.5, 1.5, 2.5, 0.005, 0.0005, 9.995] + [n for _ in range(150) for n in _numbers(choose)]:
        text = write(number)
        written += text is not None
        assert text in (None, form._plain(number)), number
    assert written > 300


@pytest.mark.parametrize("pattern", ["0.00E0", "0.", ".00", "#,####", "0.0000000000"])
def test_rare_patterns_of_numbers_are_left_to_the_general_way(pattern: str) -> None:
    form = decimal_format(pattern, LOCALES[0])
    assert short_writer(form.pattern, form.names) is None


def test_decimals_of_many_digits_are_written_whole() -> None:
    number = Decimal("-12345678901234567890123456789012345.678")
    assert decimal_format("0.0", LOCALES[0]).format(number) == "-12345678901234567890123456789012345.7"
    number = Decimal("12345678901234567890123456789012345.678")
    assert (
        decimal_format("#,##0.000", LOCALES[0]).format(number) == "12,345,678,901,234,567,890,123,456,789,012,345.678"
    )


def _texts(choose: random.Random) -> list[str]:
    number = f"{choose.uniform(-(10**6), 10**6):,.{choose.randrange(4)}f}"
    noise = "".join(choose.choice("0123456789.,-E e\u00a0\u202f") for _ in range(choose.randrange(1, 12)))
    swapped = number.replace(",", "\u00a0").replace(".", ",")
    return [
        number,
        number.replace(",", ""),
        swapped,
        noise,
        number + choose.choice([" kg", "%", ".", ",", "E3", "..5"]),
    ]


def _read_generally(form: NumberFormat, text: str) -> object:
    return form.parse(text)[0]


@pytest.mark.parametrize("locale", LOCALES, ids=str)
@pytest.mark.parametrize("style", ["number", "integer"])
def test_numbers_are_read_as_the_general_way_does(style: str, locale: Locale) -> None:
    form, choose = number_format(style, locale), random.Random(style)
    read = short_reader(form.pattern, form.names, form.negative_prefix, form.integer_only)
    assert read is not None
    found = 0
    for text in ["-0", "0", "-0.0", "007", "1,2,3", "1.5.5"] + [t for _ in range(400) for t in _texts(choose)]:
        number = read(text)
        if number is not None:
            found += 1
            general = _read_generally(form, text)
            assert (type(number), number) == (type(general), general), text
    assert found > 400


def _written_generally(form: DateFormat, millis: int) -> str:
    m = moment(millis, form.zone, form.locale)
    return "".join(text if not count else WRITERS[text](form, m, count) for text, count in form.pieces)


@pytest.mark.parametrize("pattern", DATE_PATTERNS)
def test_dates_are_written_and_read_as_the_general_way_does(pattern: str) -> None:
    choose = random.Random(pattern)
    for locale in LOCALES:
        zone = TimeZone(choose.choice(ZONES))
        form = pattern_format(pattern, locale, zone)
        general = DateFormat(pattern, form.pieces, form.alone, locale, form.names, zone)
        # A cached property that is set beforehand: this format has no short way to read.
        general.__dict__["short_reader"] = None
        for _ in range(150):
            millis = choose.randrange(-(10**13), 10**14) if choose.random() < 0.3 else choose.randrange(3 * 10**12)
            text = form.format(millis)
            assert text == _written_generally(form, millis), millis
            at = choose.randrange(len(text) + 1)
            for read in (
                text,
                text[:at] + choose.choice("0123456789 -:TZ+.E") + text[at + 1 :],
                text[:at],
                text + "E5",
            ):
                assert parse_date(form, read) == parse_date(general, read), read


@pytest.mark.parametrize("name", ZONES)
def test_offsets_kept_by_the_day_are_those_of_the_zone(name: str) -> None:
    zone, rules, choose = TimeZone(name), zoneinfo.ZoneInfo(name), random.Random(name)
    steady = 0
    for _ in range(3000):
        millis = choose.randrange(0, 3 * 10**12)
        moment = datetime.datetime.fromtimestamp(millis // 1000, rules)
        offset = moment.utcoffset()
        assert offset is not None
        assert zone.offset(millis) == offset // datetime.timedelta(milliseconds=1)
        steady += zone.steady_offset(millis) is not None
    assert steady > 2500


@pytest.mark.parametrize("name", ZONES)
def test_every_quarter_of_an_hour_around_a_change_has_its_offset(name: str) -> None:
    zone, quarter = TimeZone(name), 900_000
    first = 1_546_300_800_000 // quarter
    for at in range(first, first + 4 * 24 * 366, 3):
        instant = datetime.datetime.fromtimestamp(at * 900, zoneinfo.ZoneInfo(name))
        offset = instant.utcoffset()
        assert offset is not None
        millis = offset // datetime.timedelta(milliseconds=1)
        assert zone.offset(at * quarter) == millis
        assert zone.offset_of_wall(at * quarter + millis) == zone._offset_of_wall(at * quarter + millis)
