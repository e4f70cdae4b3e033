"""`python -m tests.conformance.peers`: records every engine's scores on the cases, for the page about conformance.

Each area's number of cases and how many of them each engine passes go to `results.json`. Tools are velobind's alone:
the others have none, so they are not asked for them.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version as installed_version
from typing import Any

from tests.conformance.cases import CASES, Case, agrees, load_cases, outcome
from tests.conformance.page import RESULTS
from tests.conformance.peers.engines import PEERS_OF_VELOCITY, NoEngine, Peer, answers, install, version
from tests.conformance.report import scores, table


def entry(engine_version: str, verdicts: list[tuple[Case, bool]]) -> dict[str, Any]:
    """An engine's part of the results: its version, and per area the passed and all cases."""
    by_area = scores(verdicts)
    print(f"\n{table(by_area)}")
    return {"version": engine_version, "areas": {area: [s.passed, s.total] for area, s in by_area.items()}}


def peer_entry(peer: Peer, cases: list[Case], lines: list[str]) -> dict[str, Any]:
    """The same for another engine; any error of its own passes where the genuine engine refused."""
    install(peer)
    given = answers(peer, lines)
    print(f"\n{peer.name} {version(peer)}")
    verdicts = [
        (case, "error" in answer if case.wanted is None else answer.get("output") == case.wanted)
        for case, answer in zip(cases, given, strict=True)
    ]
    return entry(version(peer), verdicts)


def main() -> int:
    """Writes `results.json`; 1 where an engine could not run, whose earlier result then stays."""
    cases = list(load_cases())
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    print("velobind")
    results["velobind"] = entry(installed_version("velobind"), [(case, agrees(case, outcome(case))) for case in cases])
    text = [c for c in cases if not c.tools and c.gobble == "lines"]
    wanted = {case.id for case in text}
    lines = [
        line
        for path in sorted(CASES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.strip() and json.loads(line)["id"] in wanted
    ]
    missing = 0
    for peer in PEERS_OF_VELOCITY:
        try:
            results[peer.name] = peer_entry(peer, text, lines)
        except NoEngine as reason:
            missing = 1
            print(f"\n{reason}", file=sys.stderr)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return missing


sys.exit(main())
