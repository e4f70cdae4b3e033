"""Runs commands in this process, in the folder of the sample project."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from velobind.cli import main
from velobind.project import Project


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value of stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON values of stdout, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Ran]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run `velobind` with these arguments."""

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        written = capsys.readouterr()
        assert "Traceback" not in written.err
        code = left.value.code
        assert isinstance(code, int) or code is None
        return Ran(code or 0, written.out, written.err)

    for name in ("VELOBIND_PROJECT", "VELOBIND_DEBUG", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    yield run


@pytest.fixture
def in_sample(command: Command, sample_project: Project, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `velobind` in the sample project's folder; its PostgreSQL runs."""
    # Asking keeps the server up between commands.
    assert sample_project.source("promo_codes").count() > 0
    monkeypatch.chdir(sample_project.root)
    return command
