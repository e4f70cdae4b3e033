"""docs/reference/conformance.md from recorded results: `python -m tests.conformance.page`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conformance.report import Score, whole

RESULTS = Path(__file__).parent / "peers" / "results.json"
KNOWN = Path(__file__).parent / "known_differences.md"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
ENGINES = ("velobind", "airspeed", "airspeed-ext", "velocityjs")

INTRODUCTION = """\
# Conformance

velobind prints what Apache Velocity Engine 2.4.1 prints, to the character. The cases below were recorded from that
engine in its default configuration; the tools' cases from Velocity Tools 3.1 (en_US, UTC). A case passes when the
output is equal to the character or, where the engine refused the template or stopped, when rendering raises an error.

```console
make conformance        # velobind on all recorded cases, and what failed
make differential       # velobind beside the engine itself on random templates, where Java and its jars are at hand
```

Every engine below had the same cases in one run. airspeed, airspeed-ext and velocityjs have no tools, so they were not
asked for them; any error of theirs counts where the engine refused. `gobbling` holds the modes of space gobbling that
are not the engine's default, which the others do not have.
"""

VERSIONS = """\
## Velocity 2.4.1 and 2.5

velobind follows 2.4.1. Velocity 2.5 prints otherwise in these places:

| template | 2.4.1 and velobind | 2.5 |
|---|---|---|
| `$map.size`, `$map.keySet`, `$map.values`, ... | calls the map's method of that name | reads the key of that name |
| `${$name}`, `$!{$name}` | text | the reference `${name}` |
| arithmetic of a BigDecimal with a long over 2^53 | the long loses its last digits, as in a double | exact |

2.5 can also warn of syntax that a later version will drop, which is off there by default and changes no output.
"""


def cell(score: Score | None) -> str:
    """A score as a table cell: its percentage, or a dash where the engine was not asked."""
    return "-" if score is None else f"{score.percent}%"


def table(results: Mapping[str, Any]) -> str:
    """The areas as rows and the engines as columns, the totals last, in Markdown."""
    by_engine = {
        name: {area: Score(*pair) for area, pair in results[name]["areas"].items()}
        for name in ENGINES
        if name in results
    }
    names = [f"{name} {results[name]['version']}" for name in by_engine]
    rows = [f"| area | cases | {' | '.join(names)} |", f"|---|---|{'---|' * len(names)}"]
    for area, ours in by_engine["velobind"].items():
        cells = [cell(scores.get(area)) for scores in by_engine.values()]
        rows.append(f"| {area} | {ours.total} | {' | '.join(cells)} |")
    totals = [f"**{cell(whole(scores))}**" for scores in by_engine.values()]
    asked = [str(whole(scores).total) for scores in by_engine.values()]
    rows.append(f"| **all that it was asked** | | {' | '.join(totals)} |")
    rows.append(f"| cases asked | | {' | '.join(asked)} |")
    return "\n".join(rows)


def page() -> str:
    """The whole page."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    known = KNOWN.read_text(encoding="utf-8").strip()
    return "\n".join([INTRODUCTION, "## Cases per area", "", table(results), "", known, "", VERSIONS])


def main() -> int:
    """Writes the page."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
