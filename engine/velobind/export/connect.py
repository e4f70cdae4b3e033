"""A session that writes, and what PostgreSQL's errors mean for an exporter."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Protocol

from velobind.errors import DatabaseError, VelobindError

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_STAGE_MEMORY = "32MB"
_CONNECT_SECONDS = "10"
# A network that went silent is noticed in a minute or two, not in hours.
_ALIVE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "6", "tcp_user_timeout": "90000"}


class Target(Protocol):
    """Where rows go: a connector, or anything else that knows libpq's parameters of a database."""

    def parameters(self) -> dict[str, Any]: ...


class Busy(DatabaseError):
    """Another exporter is writing to the same schema, and did not finish while we waited."""


def open_session(target: str | Target) -> Connection:
    """A connection for writing, not in autocommit, with UTC as its time zone.

    `target` is whatever libpq understands (`postgresql://...`, `host=... dbname=...`, `service=...`, "" for the PG*
    variables) or an object with `parameters()`. Raises DatabaseError.
    """
    import psycopg

    try:
        # What is given, in whatever form, wins over ours.
        given = _parsed(target) if isinstance(target, str) else target.parameters()
        defaults = {"connect_timeout": _CONNECT_SECONDS, "client_encoding": "utf-8", **_ALIVE}
        conn = psycopg.connect(**{**defaults, **given, "application_name": "velobind export"})
        conn.prepare_threshold = None  # a pooler may carry the next transaction to another session
        conn.autocommit = True
        # A first statement of its own: a pooler that shares sessions may refuse it, and then the default serves.
        with contextlib.suppress(psycopg.DatabaseError):
            conn.execute(f"SET temp_buffers = '{_STAGE_MEMORY}'")
        conn.execute("SET timezone = 'UTC'")
        conn.autocommit = False
        # For a role or database whose defaults are otherwise. A batch is staged before the one before it has committed,
        # and must see what that wrote.
        conn.read_only = False
        conn.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return conn
    except psycopg.Error as error:
        raise explain(error) from error


def _parsed(dsn: str) -> dict[str, Any]:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        return conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        # libpq's own message repeats the text, and with it the password.
        raise DatabaseError(
            "the DSN is not one that libpq understands",
            hint="write it as postgresql://user@host:5432/database, or as host=... dbname=... user=...",
        ) from None


def transient(error: BaseException) -> bool:
    """True where the same batch may well succeed later: the server is away, restarts, is full, or a lock is taken."""
    import psycopg
    from psycopg import errors

    if isinstance(error, VelobindError):
        return isinstance(error, Busy) or (error.__cause__ is not None and transient(error.__cause__))
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        # No answer from the server: it could not be reached, or the connection broke.
        return isinstance(error, psycopg.OperationalError) and not _wrong_login(error)
    refused = (errors.InvalidAuthorizationSpecification, errors.InvalidCatalogName)
    # A session that waits for its turn may be ended by a limit of the server.
    tired = ("25P03", "25P04")  # idle in a transaction, and a transaction, for too long
    return not isinstance(error, refused) and (
        isinstance(error, psycopg.OperationalError)
        or error.sqlstate[:2] in ("08", "40", "53", "57", "58")
        or error.sqlstate in tired
    )


def lost(error: BaseException) -> bool:
    """True where the connection is gone, so that what became of a commit is not known."""
    import psycopg

    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def row_fault(error: BaseException) -> bool:
    """True where a row is to blame: its data do not fit, or break a constraint that the user added."""
    import psycopg

    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    # 22 data exception, 23 constraint violation, 44 check option, 54 a limit of the program (an index entry too large),
    # P0001 raised by a trigger, 21000 two rows that the server takes for the same key.
    return state is not None and (state[:2] in ("22", "23", "44", "54") or state in ("P0001", "21000"))


def reason(error: BaseException) -> str:
    """One line of what the server said."""
    import psycopg

    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        detail = f" ({error.diag.message_detail})" if error.diag.message_detail else ""
        return f"{error.diag.message_primary}{detail}"
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def explain(error: psycopg.Error) -> DatabaseError:
    """The error as a DatabaseError with a hint; secrets stay out, since the server's messages hold none."""
    from psycopg import errors

    said = reason(error)
    if isinstance(error, errors.InsufficientPrivilege):
        return DatabaseError(f"the role lacks a right: {said}", hint="`velobind export plan` lists the rights it needs")
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return DatabaseError(f"the server takes no writes: {said}", hint="is it a standby? export to the primary")
    if isinstance(error, errors.DiskFull):
        return DatabaseError(f"the server's disk is full: {said}", hint="the rows are kept; free space there")
    if isinstance(error, errors.LockNotAvailable):
        return Busy(f"a lock was not given in time: {said}", hint="another session holds a table; try again later")
    if error.sqlstate is None or error.sqlstate[:2] in ("08", "28", "3D", "57"):
        return DatabaseError(f"PostgreSQL cannot be used: {said}", hint=_connection_hint(said))
    return DatabaseError(f"PostgreSQL refused: {said}")


# What a server or libpq says when it turns a connection down for good. Such errors carry no SQLSTATE.
_FOR_GOOD = (
    "password authentication failed",
    "authentication failed for user",
    "no password supplied",
    "does not exist",
    "no pg_hba.conf entry",
    "is not permitted to log in",
    "permission denied for database",
    "certificate verify failed",
    "server certificate for",
    "does not support SSL",
    "invalid connection option",
    "invalid sslmode value",
)


def _wrong_login(error: BaseException) -> bool:
    said = str(error)
    return any(part in said for part in _FOR_GOOD)


def _connection_hint(said: str) -> str:
    if "SSL" in said or "no encryption" in said or "certificate" in said:
        return "the server insists on TLS, or its certificate is not trusted: look at sslmode and sslrootcert"
    if "password" in said or "authentication" in said:
        return "is the user name right, and the password that the environment gives?"
    if "does not exist" in said:
        return "is the name of the database and of the user right?"
    return "does the server run, and do host and port reach it?"
