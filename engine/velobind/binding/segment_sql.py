"""The conditions of a segment as SQL: a tree of conditions becomes one boolean expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from psycopg import sql

from velobind.binding.catalog import Column
from velobind.binding.conditions import Day, children
from velobind.binding.contact_table import ContactTable
from velobind.binding.keys import WHOLE_NUMBERS, key_expression
from velobind.binding.predicates import predicate
from velobind.binding.queries import Parameters, identifier, joined
from velobind.binding.segment import Segment
from velobind.binding.settings import Condition
from velobind.binding.source import Source
from velobind.errors import ConfigError

# How a row of a source, aliased `r`, belongs to the contact of the query.
Join = Callable[[Source], sql.Composable]


@dataclass(frozen=True)
class Translator:
    """Makes the SQL of a segment's conditions; their values gather in `parameters`."""

    segment: Segment
    day: Day
    parameters: Parameters
    join: Join
    contacts: ContactTable | None = None

    def tree(self, condition: Condition) -> sql.Composed:
        """The boolean expression of a condition about the contact."""
        if condition.source is not None:
            return self.of_source(condition)
        if condition.field is not None:
            return self._field(condition)
        return _grouped(condition, self.tree)

    def all(self, conditions: tuple[Condition, ...] | list[Condition]) -> sql.Composed:
        """That all conditions hold."""
        return sql.SQL("({})").format(joined(" and ", [self.tree(item) for item in conditions], "true"))

    def of_source(self, condition: Condition) -> sql.Composed:
        """That the contact has rows in a source of which the condition holds, as many as it says."""
        source = self.segment.source(condition.source or "")
        key = f"segments.{self.segment.name}.where"

        def row(part: Condition) -> sql.Composed:
            if part.column is None:
                return _grouped(part, row) if any(children(part)) or part.all == () else sql.Composed([sql.SQL("true")])
            column = source.column(part.column, key)
            fold = source.folds and column.name == source.connector.key_column
            return predicate(part, column, self.day, self.parameters, table="r", fold=fold)

        rows = sql.SQL("from {} r where {} and {}").format(source.table.identifier, self.join(source), row(condition))
        if condition.at_least is None and condition.at_most is None:
            return sql.SQL("exists (select 1 {})").format(rows)
        low = condition.at_least or 0
        bounds = [sql.SQL("count(*) >= {}").format(sql.Literal(low))]
        if condition.at_most is not None:
            bounds.append(sql.SQL("count(*) <= {}").format(sql.Literal(condition.at_most)))
        return sql.SQL("(select {} {})").format(sql.SQL(" and ").join(bounds), rows)

    def present(self, sources: tuple[Source, ...] | list[Source]) -> sql.Composed:
        """That the contact has a row in one of the sources."""
        each = [
            sql.SQL("exists (select 1 from {} r where {})").format(source.table.identifier, self.join(source))
            for source in sources
        ]
        return sql.SQL("({})").format(joined(" or ", each, "true"))

    def _field(self, condition: Condition) -> sql.Composed:
        assert self.contacts is not None and condition.field is not None
        column = contact_column(self.segment, self.contacts, condition.field)
        fold = condition.field.casefold() == "email"
        return predicate(condition, column, self.day, self.parameters, table="contact", fold=fold)


def contact_column(segment: Segment, contacts: ContactTable, field: str) -> Column:
    """The column of a contact field. Raises ConfigError when contacts have no such field."""
    column = contacts.column(field)
    if column is None:
        raise ConfigError(
            f"contacts of {contacts.origin} have no field `{field}`",
            key=f"segments.{segment.name}.where",
            hint="fields: " + ", ".join(contacts.field_names()),
        )
    return column


def joined_to_contacts(contacts: ContactTable, segment: Segment) -> Join:
    """A row belongs to the contact `contact` of the contacts' table whose key it has."""

    def join(source: Source) -> sql.Composed:
        column = contact_column(segment, contacts, source.connector.key_field)
        if column.type in WHOLE_NUMBERS and source.key_column.type in WHOLE_NUMBERS:
            left: sql.Composable = identifier("r", source.key_column.name)
            right: sql.Composable = identifier("contact", column.name)
        else:
            left = key_expression(source.connector, source.key_column.name, "r")
            right = key_expression(source.connector, column.name, "contact")
        return sql.SQL("{} = {}").format(left, right)

    return join


def joined_to_keys(source: Source) -> sql.Composed:
    """A row belongs to the key of `contact(key, number)`, a list of keys as text and, where they are so, as numbers."""
    if source.key_column.type in WHOLE_NUMBERS:
        return sql.SQL("{} = contact.number").format(identifier("r", source.key_column.name))
    return sql.SQL("{} = contact.key").format(key_expression(source.connector, source.key_column.name, "r"))


def _grouped(condition: Condition, each: Callable[[Condition], sql.Composed]) -> sql.Composed:
    if condition.not_ is not None:
        return sql.SQL("not {}").format(each(condition.not_))
    if condition.any is not None:
        return sql.SQL("({})").format(joined(" or ", [each(item) for item in condition.any], "false"))
    items = [each(item) for item in condition.all or ()]
    return sql.SQL("({})").format(joined(" and ", items, "true"))
