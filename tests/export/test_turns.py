"""How a batch waits for the one before, or goes beside it."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import pytest

from velobind.export.turns import FormerFailed, NotYet, Turn


@pytest.fixture
def former() -> tuple[Turn, Future[Any]]:
    turn, future = Turn(), Future[Any]()
    turn.begin(future)
    return turn, future


def test_the_first_has_its_turn_at_once() -> None:
    turn = Turn()
    assert turn.lock_before() is None
    assert turn.wait_beside(0)
    turn.wait()


def test_the_lock_of_the_batch_before_is_waited_for(former: tuple[Turn, Future[Any]]) -> None:
    turn, found = Turn(former[0]), list[int | None]()
    thread = threading.Thread(target=lambda: found.append(turn.lock_before()))
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()
    former[0].took(1)
    thread.join()
    assert found == [1]
    former[0].leaving()
    assert turn.lock_before() is None


@pytest.mark.parametrize("outcome", ["in", "failed"])
def test_a_batch_that_ended_without_a_lock_is_not_waited_for(former: tuple[Turn, Future[Any]], outcome: str) -> None:
    turn = Turn(former[0])
    if outcome == "in":
        former[1].set_result(None)
        assert turn.lock_before() is None
        assert turn.wait_beside(0)
    else:
        former[1].set_exception(RuntimeError())
        assert turn.lock_before() is None
        with pytest.raises(FormerFailed):
            turn.wait()


def test_beside_the_one_before_it_is_waited_for_a_while(former: tuple[Turn, Future[Any]]) -> None:
    turn = Turn(former[0])
    former[0].took(0)
    assert not turn.wait_beside(0.05)
    former[0].leaving()
    assert not turn.wait_beside(0.05)
    former[1].set_result(None)
    assert turn.wait_beside(0.05)


def test_beside_one_that_lost_its_lock_it_is_not_waited(former: tuple[Turn, Future[Any]]) -> None:
    turn = Turn(former[0])
    former[0].took(0)
    former[0].lost()
    with pytest.raises(NotYet):
        turn.wait_beside(60)
    former[0].took(0)
    assert not turn.wait_beside(0.05)


def test_a_failure_before_comes_out_of_either_wait(former: tuple[Turn, Future[Any]]) -> None:
    former[0].took(0)
    former[1].set_exception(RuntimeError())
    with pytest.raises(FormerFailed):
        Turn(former[0]).wait_beside(60)
    with pytest.raises(FormerFailed):
        Turn(former[0]).wait()
