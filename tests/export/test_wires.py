"""When a busy thread gives way to those that wait for the network."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from velobind.export import wires


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made: list[float] = []
    monkeypatch.setattr(wires, "sleep", made.append)
    wires.give_way()  # what tests before have left
    made.clear()
    return made


def test_no_pause_where_nobody_waits(pauses: list[float]) -> None:
    wires.give_way()
    assert pauses == []


def test_a_pause_once_the_answer_is_there(ends: tuple[socket.socket, socket.socket], pauses: list[float]) -> None:
    ours, theirs = ends
    with wires.talking(ours.fileno()):
        wires.give_way()
        assert pauses == []
        theirs.send(b"answer")
        wires.give_way()
        assert pauses == [0]


def test_a_pause_while_there_is_room_to_send(ends: tuple[socket.socket, socket.socket], pauses: list[float]) -> None:
    ours, _ = ends
    with wires.talking(ours.fileno()):
        with wires.sending(ours.fileno()):
            wires.give_way()
            assert pauses == [0]
            with pytest.raises(BlockingIOError):
                while True:
                    ours.send(bytes(1000))
            wires.give_way()
            assert pauses == [0]
        wires.give_way()
        assert pauses == [0]


def test_one_pause_once_a_talk_has_ended(ends: tuple[socket.socket, socket.socket], pauses: list[float]) -> None:
    with wires.talking(ends[0].fileno()):
        pass
    wires.give_way()
    wires.give_way()
    assert pauses == [0]
