"""Which threads wait for the network just now, so that a busy one lets them go on.

A thread that writes to a database waits in many small steps for the network, and after each for the interpreter's lock.
A thread that works without a pause lets go of it only every few milliseconds, and the server would be idle for most of
the time.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

# What each file descriptor is waited for. Without poll (Windows) the numbers are of no meaning.
_ANSWER, _ROOM = getattr(select, "POLLIN", 1), getattr(select, "POLLIN", 1) | getattr(select, "POLLOUT", 4)
_awaited: dict[int, int] = {}
_ended: list[int] = []


@contextmanager
def talking(wire: int) -> Iterator[None]:
    """While it lasts, and once when it ends, `give_way` gives way to the thread that waits on that descriptor."""
    _awaited[wire] = _ANSWER
    try:
        yield
    finally:
        _awaited.pop(wire, None)
        _ended.append(wire)  # another thread may have waited for that


@contextmanager
def sending(wire: int) -> Iterator[None]:
    """Within `talking`: room for more is waited for, too."""
    _awaited[wire] = _ROOM
    try:
        yield
    finally:
        _awaited[wire] = _ANSWER


def give_way() -> None:
    """Let go of the interpreter's lock if some thread could go on: no longer than it takes to wait anew."""
    if _ended or (_awaited and _some_can_go_on()):
        _ended.clear()
        # Even a pause of nothing takes some time, enough for the other thread to wake up and take the lock.
        sleep(0)


def _some_can_go_on() -> bool:
    if not hasattr(select, "poll"):
        return True
    poll = select.poll()
    for wire, what in list(_awaited.items()):
        poll.register(wire, what)
    return bool(poll.poll(0))
