"""The conditions of a segment as SQL: a tree of conditions becomes one boolean expression."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from psycopg import sql

from velobind.binding.catalog import Column
from velobind.binding.conditions import Day
from velobind.binding.contact_table import ContactTable
from velobind.binding.keys import WHOLE_NUMBERS, key_expression
from velobind.binding.predicates import predicate
from velobind.binding.queries import Parameters, identifier, joined
from velobind.binding.segment import Segment
from velobind.binding.settings import Condition
from velobind.binding.source import Source
from velobind.errors import ConfigError


@dataclass(frozen=True)
class RowConditions:
    """Makes the SQL of what a segment asks of rows, which are aliased `r`; its values gather in `parameters`."""

    segment: Segment
    day: Day
    parameters: Parameters

    def row(self, condition: Condition, source: Source) -> sql.Composed:
        """That a row meets the condition of its source, whatever the condition counts."""
        if condition.column is None:
            if condition.all is None and condition.any is None and condition.not_ is None:
                return joined("", [], "true")
            return _grouped(condition, lambda part: self.row(part, source))
        column = source.column(condition.column, f"segments.{self.segment.name}.where")
        fold = source.folds and column.name == source.connector.key_column
        return predicate(condition, column, self.day, self.parameters, table="r", fold=fold)

    def of_rows(self, condition: Condition, source: Source) -> sql.Composed:
        """That a group of rows, those of one contact, meets the condition: one does, or as many as it counts."""
        row = self.row(condition, source)
        if not counts(condition):
            return sql.SQL("bool_or({})").format(row)
        return sql.SQL("count(*) filter (where {}) {}").format(row, _bounds(condition))


@dataclass(frozen=True)
class ContactConditions:
    """Makes the SQL of a segment's conditions for contacts of a table, which are aliased `contact`."""

    rows: RowConditions
    contacts: ContactTable

    def all(self, conditions: Iterable[Condition]) -> sql.Composed:
        """That all conditions hold."""
        return sql.SQL("({})").format(joined(" and ", [self.tree(item) for item in conditions], "true"))

    def tree(self, condition: Condition) -> sql.Composed:
        """That a condition holds."""
        if condition.source is not None:
            return self._of_source(condition)
        if condition.field is not None:
            return self._field(condition)
        return _grouped(condition, self.tree)

    def present(self) -> sql.Composed:
        """That the contact has a row in one of the segment's sources."""
        sources = self.rows.segment.sources
        return sql.SQL("({})").format(joined(" or ", [self._exists(source) for source in sources], "true"))

    def _of_source(self, condition: Condition) -> sql.Composed:
        source = self.rows.segment.source(condition.source or "")
        row = self.rows.row(condition, source)
        if not counts(condition):
            return self._exists(source, row)
        own, key = self._join(source)
        none_will_do = (condition.at_least or 0) == 0
        # Whoever has no row counts 0: where that will do, it is those who count otherwise that are left out.
        form = "coalesce({key} {word} (select {own} from {table} r where {own} is not null and {row} group by 1"
        return sql.SQL(form + " having {test} count(*) {bounds}), {otherwise})").format(
            key=key,
            word=sql.SQL("not in" if none_will_do else "in"),
            own=own,
            table=source.table.identifier,
            row=row,
            test=sql.SQL("not" if none_will_do else ""),
            bounds=_bounds(condition),
            otherwise=sql.SQL("true" if none_will_do else "false"),
        )

    def _exists(self, source: Source, row: sql.Composable | None = None) -> sql.Composed:
        own, key = self._join(source)
        return sql.SQL("exists (select 1 from {} r where {} = {} and {})").format(
            source.table.identifier, own, key, row or sql.SQL("true")
        )

    def _join(self, source: Source) -> tuple[sql.Composable, sql.Composable]:
        """The key of a row and that of the contact: as numbers where both are whole numbers, else as text."""
        column = contact_column(self.rows.segment, self.contacts, source.connector.key_field)
        if column.type in WHOLE_NUMBERS and source.key_column.type in WHOLE_NUMBERS:
            return identifier("r", source.key_column.name), identifier("contact", column.name)
        return (
            key_expression(source.connector, source.key_column.name, "r"),
            key_expression(source.connector, column.name, "contact"),
        )

    def _field(self, condition: Condition) -> sql.Composed:
        assert condition.field is not None
        column = contact_column(self.rows.segment, self.contacts, condition.field)
        fold = condition.field.casefold() == "email"
        return predicate(condition, column, self.rows.day, self.rows.parameters, table="contact", fold=fold)


def counts(condition: Condition) -> bool:
    """Whether the condition counts rows."""
    return condition.at_least is not None or condition.at_most is not None


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


def _bounds(condition: Condition) -> sql.Composed:
    low, high = condition.at_least or 0, condition.at_most
    if high is None:
        return sql.SQL(">= {}").format(sql.Literal(low))
    return sql.SQL("between {} and {}").format(sql.Literal(low), sql.Literal(high))


def _grouped(condition: Condition, each: Callable[[Condition], sql.Composed]) -> sql.Composed:
    if condition.not_ is not None:
        return sql.SQL("not {}").format(each(condition.not_))
    if condition.any is not None:
        return sql.SQL("({})").format(joined(" or ", [each(item) for item in condition.any], "false"))
    items = [each(item) for item in condition.all or ()]
    return sql.SQL("({})").format(joined(" and ", items, "true"))
