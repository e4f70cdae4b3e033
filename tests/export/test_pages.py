"""The pages about exports say what the code does."""

from __future__ import annotations

import configparser
import importlib.util
import re
from dataclasses import fields
from pathlib import Path

from velobind.export import Exporter, Options
from velobind.export.datasets import datasets
from velobind.export.schedule import seconds_of

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_the_reference_of_datasets_is_fresh() -> None:
    spec = importlib.util.spec_from_file_location("datasets_page", DOCS / "datasets.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (DOCS / "reference" / "datasets.md").read_text() == module.page(), "run: python docs/datasets.py"
    for each in datasets().values():
        assert f"## {each.name}\n" in module.page()


def test_every_promise_names_tests_that_exist() -> None:
    page = (DOCS / "explanation" / "export-promises.md").read_text()
    named = set(re.findall(r"`(test_\w+)`", page))
    folders = (ROOT / "tests" / "export", ROOT / "tests" / "campaign")
    written = "".join(file.read_text() for folder in folders for file in folder.glob("test_*.py"))
    assert len(named) >= 12
    assert [name for name in named if f"def {name}(" not in written] == []


def test_the_units_of_systemd_are_units() -> None:
    page = (DOCS / "how-to" / "schedule-exports.md").read_text()
    service, timer = re.findall(r"```ini\n(.*?)```", page, re.DOTALL)
    units = []
    for text in (service, timer):
        unit = configparser.ConfigParser(interpolation=None)
        unit.read_string(text)
        units.append(unit)
    assert units[0]["Service"]["ExecStart"].endswith("velobind export run --once")
    assert units[1]["Timer"]["OnCalendar"] == "*:0/15"
    for interval in re.findall(r"--every (\w+)", page):
        assert seconds_of(interval) > 0


def test_the_reference_of_the_exporter_names_every_option() -> None:
    page = (DOCS / "reference" / "exporter.md").read_text()
    for field in fields(Options):
        assert f"| `{field.name}` |" in page
    for name in ("record", "deliver", "load", "plan", "prepare", "status"):
        assert f"exporter.{name}(" in page
        assert hasattr(Exporter, name)
