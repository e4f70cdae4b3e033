"""What a connector reaches: the server, its encryption, its rights, and whose rows its sources hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from psycopg import sql

from velobind.binding.connector import Connector
from velobind.binding.contacts import Contacts
from velobind.binding.keys import normal
from velobind.binding.source import Source
from velobind.errors import VelobindError

_SAMPLE = 10_000
_BATCH = 5_000


@dataclass(frozen=True)
class KeyMatch:
    """How a source's contact keys match: `contacts` looked at, and how many of them have rows.

    `error` says why a source cannot be read; counts are 0 then. `indexed`: an index serves the look-up by key.
    """

    source: str
    table: str
    column: str
    field: str
    contacts: int = 0
    matched: int = 0
    indexed: bool = False
    error: str | None = None


@dataclass(frozen=True)
class Validation:
    """What was reached. `tls` names the protocol, or None; `warnings` are sentences for a person."""

    connector: str
    server: str
    host: str
    database: str
    user: str
    tls: str | None
    matches: tuple[KeyMatch, ...]
    warnings: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every source can be read."""
        return all(match.error is None for match in self.matches)


def validate(connector: Connector, sources: Iterable[Source], contacts: Contacts | None) -> Validation:
    """Connect, and look at every source of the connector with up to 10,000 contacts.

    Raises DatabaseError when the database cannot be reached.
    """
    query = "select current_database(), current_user, current_setting('server_version'), rolsuper from pg_roles"
    database, user, version, superuser = connector.ask(sql.SQL(query + " where rolname = current_user"))[0]
    with connector.session() as session:
        info = session.info
        local = info.host.startswith("/")
        tls = "TLS" if session.pgconn.ssl_in_use else None
        host = "a local socket" if local else f"{info.host}:{info.port}"
    warnings = []
    if tls is None and not local:
        warnings.append("the connection is not encrypted: set sslmode to require, or to verify-full with sslrootcert")
    if superuser and not connector.settings.embedded:
        warnings.append(f"{user} is a superuser; a role that may only SELECT is enough")
    mine = [source for source in sources if source.connector is connector]
    sample = [] if contacts is None else list(islice(contacts, _SAMPLE))
    keys = [key for contact in sample if (key := normal(contact.get(connector.key_field), connector)) is not None]
    matches = tuple(_match(source, keys) for source in mine)
    for match in matches:
        if match.error is None and not match.indexed:
            expression = f"lower({match.column})" if mine[0].folds else match.column
            warnings.append(f"{match.table} has no index on {expression}: large campaigns will be slow")
    return Validation(connector.name, f"PostgreSQL {version}", host, database, user, tls, matches, tuple(warnings))


def _match(source: Source, keys: Sequence[str]) -> KeyMatch:
    connector = source.connector
    table = f"{source.settings.dataset}.{source.settings.table}"
    match = KeyMatch(source.name, table, connector.key_column, connector.key_field)
    try:
        matched = 0
        distinct = list(dict.fromkeys(keys))
        for start in range(0, len(distinct), _BATCH):
            matched += source.present(distinct[start : start + _BATCH])
        return KeyMatch(source.name, table, match.column, match.field, len(distinct), matched, source.indexed, None)
    except VelobindError as error:
        return KeyMatch(source.name, table, match.column, match.field, error=error.message)
