"""Contacts: whom messages go to, out of a file or out of a table, always as a stream.

A contact is its fields. Values are text as in messages (numbers, booleans and dates too); a nested value of a JSON file
stays nested. Names of fields compare without regard to letter case, as the platform does.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from velobind.errors import DataError

# The fields of a contact card that other parts of velobind name, and other names under which files carry them.
_OTHER_NAMES = {
    "id": ("contactid",),
    "email": ("emailaddress",),
    "sms": ("phone", "phonenumber"),
    "externalcustomerid": ("externalid",),
}
_LOOKUP = ("id", "email", "externalCustomerId", "sms")


class Names(dict[str, str]):
    """The names of a contact's fields: from a name in any letter case (folded) to the name as it is written."""

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Names:
        """The names of `fields`; of two that differ in letter case only, the first counts."""
        names = cls()
        for name in fields:
            names.setdefault(name.casefold(), name)
        for usual, others in _OTHER_NAMES.items():
            for other in others:
                if usual not in names and other in names:
                    names[usual] = names[other]
        return names


class Contact:
    """One contact. `fields` has its values under their own names; `get` finds them in any letter case."""

    __slots__ = ("fields", "names")

    def __init__(self, fields: Mapping[str, Any], names: Names | None = None) -> None:
        self.fields = fields
        self.names = Names.of(fields) if names is None else names

    def get(self, name: str, default: Any = None) -> Any:
        """The field `name`, or `default` where the contact has no such field."""
        own = self.names.get(name.casefold())
        return default if own is None else self.fields.get(own, default)

    def text(self, name: str) -> str | None:
        """The field `name` as text; None where it is missing or empty."""
        value = self.get(name)
        return str(value) if value not in (None, "") else None

    @property
    def id(self) -> str | None:
        """The platform's contact id."""
        return self.text("id")

    @property
    def email(self) -> str | None:
        """The e-mail address."""
        return self.text("email")

    @property
    def sms(self) -> str | None:
        """The phone number."""
        return self.text("sms")

    @property
    def external_id(self) -> str | None:
        """The id in the user's own system, `externalCustomerId`."""
        return self.text("externalCustomerId")

    @property
    def label(self) -> str:
        """What to call the contact in a list or an error: its address, or an id, or its phone number."""
        return self.email or self.external_id or self.id or self.sms or "a contact without address and id"

    def __repr__(self) -> str:
        return f"Contact({self.label!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Contact) and dict(self.fields) == dict(other.fields)

    def __hash__(self) -> int:
        return hash(self.label)


class Contacts(Protocol):
    """A stream of contacts that can be read again and again."""

    @property
    def origin(self) -> str:
        """Where they come from, for errors and reports: `contacts.csv`, `public.customers of shop`."""

    def __iter__(self) -> Iterator[Contact]: ...

    def field_names(self) -> list[str]:
        """The names of the fields, as far as the start of the file or the table's columns tell."""

    def find(self, field: str, value: str) -> Contact | None:
        """The first contact whose `field` is `value` (e-mail addresses in any letter case), or None."""


def same(field: str, left: object, right: str) -> bool:
    """Whether a contact's value is the wanted one: exactly, but e-mail addresses without regard to letter case."""
    if left is None:
        return False
    text = str(left)
    return text.lower() == right.lower() if field.casefold() in {"email", "emailaddress"} else text == right


def find(contacts: Contacts, key: str) -> Contact:
    """The contact that a person means by `key`: `FIELD=VALUE`, or an id, e-mail address, external id or phone number.

    Raises DataError, with the near address where there is one, when there is no such contact.
    """
    field, equals, value = key.partition("=")
    if equals and field.strip().isidentifier():
        found = contacts.find(field.strip(), value.strip())
        if found is None:
            known = contacts.field_names()
            hint = None
            if field.strip().casefold() not in Names.of(dict.fromkeys(known)):
                hint = "contacts have the fields " + ", ".join(known)
            raise DataError(f"no contact has {field.strip()} = {value.strip()!r} in {contacts.origin}", hint=hint)
        return found
    for name in _LOOKUP if key else ():
        if (found := contacts.find(name, key)) is not None:
            return found
    raise DataError(f"there is no contact {key!r} in {contacts.origin}", hint=_near(contacts, key))


def _near(contacts: Contacts, key: str, look_at: int = 10_000) -> str:
    known = [contact.label for _, contact in zip(range(look_at), contacts, strict=False)]
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.7)
    if near:
        return f"did you mean {near[0]}?"
    return "give an id, an e-mail address, an external id or a phone number, or FIELD=VALUE"
