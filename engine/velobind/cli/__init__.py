"""The command line. `main` is the entry point; commands are modules beside this one, one a group."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command of `arguments` (the process's own by default) and exit.

    0: done. 1: an error, or some of the messages could not be made. 2: the command line itself is wrong.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or bool(os.environ.get("VELOBIND_DEBUG"))
    _prepare_streams()
    from velobind.cli.app import app

    try:
        try:
            with _cleaning_up():
                app(args=[word for word in given if word != "--debug"], prog_name="velobind")
        finally:
            # What is still buffered would be written at the interpreter's end, where a reader that left is a complaint.
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _leave_pipe()
    except Exception as error:
        if debug:
            raise
        from velobind.cli import console

        sys.exit(console.fail(error))


@contextmanager
def _cleaning_up() -> Iterator[None]:
    """Leave by way of every `finally` when the process is told to end: a PostgreSQL of our own must not stay behind."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _prepare_streams() -> None:
    """Let any text through: files and pipes get UTF-8, and what can't be written is escaped or replaced."""
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and stream.isatty():
            reconfigure(errors="backslashreplace")
        elif reconfigure is not None:
            reconfigure(encoding="utf-8", errors=errors)


def _leave_pipe() -> None:
    """Whoever read our output has left: so do we, without a word at the interpreter's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
