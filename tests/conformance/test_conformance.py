"""Each recorded case prints what Apache Velocity Engine 2.4.1 printed, to the character."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.conformance.cases import Case, agrees, explain, load_cases, outcome

ALL = list(load_cases())


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_prints_what_the_engine_printed(case: Case) -> None:
    got = outcome(case)
    if not agrees(case, got):
        pytest.fail(explain(case, got), pytrace=False)


def test_no_two_cases_share_an_id() -> None:
    assert [id for id, count in Counter(case.id for case in ALL).items() if count > 1] == []
