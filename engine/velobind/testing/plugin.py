"""The pytest plugin: fixtures that render a project's templates. pytest loads it wherever velobind is installed.

    def test_promo(render_message, html_snapshot):
        assert render_message("promo", contact="dina.kozak@example.com") == html_snapshot

It imports nothing of velobind before a fixture is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from velobind.project import Project
    from velobind.testing.rendering import MessageRenderer, TemplateRenderer

_INI = "velobind_project"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting `velobind_project`."""
    parser.addini(_INI, "The folder of velobind.toml, relative to this file; else the nearest above a test.", "string")


@pytest.fixture(scope="session")
def velobind_open() -> Iterator[Callable[[Path], Project]]:
    """Open the project of a folder, once for all tests; an embedded PostgreSQL stops after the last."""
    from velobind.config import find
    from velobind.project import Project

    opened: dict[Path, Project] = {}

    def open_project(folder: Path) -> Project:
        file = find(folder)
        if file not in opened:
            opened[file] = Project.load(file)
        return opened[file]

    yield open_project
    for project in opened.values():
        project.close()


@pytest.fixture
def velobind_project(request: pytest.FixtureRequest, velobind_open: Callable[[Path], Project]) -> Project:
    """The project of the test: the setting `velobind_project`, or the nearest velobind.toml above the test's file."""
    setting = str(request.config.getini(_INI) or "")
    if not setting:
        return velobind_open(request.path.parent)
    start = request.config.inipath.parent if request.config.inipath is not None else request.config.rootpath
    return velobind_open(start / setting)


@pytest.fixture
def render_message(velobind_project: Project) -> MessageRenderer:
    """Render a message of the project for a contact, an event or data:

        render_message("promo", contact="dina.kozak@example.com")
        render_message("birthday", contact="5001", kind="triggered")
        render_message("birthday", event="events/birthday.json")
        render_message("promo", data={"data": {"promo_codes": []}})

    Gives a `Message`; raises what is wrong with template or data.
    """
    from velobind.testing.rendering import MessageRenderer

    return MessageRenderer(velobind_project)


@pytest.fixture
def render_template(velobind_project: Project) -> TemplateRenderer:
    """Render a template file of the project with data, without a database:

        render_template("promo.html.vm", {"firstName": "Dina", "data": {"promo_codes": []}})
        render_template("promo.html.vm", "data/promo.json")

    Gives the text; raises what is wrong with template or data.
    """
    from velobind.testing.rendering import TemplateRenderer

    return TemplateRenderer(velobind_project)


@pytest.fixture
def html_snapshot(request: pytest.FixtureRequest) -> Any:
    """A syrupy snapshot that keeps a message, or a text, as a readable `.html` file beside the test."""
    from velobind.testing.snapshots import HtmlSnapshot

    return _snapshot(request).use_extension(HtmlSnapshot)


@pytest.fixture
def text_snapshot(request: pytest.FixtureRequest) -> Any:
    """A syrupy snapshot that keeps a message's headers and text, or a text, as a `.txt` file beside the test."""
    from velobind.testing.snapshots import TextSnapshot

    return _snapshot(request).use_extension(TextSnapshot)


def _snapshot(request: pytest.FixtureRequest) -> Any:
    if not request.config.pluginmanager.hasplugin("syrupy"):
        pytest.fail("snapshots need syrupy: pip install 'velobind[testing]'", pytrace=False)
    return request.getfixturevalue("snapshot")
