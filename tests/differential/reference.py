"""The genuine engine: a program that reads case lines on its standard input and writes a result line for each.

It is named by VELOBIND_REFERENCE, or stands at `.cache/reference/reference`, or at `reference/reference` in a folder
`shared` beside the checkout. It needs Java and the engine's jars, so nothing but the differential tests and the
benchmarks may ask for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
PLACES = (ROOT / ".cache" / "reference" / "reference", ROOT.parent / "shared" / "reference" / "reference")


class NoReference(Exception):
    """The genuine engine can't run here; the text says why in one sentence."""


@dataclass(frozen=True)
class Answer:
    """What the engine did: an `output`, or an `error` (the Java exception and its text)."""

    output: str | None
    error: str | None

    @property
    def usable(self) -> bool:
        """False where the result says more of the machine than of the language: time, memory, stack."""
        return self.error is None or not (
            self.error == "TIMEOUT" or self.error.startswith(("java.lang.StackOverflow", "java.lang.OutOfMemory"))
        )


def program() -> Path:
    """The reference program; NoReference where there is none."""
    named = os.environ.get("VELOBIND_REFERENCE")
    path = Path(named) if named else next((place for place in PLACES if place.is_file()), PLACES[0])
    if not path.is_file():
        raise NoReference(f"no reference program at {path}: name one in VELOBIND_REFERENCE")
    return path


class Batch:
    """A run of the reference program over some case lines: it starts at once and goes on beside its caller."""

    def __init__(self, lines: Iterable[str], *, tools: bool = False) -> None:
        command = [str(program()), *(["--tools"] if tools else [])]
        # Files and not pipes: the program may write while nobody reads yet.
        self._out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the answers are read
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        with tempfile.TemporaryFile() as given:
            given.write("".join(f"{line}\n" for line in lines).encode())
            given.seek(0)
            self._process = subprocess.Popen(command, stdin=given, stdout=self._out, stderr=self._errors)

    def answers(self) -> list[Answer]:
        """Waits, and gives the answers in the order of the cases; NoReference where the program failed."""
        code = self._process.wait()
        if code:
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
            raise NoReference(f"the reference program exited with {code}: {said[-1] if said else 'it said nothing'}")
        self._out.seek(0)
        results = [json.loads(line) for line in self._out.read().decode().split("\n") if line]
        self._out.close()
        self._errors.close()
        return [Answer(result.get("output"), result.get("error")) for result in results]


def knows(gobble: str) -> bool:
    """Whether the reference program heeds the `gobble` of a case; one that passes it over keeps to `lines`."""
    cases = [
        {"id": gobble, "template": "#if(true)\n  b\n #end\n", "context": {}, "gobble": mode}
        for mode in ("lines", gobble)
    ]
    usual, other = ask(map(json.dumps, cases))
    return gobble == "lines" or usual.output != other.output


def ask(lines: Iterable[str], *, tools: bool = False) -> list[Answer]:
    """The engine's answers to case lines."""
    return Batch(lines, tools=tools).answers()
