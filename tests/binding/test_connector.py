"""Connectors: read-only sessions, and errors that name the cause, help, and hold no secret."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from velobind.binding.connector import Connector
from velobind.binding.embedded import account
from velobind.binding.settings import ConnectorSettings, ContactKey, Secret
from velobind.errors import ConfigError, DatabaseError
from velobind.project import Project

KEY = ContactKey(column="email", field="email")
PASSWORD = "corr3ct-h0rse"
WRONG = "wr0ng-p4ssword"


def connector(reached: dict[str, Any], **settings: Any) -> Connector:
    known = {name: reached[name] for name in ("host", "port", "user")} | {"database": reached["dbname"]}
    return Connector("shop", ConnectorSettings(contact_key=KEY, **{**known, **settings}), Path.cwd())


def fault(made: Connector) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        made.connect()
    return caught.value


def test_sessions_can_only_read(database: dict[str, Any], fill: Callable[..., None]) -> None:
    fill("create table t (n int)")
    with connector(database).stream() as streaming, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        streaming.execute("insert into t values (1)")
    made = connector(database)
    with pytest.raises(DatabaseError, match="read-only"), made.session() as session:
        session.execute("insert into t values (1)")
    made.close()


def test_statements_end_at_the_timeout(database: dict[str, Any]) -> None:
    made = connector(database, statement_timeout=0.05)
    with pytest.raises(DatabaseError) as caught, made.session() as session:
        session.execute("select pg_sleep(5)")
    assert "statement timeout" in caught.value.message
    assert "statement_timeout" in (caught.value.hint or "")
    made.close()


def test_sessions_name_themselves(database: dict[str, Any]) -> None:
    made = connector(database)
    with made.session() as session:
        assert session.execute("select current_setting('application_name')").fetchone() == ("velobind",)
    made.close()


def test_a_lost_session_is_replaced(database: dict[str, Any]) -> None:
    made = connector(database)
    with made.session() as session:
        pid = session.info.backend_pid
    with psycopg.connect(**database, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [pid])
    with pytest.raises(DatabaseError), made.session() as session:
        session.execute("select 1")
    with made.session() as session:
        assert session.execute("select 1").fetchone() == (1,)
    made.close()


def test_unreachable_server(database: dict[str, Any]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    found = fault(connector(database, host="127.0.0.1", port=port))
    assert "refused" in found.message
    assert found.key == "connectors.shop"
    assert found.hint == "check that the server runs and can be reached"


def test_unknown_host(database: dict[str, Any]) -> None:
    found = fault(connector(database, host="no-such-host.invalid"))
    assert "no-such-host.invalid" in found.message


def test_silent_server_ends_at_the_connect_timeout(database: dict[str, Any]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        found = fault(connector(database, host="127.0.0.1", port=silent.getsockname()[1], connect_timeout=2))
    assert time.monotonic() - started < 8
    assert "timeout" in found.message


def test_unknown_database_and_unknown_user(database: dict[str, Any]) -> None:
    found = fault(connector(database, database="nowhere"))
    assert ("nowhere" in found.message, found.hint) == (True, "check `database` of the connector")
    found = fault(connector(database, user="nobody_here"))
    assert "nobody_here" in found.message
    assert "`user`" in (found.hint or "")


def test_password_from_the_environment_or_a_file(
    database: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    (tmp_path / "secret").write_text(f"{PASSWORD}\n")
    assert connector(database, password=Secret(env="SHOP_PASSWORD")).parameters()["password"] == PASSWORD
    assert connector(database, password=Secret(file=str(tmp_path / "secret"))).parameters()["password"] == PASSWORD
    monkeypatch.delenv("SHOP_PASSWORD")
    with pytest.raises(ConfigError, match="SHOP_PASSWORD is not set") as caught:
        connector(database, password=Secret(env="SHOP_PASSWORD")).connect()
    assert caught.value.key == "connectors.shop.password"
    with pytest.raises(ConfigError, match="cannot be read"):
        connector(database, password=Secret(file=str(tmp_path / "none"))).connect()


def test_what_libpq_knows_reaches_it(database: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """PG* variables, a service file, a connection string, a parameter of its own."""
    monkeypatch.setenv("PGHOST", database["host"])
    monkeypatch.setenv("PGUSER", "postgres")
    monkeypatch.setenv("PGDATABASE", database["dbname"])
    bare = Connector("shop", ConnectorSettings(contact_key=KEY), tmp_path)
    with bare.connect() as session:
        assert session.info.dbname == database["dbname"]
    for name in ("PGHOST", "PGUSER", "PGDATABASE"):
        monkeypatch.delenv(name)
    services = tmp_path / "services.conf"
    services.write_text(f"[shop]\nhost={database['host']}\nuser=postgres\ndbname={database['dbname']}\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    served = Connector("shop", ConnectorSettings(contact_key=KEY, libpq={"service": "shop"}), tmp_path)
    with served.connect() as session:
        assert session.info.dbname == database["dbname"]
    dsn = psycopg.conninfo.make_conninfo(**database)
    named = Connector("shop", ConnectorSettings(contact_key=KEY, dsn=dsn, libpq={"application_name": "mine"}), tmp_path)
    with named.connect() as session:
        assert session.execute("show application_name").fetchone() == ("mine",)


@pytest.mark.parametrize(
    "dsn",
    [f"host=db password {WRONG}", f"postgresql://user:{WRONG}%zz@host/db", f"host=db passwrd={WRONG}", f"'{WRONG}"],
)
def test_broken_connection_string_is_not_repeated(dsn: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Connector("shop", ConnectorSettings(contact_key=KEY, dsn=dsn), tmp_path).connect()
    assert WRONG not in "".join(traceback.format_exception(caught.value))
    assert caught.value.key == "connectors.shop.dsn"


@pytest.fixture(scope="module")
def guarded(open_folder: Path) -> Iterator[dict[str, Any]]:
    """The system's PostgreSQL, on TCP with TLS and passwords: the embedded one has no TLS."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not found:
        pytest.skip("no PostgreSQL of the system below /usr/lib/postgresql")
    programs, user = found[-1], account.account()
    home = open_folder / "guarded"
    home.mkdir(mode=0o700)
    user.own(home)
    data = home / "data"
    (home / "password").write_text(PASSWORD)
    user.own(home / "password")
    quiet = {"stdout": subprocess.DEVNULL, "check": True}
    user.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            "-N",
            f"--pwfile={home / 'password'}",
        ],
        **quiet,
    )
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 3 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
        f" -keyout {data / 'server.key'} -out {data / 'server.crt'}",
        shell=True,
        check=True,
        capture_output=True,
    )
    for name in ("server.key", "server.crt"):
        (data / name).chmod(0o600)
        user.own(data / name)
    shutil.copy(data / "server.crt", home / "ca.crt")
    home.chmod(0o755)
    (home / "ca.crt").chmod(0o644)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (data / "postgresql.auto.conf").write_text(
        f"ssl = on\nport = {port}\nlisten_addresses = 'localhost'\nunix_socket_directories = ''\n"
    )
    (data / "pg_hba.conf").write_text("hostssl all all all scram-sha-256\nhostnossl all plain all scram-sha-256\n")
    user.run([programs / "pg_ctl", "-D", data, "-w", "-l", home / "log", "start"], **quiet)
    yield {"host": "localhost", "port": port, "user": "postgres", "dbname": "postgres", "ca": str(home / "ca.crt")}
    user.run([programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], **quiet)


def test_tls_is_reported_and_verified(guarded: dict[str, Any]) -> None:
    made = connector(guarded, password=PASSWORD, sslmode="verify-full", libpq={"sslrootcert": guarded["ca"]})
    with made.session() as session:
        assert session.pgconn.ssl_in_use
    made.close()
    found = fault(connector(guarded, password=PASSWORD, sslmode="verify-full", libpq={"sslrootcert": "/nowhere.crt"}))
    assert "nowhere.crt" in found.message


def test_connection_without_tls_that_the_server_refuses(guarded: dict[str, Any]) -> None:
    found = fault(connector(guarded, password=PASSWORD, sslmode="disable"))
    assert "pg_hba.conf" in found.message
    assert "pg_hba.conf" in (found.hint or "")


@pytest.mark.parametrize("how", ["parameter", "dsn", "environment"])
def test_wrong_password_is_never_shown(guarded: dict[str, Any], how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", WRONG)
    settings: dict[str, Any] = {
        "parameter": {"password": WRONG},
        "dsn": {"dsn": f"postgresql://postgres:{WRONG}@localhost/postgres"},
        "environment": {"password": Secret(env="SHOP_PASSWORD")},
    }[how]
    made = connector(guarded, **settings)
    found = fault(made)
    assert "password authentication failed" in found.message
    assert found.hint == "check `user` and `password` of the connector"
    assert WRONG not in "".join(traceback.format_exception(found)) + repr(made.settings) + str(vars(found))


def test_missing_password(guarded: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    found = fault(connector(guarded))
    assert "no password supplied" in found.message
    assert found.hint == "check `user` and `password` of the connector"


def test_server_that_stops_in_the_middle_of_a_stream(
    make_project: Callable[..., Project], fill: Callable[..., None], database: dict[str, Any]
) -> None:
    fill(
        "create table codes (email text, code text)",
        "insert into codes select 'u' || i || '@example.com', i from generate_series(1, 30000) i",
    )
    project = make_project(
        "[sources.codes]\nid = 1\nconnector = 'shop'\ntable = 'codes'\n"
        "[contacts]\nconnector = 'shop'\ntable = 'codes'\n"
    )
    seen = 0
    with pytest.raises(DatabaseError) as caught:
        for _ in project.bulk_contexts(project.contacts):
            seen += 1
            if seen == 10:
                with psycopg.connect(**database, autocommit=True) as other:
                    other.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                        " where application_name = 'velobind' and datname = current_database()"
                    )
    assert caught.value.key == "connectors.shop"
    assert 10 <= seen < 30000


def test_validation_reports_keys_rights_and_indexes(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill(
        "create table fine (email text, n int)",
        "create index on fine (lower(email))",
        "insert into fine values ('A@example.com', 1), ('a@example.com', 2), ('x@example.com', 3)",
        "create table slow (email text, n int)",
    )
    sources = "".join(
        f'[sources.{name}]\nid = {n}\nconnector = "shop"\ntable = "{name}"\n'
        for n, name in enumerate(["fine", "slow", "gone"])
    )
    project = make_project(
        sources + '[contacts]\nfile = "contacts.csv"\n', contacts_csv="email\na@example.com\nb@example.com\n"
    )
    found = project.validate("shop")
    assert [(match.source, match.contacts, match.matched, match.indexed) for match in found.matches] == [
        ("fine", 2, 1, True),
        ("slow", 2, 0, False),
        ("gone", 0, 0, False),
    ]
    assert found.matches[2].error == "there is no table public.gone in the database of `shop`"
    assert not found.ok
    assert found.tls is None
    assert any("lower(email)" in warning for warning in found.warnings)
    assert any("superuser" in warning for warning in found.warnings)


def test_validation_over_tcp(guarded: dict[str, Any], tmp_path: Path) -> None:
    from velobind.binding.validation import validate

    encrypted = connector(guarded, password=PASSWORD, sslmode="require")
    assert validate(encrypted, [], None).tls == "TLS"
    encrypted.close()
    with psycopg.connect(
        host="localhost", port=guarded["port"], user="postgres", password=PASSWORD, dbname="postgres", autocommit=True
    ) as session:
        session.execute("create role plain login password 'plain'")
    bare = connector(guarded, user="plain", password="plain", sslmode="disable")
    found = validate(bare, [], None)
    bare.close()
    assert (found.tls, found.host, found.user) == (None, f"localhost:{guarded['port']}", "plain")
    assert any("not encrypted" in warning for warning in found.warnings)


def test_table_that_may_not_be_read(
    make_project: Callable[..., Project], fill: Callable[..., None], server: Any
) -> None:
    fill("create table secret (email text)", "create schema hidden", "create table hidden.more (email text)")
    with psycopg.connect(**server.parameters, dbname="postgres", autocommit=True) as session:
        session.execute("drop role if exists reader")
        session.execute("create role reader login")
    project = make_project(
        '[sources.secret]\nid = 1\nconnector = "shop"\ntable = "secret"\n'
        '[sources.more]\nid = 2\nconnector = "shop"\ndataset = "hidden"\ntable = "more"\n'
    )
    import msgspec

    reader = Connector("shop", msgspec.structs.replace(project.connector("shop").settings, user="reader"), project.root)
    project._connectors["shop"] = reader
    for name, table in (("secret", '"public"."secret"'), ("more", '"hidden"."more"')):
        with pytest.raises(DatabaseError) as caught:
            project.source(name).rows(["a"])
        assert caught.value.key == f"sources.{name}"
        assert f"select on {table}" in (caught.value.hint or "")


def test_no_process_is_left_of_a_forked_child(sample_project: Project) -> None:
    """A child that shares the parent's lock must not stop the parent's server."""
    child = os.fork()
    if child == 0:
        try:
            sample_project.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert sample_project.source("promo_codes").count() == 9
    with pytest.raises(ProcessLookupError):
        os.kill(child, signal.SIGTERM)
