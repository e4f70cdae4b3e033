"""The tables of the parser are those of the grammar, and the scanner knows every terminal that the grammar names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from velobind.language.modes import MODES
from velobind.language.tables import ACCEPT, ACTIONS, GOTOS, RULES, TERMINALS

ROOT = Path(__file__).parents[2]


def test_the_tables_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "grammar/build.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_terminal_with_a_pattern_is_scanned_in_some_mode() -> None:
    scanned = {name for names in MODES.values() for name in names.split()}
    assert {"TEXT", "IDENTIFIER", "STRING_LITERAL", "SET_DIRECTIVE"} <= scanned
    assert {name for name in TERMINALS if name in scanned} >= set(TERMINALS) - {"LONE_LPAREN"}


def test_every_state_goes_somewhere() -> None:
    assert len(ACTIONS) == len(GOTOS)
    for state, row in enumerate(ACTIONS):
        assert row or state == ACCEPT
        assert all(-len(RULES) <= action < len(ACTIONS) for action in row.values())
