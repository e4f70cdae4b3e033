"""How many recorded cases agree, per area."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.conformance.cases import Case, agrees, explain, load_cases, outcome


@dataclass(frozen=True)
class Score:
    """Cases of an area, and how many of them passed."""

    passed: int
    total: int

    @property
    def percent(self) -> str:
        """With one decimal, cut rather than rounded: 100.0 means every case."""
        return f"{self.passed * 1000 // self.total / 10:.1f}" if self.total else "-"


def scores(verdicts: Iterable[tuple[Case, bool]]) -> dict[str, Score]:
    """The score of each area in alphabetical order, from cases and whether they passed."""
    areas: dict[str, list[bool]] = {}
    for case, passed in verdicts:
        areas.setdefault(case.area, []).append(passed)
    return {area: Score(sum(areas[area]), len(areas[area])) for area in sorted(areas)}


def whole(by_area: Mapping[str, Score]) -> Score:
    """The score over all areas."""
    return Score(sum(s.passed for s in by_area.values()), sum(s.total for s in by_area.values()))


def table(by_area: Mapping[str, Score]) -> str:
    """The scores as lines of text, the total last."""
    rows = [*by_area.items(), ("all", whole(by_area))]
    width = max(len(area) for area, _ in rows)
    head = f"{'area':{width}}  passed  cases      %"
    return "\n".join([head, *(f"{area:{width}}  {s.passed:6}  {s.total:5}  {s.percent:>5}" for area, s in rows)])


def main() -> int:
    """Prints the table, and the failed cases where there are any (`-v`: all of them); 1 unless every case passes."""
    verdicts: list[tuple[Case, bool]] = []
    failures: list[str] = []
    for case in load_cases():
        got = outcome(case)
        verdicts.append((case, agrees(case, got)))
        if not verdicts[-1][1]:
            failures.append(explain(case, got))
    shown = failures if "-v" in sys.argv[1:] else failures[:5]
    for failure in shown:
        print(failure, end="\n\n")
    if len(shown) < len(failures):
        print(f"... and {len(failures) - len(shown)} more (-v prints them all)\n")
    print(table(scores(verdicts)))
    return 1 if failures else 0
