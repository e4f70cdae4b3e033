"""What a campaign gives for each contact: a message, or the record of why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate, make_msgid
from functools import cached_property
from typing import Any, ClassVar, Literal

import msgspec

from velobind.binding.contacts import Contact
from velobind.binding.events import Event
from velobind.campaign.addresses import mailbox
from velobind.campaign.headers import mailbox_value, text_value
from velobind.campaign.plain import text_of
from velobind.errors import VelobindError

# Headers are written as lines already: folding them again would break them. Bodies pass through any server.
_POLICY = default.clone(refold_source="none", cte_type="7bit")


class Message(msgspec.Struct, frozen=True, dict=True, eq=False, kw_only=True):
    """A rendered message for one contact.

    `name` is the message's name in `velobind.toml`. `subject` has no line breaks. `html` is None for a message of text
    only, `plain` None where the message has no text template: `text` is then made from the html. `from_`, `to` and
    `reply_to` are each one mailbox, as `dina@example.com` or `Dina Kozak <dina@example.com>`. `headers` are further
    ones. `event` is what a triggered message came from. `notes` say what was odd about its data but understood.
    """

    ok: ClassVar[Literal[True]] = True

    name: str
    contact: Contact | None
    subject: str
    html: str | None
    plain: str | None
    from_: str | None
    to: str | None
    reply_to: str | None = None
    headers: Mapping[str, str] = {}
    event: Event | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The text part: the message's own, or one made from its html."""
        if self.plain is not None:
            return self.plain
        return "" if self.html is None else text_of(self.html)

    @property
    def label(self) -> str:
        """Whom the message is for, for lists and file names."""
        return _label(self.contact, self.event)

    def as_email(self) -> EmailMessage:
        """The message for a mail sender: text, html as its alternative, and the headers with `Date` and `Message-ID`.

        `From` is left out where the message has none. Domains are written in ASCII; only an address whose local part
        is not ASCII needs a server with SMTPUTF8 (`smtplib` says so if it has none).
        """
        boxes = {"From": self.from_, "To": self.to, "Reply-To": self.reply_to}
        mailboxes = {header: mailbox(_encodable(box)) for header, box in boxes.items() if box is not None}
        international = not all(mailbox_value(box).isascii() for box in mailboxes.values())
        email = EmailMessage(_POLICY.clone(utf8=international))
        email.set_raw("Subject", text_value("Subject", _encodable(self.subject)))
        for header, box in mailboxes.items():
            email.set_raw(header, mailbox_value(box))
        email.set_raw("Date", formatdate(localtime=True))
        if "From" in mailboxes:
            email.set_raw("Message-ID", make_msgid(domain=mailboxes["From"].as_header().domain))
        for header, value in self.headers.items():
            email.set_raw(header, text_value(header, _encodable(value)))
        if self.html is None:
            email.set_content(_encodable(self.text))
        elif self.text.strip():
            email.set_content(_encodable(self.text))
            email.add_alternative(_encodable(self.html), subtype="html")
        else:
            email.set_content(_encodable(self.html), subtype="html")
        return email

    def as_dict(self) -> dict[str, Any]:
        """The message for JSON."""
        return {
            "ok": True,
            "message": self.name,
            "contact": self.label,
            "from": self.from_,
            "to": self.to,
            "reply_to": self.reply_to,
            "subject": self.subject,
            "headers": dict(self.headers),
            "html": self.html,
            "text": self.text,
            "notes": list(self.notes),
        }


class Failure(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Why a contact gets no message: `reason`, in most cases the place in a template, and a `hint`.

    `line` and `column` count from 1; `source` is the text of that line.
    """

    ok: ClassVar[Literal[False]] = False

    name: str
    contact: Contact | None
    reason: str
    template: str | None = None
    line: int | None = None
    column: int | None = None
    source: str | None = None
    key: str | None = None
    hint: str | None = None
    event: Event | None = None

    @property
    def label(self) -> str:
        """Whom the message was for."""
        return _label(self.contact, self.event)

    @property
    def error(self) -> VelobindError:
        """The failure as an error, whose text shows place, line and hint."""
        return VelobindError(
            self.reason,
            template=self.template,
            line=self.line,
            column=self.column,
            source=self.source,
            key=self.key,
            hint=self.hint,
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.error}"

    def as_dict(self) -> dict[str, Any]:
        """The failure for JSON."""
        return {
            "ok": False,
            "message": self.name,
            "contact": self.label,
            "reason": self.reason,
            "template": self.template,
            "line": self.line,
            "column": self.column,
            "hint": self.hint,
        }


def failure(name: str, contact: Contact | None, event: Event | None, error: VelobindError) -> Failure:
    """The record of an error. The error's tracebacks, which hold on to the contact's rows, are let go."""
    chain: BaseException | None = error
    while chain is not None and chain.__traceback__ is not None:
        chain.__traceback__ = None
        chain = chain.__cause__ or chain.__context__
    return Failure(
        name=name,
        contact=contact,
        event=event,
        reason=error.message,
        template=error.template,
        line=error.line,
        column=error.column,
        source=error.source,
        key=error.key,
        hint=error.hint,
    )


def _label(contact: Contact | None, event: Event | None) -> str:
    if contact is not None:
        return contact.label
    return event.key_value if event is not None and event.key_value else "no contact"


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no mail can carry, replaced."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
