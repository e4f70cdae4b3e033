"""Recorded cases, and how velobind does on one.

A case file has one JSON object a line: `id`, `area`, `template`, `context`, and either `output` or `error`; where they
matter also `templates` (what `#parse` and `#include` can load, by name), `tools` (true: the generic tools, en_US, UTC)
and `gobble` (the space gobbling, `lines` where absent). A case passes when the output is equal to the character, or,
for `error`, when rendering raises a VelobindError that names its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """A template and what the genuine engine made of it; `wanted` is None where that refused or stopped."""

    id: str
    area: str
    template: str
    context: str
    templates: Mapping[str, str]
    tools: bool
    gobble: str
    wanted: str | None


@dataclass(frozen=True)
class Outcome:
    """What velobind made of a case: an output, or an error of its own, or a `crash` (any other exception).

    `placed` tells that the error names template and line; `limited`, that it is a limit of velobind's, which the
    genuine engine does not have.
    """

    output: str | None = None
    error: str | None = None
    crash: str | None = None
    placed: bool = False
    limited: bool = False


def read_case(line: str) -> Case:
    """The case of one line of a case file; `context` stays JSON because templates change what they are given."""
    fields: dict[str, Any] = json.loads(line)
    return Case(
        id=fields["id"],
        area=fields.get("area", ""),
        template=fields["template"],
        context=json.dumps(fields["context"]),
        templates=fields.get("templates") or {},
        tools=fields.get("tools", False),
        gobble=fields.get("gobble", "lines"),
        wanted=None if "error" in fields else fields["output"],
    )


def load_cases(folder: Path = CASES) -> Iterator[Case]:
    """All cases of a folder's `*.jsonl`, file by file in the order of their names."""
    for path in sorted(folder.glob("*.jsonl")):
        # Not splitlines: it would also split at the U+2028 and U+0085 that JSON allows inside a string.
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                yield read_case(line)


@cache
def tool_box() -> dict[str, Any]:
    """The generic tools of the recording: en_US, UTC."""
    from velobind import generic_tools

    return dict(generic_tools(locale="en_US", timezone="UTC"))


def outcome(case: Case) -> Outcome:
    """Renders a case in an environment of its own, as the recording did, and says what came of it."""
    from velobind import DictLoader, Environment
    from velobind.errors import LimitExceeded, VelobindError

    loader = DictLoader({**case.templates, "main.vm": case.template})
    try:
        environment = Environment(loader, gobble=case.gobble, tools=tool_box() if case.tools else None)
        output = environment.get_template("main.vm").render(json.loads(case.context))
    except VelobindError as error:
        placed = error.template is not None and error.line is not None
        return Outcome(error=str(error), placed=placed, limited=isinstance(error, LimitExceeded))
    except Exception as error:
        return Outcome(crash=f"{type(error).__name__}: {error}")
    # The recording was written as UTF-8, where Java's encoder puts a question mark for half a surrogate pair.
    return Outcome(output=output.encode("utf-8", "replace").decode("utf-8"))


def agrees(case: Case, got: Outcome) -> bool:
    """Whether the outcome is what the genuine engine did; an error has to name its place."""
    return got.placed if case.wanted is None else got.output == case.wanted


def explain(case: Case, got: Outcome) -> str:
    """A failed case for a person: template, context, wanted and got, with their line ends and spaces visible."""
    wanted = "an error" if case.wanted is None else repr(case.wanted)
    made = repr(got.output) if got.output is not None else got.error or f"a crash: {got.crash}"
    rows = [f"{case.id} ({case.area})", f"template: {case.template!r}"]
    rows += [f"{name}: {text!r}" for name, text in case.templates.items()]
    if case.gobble != "lines":
        rows.append(f"gobble:   {case.gobble}")
    rows += [f"context:  {case.context}", f"wanted:   {wanted}", f"got:      {made}"]
    return "\n".join(rows)
