"""docs/explanation/compiler.md names modules that are there."""

import re
from importlib.util import find_spec
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/explanation/compiler.md"


def test_every_module_of_the_stages_exists() -> None:
    rows = re.findall(r"^\| [\w ]+ \| ([^|]+) \|", PAGE.read_text(), re.MULTILINE)
    modules = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert len(modules) > 20
    assert [name for name in modules if find_spec(f"velobind.language.{name}") is None] == []
