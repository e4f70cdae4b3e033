"""docs/reference/api.md: its examples run, and it speaks of every public name."""

import doctest
from pathlib import Path

import pytest

import velobind
from velobind.project import Project

PAGE = Path(__file__).parents[2] / "docs/reference/api.md"


def test_examples(sample_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample_project.root)
    result = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert result.attempted > 15
    assert result.failed == 0


def test_every_public_name_is_there() -> None:
    text = PAGE.read_text()
    assert [name for name in velobind.__all__ if f"`{name}" not in text and f"import {name}" not in text] == []
