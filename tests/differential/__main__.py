"""Random templates against the genuine engine. Exits 0 where all agree, 1 where some differ, 3 where it can't run."""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import islice
from pathlib import Path

from tests.conformance.cases import load_cases
from tests.differential.compare import Difference, differences
from tests.differential.generate import MANNERS, samples
from tests.differential.groups import described, grouped, summary
from tests.differential.reference import NoReference, knows
from tests.differential.shrink import shrunken

BATCH = 5000


def kept(difference: Difference, number: str) -> str:
    """The difference as a case line, to be kept with the recorded cases."""
    fields = json.loads(difference.sample.line(0)) | {"id": number, "area": "recorded"}
    wanted = difference.wanted
    result = (
        {"output": wanted.output} if wanted.output is not None else {"error": (wanted.error or "").split(":", 1)[0]}
    )
    return json.dumps(fields | result, ensure_ascii=False)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("--n", type=int, default=5000, help="how many templates")
    parser.add_argument("--seed", type=int, default=1, help="where their random numbers start")
    parser.add_argument("--manner", choices=sorted(set(MANNERS)), help="one kind of templates instead of all")
    parser.add_argument("--gobble", choices=("lines", "none", "bc", "structured"), default="lines")
    parser.add_argument("--tools", action="store_true", help="templates that call the generic tools")
    parser.add_argument("--shrink", type=int, default=60, help="how many differences to shrink (0: none)")
    parser.add_argument("--keep", type=Path, help="append the shrunken differences to this file, as case lines")
    return parser.parse_args()


def run(asked: argparse.Namespace) -> int:
    recorded = [case for case in load_cases() if case.tools == asked.tools and case.gobble == "lines"]
    if not knows(asked.gobble):
        raise NoReference(f"the reference program does not heed gobble={asked.gobble}")
    manner = asked.manner or ("tools" if asked.tools else None)
    stream = samples(asked.seed, asked.n, recorded, manner=manner, gobble=asked.gobble)
    found: list[Difference] = []
    ran, start = 0, time.monotonic()
    while batch := list(islice(stream, BATCH)):
        found += differences(batch, tools=asked.tools)
        ran += len(batch)
        print(f"{ran} templates, {len(found)} differ, {time.monotonic() - start:.0f} s", file=sys.stderr)
    shrunk = shrunken(spread(found, asked.shrink), tools=asked.tools) if asked.shrink and found else found[:20]
    for shape, members in grouped(shrunk):
        print(f"\n{len(members)} x {shape}\n{described(members[0])}")
    if asked.keep and found:
        with asked.keep.open("a", encoding="utf-8") as file:
            for number, (_, members) in enumerate(grouped(shrunk)):
                file.write(kept(members[0], f"recorded-{asked.seed}-{number}") + "\n")
    print(f"\n{ran} templates from seed {asked.seed}: {len(found)} differ {dict(summary(found)) if found else ''}")
    return 1 if found else 0


def spread(found: list[Difference], count: int) -> list[Difference]:
    """At most `count` differences, evenly from each kind, short ones first."""
    by_kind: dict[str, list[Difference]] = {}
    for difference in sorted(found, key=lambda difference: len(difference.sample.template)):
        by_kind.setdefault(difference.kind, []).append(difference)
    chosen: list[Difference] = []
    while len(chosen) < count and any(by_kind.values()):
        chosen += [members.pop(0) for members in by_kind.values() if members][: count - len(chosen)]
    return chosen


try:
    sys.exit(run(arguments()))
except NoReference as reason:
    print(f"differential: {reason}", file=sys.stderr)
    sys.exit(3)
