"""The hand-written renders of the benchmark print what velobind prints: a comparison of different outputs is none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks import by_hand, contexts
from tests.benchmarks.engines import velobind


@pytest.mark.parametrize("count", [0, 1, 5, 50])
def test_mail_by_hand(count: int) -> None:
    context: dict[str, Any] = contexts.mail(count)
    assert by_hand.mail(context) == velobind("mail")(context)


@pytest.mark.parametrize("count", [0, 1, 10])
def test_rows_by_hand(count: int) -> None:
    context: dict[str, Any] = contexts.rows(count)
    assert by_hand.rows(context) == velobind("rows")(context)
