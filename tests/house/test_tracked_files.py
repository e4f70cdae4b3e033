"""What stands in the repository is the same everywhere: no machine's paths, no registry's address, no build output."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MACHINE_FOLDERS = ("work", "root", "farm", "opt", "tmp/ve", "tmp/vt")
REGISTRIES = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"), ("maven", "org"))
OUTSIDE = re.escape("../" + "shared")
PATTERNS = {
    "a path of one machine": rf"(?<![\w.$}}])/(?:{'|'.join(MACHINE_FOLDERS)})/",
    "a registry's address": "|".join(re.escape(".".join(parts)) for parts in REGISTRIES),
    "a folder outside the repository": OUTSIDE,
}


def tracked() -> list[str]:
    """Paths that git tracks; as any user, also where another owns the clone."""
    listing = subprocess.check_output(["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, text=True)
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


TRACKED = tracked()


@pytest.mark.parametrize("what", PATTERNS)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(PATTERNS[what])
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in TRACKED
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_no_file_is_binary_or_large() -> None:
    assert [name for name in TRACKED if b"\0" in (ROOT / name).read_bytes()] == []
    assert [name for name in TRACKED if (ROOT / name).stat().st_size > 4_000_000] == []


def test_no_build_output_is_tracked() -> None:
    output = re.compile(r"(^|/)(dist|build|node_modules|__pycache__|\.venv|[^/]+\.egg-info)/|\.(pyc|whl|so)$")
    assert [name for name in TRACKED if output.search(name)] == []


def test_no_module_is_so_long_that_it_is_two_ideas() -> None:
    modules = [name for name in TRACKED if name.endswith(".py") and not name.endswith("language/tables.py")]
    assert [name for name in modules if len((ROOT / name).read_text().splitlines()) > 450] == []
