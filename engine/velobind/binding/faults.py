"""psycopg's errors as DatabaseErrors: what happened, to which connector, what can be done, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import psycopg

from velobind.errors import DatabaseError

_SECRETS = ("password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret")

# Beginnings of SQLSTATE, the longest first: https://www.postgresql.org/docs/current/errcodes-appendix.html
_HINTS = {
    "28P01": "check `user` and `password` of the connector",
    "28000": "check `user` of the connector, and what pg_hba.conf lets it do",
    "3D000": "check `database` of the connector",
    "42501": "grant the connector's user USAGE on the schema and SELECT on the table",
    "42P01": "check `dataset` and `table` of the source",
    "42703": "check the column's name, in the same letter case as in the table",
    "57014": "raise `statement_timeout` of the connector, or index the contact key column",
    "53300": "the server has no free connection; try later",
    "25006": "velobind only reads from a connector",
    "57P": "the server is stopping or restarting; try again",
    "08": "check that the server runs and can be reached",
}


_REFUSALS = {
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    'role ".*" does not exist': "28000",
    'database ".*" does not exist': "3D000",
    "too many clients": "53300",
    "shutting down|starting up": "57P03",
}


def translated(error: psycopg.Error, connector: str, parameters: Mapping[str, Any]) -> DatabaseError:
    """The DatabaseError of a psycopg error; `parameters` are those of the connection, whose secrets are struck out."""
    state = error.sqlstate or _state_of_refusal(str(error))
    diagnosis = error.diag.message_primary
    message = diagnosis or " ".join(str(error).split()) or type(error).__name__
    for word in _SECRETS:
        secret = str(parameters.get(word) or "")
        if secret:
            message = message.replace(secret, "***")
    hint = next((hint for start, hint in _HINTS.items() if state.startswith(start)), None)
    if diagnosis is None and not state and "connection" in message:
        hint = _HINTS["08"]
    if error.diag.message_hint and hint is None:
        hint = error.diag.message_hint
    return DatabaseError(message, key=f"connectors.{connector}", hint=hint)


def _state_of_refusal(message: str) -> str:
    """libpq gives no SQLSTATE for a refused connection; its words tell the cases apart that have hints."""
    fatal = message.partition("FATAL:")[2] or ("no password supplied" if "no password supplied" in message else "")
    return next((state for words, state in _REFUSALS.items() if re.search(words, fatal)), "")
