"""Events: what starts a triggered message, in both public forms.

`params` is an object (`{"orderId": "7"}`) or a list of `{"name": "orderId", "value": "7"}`; both are read, both can be
written. In the list form values are text, nested JSON among them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from velobind.binding.contacts import Contact
from velobind.errors import DataError

REGULAR = "regularEventType"
_KEY_LENGTH = 300

# Parameters by which an event names its contact, in the order in which the platform looks: names fold their case.
_CONTACT_PARAMETERS = {
    "contactid": "id",
    "externalcustomerid": "externalCustomerId",
    "email": "email",
    "emailaddress": "email",
    "useremail": "email",
    "contactemail": "email",
    "phone": "sms",
    "sms": "sms",
    "phonenumber": "sms",
    "contactkey": "",
}


@dataclass(frozen=True)
class Event:
    """One event: its type, the key that names it once, and its parameters (case matters in their names).

    `contact` is known when velobind itself made the event; it is not written.
    """

    event_type_key: str
    key_value: str
    params: Mapping[str, Any]
    contact: Contact | None = field(default=None, compare=False, repr=False)

    def as_object(self) -> dict[str, Any]:
        """The form with `params` as an object."""
        return {"eventTypeKey": self.event_type_key, "keyValue": self.key_value, "params": dict(self.params)}

    def as_list(self) -> dict[str, Any]:
        """The form with `params` as a list of names and values; values are text."""
        params = [{"name": name, "value": _text(value)} for name, value in self.params.items()]
        return {"eventTypeKey": self.event_type_key, "keyValue": self.key_value, "params": params}

    def contact_named(self) -> list[tuple[str, str]]:
        """The contact fields that parameters give, most telling first: `[("id", "1"), ("email", "..."), ...]`.

        A `ContactKey` may be of any field: its field is the empty text.
        """
        folded = {name.casefold(): value for name, value in self.params.items()}
        return [
            (field, str(folded[name]))
            for name, field in _CONTACT_PARAMETERS.items()
            if isinstance(folded.get(name), str | int) and str(folded[name]) != ""
        ]


def read_event(data: str | bytes | Mapping[str, Any], name: str = "event") -> Event:
    """The event of a JSON text or an object, in either form. `name` is what errors call it.

    Raises DataError for what is not JSON or not an event.
    """
    if isinstance(data, str | bytes):
        try:
            data = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise DataError(f"is not JSON: {error}", path=name) from None
    if not isinstance(data, Mapping):
        raise DataError("is not an object", path=name, hint='an event is {"eventTypeKey": ..., "params": {...}}')
    kind = data.get("eventTypeKey", "")
    key = data.get("keyValue", "")
    if not isinstance(kind, str) or not isinstance(key, str | int):
        raise DataError("eventTypeKey and keyValue are texts", path=name)
    if "params" not in data:
        raise DataError("has no params", path=name, hint='an event is {"eventTypeKey": ..., "params": {...}}')
    return Event(kind, str(key), _params(data["params"], name))


def regular_event(segment_id: int, contact: Contact, rows: Mapping[str, Any], day: dt.date) -> Event:
    """The event of a contact that a segment holds on a day: `rows` by the id of their source, as text in `jsonParam`.

    The key is made of segment, contact and day, so that firing a day again gives the same keys.
    """
    label = contact.id or contact.external_id or contact.email or contact.sms or ""
    key = f"{segment_id}-{label}-{day.isoformat()}"
    if len(key) > _KEY_LENGTH:
        digest = hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()
        key = f"{segment_id}-{digest}-{day.isoformat()}"
    params = {
        "ContactId": contact.id or "",
        "EmailAddress": contact.email or "",
        "jsonParam": msgspec.json.encode(rows).decode(),
    }
    return Event(f"{REGULAR}-{segment_id}", key, params, contact)


def _params(params: object, name: str) -> dict[str, Any]:
    if isinstance(params, Mapping):
        return dict(params)
    if not isinstance(params, Sequence) or isinstance(params, str | bytes):
        raise DataError("params is neither an object nor a list", path=name)
    found: dict[str, Any] = {}
    for number, item in enumerate(params):
        if not isinstance(item, Mapping) or not isinstance(item.get("name"), str) or "value" not in item:
            raise DataError(
                f"params[{number}] is not a name and a value", path=name, hint='as {"name": "orderId", "value": "7"}'
            )
        found[item["name"]] = item["value"]
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
