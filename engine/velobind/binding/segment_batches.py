"""A segment of contacts that live elsewhere than their sources' rows: for each batch, one query a connector.

Conditions on contact fields are evaluated where contacts live: by PostgreSQL for a table as far as they stand on their
own, otherwise in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from velobind.binding.keys import array, keys_of, normal, number
from velobind.binding.matching import holds
from velobind.binding.queries import Parameters
from velobind.binding.seen import Seen
from velobind.binding.segment import Segment, SegmentCount
from velobind.binding.segment_sql import Translator, contact_column, joined_to_keys
from velobind.binding.settings import Condition
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
    """The atoms of a segment by connector: conditions about rows, each a column of the connector's query."""

    connector: Connector
    atoms: tuple[Condition, ...]
    query: sql.Composed
    parameters: Parameters

    def ask(self, connection: psycopg.Connection[Any], keys: list[str]) -> dict[str, tuple[bool, ...]]:
        """By key: whether it has a row at all, and what holds of its rows."""
        numbers = ",".join("null" if (value := number(key)) is None else str(value) for key in keys)
        values = {**self.parameters, "keys": array(keys), "numbers": f"{{{numbers}}}"}
        with self.connector.faults():
            return {key: tuple(facts) for key, *facts in connection.execute(self.query, values)}


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
    condition = Translator(segment, day, parameters, joined_to_keys, contacts).all(own)

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
    plans = [_plan(segment, connector, where, day) for connector in segment.connectors]
    test = _Test(segment, contacts, where, day)
    with ExitStack() as stack:
        seen = stack.enter_context(Seen())
        sessions = [stack.enter_context(plan.connector.stream()) for plan in plans]
        iterator = iter(stream)
        stack.callback(getattr(iterator, "close", lambda: None))
        while batch := list(islice(iterator, BATCH)):
            answers = [_answers(plan, session, batch) for plan, session in zip(plans, sessions, strict=True)]
            for index, contact in enumerate(batch):
                facts = [answer[index] for answer in answers]
                present = not facts or any(fact is not None and fact[0] for fact in facts)
                key = _identity(segment, contact)
                if tally is not None:
                    _record(tally, segment, contact, facts, key, present)
                if not present:
                    continue
                known = {
                    id(atom): value
                    for plan, fact in zip(plans, facts, strict=True)
                    if fact is not None
                    for atom, value in zip(plan.atoms, fact[1:], strict=True)
                }
                if test.all(contact, known) and (key is None or seen.add(key)):
                    yield contact


def _answers(plan: _Plan, session: psycopg.Connection[Any], batch: Sequence[Contact]) -> list[tuple[bool, ...] | None]:
    """For each contact of the batch the facts about its rows in one connector; None for one without a key."""
    keys = keys_of(batch, plan.connector)
    wanted = list(dict.fromkeys(key for key in keys if key is not None))
    found = plan.ask(session, wanted) if wanted else {}
    return [None if key is None else found.get(key) for key in keys]


def _record(
    tally: _Tally,
    segment: Segment,
    contact: Contact,
    facts: list[tuple[bool, ...] | None],
    key: str | None,
    present: bool,
) -> None:
    tally.contacts += 1
    if key is None:
        tally.keyless += 1
    elif not present:
        tally.alone += 1
    if key is not None and not tally.keys.add(key):
        tally.doubles += 1
    for connector, fact in zip(segment.connectors, facts, strict=True):
        own = normal(contact.get(connector.key_field), connector)
        if own is not None and fact is not None and fact[0]:
            tally.present[connector.name].add(own)


def _plan(segment: Segment, connector: Connector, where: tuple[Condition, ...], day: Day) -> _Plan:
    atoms = tuple(atom for atom in _atoms(where) if segment.source(atom.source or "").connector is connector)
    parameters = Parameters()
    translator = Translator(segment, day, parameters, joined_to_keys)
    sources = [source for source in segment.sources if source.connector is connector]
    columns = [translator.present(sources), *(translator.of_source(atom) for atom in atoms)]
    query = sql.SQL(
        "select contact.key, {} from unnest(%(keys)s::text[], %(numbers)s::int8[]) as contact(key, number)"
    ).format(sql.SQL(", ").join(columns))
    return _Plan(connector, atoms, query, parameters)


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
        """`known` has the answer for each atom by its identity; an atom without one does not hold."""
        return all(self._holds(condition, contact, known) for condition in self._where)

    def _holds(self, condition: Condition, contact: Contact, known: dict[int, bool]) -> bool:
        if condition.source is not None:
            return known.get(id(condition), condition.at_least in (None, 0) and condition.at_most is not None)
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
