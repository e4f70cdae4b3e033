"""What tests of several folders share: a real PostgreSQL, empty databases on it, and the sample project."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from velobind import sample
from velobind.binding.embedded import EmbeddedServer
from velobind.project import Project

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter: pytest's own are closed to the one that runs PostgreSQL for root."""
    folder = Path(tempfile.mkdtemp(prefix="velobind-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server(open_folder: Path) -> Iterator[EmbeddedServer]:
    """A running embedded PostgreSQL."""
    server = EmbeddedServer(open_folder / "server")
    with psycopg.connect(**server.parameters, dbname="postgres", autocommit=True) as connection:
        # What a power cut would cost does not matter here; making a database for each test does.
        connection.execute("alter system set fsync = off")
        connection.execute("select pg_reload_conf()")
    yield server
    server.remove()


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[dict[str, Any]]:
    """The libpq parameters of a new, empty database."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(**server.parameters, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield {**server.parameters, "dbname": name}
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def fill(database: dict[str, Any]) -> Callable[..., None]:
    """Run statements in the test's database."""

    def run(*statements: str) -> None:
        with psycopg.connect(**database) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    return run


@pytest.fixture
def make_project(tmp_path: Path, database: dict[str, Any]) -> Iterator[Callable[..., Project]]:
    """Make a project whose connector `shop` is the test's database, keyed by e-mail, out of the rest of its file."""
    made: list[Project] = []

    def make(config: str, key: str = 'column = "email", field = "email"', **files: str) -> Project:
        folder = tmp_path / f"project{len(made)}"
        (folder / "templates").mkdir(parents=True)
        connector = (
            f'[connectors.shop]\nhost = "{database["host"]}"\nport = {database["port"]}\nuser = "{database["user"]}"\n'
            f'database = "{database["dbname"]}"\ncontact_key = {{ {key} }}\n'
        )
        (folder / "velobind.toml").write_text(connector + config)
        for name, text in files.items():
            (folder / name.replace("__", "/").replace("_", ".")).write_text(text)
        made.append(Project.load(folder))
        return made[-1]

    yield make
    for project in made:
        project.close()


@pytest.fixture(scope="session")
def sample_project(open_folder: Path) -> Iterator[Project]:
    """The sample project, on a copy of its files, with its own PostgreSQL. Tests must not change it."""
    with Project.load(sample.copy(open_folder / "sample")) as project:
        yield project


@pytest.fixture
def sample_folder(open_folder: Path) -> Iterator[Path]:
    """A copy of the sample project's files for one test, whose PostgreSQL has not been started yet."""
    folder = Path(tempfile.mkdtemp(prefix="copy-", dir=open_folder))
    folder.chmod(0o755)
    yield sample.copy(folder)
    EmbeddedServer(folder / ".velobind").remove()
    shutil.rmtree(folder, ignore_errors=True)
