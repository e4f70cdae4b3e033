"""The tools of Velocity Tools 3.1 that make sense in a message: `$math`, `$number`, `$date`, `$esc`, `$display`, ..."""

from __future__ import annotations

from velobind.language.tools.base import Tool

__all__ = ["Tool", "generic_tools"]


def generic_tools(locale: str = "en_US", timezone: str = "UTC") -> dict[str, Tool]:
    """The tools by the names that templates know them by, for a locale (`uk_UA`) and a time zone (`Europe/Kyiv`).

    Raises ValueError where the locale is not of the form `language`, `language_COUNTRY` or
    `language_COUNTRY_variant`, or the time zone is unknown.
    """
    from velobind.language.tools.collection import CollectionTool, SortTool
    from velobind.language.tools.convert import ConversionTool
    from velobind.language.tools.date import DateTool
    from velobind.language.tools.display import DisplayTool
    from velobind.language.tools.esc import EscapeTool
    from velobind.language.tools.json import JsonTool
    from velobind.language.tools.locales import configured_locale
    from velobind.language.tools.loop import LoopTool
    from velobind.language.tools.math import MathTool
    from velobind.language.tools.number import NumberTool
    from velobind.language.tools.zones import configured_zone

    place, zone = configured_locale(locale), configured_zone(timezone)
    return {
        "math": MathTool(place),
        "number": NumberTool(place),
        "date": DateTool(place, zone),
        "esc": EscapeTool(),
        "display": DisplayTool(place),
        "sorter": SortTool(),
        "collection": CollectionTool(),
        "convert": ConversionTool(place, zone),
        "json": JsonTool(),
        "loop": LoopTool(),
    }
