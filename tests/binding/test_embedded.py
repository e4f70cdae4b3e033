"""The embedded PostgreSQL: started once, shared, stopped by its last user, and not held up by what a crash left."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from velobind.binding.embedded import EmbeddedServer, account, process
from velobind.binding.embedded.setup import ensure_database
from velobind.errors import ConfigError, DatabaseError

USE = """
import sys, time
from pathlib import Path
import psycopg
from velobind.binding.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
with psycopg.connect(**server.parameters, dbname="postgres") as connection:
    connection.execute("select 1")
print(server.start().pid, flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def prepared(open_folder: Path) -> Path:
    """A state folder whose server ran and was stopped, to copy: making a data folder anew takes long."""
    server = EmbeddedServer(open_folder / "prepared")
    server.start()
    server.stop()
    return server.state


@pytest.fixture
def state(open_folder: Path, prepared: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    folder.chmod(0o755)
    subprocess.run(["cp", "-a", str(prepared), str(folder / ".velobind")], check=True)
    yield folder / ".velobind"
    EmbeddedServer(folder / ".velobind").remove()
    shutil.rmtree(folder, ignore_errors=True)


def use(state: Path, seconds: float) -> subprocess.Popen[str]:
    """Another process that uses the server for a while."""
    return subprocess.Popen([sys.executable, "-c", USE, str(state), str(seconds)], stdout=subprocess.PIPE, text=True)


def first_line(user: subprocess.Popen[str]) -> int:
    assert user.stdout is not None
    return int(user.stdout.readline())


def answers(server: EmbeddedServer) -> bool:
    with psycopg.connect(**server.parameters, dbname="postgres") as connection:
        return connection.execute("select 1").fetchone() == (1,)


def data_of(state: Path) -> Path:
    return state / "postgres" / "data"


def running(state: Path) -> bool:
    found = process.read(data_of(state))
    return found is not None and found.alive()


def test_starts_answers_and_stops_cleanly(state: Path) -> None:
    server = EmbeddedServer(state)
    assert answers(server)
    assert Path(server.parameters["host"]).is_relative_to(state)
    server.stop()
    assert not running(state)
    assert "database system is shut down" in (state / "postgres" / "log").read_text()
    assert not (data_of(state) / "postmaster.pid").exists()


def test_keeps_its_data_between_starts(state: Path) -> None:
    server = EmbeddedServer(state)
    with psycopg.connect(**server.parameters, dbname="postgres") as connection:
        connection.execute("create table kept as select 7 as n")
    server.stop()
    with psycopg.connect(**server.parameters, dbname="postgres") as connection:
        assert connection.execute("select n from kept").fetchone() == (7,)
    server.stop()


def test_second_user_shares_it_and_the_last_one_stops_it(state: Path) -> None:
    server = EmbeddedServer(state)
    pid = server.start().pid
    with use(state, 0.2) as other:
        assert first_line(other) == pid
        assert other.wait(20) == 0
    assert answers(server)
    server.stop()
    assert not running(state)


def test_first_user_leaves_it_to_the_second(state: Path) -> None:
    server = EmbeddedServer(state)
    pid = server.start().pid
    with use(state, 1.0) as other:
        assert first_line(other) == pid
        server.stop()
        assert running(state)
        assert other.wait(20) == 0
    assert not running(state)


def test_ctrl_c_stops_it(state: Path) -> None:
    with use(state, 60) as user:
        first_line(user)
        user.send_signal(signal.SIGINT)
        assert user.wait(20) != 0
    assert not running(state)
    assert "database system is shut down" in (state / "postgres" / "log").read_text()


def test_ctrl_c_of_the_terminal_does_not_reach_the_server_itself(state: Path) -> None:
    server = EmbeddedServer(state)
    assert os.getpgid(server.start().pid) != os.getpgid(0)
    server.stop()


def test_killed_user_leaves_a_server_that_the_next_one_shares_and_stops(state: Path) -> None:
    with use(state, 60) as user:
        pid = first_line(user)
        user.kill()
    assert running(state)
    server = EmbeddedServer(state)
    assert server.start().pid == pid
    server.stop()
    assert not running(state)


def test_killed_server_does_not_block_the_next_start(state: Path) -> None:
    server = EmbeddedServer(state)
    with psycopg.connect(**server.parameters, dbname="postgres") as connection:
        connection.execute("create table survives as select 1 as n")
    postmaster = server.start()
    os.kill(postmaster.pid, signal.SIGKILL)
    while postmaster.alive():
        time.sleep(0.01)
    assert (data_of(state) / "postmaster.pid").exists()
    again = EmbeddedServer(state)
    with psycopg.connect(**again.parameters, dbname="postgres") as connection:
        assert connection.execute("select n from survives").fetchone() == (1,)
    again.stop()


def test_pid_file_of_another_living_process_does_not_block(state: Path) -> None:
    server = EmbeddedServer(state)
    server.start()
    text = (data_of(state) / "postmaster.pid").read_text()
    server.stop()
    lines = text.splitlines()
    (data_of(state) / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert answers(server)
    server.stop()


def test_unfinished_first_start_does_not_block(state: Path) -> None:
    shutil.rmtree(data_of(state))
    (state / "postgres" / "data.new").mkdir()
    (state / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer(state)
    assert answers(server)
    server.stop()


def test_many_start_at_once_and_get_the_same_server(state: Path) -> None:
    users = [use(state, 1.5) for _ in range(4)]
    assert len({first_line(user) for user in users}) == 1
    for user in users:
        assert user.wait(30) == 0
        assert user.stdout is not None
        user.stdout.close()
    assert not running(state)


@pytest.mark.parametrize("name", ["x" * 120, 'it\'s $5 "quoted", with a comma', "пошта"])
def test_long_and_odd_paths_work(open_folder: Path, name: str) -> None:
    state = open_folder / name / ".velobind"
    state.parent.mkdir()
    server = EmbeddedServer(state)
    assert answers(server)
    socket = Path(server.parameters["host"])
    assert len(os.fsencode(socket)) < 100
    server.stop()
    assert not socket.exists() or socket.is_relative_to(state)
    server.remove()


def test_socket_is_closed_to_other_accounts(state: Path) -> None:
    server = EmbeddedServer(state)
    folder = Path(server.parameters["host"])
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
    server.stop()


def test_root_works_below_a_folder_that_is_closed_to_the_servers_account(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedServer(closed / ".velobind")
    assert answers(server)
    assert closed.stat().st_mode & 0o777 == 0o700
    server.stop()
    server.remove()


def test_data_of_a_closed_folder_go_when_that_is_gone(open_folder: Path) -> None:
    def home(number: int) -> Path:
        closed = open_folder / f"closed{number}"
        closed.mkdir(mode=0o700)
        server = EmbeddedServer(closed / ".velobind")
        server.start()
        server.stop()
        assert server.home is not None
        return server.home

    first = home(1)
    shutil.rmtree(open_folder / "closed1")
    second = home(2)
    assert not first.exists()
    assert second.exists()
    EmbeddedServer(open_folder / "closed2" / ".velobind").remove()
    assert not second.exists()


def test_ordinary_user_works(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root: a child becomes an ordinary user. Everybody else is one already."""
    programs = account.binaries(account.account())
    monkeypatch.setattr("velobind.binding.embedded.server.binaries", lambda user: programs)
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    home = open_folder / "ordinary"
    home.mkdir()
    os.chown(home, user, -1)
    server = EmbeddedServer(home / ".velobind")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setuid(user)
            code = 0 if answers(server) else 2
            server.stop()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert data_of(home / ".velobind").stat().st_uid == user
    assert not running(home / ".velobind")


def test_missing_wheel_names_the_extra(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError) as caught:
        EmbeddedServer(state).start()
    assert "velobind[embedded]" in str(caught.value)
    monkeypatch.undo()


def test_failure_to_start_says_the_servers_last_words(state: Path) -> None:
    server = EmbeddedServer(state)
    server.start()
    server.stop()
    (data_of(state) / "global" / "pg_control").unlink()
    started = time.monotonic()
    with pytest.raises(DatabaseError, match="did not start"):
        server.start()
    assert time.monotonic() - started < 10


def test_setup_runs_once_and_again_when_it_changes(state: Path, tmp_path: Path) -> None:
    server = EmbeddedServer(state)
    file = tmp_path / "setup.sql"
    file.write_text("create table if not exists runs (n int); insert into runs values (1);")

    def runs() -> int:
        ensure_database(server, "shop", [file], "connectors.shop.setup")
        with psycopg.connect(**server.parameters, dbname="shop") as connection:
            row = connection.execute("select count(*) from runs").fetchone()
            assert row is not None
            return int(row[0])

    assert [runs(), runs()] == [1, 1]
    file.write_text(file.read_text() + "-- changed")
    assert runs() == 2
    server.stop()


def test_wrong_setup_names_file_and_line(state: Path, tmp_path: Path) -> None:
    server = EmbeddedServer(state)
    file = tmp_path / "setup.sql"
    file.write_text("create table a (n int);\n\ninsert into b values (1);\n")
    with pytest.raises(DatabaseError) as caught:
        ensure_database(server, "shop", [file], "connectors.shop.setup")
    assert (caught.value.template, caught.value.line) == ("setup.sql", 3)
    with pytest.raises(ConfigError, match="cannot be read"):
        ensure_database(server, "shop", [tmp_path / "none.sql"], "connectors.shop.setup")
    server.stop()
