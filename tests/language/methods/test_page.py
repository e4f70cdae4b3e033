"""The reference page of methods is made from the tables."""

from __future__ import annotations

from pathlib import Path

from velobind.language.methods.page import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "methods.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "python -m velobind.language.methods.page > docs/reference/methods.md"
    )
