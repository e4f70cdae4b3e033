"""A segment of contacts that live elsewhere than their sources' rows: for each batch, one query a source.

Conditions on contact fields are evaluated where contacts live: by PostgreSQL for a table as far as they stand on their
own, otherwise in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql

from velobind.binding.conditions import Day, children
from velobind.binding.connector import Connector
from velobind.binding.contact_table import ContactTable
from velobind.binding.contacts import Contact, Contacts
from velobind.binding.keys import among, comparable, keys_of, normal
from velobind.binding.matching import holds
from velobind.binding.queries import Parameters
from velobind.binding.seen import Seen
from velobind.binding.segment import Segment, SegmentCount
from velobind.binding.segment_sql import ContactConditions, RowConditions, contact_column, counts
from velobind.binding.settings import Condition
from velobind.binding.source import Source
from velobind.binding.values import Kind

BATCH = 5000


@dataclass
class _Tally:
    contacts: int = 0
    matched: int = 0
    alone: int = 0
    keyless: int = 0
    doubles: int = 0
    keys: Seen = field(default_factory=Seen)
    present: dict[str, Seen] = field(default_factory=dict)


@dataclass(frozen=True)
class _Plan:
    """What a segment asks of one source: `atoms`, its conditions about rows, each a column of the query."""

    source: Source
    atoms: tuple[Condition, ...]
    query: sql.Composed
    parameters: Parameters

    def ask(self, session: psycopg.Connection[Any], keys: list[str | None]) -> list[tuple[bool, ...] | None]:
        """For each contact key what holds of its rows; None for one that has no row."""
        wanted = comparable(dict.fromkeys(key for key in keys if key is not None), self.source.key_column)
        with self.source.connector.faults():
            rows = session.execute(self.query, {**self.parameters, "keys": wanted}).fetchall()
        found = {key: tuple(facts) for key, *facts in rows}
        return [None if key is None else found.get(key) for key in keys]


def stream(segment: Segment, contacts: Contacts, day: Day) -> Iterator[Contact]:
    """The segment's contacts, a batch at a time."""
    source, rest = _narrowed(segment, contacts, day)
    return _stream(segment, source, contacts, rest, day, None)


def count(segment: Segment, contacts: Contacts, day: Day) -> SegmentCount:
    """The counts, by streaming all contacts once."""
    tally = _Tally(present={connector.name: Seen() for connector in segment.connectors})
    for _ in _stream(segment, contacts, contacts, segment.where, day, tally):
        tally.matched += 1
    only = 0
    for connector in segment.connectors:
        only += _keys_in(segment, connector) - len(tally.present[connector.name])
        tally.present[connector.name].close()
    tally.keys.close()
    return SegmentCount(tally.contacts, tally.matched, tally.alone, max(only, 0), tally.keyless, tally.doubles)


def _narrowed(segment: Segment, contacts: Contacts, day: Day) -> tuple[Iterable[Contact], tuple[Condition, ...]]:
    """Contacts already filtered by PostgreSQL where they live in a table, and the conditions that are left."""
    if not isinstance(contacts, ContactTable):
        return contacts, segment.where
    own = [condition for condition in segment.where if not _atoms([condition])]
    parameters = Parameters()
    condition = ContactConditions(RowConditions(segment, day, parameters), contacts).all(own)

    def narrowed() -> Iterator[Contact]:
        with contacts.connector.stream() as connection:
            yield from contacts.stream(connection, condition, parameters)

    return narrowed(), tuple(condition for condition in segment.where if condition not in own)


def _stream(
    segment: Segment,
    stream: Iterable[Contact],
    contacts: Contacts,
    where: tuple[Condition, ...],
    day: Day,
    tally: _Tally | None,
) -> Iterator[Contact]:
    plans = [_plan(segment, source, where, day) for source in segment.sources]
    test = _Test(segment, contacts, where, day)
    with ExitStack() as stack:
        seen = stack.enter_context(Seen())
        sessions = {each.name: stack.enter_context(each.stream()) for each in segment.connectors}
        iterator = iter(stream)
        stack.callback(getattr(iterator, "close", lambda: None))
        while batch := list(islice(iterator, BATCH)):
            keys = {each.name: keys_of(batch, each) for each in segment.connectors}
            answers = [
                plan.ask(sessions[plan.source.connector.name], keys[plan.source.connector.name]) for plan in plans
            ]
            for index, contact in enumerate(batch):
                facts = [answer[index] for answer in answers]
                present = not facts or any(fact is not None for fact in facts)
                key = _identity(segment, contact)
                if tally is not None:
                    own = {name: column[index] for name, column in keys.items()}
                    _record(tally, plans, facts, own, key, present)
                if not present:
                    continue
                known = {
                    id(atom): value
                    for plan, fact in zip(plans, facts, strict=True)
                    if fact is not None
                    for atom, value in zip(plan.atoms, fact, strict=True)
                }
                if test.all(contact, known) and (key is None or seen.add(key)):
                    yield contact


def _record(
    tally: _Tally,
    plans: Sequence[_Plan],
    facts: Sequence[tuple[bool, ...] | None],
    keys: Mapping[str, str | None],
    identity: str | None,
    present: bool,
) -> None:
    tally.contacts += 1
    if identity is None:
        tally.keyless += 1
    elif not present:
        tally.alone += 1
    if identity is not None and not tally.keys.add(identity):
        tally.doubles += 1
    for plan, fact in zip(plans, facts, strict=True):
        name = plan.source.connector.name
        key = keys[name]
        if key is not None and fact is not None:
            tally.present[name].add(key)


def _plan(segment: Segment, source: Source, where: tuple[Condition, ...], day: Day) -> _Plan:
    atoms = tuple(atom for atom in _atoms(where) if segment.source(atom.source or "") is source)
    parameters = Parameters()
    rows = RowConditions(segment, day, parameters)
    query = sql.SQL("select {} from {} r where {} group by 1").format(
        sql.SQL(", ").join([source.key_sql, *(rows.of_rows(atom, source) for atom in atoms)]),
        source.table.identifier,
        among(source.connector, source.key_column, name="keys"),
    )
    return _Plan(source, atoms, query, parameters)


def _atoms(conditions: Iterable[Condition]) -> list[Condition]:
    """The conditions about rows, at whatever depth; a group of a source is one."""
    found: list[Condition] = []
    for condition in conditions:
        if condition.source is not None:
            found.append(condition)
        else:
            found.extend(_atoms(children(condition)))
    return found


class _Test:
    """Whether the conditions hold of a contact, given what holds of its rows."""

    def __init__(self, segment: Segment, contacts: Contacts, where: tuple[Condition, ...], day: Day) -> None:
        self._segment = segment
        self._contacts = contacts
        self._where = where
        self._day = day

    def all(self, contact: Contact, known: dict[int, bool]) -> bool:
        """`known` has the answer for each atom by its identity; an atom without one is about a source without rows."""
        return all(self._holds(condition, contact, known) for condition in self._where)

    def _holds(self, condition: Condition, contact: Contact, known: dict[int, bool]) -> bool:
        if condition.source is not None:
            # Who has no row there counts 0 rows.
            return known.get(id(condition), counts(condition) and (condition.at_least or 0) == 0)
        if condition.field is not None:
            value = contact.get(condition.field)
            fold = condition.field.casefold() == "email"
            return holds(condition, value, self._day, fold=fold, zoned=self._zoned(condition.field))
        if condition.not_ is not None:
            return not self._holds(condition.not_, contact, known)
        if condition.any is not None:
            return any(self._holds(item, contact, known) for item in condition.any)
        return all(self._holds(item, contact, known) for item in condition.all or ())

    def _zoned(self, name: str) -> bool:
        if not isinstance(self._contacts, ContactTable):
            return False
        return contact_column(self._segment, self._contacts, name).kind is Kind.TIMESTAMPTZ


def _identity(segment: Segment, contact: Contact) -> str | None:
    if segment.sources:
        return normal(contact.get(segment.key_field), segment.sources[0].connector)
    email = contact.email
    return email.lower() if email else None


def _keys_in(segment: Segment, connector: Connector) -> int:
    """How many different keys the segment's sources of a connector have."""
    sources = [source for source in segment.sources if source.connector is connector]
    keys = sql.SQL(" union ").join(
        [sql.SQL("select {} as key from {}").format(source.key_sql, source.table.identifier) for source in sources]
    )
    return int(connector.ask(sql.SQL("select count(distinct key) from ({}) keys where key <> ''").format(keys))[0][0])
