"""The differential run finds, shrinks and groups what differs, told by a stand-in for the reference program.

The stand-in answers with what velobind itself prints, but that `$boom` makes it print something else: so exactly the
templates that hold `$boom` differ.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.cases import Outcome
from tests.differential.compare import Difference, agree, differences
from tests.differential.generate import Sample, samples
from tests.differential.groups import grouped
from tests.differential.reference import Answer
from tests.differential.shrink import shrunken

ROOT = Path(__file__).parents[2]

STAND_IN = """\
import json, sys
sys.path[:0] = [{root!r}]
from tests.conformance.cases import outcome, read_case
for line in sys.stdin:
    case = json.loads(line)
    got = outcome(read_case(json.dumps({{"area": "", "output": "", **case}})))
    answer = {{"error": got.error or got.crash}} if got.output is None else {{"output": got.output}}
    if "$boom" in case["template"]:
        answer = {{"output": "bang"}}
    print(json.dumps({{"id": case["id"], **answer}}))
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN.format(root=str(ROOT)))
    program = tmp_path / "reference"
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{script}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("VELOBIND_REFERENCE", str(program))


def test_the_same_seed_makes_the_same_templates() -> None:
    first, second = (list(samples(7, 200, [], manner="rich")) for _ in range(2))
    assert first == second
    assert first != list(samples(8, 200, [], manner="rich"))
    for number, sample in enumerate(first):
        assert json.loads(sample.line(number))["template"] == sample.template


@pytest.mark.usefixtures("stand_in")
def test_a_difference_is_found_and_shrunk_to_what_causes_it() -> None:
    asked = [
        Sample("a $x b", '{"x": 1}'),
        Sample("#if($x)\n  <p>long $boom text</p>\n#end $x", '{"x": 1, "y": 2}'),
        Sample("#if($x) no end", "{}"),
    ]
    found = differences(asked)
    assert [difference.sample for difference in found] == [asked[1]]
    [shrunk] = shrunken(found)
    assert shrunk.sample.template == "$boom"
    assert json.loads(shrunk.sample.context) == {}
    [(shape, members)] = grouped([shrunk])
    assert shape == "output: $v"
    assert members == [shrunk]


def test_errors_agree_whatever_they_say() -> None:
    refused = Answer(None, "org.apache.velocity.exception.ParseErrorException: x")
    assert agree("", refused, Outcome(error="y"))
    assert not agree("", refused, Outcome(output=""))
    assert not agree("", Answer("", None), Outcome(error="y"))
    assert not agree("", refused, Outcome(crash="KeyError: 'x'"))


def test_what_the_machine_decides_is_no_difference() -> None:
    assert agree("", Answer(None, "TIMEOUT"), Outcome(output="x"))
    assert agree("", Answer("java.util.ArrayList$Itr@1b2c3d", None), Outcome(output="other"))
    assert agree("$s.getClass.hashCode!", Answer("-12!", None), Outcome(output="345!"))
    assert not agree("$s.hashCode()", Answer("12", None), Outcome(output="345"))
    assert not agree("$s.class.hashCode()", Answer("12", None), Outcome(output="12!"))
    assert not agree("", Answer("mail@example", None), Outcome(output="other"))
    assert agree("", Answer("x", None), Outcome(error="too many turns", limited=True))


def test_kinds_of_differences() -> None:
    sample = Sample("x", "{}")
    assert Difference(sample, Answer("a", None), Outcome(output="b")).kind == "output"
    assert Difference(sample, Answer("a", None), Outcome(error="b")).kind == "refused"
    assert Difference(sample, Answer(None, "b"), Outcome(output="b")).kind == "accepted"
    assert Difference(sample, Answer("a", None), Outcome(crash="KeyError: 'k'")).kind == "crash KeyError"


def test_without_the_reference_the_run_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.differential", "--n", "1"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "VELOBIND_REFERENCE": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "no reference program" in done.stderr
