"""The reference page of the tools names every method, and its examples print what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from velobind.language.environment import Environment
from velobind.language.tools import generic_tools

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "tools.md"
ROW = re.compile(r"\| `+ ?(.+?) ?`+ \| `+ ?(.+?) ?`+ \| `(.*)` \|\Z")
# What every Java object and every tool has is said once on the page, and not for each tool.
COMMON = {
    "getClass", "equals", "hashCode", "toString", "isConfigLocked", "isSafeMode", "getFormat", "getLocale", "toLocale",
    "getKey", "notify", "notifyAll", "wait",
}  # fmt: skip


def rows() -> list[tuple[str, str, str, str]]:
    found, tool = [], ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## $"):
            tool = line[4:]
        match = ROW.match(line)
        if match and tool:
            method, example, output = (part.replace("\\|", "|") for part in match.groups())
            found.append((tool, method, example, output))
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}.{row[1]}")
def test_example(row: tuple[str, str, str, str]) -> None:
    _, _, example, output = row
    assert Environment(tools=generic_tools()).from_string(example).render() == output


@pytest.mark.parametrize("tool", generic_tools())
def test_every_method_is_on_the_page(tool: str) -> None:
    section = PAGE.read_text(encoding="utf-8").partition(f"## ${tool}\n")[2].partition("\n## ")[0]
    if "The same as `$collection`" in section:
        return
    names = set(generic_tools()[tool].velocity_methods) - COMMON
    if tool == "date":
        names -= {f"to{unit}" for unit in ("Years", "Months", "Weeks", "Hours", "Minutes", "Seconds")}
    assert {name for name in names if not re.search(rf"\b{name}\(", section)} == set()
