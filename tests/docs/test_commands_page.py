"""docs/reference/commands.md says what the commands' own help says."""

import importlib.util
from pathlib import Path

GENERATE = Path(__file__).parents[2] / "docs/generate.py"


def test_the_page_is_fresh() -> None:
    spec = importlib.util.spec_from_file_location("generate", GENERATE)
    assert spec is not None and spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert generate.PAGE.read_text(encoding="utf-8") == generate.page(), "run `make docs`"
    assert "## velobind preview" in generate.page()
