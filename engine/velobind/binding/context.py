"""What a template sees: three layers, of which a later one hides an earlier one's names.

1. contact fields, by name in any letter case, and `$contact`, which holds them under their own names;
2. event parameters, in their exact case;
3. external sources: `$data`, and each source's rows under the source's name, in exact case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Any, NamedTuple

import msgspec
import psycopg

from velobind.binding.contacts import Contact, Names
from velobind.binding.events import Event
from velobind.binding.keys import keys_of, normal
from velobind.binding.needs import Need, Reads
from velobind.binding.rows import Row
from velobind.binding.source import Source
from velobind.errors import DataError

# A small batch first: who wants the first few messages does not wait for thousands of rows. Then as many as the
# processor's caches like, or, where no index serves the look-up and each batch reads a whole table, many more.
FIRST_BATCH = 100
BATCH = 2000
UNINDEXED_BATCH = 10_000
CONTACT_FIELDS = "contact fields"
EVENT_PARAMETERS = "event parameters"
EXTERNAL_SOURCES = "external sources"

Rows = list[Row]


class Bound(NamedTuple):
    """The context of one message.

    `values` is what `template.render` takes. `data` is the data object: `{"promo_codes": [{...}]}` or
    `{"1043": [...]}`. `external` are the top-level names of the third layer, `notes` what was odd but understood.
    """

    contact: Contact | None
    values: dict[str, Any]
    data: dict[str, Any]
    external: Mapping[str, Any]
    event: Event | None = None
    notes: tuple[str, ...] = ()


class Layer(NamedTuple):
    """One layer: what it is called, and its names and values."""

    name: str
    values: Mapping[str, Any]


class Resolution(NamedTuple):
    """What a name stands for: the layer that wins (None: no layer has the name), its value, and what it hides."""

    name: str
    layer: str | None
    value: Any
    hides: tuple[tuple[str, Any], ...]


def bulk(contacts: Iterable[Contact], needs: Sequence[Need], reads: Reads | None = None) -> Iterator[Bound]:
    """The contexts of a bulk campaign, in the contacts' order: one query a need for each batch of contacts.

    All rows come from one state of each database. Raises DatabaseError.
    """
    spell = _Spelling(reads)
    with ExitStack() as stack:
        connectors = {need.source.connector.name: need.source.connector for need in needs}
        sessions = {name: stack.enter_context(connector.stream()) for name, connector in connectors.items()}
        iterator = iter(contacts)
        # A stream of contacts ends with its campaign, not when it happens to be collected.
        stack.callback(getattr(iterator, "close", lambda: None))
        size = FIRST_BATCH
        largest = BATCH if all(need.source.indexed for need in needs) else UNINDEXED_BATCH
        while batch := list(islice(iterator, size)):
            size = min(size * 4, largest)
            found = [(need.keys, _rows_of_each(batch, need, sessions[need.source.connector.name])) for need in needs]
            for index, contact in enumerate(batch):
                data: dict[str, Any] = {}
                for names, rows in found:
                    for name in names:
                        data[name] = rows[index]
                yield _bound(contact, data, data, spell)


def _rows_of_each(batch: list[Contact], need: Need, session: psycopg.Connection[Any]) -> list[Rows]:
    """The rows of each contact of a batch, by one query."""
    connector = need.source.connector
    keys = keys_of(batch, connector)
    with connector.faults():
        found = need.source.rows({key for key in keys if key is not None}, need.columns, session)
    return [[] if key is None or (rows := found.get(key)) is None else rows for key in keys]


def bulk_one(contact: Contact, needs: Sequence[Need], reads: Reads | None = None) -> Bound:
    """The context of a bulk message for one contact. Raises DatabaseError."""
    data: dict[str, Any] = {}
    for need in needs:
        rows = rows_of(contact, need.source, need.columns)
        data.update(dict.fromkeys(need.keys, rows))
    return _bound(contact, data, data, _Spelling(reads))


def rows_of(contact: Contact, source: Source, columns: Iterable[str] | None = None) -> Rows:
    """A contact's rows in a source; none for a contact without the key."""
    key = normal(contact.get(source.connector.key_field), source.connector)
    return [] if key is None else source.rows([key], columns).get(key, [])


def triggered(
    event: Event,
    contact: Contact | None,
    data: dict[str, Any],
    sources: Iterable[Source],
    reads: Reads | None = None,
    notes: Sequence[str] = (),
) -> Bound:
    """The context of a triggered message: `data` holds rows under the ids of their sources."""
    external = {source.name: data[str(source.id)] for source in sources if str(source.id) in data}
    return _bound(contact, data, external, _Spelling(reads), event, tuple(notes))


def data_of(text: str, where: str, event: Event) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The data object of a message's `json` once it is rendered, and what there is to note.

    Text that was encoded twice is decoded twice. Raises DataError; `where` is the configuration's key.
    """
    notes: list[str] = []
    try:
        data = msgspec.json.decode(text.encode("utf-8", "surrogatepass"))
        while isinstance(data, str):
            data = msgspec.json.decode(data)
            if not notes:
                notes.append("the JSON was encoded twice: a text that holds JSON")
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise DataError(f"does not give JSON: {error}", key=where, hint=_hint(text, event)) from None
    if not isinstance(data, dict):
        kind = "a list" if isinstance(data, list) else repr(data)
        raise DataError(f"gives {kind}, not an object", key=where, hint='as {"1043": [{"name": "Dina Kozak"}]}')
    return data, tuple(notes)


def layers(bound: Bound) -> list[Layer]:
    """The layers of a context, the weakest first."""
    found = []
    if bound.contact is not None:
        found.append(Layer(CONTACT_FIELDS, {"contact": dict(bound.contact.fields), **bound.contact.fields}))
    if bound.event is not None:
        found.append(Layer(EVENT_PARAMETERS, bound.event.params))
    found.append(Layer(EXTERNAL_SOURCES, {**bound.external, "data": bound.data}))
    return found


def resolve(bound: Bound, name: str) -> Resolution:
    """What `$name` stands for, and what that hides."""
    having: list[tuple[str, Any]] = []
    for layer in layers(bound):
        if name in layer.values:
            having.append((layer.name, layer.values[name]))
        elif layer.name == CONTACT_FIELDS and bound.contact is not None and name.casefold() in bound.contact.names:
            having.append((layer.name, bound.contact.get(name)))
    if not having:
        return Resolution(name, None, None, ())
    layer_name, value = having[-1]
    return Resolution(name, layer_name, value, tuple(reversed(having[:-1])))


def resolutions(bound: Bound, names: Iterable[str] | None = None) -> list[Resolution]:
    """What each of `names` (all names of all layers by default) stands for, sorted by name."""
    if names is None:
        names = {name for layer in layers(bound) for name in layer.values}
    return [resolve(bound, name) for name in sorted(names)]


class _Spelling:
    """The letter cases in which templates write contact fields, so that a plain dict answers them."""

    def __init__(self, reads: Reads | None) -> None:
        self._wanted = None if reads is None or reads.every_source else reads.names
        self._asked = frozenset[str]() if reads is None else reads.names
        self._contact = self._wanted is None or "contact" in self._wanted
        self._names: Names | None = None
        self._others: list[tuple[str, str]] = []

    def values(self, contact: Contact) -> dict[str, Any]:
        """The contact's fields under their own names and as the template writes them, and `$contact`."""
        fields = contact.fields
        if contact.names is not self._names:
            self._names = contact.names
            self._others = [(word, own) for word, own in self._spellings(contact.names) if word not in fields]
        values = dict(fields)
        for spelled, own in self._others:
            values[spelled] = fields.get(own)
        if self._contact:
            values["contact"] = dict(fields)
        return values

    def _spellings(self, names: Names) -> list[tuple[str, str]]:
        found = {word: names[word.casefold()] for word in self._asked if word.casefold() in names}
        if self._wanted is None:
            # Text that is not known before rendering may ask: offer the usual ways to write a name.
            for folded, own in names.items():
                for word in (folded, own.upper(), own[:1].lower() + own[1:], own[:1].upper() + own[1:]):
                    found.setdefault(word, own)
        found.pop("contact", None)
        return list(found.items())


def _bound(
    contact: Contact | None,
    data: dict[str, Any],
    external: Mapping[str, Any],
    spell: _Spelling,
    event: Event | None = None,
    notes: tuple[str, ...] = (),
) -> Bound:
    values = {} if contact is None else spell.values(contact)
    if event is not None:
        values.update(event.params)
    values.update(external)
    values["data"] = data
    return Bound(contact, values, data, external, event, notes)


def _hint(text: str, event: Event) -> str:
    shown = text if len(text) <= 60 else text[:57] + "..."
    if "$" in text:
        return f"it came out as {shown!r}; the event's parameters are " + ", ".join(event.params)
    return f"it came out as {shown!r}"


__all__ = ["Bound", "Layer", "Reads", "Resolution", "bulk", "bulk_one", "layers", "resolutions", "resolve", "triggered"]
