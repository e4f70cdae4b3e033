"""Real PostgreSQL servers that tests may stop, restart and break: the embedded 18 and the system's own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from velobind.binding.embedded.account import account, binaries


class Server:
    """A server of its own in a new folder, with the superuser `postgres`.

    `tls` makes it listen on 127.0.0.1 and take encrypted connections only there, with a certificate of its own; `tcp`
    makes it listen there and trust whoever comes.
    """

    def __init__(self, programs: Path, *, tls: bool = False, tcp: bool = False) -> None:
        self.account = account()
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="velobind-export-"))
        self.account.own(self.folder)
        self.data = self.folder / "data"
        self.port = 5432
        self._run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        settings = ["listen_addresses = ''", f"unix_socket_directories = '{self.folder}'", "max_connections = 40"]
        if tls or tcp:
            self.port = free_port()
            settings += [f"port = {self.port}", "listen_addresses = '127.0.0.1'"]
        if tls:
            self._make_certificate()
            settings += ["ssl = on"]
            settings += [f"ssl_cert_file = '{self.certificate}'", f"ssl_key_file = '{self.folder}/server.key'"]
            (self.data / "pg_hba.conf").write_text("local all all trust\nhostssl all all all scram-sha-256\n")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join([*settings, ""]))
        self.start()

    @property
    def certificate(self) -> Path:
        return self.folder / "server.crt"

    @property
    def dsn(self) -> str:
        return f"host={self.folder} port={self.port} user=postgres dbname=postgres"

    def start(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def crash(self) -> None:
        """End the server at once, no session being asked, and start it again; it recovers from its log."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + 30
        while (self.data / "postmaster.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.start()

    def remove(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str | Path) -> None:
        # To files, not pipes: the server keeps what it is given open.
        with tempfile.TemporaryFile("w+") as out:
            done = self.account.run([self.programs / program, *arguments], stdout=out, stderr=out)
            out.seek(0)
            assert done.returncode == 0, f"{program}: {out.read()}"

    def _make_certificate(self) -> None:
        key = self.folder / "server.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        for path in (key, self.certificate):
            self.account.own(path)
            path.chmod(0o600 if path == key else 0o644)


def embedded_programs() -> Path:
    """The embedded PostgreSQL's programs, or those of the folder VELOBIND_TEST_POSTGRES: to try another version."""
    given = os.environ.get("VELOBIND_TEST_POSTGRES")
    return Path(given) if given else binaries(account())


def system_programs() -> Path | None:
    """The newest PostgreSQL of the system, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def can_mount() -> bool:
    """Whether a small file system can be made here, to be filled up."""
    with tempfile.TemporaryDirectory() as folder:
        if (
            os.geteuid() != 0
            or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True).returncode
        ):
            return False
        subprocess.run(["umount", folder], check=True)
        return True


def pooler_program() -> str | None:
    """PgBouncer, or None where it is not installed."""
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


def running(programs: Path, *, tls: bool = False) -> Iterator[Server]:
    server = Server(programs, tls=tls)
    try:
        yield server
    finally:
        server.remove()


def environment() -> dict[str, str]:
    """For a child process: the caller's, without the PG* variables, so that only what a test gives counts."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
