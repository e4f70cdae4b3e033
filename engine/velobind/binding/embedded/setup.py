"""Fills a database of the embedded server from SQL files.

The files run in one transaction, in their order, when the database is new and whenever one of them has changed since;
they are written so that they can run again. What was run is remembered as the database's comment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from velobind.errors import ConfigError, DatabaseError

if TYPE_CHECKING:
    from velobind.binding.embedded import EmbeddedServer


def ensure_database(server: EmbeddedServer, name: str, files: Sequence[Path], key: str) -> None:
    """Make the database `name` unless it is there, and run `files` unless they have run as they are.

    Raises ConfigError for a file that is not there, DatabaseError for SQL that fails, with its file and line.
    """
    texts = [_text(file, key) for file in files]
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    mark = f"velobind setup {digest}"
    with server.alone(), psycopg.connect(**server.parameters, dbname="postgres", autocommit=True) as connection:
        row = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", [name]
        ).fetchone()
        if row is not None and row[0] == mark:
            return
        if row is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        with psycopg.connect(**server.parameters, dbname=name) as target:
            for file, text in zip(files, texts, strict=True):
                try:
                    target.execute(text.encode())
                except psycopg.Error as error:
                    raise _fault(error, file, text) from None
            target.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(name), sql.Literal(mark)))


def _text(file: Path, key: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}", key=key) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not UTF-8", key=key) from None


def _fault(error: psycopg.Error, file: Path, text: str) -> DatabaseError:
    position = error.diag.statement_position
    line = text.count("\n", 0, int(position) - 1) + 1 if position else None
    return DatabaseError(
        error.diag.message_primary or str(error),
        template=file.name,
        line=line,
        source=text.splitlines()[line - 1] if line else None,
        hint="setup files are plain SQL, without psql's backslash commands",
    )
