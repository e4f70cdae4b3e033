"""A connector: one PostgreSQL database, reached read-only, and its contact key.

Every session is read-only, has a statement timeout and names itself `velobind`; what leaves here as an error is a
DatabaseError without secrets.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from velobind.binding.embedded.setup import ensure_database
from velobind.binding.faults import translated
from velobind.binding.settings import ConnectorSettings, Secret
from velobind.binding.values import use_text_loaders
from velobind.errors import ConfigError, DatabaseError

if TYPE_CHECKING:
    from velobind.binding.embedded import EmbeddedServer

# Text of values must not depend on what a role or a database is set to, nor may a campaign that takes hours to send
# end at a timeout meant for idle sessions. By the first version of PostgreSQL that knows them.
_SESSION: dict[int, dict[str, str]] = {
    0: {
        "default_transaction_read_only": "on",
        "DateStyle": "ISO, YMD",
        "IntervalStyle": "postgres",
        "TimeZone": "UTC",
        "bytea_output": "hex",
        "extra_float_digits": "1",
        "idle_in_transaction_session_timeout": "0",
    },
    140000: {"idle_session_timeout": "0"},
    170000: {"transaction_timeout": "0"},
}
_EMBEDDED_DATABASE = "velobind"


class Connector:
    """The database `name` of the configuration. `folder` is where its setup files stand."""

    def __init__(
        self, name: str, settings: ConnectorSettings, folder: Path, server: EmbeddedServer | None = None
    ) -> None:
        self.name = name
        self.settings = settings
        self._folder = folder
        self._server = server
        self._shared: psycopg.Connection[Any] | None = None
        self._lock = threading.RLock()
        self._prepared = False

    @property
    def key_column(self) -> str:
        """The column that holds the contact key in every table of the connector."""
        return self.settings.contact_key.column

    @property
    def key_field(self) -> str:
        """The contact field that the key column equals."""
        return self.settings.contact_key.field

    def parameters(self) -> dict[str, Any]:
        """What libpq connects with, secrets included. Starts an embedded server, and fills it when its setup changed.

        Raises ConfigError for a secret that is not there.
        """
        settings = self.settings
        given: dict[str, Any] = {}
        if settings.embedded:
            assert self._server is not None
            given = {**self._server.parameters, "dbname": settings.database or _EMBEDDED_DATABASE}
            if not self._prepared:
                files = [self._folder / file for file in settings.setup]
                ensure_database(self._server, str(given["dbname"]), files, f"connectors.{self.name}.setup")
                self._prepared = True
        else:
            given.update(_parsed(self._secret(settings.dsn, "dsn"), self.name))
        named = {
            "host": settings.host,
            "port": settings.port,
            "dbname": None if settings.embedded else settings.database,
            "user": settings.user,
            "password": self._secret(settings.password, "password"),
            "sslmode": settings.sslmode,
        }
        given.update(settings.libpq)
        given.update({word: value for word, value in named.items() if value is not None})
        given.setdefault("connect_timeout", settings.connect_timeout)
        given.setdefault("application_name", "velobind")
        given.setdefault("client_encoding", "utf-8")
        return given

    def connect(self) -> psycopg.Connection[Any]:
        """A new read-only session, in autocommit. Raises DatabaseError or ConfigError."""
        parameters = self.parameters()
        with self.faults(parameters):
            # Never prepared: a generic plan does not know how many keys a batch has, and poolers lose statements.
            connection = psycopg.connect(**parameters, autocommit=True, prepare_threshold=None)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection[Any]]:
        """The connector's shared session, for short questions; one thread at a time. Raises DatabaseError."""
        with self._lock:
            if self._shared is not None and (self._shared.closed or self._shared.broken):
                self._shared = None
            if self._shared is None:
                self._shared = self.connect()
            with self.faults():
                yield self._shared

    @contextmanager
    def stream(self) -> Iterator[psycopg.Connection[Any]]:
        """A session of its own inside one read-only transaction that sees one state of the database."""
        connection = self.connect()
        try:
            with self.faults():
                connection.autocommit = False
                connection.read_only = True
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                yield connection
        finally:
            connection.close()

    @contextmanager
    def faults(self, parameters: dict[str, Any] | None = None) -> Iterator[None]:
        """Inside, errors of psycopg become DatabaseErrors that name the connector and hold no secret."""
        try:
            yield
        except psycopg.Error as error:
            raise translated(error, self.name, parameters or {}) from None
        except UnicodeDecodeError:
            raise DatabaseError("the database sent text that is not UTF-8", key=f"connectors.{self.name}") from None

    def ask(self, query: sql.Composed | sql.SQL, values: Any = ()) -> list[tuple[Any, ...]]:
        """All rows of one short query. Raises DatabaseError."""
        with self.session() as connection:
            return connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Close the shared session."""
        with self._lock:
            if self._shared is not None:
                self._shared.close()
                self._shared = None

    def _prepare(self, connection: psycopg.Connection[Any]) -> None:
        settings = {"statement_timeout": str(max(1, round(self.settings.statement_timeout * 1000)))}
        for version, words in _SESSION.items():
            if connection.info.server_version >= version:
                settings.update(words)
        calls = ", ".join("set_config(%s, %s, false)" for _ in settings)
        flat = [word for pair in settings.items() for word in pair]
        connection.execute(f"select {calls}".encode(), flat)
        use_text_loaders(connection)

    def _secret(self, secret: str | Secret | None, word: str) -> str | None:
        if secret is None or isinstance(secret, str):
            return secret
        key = f"connectors.{self.name}.{word}"
        if secret.env is not None:
            value = os.environ.get(secret.env)
            if value is None:
                raise ConfigError(
                    f"the environment variable {secret.env} is not set",
                    key=key,
                    hint=f"export {secret.env}=..., then try again",
                )
            return value
        path = self._folder / (secret.file or "")
        try:
            return path.read_text().split("\n", 1)[0]
        except OSError as error:
            raise ConfigError(f"{path} cannot be read: {error.strerror}", key=key) from None


def _parsed(dsn: str | None, name: str) -> dict[str, Any]:
    """The parameters of a connection string. Its text, which may hold a password, is never repeated."""
    if dsn is None:
        return {}
    try:
        return {word: value for word, value in conninfo_to_dict(dsn).items() if value is not None}
    except psycopg.Error:
        raise ConfigError(
            "is not a connection string of libpq",
            key=f"connectors.{name}.dsn",
            hint="as postgresql://user@host:5432/database, with special characters percent-encoded",
        ) from None
