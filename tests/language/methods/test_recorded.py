"""Methods, properties, indexes and operators print what the genuine engine printed: `data/*.jsonl`, a case a line.

Files named `random_*` hold random calls; the others were thought out. A case with `error` must end in our own error.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from velobind import Environment
from velobind.errors import VelobindError

DATA = Path(__file__).parent / "data"
CASES = {
    case["id"]: case
    for path in sorted(DATA.glob("*.jsonl"))
    for case in map(json.loads, path.read_text(encoding="utf-8").split("\n")[:-1])
}
ENVIRONMENT = Environment()


def test_there_are_cases() -> None:
    assert len(CASES) > 2000


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_prints_what_the_engine_prints(case: dict[str, Any]) -> None:
    template = case["template"]
    if "error" in case:
        with pytest.raises(VelobindError):
            ENVIRONMENT.from_string(template).render(case["context"])
    else:
        assert ENVIRONMENT.from_string(template).render(case["context"]) == case["output"]
