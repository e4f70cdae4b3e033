"""The pytest plugin, used as a team would: its own tests in its own project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.running import run_pytest

TEST = """
def test_hello(render_template, html_snapshot):
    assert render_template("hello.html.vm", {"name": "Dina"}) == html_snapshot


def test_message(render_message, html_snapshot, text_snapshot):
    message = render_message("hello", data={"name": "Dina"})
    assert message == html_snapshot
    assert message == text_snapshot
"""
CONFIG = '[messages.hello]\nsubject = "Hi $name"\nfrom = "Shop <shop@example.com>"\nhtml = "hello.html.vm"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one template, with tests of it."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/hello.html.vm").write_text("<p>Hello,\n$name!</p>\n")
    (tmp_path / "velobind.toml").write_text(CONFIG)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_hello.py").write_text(TEST)
    return tmp_path


def test_a_message_is_kept_as_files_that_people_read(project: Path) -> None:
    assert run_pytest(project, "--snapshot-update").returncode == 0
    kept = project / "tests/__snapshots__/test_hello"
    assert (kept / "test_hello.html").read_text() == "<p>Hello,\nDina!</p>\n"
    assert (kept / "test_message.html").read_text() == (
        "<!--\nSubject: Hi Dina\nFrom: Shop <shop@example.com>\n-->\n<p>Hello,\nDina!</p>\n"
    )
    assert (kept / "test_message.txt").read_text() == (
        "Subject: Hi Dina\nFrom: Shop <shop@example.com>\n\nHello, Dina!\n"
    )
    assert run_pytest(project).returncode == 0


def test_a_changed_template_fails_and_shows_the_line(project: Path) -> None:
    run_pytest(project, "--snapshot-update")
    (project / "templates/hello.html.vm").write_text("<p>Goodbye,\n$name!</p>\n")
    ran = run_pytest(project)
    assert ran.returncode == 1
    assert "- <p>Hello," in ran.stdout
    assert "+ <p>Goodbye," in ran.stdout


def test_a_broken_template_fails_with_its_place(project: Path) -> None:
    (project / "templates/hello.html.vm").write_text("<p>\n#if($name)</p>\n")
    ran = run_pytest(project)
    assert ran.returncode == 1
    assert "hello.html.vm:2:" in ran.stdout


def test_the_setting_names_a_project_elsewhere(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "pytest.ini").write_text(f"[pytest]\nvelobind_project = {project}\n")
    (elsewhere / "test_it.py").write_text(
        "def test_it(velobind_project):\n    assert list(velobind_project.messages) == ['hello']\n"
    )
    assert run_pytest(elsewhere).returncode == 0


def test_without_a_project_it_says_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(velobind_project):\n    pass\n")
    ran = run_pytest(tmp_path)
    assert ran.returncode == 1
    assert "no velobind.toml" in ran.stdout


def test_the_plugin_costs_other_test_suites_nothing() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import velobind.testing.plugin; "
        "print(sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str(["velobind", "velobind.testing", "velobind.testing.plugin"])
