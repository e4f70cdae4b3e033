"""`constraints.txt` pins everything that the development environment holds, and nothing else than a version."""

import re
from importlib.metadata import distribution, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "constraints.txt").read_text().splitlines()
PINNED = {canonicalize_name(line.partition("==")[0]): line.partition("==")[2] for line in LINES}


def needed(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> None:
    """Walks from a distribution through what it requires here, adding (name, extras) pairs to `seen`."""
    if (name, extras) in seen:
        return
    seen.add((name, extras))
    for line in requires(name) or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            needed(canonicalize_name(requirement.name), frozenset(requirement.extras), seen)


def test_every_line_is_a_name_and_a_version() -> None:
    assert [line for line in LINES if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
    assert sorted(PINNED) == sorted(set(PINNED))


def test_all_that_development_needs_is_pinned_to_what_is_installed() -> None:
    seen: set[tuple[str, frozenset[str]]] = set()
    needed("velobind", frozenset({"dev"}), seen)
    names = {name for name, _ in seen} - {"velobind"}
    assert "psycopg" in names
    assert {name: distribution(name).version for name in names} == {name: PINNED.get(name) for name in names}


def test_pins_lie_in_the_ranges_of_the_package() -> None:
    for line in requires("velobind") or ():
        requirement = Requirement(line)
        if requirement.name != "velobind" and canonicalize_name(requirement.name) in PINNED:
            assert requirement.specifier.contains(PINNED[canonicalize_name(requirement.name)]), line
