"""How anything of a user's enters a query: as an identifier or as a named parameter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import sql


def identifier(*parts: str) -> sql.Identifier:
    """A quoted, dotted name for a query that is run with parameters, where psycopg reads `%` as a placeholder."""
    return sql.Identifier(*(part.replace("%", "%%") for part in parts))


def joined(word: str, parts: Sequence[sql.Composable], otherwise: str = "") -> sql.Composed:
    """`parts` with `word` between them, or the SQL `otherwise` where there are none."""
    return sql.SQL(word).join(parts) if parts else sql.Composed([sql.SQL(otherwise)])


class Parameters(dict[str, Any]):
    """The values of a query's named placeholders, gathered while the query is composed."""

    def text(self, value: str) -> sql.Composed:
        """The placeholder of a text."""
        return self._add(value, "text")

    def texts(self, values: list[str]) -> sql.Composed:
        """The placeholder of a list of texts."""
        return self._add(values, "text[]")

    def _add(self, value: object, kind: str) -> sql.Composed:
        name = f"p{len(self)}"
        self[name] = value
        return sql.SQL("{}::" + kind).format(sql.Placeholder(name))
