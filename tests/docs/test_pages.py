"""Every shell example of the README, the tutorials and the how-to pages prints what the page says."""

import os
import re
import sys
from pathlib import Path

import pytest

from tests.docs.console import blocks, run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_EXAMPLES = [page for page in PAGES if any("console" in block.info for block in blocks(page.read_text()))]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A reader's environment: velobind on the path, an empty home, no settings of libpq or of CI."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "PYTEST", "CI"))}
    home = tmp_path / "home"
    home.mkdir()
    return kept | {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "100"}


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_of(page: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    assert run(page, folder, environment) > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    inner = [link for link in links if "://" not in link]
    assert [link for link in inner if not (page.parent / link).exists()] == []
