"""What an operator says of a column, as SQL that never fails on a value and is never NULL.

The rules are those of `matching`; a text column whose text is no number or no date simply does not meet a condition
about numbers or dates.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from psycopg import sql

from velobind.binding.catalog import Column
from velobind.binding.conditions import Day, as_date, operand_of, operator, text_of, utc
from velobind.binding.keys import WHOLE_NUMBERS
from velobind.binding.matching import DATE, MOMENT, NUMBER
from velobind.binding.queries import Parameters, identifier, joined
from velobind.binding.settings import Condition
from velobind.binding.values import TIMES, Kind

_SIGNS = {"greater": ">", "greater_or_equal": ">=", "less": "<", "less_or_equal": "<=", "equals": "="}


def predicate(
    condition: Condition,
    column: Column,
    day: Day,
    parameters: Parameters,
    *,
    table: str | None = None,
    fold: bool = False,
) -> sql.Composed:
    """The SQL of a leaf about `column` of the query's `table`; its values are added to `parameters`."""
    name, operand = operator(condition)
    return sql.SQL("coalesce({}, false)").format(_Subject(column, day, parameters, table, fold).leaf(name, operand))


class _Subject:
    """A column in a query, in the forms in which operators need it."""

    def __init__(self, column: Column, day: Day, parameters: Parameters, table: str | None, fold: bool) -> None:
        self.column = column
        self.day = day
        self.value = parameters.text
        self.values = parameters.texts
        self.raw = identifier(*([table] if table else []), column.name)
        text: sql.Composable = column.text(table)
        if column.array or column.kind is Kind.JSON:
            text = sql.SQL("{}::text").format(self.raw)
        self.text = sql.SQL("lower({})").format(text) if fold else sql.SQL("({})").format(text)
        self.fold = fold
        self.time = column.kind in TIMES and not column.array

    def leaf(self, name: str, operand: Any) -> sql.Composable:
        if name == "is_empty":
            empty = sql.SQL("({t} is null or {t} = '')").format(t=self.text)
            return empty if operand else sql.SQL("not {}").format(empty)
        if name in {"equals", "not_equals"}:
            found = self._coalesced(self.compared("equals", operand))
            return found if name == "equals" else sql.SQL("not {}").format(found)
        if name in {"in_", "not_in"}:
            each = [self._coalesced(self.compared("equals", item)) for item in operand]
            found = sql.SQL("({})").format(joined(" or ", each, "false"))
            return found if name == "in_" else sql.SQL("not {}").format(found)
        if name in {"contains", "starts_with", "ends_with"}:
            return self._part(name, self.value(operand.lower() if self.fold else operand))
        if name == "between":
            low, high = operand
            return sql.SQL("({} and {})").format(
                self.compared("greater_or_equal", low), self.compared("less_or_equal", high)
            )
        if name in {"before", "after"}:
            return self.compared("less" if name == "before" else "greater", as_date(operand))
        if name in _SIGNS:
            return self.compared(name, operand)
        return self._day_leaf(name, operand)

    def compared(self, name: str, operand: Any) -> sql.Composable:
        """The column compared with one operand."""
        operand = operand_of(operand)
        sign = sql.SQL(_SIGNS[name])
        if isinstance(operand, dt.datetime):
            return self._moment(sign, utc(operand))
        if isinstance(operand, dt.date):
            return self._date(sign, operand)
        if isinstance(operand, int | float) and not isinstance(operand, bool):
            return self._number(sign, text_of(operand))
        wanted = text_of(operand).lower() if self.fold else text_of(operand)
        return sql.SQL('{} {} {} collate "C"').format(self.text, sign, self.value(wanted))

    def _coalesced(self, condition: sql.Composable) -> sql.Composed:
        return sql.SQL("coalesce({}, false)").format(condition)

    def _part(self, name: str, part: sql.Composed) -> sql.Composed:
        forms = {
            "contains": "strpos({t}, {p}) > 0",
            "starts_with": "starts_with({t}, {p})",
            "ends_with": "right({t}, length({p})) = {p}",
        }
        return sql.SQL(forms[name]).format(t=self.text, p=part)

    def _number(self, sign: sql.SQL, operand: str) -> sql.Composed:
        wanted = sql.SQL("{}::numeric").format(self.value(operand))
        if self.column.type in WHOLE_NUMBERS:
            return sql.SQL("{} {} {}").format(self.raw, sign, wanted)
        return sql.SQL("case when {t} ~ {p} then {t}::numeric {s} {w} end").format(
            t=self.text, p=self.value(f"^{NUMBER.pattern}$"), s=sign, w=wanted
        )

    def _date(self, sign: sql.SQL, operand: dt.date) -> sql.Composed:
        if self.time:
            return sql.SQL("{} {} {}::date").format(self._day(), sign, self.value(operand.isoformat()))
        return sql.SQL('{} {} {} collate "C"').format(self._day(), sign, self.value(operand.isoformat()))

    def _day(self) -> sql.Composed:
        """The value's day: a date for columns of dates and moments, else text."""
        if not self.time:
            return sql.SQL(
                "case when {t} ~ {p} then left({t}, 10)"
                " when {t} = 'infinity' then '~' when {t} = '-infinity' then '!' end"
            ).format(t=self.text, p=self.value(f"^{DATE.pattern}"))
        if self.column.kind is Kind.TIMESTAMPTZ:
            return sql.SQL("({} at time zone {})::date").format(self.raw, self.value(self.day.zone.key))
        return sql.SQL("{}::date").format(self.raw)

    def _moment(self, sign: sql.SQL, operand: dt.datetime) -> sql.Composed:
        if self.time:
            utc_value = sql.SQL("({} at time zone 'UTC')" if self.column.kind is Kind.TIMESTAMPTZ else "{}::timestamp")
            return sql.SQL("{} {} {}::timestamp").format(
                utc_value.format(self.raw), sign, self.value(operand.isoformat())
            )
        return sql.SQL(
            "case when {t} ~ {p} then case when length({t}) = 10 then {t} || 'T00:00:00'"
            " else rtrim(replace({t}, ' ', 'T'), 'Z') end"
            " when {t} = 'infinity' then '~' when {t} = '-infinity' then '!' end {s} {o} collate \"C\""
        ).format(t=self.text, p=self.value(f"^{MOMENT.pattern}$"), s=sign, o=self.value(operand.isoformat()))

    def _day_leaf(self, name: str, operand: Any) -> sql.Composable:
        if name in {"within_last_days", "within_next_days"}:
            ends = sorted([0, -operand if name == "within_last_days" else operand])
            low, high = (self.day.date + dt.timedelta(days=days) for days in ends)
            return sql.SQL("({} and {})").format(self._date(sql.SQL(">="), low), self._date(sql.SQL("<="), high))
        month_day = sql.SQL("to_char({}, 'MM-DD')" if self.time else "substr({}, 6, 5)").format(self._day())
        days = self.day.anniversaries(operand if name == "anniversary_in_days" else 0)
        return sql.SQL("{} = any({})").format(month_day, self.values(days))
