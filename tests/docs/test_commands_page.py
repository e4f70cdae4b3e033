"""docs/reference/commands.md says what the commands' own help says."""

import importlib.util
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "docs/commands.py"


def test_the_page_is_fresh() -> None:
    spec = importlib.util.spec_from_file_location("commands", PROGRAM)
    assert spec is not None and spec.loader is not None
    commands = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(commands)
    assert commands.PAGE.read_text(encoding="utf-8") == commands.page(), "run `make docs`"
    assert "## velobind preview" in commands.page()
