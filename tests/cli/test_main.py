"""The command line as a process: help, start, streams, signals."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from velobind.project import Project

VELOBIND = [sys.executable, "-c", "import sys; from velobind.cli import main; main(sys.argv[1:])"]
COMMANDS = ["demo", "init", "preview", "render", "inspect", "context", "connector", "source", "segment", "event"]


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*VELOBIND, *arguments], capture_output=True, timeout=120, check=False, **options)  # type: ignore[call-overload,no-any-return]


def on_terminal(*arguments: str, cwd: Path, columns: int = 100) -> str:
    """What a command writes to a terminal, with its escape sequences."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.environ.update(TERM="xterm-256color", COLUMNS=str(columns))
        os.execv(VELOBIND[0], [*VELOBIND, *arguments])
    written = b""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 1)[0]:
            try:
                got = os.read(terminal, 65536)
            except OSError:
                break
            if not got:
                break
            written += got
    os.waitpid(child, 0)
    os.close(terminal)
    return written.decode()


def test_help_names_every_command_and_shows_how_to_start(command: Command) -> None:
    ran = command("--help")
    assert ran.code == 0
    assert "velobind preview promo --contact dina.kozak@example.com" in ran.out
    for name in COMMANDS:
        assert re.search(rf"^│ {name} +[A-Z]", ran.out, re.MULTILINE), name


@pytest.mark.parametrize(
    "words",
    [
        *[[name] for name in ("demo", "init", "preview", "render", "inspect")],
        *[["connector", each] for each in ("list", "validate")],
        *[["source", each] for each in ("list", "show")],
        *[["segment", each] for each in ("list", "count", "show")],
        *[["context", each] for each in ("bulk", "triggered")],
        ["event", "fire"],
    ],
    ids=" ".join,
)
def test_the_help_of_every_command_has_an_example(command: Command, words: list[str]) -> None:
    ran = command(*words, "--help")
    assert ran.code == 0
    assert "velobind " + " ".join(words) in ran.out.split("Example", 1)[1]


def test_version_and_no_arguments(command: Command) -> None:
    assert re.fullmatch(r"velobind \d+\.\d+\.\d+\S*\n", command("--version").out)
    assert "Usage" in command().out + command().err


def test_help_loads_no_database_no_template_engine_and_no_html() -> None:
    code = "import sys; import velobind.cli.app; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"psycopg", "msgspec", "babel", "inscriptis", "lxml", "rich.table", "velobind.project"}
    assert heavy.isdisjoint(loaded)
    assert not [
        name for name in loaded if name.startswith(("velobind.language", "velobind.binding", "velobind.campaign"))
    ]


def test_help_is_quick() -> None:
    def cpu() -> float:
        before = os.times()
        assert run("--help").returncode == 0
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    # The budget is 0.2 s; processor time, since other work on the machine stretches the clock's.
    assert min(cpu() for _ in range(5)) < 0.3


def test_init_makes_a_project_that_renders_at_once(open_folder: Path) -> None:
    made = run("init", "shop", cwd=open_folder)
    assert made.returncode == 0
    assert b"cd shop" in made.stdout
    assert (open_folder / "shop/.gitignore").read_text() == ".velobind/\n"
    shown = run("preview", "promo", "--contact", "dina.kozak@example.com", cwd=open_folder / "shop")
    assert shown.returncode == 0, shown.stderr
    assert b"AAAA-BBBB-DDDD" in shown.stdout


def test_the_demo_prints_both_data_objects_and_both_messages(tmp_path: Path) -> None:
    ran = run("demo", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    shown = ran.stdout.decode()
    row = (
        '        "id": "2",\n        "email": "dina.kozak@example.com",\n        "name": "Dina Kozak",\n'
        '        "birthday": "2020-09-02T00:00:00Z",\n        "promo_code": "AAAA-BBBB-DDDD"\n'
    )
    for key in ("promo_codes", "1043"):
        assert f'{{\n  "data": {{\n    "{key}": [\n      {{\n{row}      }}\n    ]\n  }}\n}}\n' in shown
    assert "Subject: Dina, your promo code" in shown
    assert "Subject: Happy birthday, Dina!" in shown
    assert shown.count("<p>By position: Dina Kozak has AAAA-BBBB-DDDD</p>") == 2
    assert "promo went to the segment everyone: 6 messages" in shown
    assert "5001       promo        DELIVERED" in shown
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_is_no_error(sample_project: Project) -> None:
    sample_project.source("promo_codes").count()
    child = subprocess.Popen(
        [*VELOBIND, "preview", "promo", "--segment", "everyone", "--json"],
        cwd=sample_project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None and child.stderr is not None
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait(60) in (0, 1)


def test_an_interrupt_ends_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.vm").write_text("#foreach($i in [1..1000000])#foreach($j in [1..1000000])#end#end")
    child = subprocess.Popen(
        [*VELOBIND, "render", "-", "--data", tmp_path / "a.json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(1.5)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (130, b"")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_ended_demo_leaves_nothing_behind(open_folder: Path, number: signal.Signals, code: int) -> None:
    own = open_folder / f"ended-{code}"
    own.mkdir()
    own.chmod(0o755)
    child = subprocess.Popen(
        [*VELOBIND, "demo"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(own)},
    )
    deadline = time.monotonic() + 60
    while not list(own.glob("*/shop/.velobind/postgres/*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(number)
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (code, b"starting a PostgreSQL and filling it ...\n")
    assert list(own.iterdir()) == []


def test_debug_shows_a_traceback_wherever_it_stands(tmp_path: Path) -> None:
    for arguments in (("--debug", "source", "list"), ("source", "list", "--debug")):
        ran = run(*arguments, cwd=tmp_path)
        assert ran.returncode == 1
        assert b"Traceback" in ran.stderr
        assert b"ConfigError" in ran.stderr


def test_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "a.vm").write_text("Привіт 🎂", encoding="utf-8")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = run("render", "a.vm", cwd=tmp_path, env=environment)
    assert (ran.returncode, ran.stdout) == (0, "Привіт 🎂".encode())


def test_a_narrow_terminal_gets_the_columns_that_fit(sample_project: Project) -> None:
    sample_project.source("promo_codes").count()
    shown = on_terminal("segment", "show", "everyone", cwd=sample_project.root, columns=60)
    assert "dina.kozak@example.com" in shown
    assert "without room for sms" in shown
    assert "+380501110001" not in shown


def test_a_terminal_gets_colours_and_a_pipe_gets_none(sample_project: Project) -> None:
    sample_project.source("promo_codes").count()
    preview = ("preview", "promo", "--contact", "5001")
    assert "\x1b[" in on_terminal(*preview, cwd=sample_project.root)
    assert b"\x1b" not in run(*preview, cwd=sample_project.root).stdout
    assert "\x1b[1;31merror: " in on_terminal("preview", "nothing", "--contact", "5001", cwd=sample_project.root)
