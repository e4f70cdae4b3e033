"""Case lines in, result lines out, by the package that is importable as `airspeed`: airspeed or airspeed-ext."""

from __future__ import annotations

import json
import signal
import sys
from importlib import import_module
from typing import Any

airspeed: Any = import_module("airspeed")

SECONDS = 5


class Loader:
    """The case's other templates."""

    def __init__(self, templates: dict[str, str]) -> None:
        self.templates = templates

    def load_text(self, name: str) -> str:
        return self.templates[name]

    def load_template(self, name: str) -> Any:
        return airspeed.Template(self.templates[name], name)


def result(case: dict[str, Any]) -> dict[str, Any]:
    """The case's `output`, or `error` for anything that was raised or took more than SECONDS."""
    signal.alarm(SECONDS)
    try:
        template = airspeed.Template(case["template"])
        return {"id": case["id"], "output": template.merge(case["context"], Loader(case.get("templates") or {}))}
    except Exception as error:
        return {"id": case["id"], "error": f"{type(error).__name__}: {error}"}
    finally:
        signal.alarm(0)


def give_up(*_: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


signal.signal(signal.SIGALRM, give_up)
sys.setrecursionlimit(2000)
for line in sys.stdin:
    print(json.dumps(result(json.loads(line))))
