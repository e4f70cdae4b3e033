"""Starts, shares and stops the project's PostgreSQL.

Two locks of the operating system say everything, and a crash releases both: `start.lock` is held while a server is
being started or stopped, `users.lock` is held, shared, by each process that uses it. Who finds itself the last user
stops the server; a server that a killed process left running is simply shared, and stopped by the next last user.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from velobind.binding.embedded import process
from velobind.binding.embedded.account import Account, account, binaries
from velobind.errors import DatabaseError

# The path of a Unix socket has 107 bytes on Linux and 103 on macOS; PostgreSQL adds `/.s.PGSQL.5432.lock`.
_SOCKET_FOLDER_BYTES = 103 - len("/.s.PGSQL.5432.lock")
_SHORT_PREFIX = "velobind-pg-"
_START_SECONDS = 60.0
# Where data stand that belong to a state folder which the server's account cannot enter, and what names that folder.
_ELSEWHERE = Path("/var/tmp")
_ELSEWHERE_PREFIX = "velobind-state-"
_STATE_FILE = "state_folder"


class EmbeddedServer:
    """The PostgreSQL of one state folder. `start` and `stop` may be called again and again.

    Superuser is `postgres`; nobody but the account that started the server (and root) reaches its socket.
    """

    def __init__(self, state: Path) -> None:
        self.state = state.absolute()
        self._account: Account | None = None
        self._users: IO[bytes] | None = None
        self._owner = 0
        self._home: Path | None = None
        self._running: process.Postmaster | None = None

    @property
    def home(self) -> Path | None:
        """The folder of data, log and locks, once the server was started."""
        return self._home

    @property
    def parameters(self) -> dict[str, Any]:
        """How libpq reaches the server, without a database: `host` (the socket's folder), `port`, `user`."""
        running = self.start()
        return {"host": str(running.socket_folder), "port": running.port, "user": "postgres"}

    def start(self) -> process.Postmaster:
        """Use the server, starting it unless it runs.

        Raises ConfigError without the wheel, DatabaseError if it does not start.
        """
        if self._users is not None and self._running is not None and self._running.alive():
            return self._running
        self._account = self._account or account()
        home = self._prepared_home(self._account)
        with _locked(home / "start.lock"):
            self._running = self._started(home, self._account)
            if self._users is None:
                self._users = (home / "users.lock").open("ab")
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self._owner = os.getpid()
                atexit.register(self.stop)
        return self._running

    def stop(self) -> None:
        """Stop using the server, and shut it down unless somebody else uses it."""
        users, self._users = self._users, None
        if users is None or self._home is None:
            return
        atexit.unregister(self.stop)
        if self._owner != os.getpid() or not self._home.exists():
            # A forked child shares the lock's file: unlocking would take it from the parent.
            users.close()
            return
        with _locked(self._home / "start.lock"), users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
            running = process.read(self._home / "data")
            if running is not None and running.alive():
                running.stop()
                _remove_short_folder(running.socket_folder)
        self._running = None

    def remove(self) -> None:
        """Stop the server, whoever uses it, and delete all its data."""
        self._account = self._account or account()
        home = self._prepared_home(self._account)
        self.stop()
        with _locked(home / "start.lock"):
            running = process.read(home / "data")
            if running is not None and running.alive():
                running.stop()
                _remove_short_folder(running.socket_folder)
        for folder in (home, self.state / "postgres"):
            shutil.rmtree(folder, ignore_errors=True)
        self._home = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of starting and stopping, as for work that two users must not do at once."""
        self.start()
        assert self._home is not None
        with _locked(self._home / "setup.lock"):
            yield

    def _prepared_home(self, user: Account) -> Path:
        """The folder of data, log and locks: in the state folder, or where the server's account can enter it."""
        if self._home is not None:
            return self._home
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            ignore = self.state / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
            home = self._folder(self.state / "postgres", user)
        except OSError as error:
            raise DatabaseError(
                f"cannot write the state folder {self.state}: {error.strerror}",
                hint="embedded PostgreSQL keeps its data there; run as the owner, or set `state` in [project]",
            ) from None
        if not user.enters(home):
            _remove_orphans(user)
            digest = hashlib.sha256(os.fsencode(self.state)).hexdigest()[:12]
            home = self._folder(_ELSEWHERE / f"{_ELSEWHERE_PREFIX}{digest}", user)
            (home / _STATE_FILE).write_text(str(self.state))
        self._home = home
        return home

    def _folder(self, path: Path, user: Account) -> Path:
        path.mkdir(mode=0o700, exist_ok=True)
        owner = path.lstat().st_uid
        if path.is_symlink() or owner not in {os.geteuid(), user.uid}:
            raise PermissionError(13, f"{path} belongs to another user")
        user.own(path)
        return path

    def _started(self, home: Path, user: Account) -> process.Postmaster:
        data = home / "data"
        running = process.read(data)
        if running is not None and running.alive():
            return self._ready(home, running.pid)
        programs = binaries(user)
        if running is not None:
            _remove_short_folder(running.socket_folder)
        (data / "postmaster.pid").unlink(missing_ok=True)
        if not data.exists():
            _create(programs, home, user)
        _check_version(programs, data, user)
        folder = _socket_folder(home, user)
        # A killed server's children may hold its shared memory for a moment after it.
        for attempt in range(5):
            pid = _launch(programs, home, folder, user)
            try:
                return self._ready(home, pid)
            except DatabaseError:
                if attempt == 4 or "pre-existing shared memory" not in _log(home):
                    raise
                time.sleep(0.5)
        raise AssertionError("unreachable")

    def _ready(self, home: Path, pid: int) -> process.Postmaster:
        """Wait until the server, which is process `pid`, takes connections."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and process.works_in(pid, home / "data"):
            running = process.read(home / "data")
            if running is not None and running.ready and running.pid == pid:
                return running
            time.sleep(0.01)
        raise DatabaseError(
            f"the embedded PostgreSQL did not start: {_last_words(home)}", hint=f"its log is {home / 'log'}"
        )


def _remove_orphans(user: Account) -> None:
    """Delete data whose state folder is gone, as after a project in a temporary folder."""
    for home in _ELSEWHERE.glob(f"{_ELSEWHERE_PREFIX}*"):
        try:
            if home.is_symlink() or home.stat().st_uid != user.uid or Path((home / _STATE_FILE).read_text()).exists():
                continue
        except OSError:
            continue
        running = process.read(home / "data")
        if running is None or not running.alive() or running.stop():
            shutil.rmtree(home, ignore_errors=True)


def _create(programs: Path, home: Path, user: Account) -> None:
    """A new data folder, whole or not at all. Text sorts by code point and folds case as Unicode does."""
    making = home / "data.new"
    if making.exists():
        shutil.rmtree(making)
    arguments: list[str | Path] = [programs / "initdb", "-D", making, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = user.run(
        [*arguments, *locale, "--no-sync", "--no-instructions"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if made.returncode:
        raise DatabaseError(f"the embedded PostgreSQL could not be made: {made.stdout.strip().splitlines()[-1]}")
    making.rename(home / "data")


def _check_version(programs: Path, data: Path, user: Account) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    printed = user.run([programs / "postgres", "--version"], stdout=subprocess.PIPE).stdout
    if printed.split()[-1].partition(".")[0] != version:
        raise DatabaseError(
            f"{data} was made by PostgreSQL {version}, installed is {printed.strip()}",
            hint=f"delete {data.parent}: the next start fills it again",
        )


def _launch(programs: Path, home: Path, socket_folder: Path, user: Account) -> int:
    """Start `postgres` in a session of its own, which the terminal's Ctrl-C does not reach; its process number."""
    (home / "log").unlink(missing_ok=True)
    quoted = '"' + str(socket_folder).replace('"', '""') + '"'
    options = {
        "listen_addresses": "",
        "unix_socket_directories": quoted,
        "unix_socket_permissions": "0700",
        "port": "5432",
        "shared_buffers": "32MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    arguments = [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
    shell = ["/bin/sh", "-c", 'log=$1; shift; umask 077; "$@" </dev/null >>"$log" 2>&1 & echo $!', "sh"]
    started = user.run(
        [*shell, home / "log", programs / "postgres", "-D", home / "data", *arguments],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(started.stdout)


def _socket_folder(home: Path, user: Account) -> Path:
    """Where the socket stands: in the state folder, or in a short folder where libpq could not use that path."""
    folder = home / "run"
    # libpq takes a comma for the end of a host.
    if len(os.fsencode(folder)) <= _SOCKET_FOLDER_BYTES and "," not in str(folder):
        # The socket and its lock file may be a crash's: nobody serves it now.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    else:
        short = len(tempfile.gettempdir()) < 60
        folder = Path(tempfile.mkdtemp(prefix=_SHORT_PREFIX, dir=None if short else "/tmp"))
    user.own(folder)
    return folder


def _remove_short_folder(folder: Path) -> None:
    if folder.name.startswith(_SHORT_PREFIX) and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _log(home: Path) -> str:
    try:
        return (home / "log").read_text(errors="replace")
    except OSError:
        return ""


def _last_words(home: Path) -> str:
    lines = _log(home).splitlines() or ["it left no log"]
    line = next((line for line in lines if "FATAL:" in line), lines[0])
    return line.partition("FATAL:")[2].strip() or line.strip()
