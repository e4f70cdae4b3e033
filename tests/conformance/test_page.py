"""The page about conformance says what was recorded, and what was recorded of velobind is still so."""

from __future__ import annotations

import json
from collections import Counter

from tests.conformance.cases import load_cases
from tests.conformance.page import PAGE, RESULTS, page


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.conformance.page"


def test_the_recorded_scores_cover_all_cases_of_today() -> None:
    recorded = json.loads(RESULTS.read_text(encoding="utf-8"))["velobind"]["areas"]
    cases = Counter(case.area for case in load_cases())
    assert {area: total for area, (_, total) in recorded.items()} == cases, "run: python -m tests.conformance.peers"
