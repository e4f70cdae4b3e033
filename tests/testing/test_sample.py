"""The sample project's own tests pass where `velobind init` puts them, and notice what they should."""

from __future__ import annotations

from pathlib import Path

from tests.testing.running import run_pytest


def test_the_tests_of_the_sample_pass_and_notice_a_change(sample_folder: Path) -> None:
    ran = run_pytest(sample_folder)
    assert ran.returncode == 0, ran.stdout
    assert "15 snapshots passed" in ran.stdout

    template = sample_folder / "templates/promo.html.vm"
    template.write_text(template.read_text(encoding="utf-8").replace("Hello", "Goodbye"), encoding="utf-8")
    ran = run_pytest(sample_folder, "-k", "test_promo")
    assert ran.returncode == 1
    assert "+ <p>Goodbye, Dina!</p>" in ran.stdout
