"""Projects without a database: messages, templates and contacts of a test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from velobind.project import Project

CONTACTS = """id,email,firstName,lastName
1,dina@example.com,Dina,Kozak
2,oles@example.com,Oles,Bondar
3,,Anon,Phoneonly
4,maria@example.com,Maria,Leap
"""


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Project]:
    """Make a project of `[messages.*]` tables; `contacts` is CSV, any other keyword a template: `a__html` a.html.vm."""

    def make(messages: str, *, contacts: str = CONTACTS, **templates: str) -> Project:
        (tmp_path / "templates").mkdir(exist_ok=True)
        for name, text in templates.items():
            (tmp_path / "templates" / f"{name.replace('__', '.')}.vm").write_text(text, encoding="utf-8")
        (tmp_path / "contacts.csv").write_text(contacts, encoding="utf-8")
        (tmp_path / "velobind.toml").write_text(f'[contacts]\nfile = "contacts.csv"\n{messages}', encoding="utf-8")
        return Project.load(tmp_path)

    return make
