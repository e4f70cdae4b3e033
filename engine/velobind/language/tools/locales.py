"""Java's locales: their names, and what they write dates and numbers with.

The data are CLDR's, as Babel holds them. Babel follows the newest CLDR, Java 17 speaks CLDR 39; where the two differ
`locale_overrides.json` says what Java 17 has (see `docs/reference/tools.md`), for the locales listed there. Patterns
are kept in the letters of `java.text.SimpleDateFormat` and `DecimalFormat`, which for these are CLDR's own.
"""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar

from velobind.language.faults import MethodFailed
from velobind.language.limits import check_pattern
from velobind.language.tools.base import Tool
from velobind.language.tools.objects import OBJECT_METHODS
from velobind.language.tools.signatures import method
from velobind.language.values import java_hash

if TYPE_CHECKING:
    import babel

STYLES = ("full", "long", "medium", "short")


@dataclass(frozen=True)
class DateNames:
    """What dates are written with. Lists of days begin with Sunday, as Java's do; `first_day` is 1 for Sunday."""

    months: tuple[str, ...]
    months_short: tuple[str, ...]
    months_alone: tuple[str, ...]
    months_alone_short: tuple[str, ...]
    days: tuple[str, ...]
    days_short: tuple[str, ...]
    ampm: tuple[str, ...]
    eras: tuple[str, ...]
    first_day: int
    min_days: int
    date: tuple[str, ...]
    time: tuple[str, ...]
    glue: tuple[str, ...]


@dataclass(frozen=True)
class NumberNames:
    """What numbers are written with, and the patterns of the four standard formats."""

    decimal: str
    grouping: str
    zero: str
    minus: str
    percent: str
    permille: str
    exponent: str
    infinity: str
    nan: str
    monetary: str
    monetary_grouping: str
    symbol: str
    code: str
    number: str
    currency: str
    percent_pattern: str
    integer: str


# A locale changes the case of ASCII's letters only.
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


class Locale(Tool):
    """A `java.util.Locale`: `uk`, `uk_UA`. Equal to another of the same language, country and variant."""

    __slots__ = ("_hash", "_text", "country", "language", "variant")
    java_name = "java.util.Locale"
    velocity_methods: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, language: str, country: str = "", variant: str = "") -> None:
        # Java 17 writes the newer codes of these languages.
        language = language.translate(_LOWER)
        language = {"iw": "he", "ji": "yi", "in": "id"}.get(language, language)
        self.language = language
        self.country = country.translate(_UPPER)
        self.variant = variant
        text = f"{language}_{self.country}" if country else language
        if variant and text:
            text += f"_{variant}" if country else f"__{variant}"
        self._text = text
        self._hash = hash(text)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Locale) and other._text == self._text)

    def same(self, other: object) -> bool:
        return self == other

    def code(self) -> int:
        language, script, country, variant = map(java_hash, (self.language, "", self.country, self.variant))
        return ((language * 31 + script) * 31 + country) * 31 + variant

    def __hash__(self) -> int:
        return self._hash

    def text(self) -> str:
        return self._text

    @property
    def tag(self) -> str:
        return "-".join(part for part in (self.language or "und", self.country, self.variant) if part)


def locale_of_text(text: str) -> Locale:
    """`LocaleUtils.toLocale`: what Velocity makes of a text where a method wants a locale.

    Raises `MethodFailed` where the text is not of the form `uk`, `uk_UA` or `uk_UA_variant` in the right case.
    """
    check_pattern(text, "a locale's name")
    parts = text.replace("-", "_").split("_")
    language, country, variant = [*parts, "", "", ""][:3]
    named = language.isascii() and language.isalpha() and language.islower() and len(language) in (2, 3)
    good = len(parts) <= 3 and (not language or named)
    if country:
        good = good and (
            (len(country) == 2 and country.isascii() and country.isupper())
            or (len(country) == 3 and country.isascii() and country.isdigit())
        )
    if not good or (text and not language and not country) or (len(parts) > 1 and not any(parts[1:])):
        raise MethodFailed("java.lang.IllegalArgumentException", f"Invalid locale format: {text}")
    return Locale(language, country, variant)


def locale_of_tool(text: str) -> Locale | None:
    """`ConversionUtils.toLocale`: any text is a language, up to three parts joined by `_`; more parts give None."""
    check_pattern(text, "a locale's name")
    parts = text.split("_")
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    if "_" in text and len(parts) not in (2, 3):
        return None
    return Locale(*parts)


@cache
def _overrides() -> dict[str, dict[str, Any]]:
    text = resources.files(__package__).joinpath("locale_overrides.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, Any]] = json.loads(text)
    return loaded


def babel_locale(locale: Locale) -> babel.Locale:
    """Babel's locale of the language and country; the language's alone, or the root, where it has none."""
    from babel import Locale as BabelLocale
    from babel import UnknownLocaleError

    attempts = [f"{locale.language}_{locale.country}"] if locale.country else []
    for name in [*attempts, locale.language, "root"]:
        try:
            return BabelLocale.parse(name, resolve_likely_subtags=True)
        except (UnknownLocaleError, ValueError):
            continue
    return BabelLocale("en")


def _with_overrides(locale: Locale, section: str, fields: dict[str, Any]) -> dict[str, Any]:
    table = _overrides()
    for name in ("root" if not _known(locale) else "", locale.language, str(locale)):
        for key, value in table.get(name, {}).get(section, {}).items():
            fields[key] = tuple(value) if isinstance(value, list) else value
    return fields


@lru_cache(maxsize=64)
def _known(locale: Locale) -> bool:
    from babel import localedata

    return bool(localedata.exists(locale.language))


def babel_date_fields(locale: Locale) -> dict[str, Any]:
    """The fields of `DateNames` as Babel has them."""
    source = babel_locale(locale)
    months, days, eras = source.months, source.days, source.eras
    weekdays = (6, 0, 1, 2, 3, 4, 5)
    periods = source.day_periods["format"]["abbreviated"]
    return {
        "months": tuple(months["format"]["wide"][m] for m in range(1, 13)),
        "months_short": tuple(months["format"]["abbreviated"][m] for m in range(1, 13)),
        "months_alone": tuple(months["stand-alone"]["wide"][m] for m in range(1, 13)),
        "months_alone_short": tuple(months["stand-alone"]["abbreviated"][m] for m in range(1, 13)),
        "days": tuple(days["format"]["wide"][d] for d in weekdays),
        "days_short": tuple(days["format"]["abbreviated"][d] for d in weekdays),
        "ampm": (periods["am"], periods["pm"]),
        "eras": (eras["abbreviated"][0], eras["abbreviated"][1]),
        # Java knows no first day of a language without a country, and begins with Sunday.
        "first_day": (source.first_week_day + 1) % 7 + 1 if locale.country else 1,
        "min_days": source.min_week_days,
        "date": tuple(str(source.date_formats[s]) for s in STYLES),
        "time": tuple(str(source.time_formats[s]) for s in STYLES),
        "glue": tuple(str(source.datetime_formats[s]) for s in STYLES),
    }


def babel_number_fields(locale: Locale) -> dict[str, Any]:
    """The fields of `NumberNames` as Babel has them; a locale without a country has no currency, `XXX`."""
    from babel.numbers import get_currency_symbol, get_territory_currencies

    source = babel_locale(locale)
    symbols = source.number_symbols.get("latn") or next(iter(source.number_symbols.values()))
    codes = get_territory_currencies(locale.country) if locale.country else []
    code = str(codes[0]) if codes else "XXX"
    number = source.decimal_formats[None].pattern
    return {
        "decimal": symbols["decimal"],
        "grouping": symbols["group"],
        "zero": "0",
        "minus": symbols["minusSign"],
        "percent": symbols["percentSign"],
        "permille": symbols["perMille"],
        "exponent": symbols["exponential"],
        "infinity": symbols["infinity"],
        "nan": symbols["nan"],
        "monetary": symbols.get("currencyDecimal", symbols["decimal"]),
        "monetary_grouping": symbols.get("currencyGroup", symbols["group"]),
        "symbol": get_currency_symbol(code, source),
        "code": code,
        "number": number,
        "currency": source.currency_formats["standard"].pattern,
        "percent_pattern": source.percent_formats[None].pattern,
        "integer": number.partition(".")[0],
    }


@lru_cache(maxsize=64)
def date_names(locale: Locale) -> DateNames:
    """What the locale writes dates with; an unknown language is the root locale's."""
    return DateNames(**_with_overrides(locale, "date", babel_date_fields(locale)))


@lru_cache(maxsize=64)
def number_names(locale: Locale) -> NumberNames:
    """What the locale writes numbers with; an unknown language is the root locale's."""
    return NumberNames(**_with_overrides(locale, "number", babel_number_fields(locale)))


def _display(locale: Locale, other: Locale | None, part: str) -> str:
    source = babel_locale(other or Locale("en", "US"))
    code = getattr(locale, part)
    names = source.languages if part == "language" else source.territories
    return str(names.get(code, code))


def _display_name(locale: Locale, other: Locale | None = None) -> str:
    language, country = _display(locale, other, "language"), _display(locale, other, "country")
    return f"{language} ({country})" if language and country else language or country


def _shown(part: str) -> Any:
    return method(
        ("", lambda locale: _display(locale, None, part)),
        ("Locale", lambda locale, other: _display(locale, other, part)),
    )


Locale.velocity_methods = {
    **OBJECT_METHODS,
    "getLanguage": method(("", lambda locale: locale.language)),
    "getCountry": method(("", lambda locale: locale.country)),
    "getVariant": method(("", lambda locale: locale.variant)),
    "getDisplayLanguage": _shown("language"),
    "getDisplayCountry": _shown("country"),
    "getDisplayName": method(("", _display_name), ("Locale", _display_name)),
    "toLanguageTag": method(("", lambda locale: locale.tag)),
}


def configured_locale(text: str) -> Locale:
    """The locale of a setting: `uk`, `uk_UA` or `uk-UA`. Raises ValueError where the text is of no such form."""
    try:
        return locale_of_text(text)
    except MethodFailed:
        raise ValueError(f"locale {text!r} is not of the form uk_UA") from None
