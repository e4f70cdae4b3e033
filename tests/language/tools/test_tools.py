"""What the tools promise beside their results: they stay apart, stay small, and take what they are given."""

from __future__ import annotations

import datetime
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from velobind.errors import VelobindError
from velobind.language.environment import Environment
from velobind.language.tools import generic_tools


def render(template: str, locale: str = "en_US", timezone: str = "UTC", **context: object) -> str:
    return Environment(tools=generic_tools(locale, timezone)).from_string(template).render(context)


def test_tools_cost_nothing_until_they_are_used() -> None:
    code = "import sys, velobind.language.tools as t; t.generic_tools(); print('babel' in sys.modules)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "False"


def test_a_rendering_forgets_what_the_one_before_parsed_and_watched() -> None:
    environment = Environment(tools=generic_tools())
    first = environment.from_string("$json.parse('[1]')#foreach($x in $loop.watch([1, 2]))#break#end$loop.depth")
    second = environment.from_string("$!json.get(0)|$loop.depth")
    assert first.render() == "[1]1"
    assert second.render() == "|0"


def test_both_names_of_a_tool_share_what_it_remembers() -> None:
    environment = Environment(tools=generic_tools(), dialect="platform")
    assert environment.from_string("$json.parse('[7]').size()$jsonTool.get(0)").render() == "17"


def test_threads_do_not_see_each_others_texts() -> None:
    template = Environment(tools=generic_tools()).from_string(
        "$json.parse($text).size()#foreach($x in $loop.watch($items))$loop.count#end$json.get(0)"
    )

    def run(n: int) -> bool:
        items = list(range(1, n + 1))
        return template.render(text=str(items), items=items) == f"{n}{''.join(map(str, items))}1"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, [n % 9 + 1 for n in range(200)]))


@pytest.mark.parametrize(
    "template",
    [
        "$display.space(2000000000)",
        "$display.cell('x', 2000000000)",
        "$number.format('0', $json.parse('[1E999999999]').get(0))",
        "$number.format('0.00E0', $json.parse('[1E-999999999]').get(0))",
        "$date.format($pattern, 0)",
        "$display.printf('%2000000000d', 1)",
    ],
)
def test_a_hostile_size_stops_the_rendering(template: str) -> None:
    with pytest.raises(VelobindError):
        render(template, pattern="y" * 100_000)


@pytest.mark.parametrize(
    ("template", "start"),
    [
        ("$display.stripTags($text)", "<<<"),
        ("$display.stripTags($text, 'b')", "<b <<<<b"),
        ("$math.roundTo(2000000000, 1)", "NaN"),
        ("$number.toNumber($text)", "$number"),
        ("$!json.parse($brackets)", ""),
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(template: str, start: str) -> None:
    printed = render(template, text="<b <<<" * 20_000 if "'b'" in template else "<" * 100_000, brackets="[" * 100_000)
    assert printed.startswith(start)


def test_dates_of_the_callers() -> None:
    moment = datetime.datetime(2024, 12, 30, 13, 5, tzinfo=datetime.UTC)
    assert render("$date.format('dd.MM.yyyy HH:mm', $x)", x=moment) == "30.12.2024 13:05"
    assert render("$date.format('dd.MM.yyyy HH:mm', $x)", timezone="Europe/Kyiv", x=moment) == "30.12.2024 15:05"
    assert render("$date.format('yyyy-MM-dd', $x)", x=datetime.date(2024, 2, 29)) == "2024-02-29"
    assert render("$date.getYear($x) $math.add($x, 1)", x=datetime.datetime(1970, 1, 1)) == "1970 1"


def test_decimals_are_exact() -> None:
    assert render("$number.format('#,##0.00', $x)", x=Decimal("12345678901234567890.125")) == (
        "12,345,678,901,234,567,890.12"
    )


def test_text_names_a_locale() -> None:
    assert render("$date.format('d MMMM yyyy', 0, 'uk_UA')") == "1 січня 1970"
    with pytest.raises(VelobindError, match="Invalid locale format"):
        render("$date.format('yyyy', 0, 'Ukrainian')")


@pytest.mark.parametrize(("locale", "timezone"), [("not a locale", "UTC"), ("en_US", "Nowhere/Town")])
def test_settings_are_checked(locale: str, timezone: str) -> None:
    with pytest.raises(ValueError, match=r"Nowhere/Town|not a locale"):
        generic_tools(locale, timezone)


@pytest.mark.parametrize("name", ["class", "context", "field", "import", "link", "log", "render", "resource", "xml"])
def test_tools_that_reach_further_are_not_there(name: str) -> None:
    assert name not in generic_tools()
