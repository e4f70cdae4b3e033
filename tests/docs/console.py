"""Runs a page of documentation as a reader would: block after block, in one shell.

A fenced block of the kind `console` holds commands after `$ ` (going on after `> `) and below each what it prints;
`...` stands for any text, and alone on a line for any lines or none. Any other block whose info says `file=NAME` is
written to that file first, or put at its end with `append=NAME`.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(?P<fence>`{3,}) ?(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
SECONDS = 180
SHELL = """\
. "$READER_STATE/variables" 2>/dev/null
cd "$(cat "$READER_STATE/folder")" || exit
{command}
code=$?
export -p > "$READER_STATE/variables"
pwd > "$READER_STATE/folder"
exit $code
"""


@dataclass(frozen=True)
class Block:
    """A fenced block: the line of the page that its body starts on, the words of its info string, and its body."""

    line: int
    info: tuple[str, ...]
    body: str

    def named(self, word: str) -> str | None:
        """The file that the reader is told to write, from `file=NAME` or `append=NAME`."""
        return next((item.partition("=")[2] for item in self.info if item.startswith(f"{word}=")), None)


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
    lines = [
        r"(?:[^\n]*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n"
        for line in _lines(says).splitlines()
    ]
    printed = _lines(printed)
    return re.fullmatch("".join(lines), printed + "\n" if printed else "", re.DOTALL) is not None


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def run(page: str, folder: Path, environment: Mapping[str, str]) -> int:
    """Runs the blocks of a page's text, starting in `folder`; AssertionError where a command fails or prints otherwise.

    Returns how many commands ran. The shell's folder and variables last from command to command; what a command leaves
    running in the background ends with the page.
    """
    count = 0
    with ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (state / "folder").write_text(str(folder))
        reader = {**environment, "READER_STATE": str(state)}
        for block in blocks(page):
            _write(block, Path((state / "folder").read_text().strip()))
            if block.info[:1] != ("console",):
                continue
            for command in commands(block):
                _run_one(command, reader, stack)
                count += 1
    return count


def _write(block: Block, folder: Path) -> None:
    for word, mode in (("file", "w"), ("append", "a")):
        if (name := block.named(word)) is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open(mode, encoding="utf-8") as file:
                file.write(block.body)


def _run_one(command: Command, environment: Mapping[str, str], stack: ExitStack) -> None:
    shell = subprocess.Popen(
        ["bash", "-c", SHELL.replace("{command}", command.text)],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    stack.callback(_end_group, shell.pid)
    printed, _ = shell.communicate(timeout=SECONDS)
    place = f"line {command.line}: $ {command.text}"
    assert shell.returncode == 0, f"{place}\nended with {shell.returncode} and printed\n{printed}"
    assert agrees(command.prints, printed), f"{place}\nthe page says\n{command.prints}\n\nit printed\n{printed}"
    port = re.search(r"localhost:(\d+)", command.text)
    if command.text.endswith("&") and port:
        _wait_for(int(port[1]))


def _end_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGTERM)


def _wait_for(port: int) -> None:
    """Give a server that was started in the background the time that a reader would give it."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")
