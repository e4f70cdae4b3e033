"""What commands print: words and tables for people, JSON for programs, errors on stderr. rich is loaded when needed."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from velobind.errors import DatabaseError, VelobindError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

T = TypeVar("T")

# Tables that go to a file or a pipe are as wide as their cells; lines that only divide are short everywhere.
_WIDTH = 1000
_RULE = 80
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def console(*, stderr: bool = False) -> Console:
    """A console on stdout or stderr that colours nothing by itself."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else _WIDTH
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


def say(*words: str | Text, style: str | None = None) -> None:
    """A line on stdout; data in it cannot steer the terminal."""
    console().print(*(visible(word) if isinstance(word, str) else word for word in words), style=style, soft_wrap=True)


def show(renderable: RenderableType) -> None:
    """A table or a panel on stdout."""
    console().print(renderable)


def write(text: str) -> None:
    """A text on stdout exactly as it is."""
    sys.stdout.write(text)
    sys.stdout.flush()


def visible(text: str) -> str:
    """The text with control characters, which could steer a terminal, made visible as `\\x1b`."""
    return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)


def rule(title: str, style: str = "bold") -> None:
    """A line with a title."""
    from rich.text import Text

    title = visible(title)
    width = min(console().width, _RULE)
    say(Text.assemble(("── ", "dim"), (title, style), (f" {'─' * (width - len(title) - 4)}".rstrip(), "dim")))


def html(text: str) -> None:
    """Html on stdout; coloured on a terminal."""
    if not sys.stdout.isatty():
        say(text)
        return
    from rich.syntax import Syntax

    lines = "\n".join(visible_lines(text))
    show(Syntax(lines, "html", theme="ansi_dark", background_color="default", word_wrap=True))


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[str] = (), head: bool = True
) -> None:
    """A table on stdout, with the names of its columns as `head`; those in `numbers` stand to the right."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, show_header=head, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(visible(_cell(cell))) for cell in row))
    show(made)


def fitting(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
    """How many of a table's columns, one at least, stand beside each other without being folded."""
    room = console().width
    for count, column in enumerate(columns):
        room -= 2 + max(len(column), *(len(_cell(row[count])) for row in rows))
        if room < 0:
            return max(1, count)
    return len(columns)


def json_line(value: object) -> None:
    """A value as one line of JSON on stdout."""
    sys.stdout.write(json_text(value) + "\n")


def json_pretty(value: object) -> None:
    """A value as indented JSON on stdout."""
    sys.stdout.write(json_text(value, indent=2) + "\n")


def json_text(value: object, indent: int = 0) -> str:
    """A value as JSON; lone surrogates, which UTF-8 cannot hold, are escaped."""
    import msgspec

    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        import json

        return json.dumps(value, indent=indent or None)
    return (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()


def progress(items: Iterable[T], what: str, total: int | None = None, *, printing: bool = False) -> Iterator[T]:
    """The items, with a progress bar on stderr while they go by; none when stderr is not a terminal.

    With `printing`, what is made of the items goes to stdout: on a terminal that shows progress enough.
    """
    if not sys.stderr.isatty() or (printing and sys.stdout.isatty()):
        yield from items
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        for item in items:
            yield item
            bar.advance(task)


def note(text: str) -> None:
    """A remark on stderr."""
    console(stderr=True).print(visible(text), style="yellow", soft_wrap=True)


def fail(error: BaseException) -> int:
    """Print an error as one message, and give the exit code."""
    if not isinstance(error, VelobindError):
        error = _as_ours(error)
    print_error(error)
    return 1


def print_error(error: VelobindError, label: str = "error: ") -> None:
    """An error on stderr: place and sentence, the line with a caret, a hint."""
    from rich.text import Text

    lines = visible_lines(str(error))
    head, rest = lines[0], lines[1:]
    text = Text()
    text.append(label, style="bold red")
    place = f"{error.place}: " if error.place else ""
    if place and head.startswith(visible(place)):
        text.append(visible(place), style="bold")
        head = head.removeprefix(visible(place))
    text.append(head)
    for line in rest:
        text.append("\n" + line, style="cyan" if line.startswith("hint: ") else "dim")
    console(stderr=True).print(text, soft_wrap=True)


def visible_lines(text: str) -> list[str]:
    """The lines of a text, each made visible."""
    return [visible(line) for line in text.split("\n")] or [""]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _as_ours(error: BaseException) -> VelobindError:
    """An error of the system or of a library as one that a person can act on."""
    if isinstance(error, OSError):
        name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        what = (error.strerror or type(error).__name__).lower()
        return VelobindError(f"{name}: {what}" if name else what)
    if isinstance(error, MemoryError):
        return VelobindError("there is not enough memory")
    if type(error).__module__.partition(".")[0] == "psycopg":
        return DatabaseError(str(error).strip() or type(error).__name__)
    return VelobindError(
        f"{type(error).__name__}: {error}",
        hint="this is a fault of velobind's own: run it again with --debug, and report what that shows",
    )


def as_json(value: Any) -> Any:
    """What rows and contacts hold, in values that JSON knows."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
