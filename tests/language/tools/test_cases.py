"""The tools print what those of Velocity Tools 3.1 print: recorded cases, a file an area, a locale and a zone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from velobind.errors import VelobindError
from velobind.language.environment import Environment
from velobind.language.tools import generic_tools

CASES = Path(__file__).parent / "cases"
CONTEXT: dict[str, Any] = json.loads((CASES / "context.json").read_text(encoding="utf-8"))
FILES = sorted(CASES.glob("*.jsonl"))


def printed(environment: Environment, case: dict[str, Any]) -> str | None:
    """What the template prints; None where rendering stops with the library's own error."""
    try:
        return environment.from_string(case["template"]).render(CONTEXT | case.get("context", {}))
    except VelobindError:
        return None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_recorded_cases(file: Path) -> None:
    _, locale, zone = [*file.stem.split("."), "en_US", "UTC"][:3] if "." in file.stem else ("", "en_US", "UTC")
    environment = Environment(tools=generic_tools(locale, zone.replace("-", "/", 1)))
    wrong = []
    lines = file.read_text(encoding="utf-8").strip().split("\n")
    assert len(lines) > 40
    for line in lines:
        case = json.loads(line)
        got = printed(environment, case)
        if got != case.get("output"):
            wrong.append(f"{case['template']}\n  want {case.get('output', case.get('error'))!r}\n  got  {got!r}")
    assert not wrong, f"{len(wrong)} of {len(lines)} differ:\n" + "\n".join(wrong[:20])
