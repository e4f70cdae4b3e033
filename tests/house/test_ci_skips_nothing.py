"""A skipped test fails where CI=true, whether the test or its whole module asked to be skipped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    "a test": "import pytest\n@pytest.mark.skip(reason='no moon')\ndef test_it(): pass\n",
    "a call": "import pytest\ndef test_it(): pytest.skip('no moon')\n",
    "a module": "import pytest\npytest.skip('no moon', allow_module_level=True)\n",
}


def run(folder: Path, module: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text())
    (folder / "test_it.py").write_text(module)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -ra -p no:cacheprovider\n")
    kept = {key: value for key, value in os.environ.items() if key != "CI" and not key.startswith("PYTEST_")}
    kept["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(
        [sys.executable, "-m", "pytest"], cwd=folder, env=kept | environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_a_skip_fails_in_ci(tmp_path: Path, module: str) -> None:
    ran = run(tmp_path, module, CI="true")
    assert ran.returncode == (2 if "allow_module_level" in module else 1), ran.stdout
    assert "skipped, and CI skips nothing" in ran.stdout
    assert "no moon" in ran.stdout


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_elsewhere_a_skip_is_listed_with_its_reason(tmp_path: Path, module: str) -> None:
    ran = run(tmp_path, module)
    assert ran.returncode in (0, 5)
    assert "SKIPPED" in ran.stdout
    assert "no moon" in ran.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    ran = run(tmp_path, "import pytest\n@pytest.mark.xfail(strict=True)\ndef test_it(): assert 0\n", CI="true")
    assert ran.returncode == 0, ran.stdout
