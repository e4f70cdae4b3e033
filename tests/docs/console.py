"""Runs a page of documentation as a reader would: in an empty folder, block after block, in one shell.

A fenced block of the kind `console` holds commands after `$ ` (going on after `> `) and below each what it prints;
`...` stands for any text, also over lines. Any other block whose info says `file=NAME` is written to that file first.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(?P<fence>`{3,}) ?(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
MINUTES = 3


@dataclass(frozen=True)
class Block:
    """A fenced block: the line of the page that its body starts on, the words of its info string, and its body."""

    line: int
    info: tuple[str, ...]
    body: str

    @property
    def file(self) -> str | None:
        """The file that the reader is told to write, from `file=NAME`."""
        return next((word.partition("=")[2] for word in self.info if word.startswith("file=")), None)


@dataclass(frozen=True)
class Command:
    """What stands after `$ `, the lines that the page says it prints, and its line in the page."""

    line: int
    text: str
    prints: str


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for match in FENCE.finditer(page):
        line = page.count("\n", 0, match.start("body")) + 1
        yield Block(line, tuple(match["info"].split()), match["body"])


def commands(block: Block) -> Iterator[Command]:
    """The commands of a `console` block."""
    start, text, prints = 0, "", []
    for number, line in enumerate(block.body.splitlines(), block.line):
        if line.startswith("$ "):
            if text:
                yield Command(start, text, "\n".join(prints))
            start, text, prints = number, line[2:], []
        elif line.startswith("> ") and text and not prints:
            text += "\n" + line[2:]
        elif text:
            prints.append(line)
        elif line:
            raise ValueError(f"line {number}: a console block starts with a command")
    if text:
        yield Command(start, text, "\n".join(prints))


def agrees(says: str, printed: str) -> bool:
    """Whether what was printed is what the page says, where `...` in the page stands for any text."""
    pattern = ".*".join(re.escape(part) for part in _lines(says).split("..."))
    return re.fullmatch(pattern, _lines(printed), re.DOTALL) is not None


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def run(page: Path, folder: Path, environment: Mapping[str, str]) -> int:
    """Runs a page's blocks in `folder`; AssertionError at the first command that fails or prints otherwise.

    Returns how many commands ran. The shell's folder and variables last from command to command.
    """
    state = folder / ".shell"
    where, count = folder, 0
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.file is not None:
            target = where / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.info[:1] == ("console",):
            for command in commands(block):
                where = _run_one(page, command, where, state, environment)
                count += 1
    return count


def _run_one(page: Path, command: Command, where: Path, state: Path, environment: Mapping[str, str]) -> Path:
    script = f"{command.text}\n_code=$?\npwd > '{state}'\nexit $_code\n"
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=where,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    place = f"{page.name}:{command.line}: $ {command.text}"
    assert ran.returncode == 0, f"{place}\nended with {ran.returncode} and printed\n{ran.stdout}"
    assert agrees(command.prints, ran.stdout), f"{place}\nthe page says\n{command.prints}\n\nit printed\n{ran.stdout}"
    return Path(state.read_text(encoding="utf-8").strip())
