"""The rows that a run leaves for the export: messages, broadcasts, contacts, events and activities.

Campaigns know nothing of databases or spools: they are given a Recorder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

from velobind.binding.contacts import Contact
from velobind.binding.events import Event
from velobind.campaign.ledger import Delivery, Ledger, contact_key
from velobind.config import MessageSettings

DELIVERED, UNDELIVERED = "DELIVERED", "UNDELIVERED"
RUNNING, PAUSED, IDLE = "RUNNING", "PAUSED", "IDLE"

_INTEGER = 2**31
_MEDIA_TYPE = "Email"


class Recorder(Protocol):
    """Takes rows for export datasets; bad ones are its own affair."""

    def record(self, name: str, rows: Mapping[str, object], *, partial: bool = False) -> object: ...


def now() -> dt.datetime:
    """The time as export datasets hold it: UTC, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0, tzinfo=None)


class Recording:
    """Writes the rows of one run of a message. Contacts and messages without a number get one from the ledger."""

    def __init__(
        self,
        recorder: Recorder,
        ledger: Ledger,
        message: str,
        settings: MessageSettings,
        *,
        triggered: bool,
        run: int,
        language: str,
    ) -> None:
        self._recorder = recorder
        self._ledger = ledger
        self._message = message
        self._settings = settings
        self._triggered = triggered
        self._run = run
        self._language = language
        self.message_id = settings.id if settings.id is not None else ledger.number("message", message)

    def message(self) -> None:
        """What the message is; templates stand as they are written."""
        self._recorder.record(
            "messages",
            {
                "messageId": self.message_id,
                "name": self._message,
                "subject": self._settings.subject,
                "sender": self._settings.from_,
                "replyTo": self._settings.reply_to,
                "language": self._language,
                "mediaType": _MEDIA_TYPE,
                "updateDate": now(),
            },
            partial=True,
        )

    def broadcast(self, segment: int, segment_name: str, created: dt.datetime, status: str) -> None:
        """How a bulk campaign stands; a triggered one is no broadcast."""
        if self._triggered:
            return
        self._recorder.record(
            "broadcasts",
            {
                "id": self._run,
                "groupId": segment,
                "messageId": self.message_id,
                "mediaType": _MEDIA_TYPE,
                "name": f"{self._message} to {segment_name}",
                "status": status,
                "createdDate": created,
                "startedDate": created,
                "updatedDate": now(),
            },
        )

    def contact_id(self, contact: Contact) -> int:
        """The contact's number: its id where that is one, otherwise a lasting one of the ledger's."""
        if contact.id is not None and contact.id.isascii() and contact.id.isdigit():
            return int(contact.id)
        return self._ledger.number("contact", contact_key(contact))

    def delivered(self, delivery: Delivery, contact: Contact | None, event: Event | None) -> None:
        """The contact got its message."""
        self._contact(contact)
        self._activity(delivery, contact, event, DELIVERED, None)

    def undelivered(self, delivery: Delivery, contact: Contact | None, event: Event | None, reason: str) -> None:
        """The contact did not get it, and why."""
        self._activity(delivery, contact, event, UNDELIVERED, reason)

    def event(self, event: Event, contact: Contact | None) -> None:
        """The event that a triggered message came from; the same event again has the same number."""
        number = self.contact_id(contact) if contact is not None else None
        self._recorder.record(
            "events",
            {
                "eventId": self._ledger.number("event", f"{event.event_type_key}\x1f{event.key_value}"),
                "eventTypeKey": event.event_type_key,
                "keyValue": event.key_value,
                # An integer here, a bigint elsewhere: a larger id does not fit, and the key names the contact.
                "contactId": number if number is not None and number < _INTEGER else None,
                "occured": now(),
                "paramsJson": dict(event.params),
            },
        )

    def _contact(self, contact: Contact | None) -> None:
        if contact is None:
            return
        email = contact.email
        self._recorder.record(
            "contacts",
            {
                "contactId": self.contact_id(contact),
                "email": email,
                "emailDomain": email.rpartition("@")[2].lower() if email else None,
                "externalCustomerId": contact.external_id,
                "firstName": contact.text("firstName"),
                "lastName": contact.text("lastName"),
                "languageCode": contact.text("languageCode"),
                "sms": contact.sms,
                "lastSentDate": now(),
                "totalSent": self._ledger.sent_to(contact_key(contact)),
            },
            partial=True,
        )

    def _activity(
        self, delivery: Delivery, contact: Contact | None, event: Event | None, status: str, reason: str | None
    ) -> None:
        row: dict[str, Any] = {
            "activityStatus": status,
            "activityDateTime": now(),
            "statusDescription": reason,
            "campaignType": "IM" if self._triggered else "Group",
            "broadcastId": None if self._triggered else self._run,
            "contactId": None if contact is None else self.contact_id(contact),
            "externalCustomerId": None if contact is None else contact.external_id,
            "eventKey": None if event is None else event.key_value,
            "eventTypeKey": None if event is None else event.event_type_key,
            "mediaType": _MEDIA_TYPE,
            "messageId": self.message_id,
            "messageInstanceId": delivery.id,
            "messageName": self._message,
            "messageLanguageCode": self._language,
        }
        self._recorder.record("contactActivities", row)
