"""The templates of one message, compiled once, and the way from a context to a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from velobind.binding.contacts import Contact
from velobind.binding.context import Bound
from velobind.binding.events import Event
from velobind.campaign.addresses import header_text, mailbox_text
from velobind.campaign.message import Message
from velobind.errors import ConfigError, DataError

if TYPE_CHECKING:
    from velobind.binding.needs import Reads
    from velobind.config import MessageSettings
    from velobind.language.environment import Environment

Values = Mapping[str, Any]
Render = Callable[[Values], str]
Part = Callable[[Values], str | None]
Finish = Callable[[str], str | None]

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_EMPTY_COMMENT = re.compile(r"<!--\s*-->")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# Headers that a message's own keys make, or that its parts decide.
_OWN_HEADERS = {"from", "to", "cc", "bcc", "subject", "reply-to", "date", "message-id", "mime-version"}


class Host(Protocol):
    """What a campaign needs of a project."""

    @property
    def root(self) -> Path: ...
    @property
    def environment(self) -> Environment: ...
    def environment_with(self, *, autoescape: bool = ...) -> Environment: ...
    def message(self, name: str) -> MessageSettings: ...
    def message_reads(self, message: str) -> Reads: ...
    def contact(self, key: str) -> Contact: ...
    def segment_contacts(self, segment: str | int, as_of: date | None = ...) -> Iterator[Contact]: ...
    def bulk_contexts(
        self, contacts: Iterable[Contact], reads: Reads | None = ..., *, sources: Iterable[str] | None = ...
    ) -> Iterator[Bound]: ...
    def triggered_context(self, event: Event, message: str, reads: Reads | None = ...) -> Bound: ...


class Rendering:
    """A message's templates, ready to be filled again and again.

    Raises ConfigError for a message that is not there or a header that can't be, TemplateSyntaxError and
    TemplateNotFound: whatever is wrong for every contact comes up here, before the first.
    """

    def __init__(self, project: Host, name: str) -> None:
        self.name = name
        self.settings = settings = project.message(name)
        self.reads = project.message_reads(name)
        environment = project.environment
        escaping = project.environment_with(autoescape=True) if settings.autoescape else environment
        self._html = None if settings.html is None else escaping.get_template(settings.html).render
        self._plain = None if settings.text is None else environment.get_template(settings.text).render

        def part(key: str, text: str | None, finish: Finish) -> Part | None:
            return None if text is None else _part(environment, text, f"messages.{name}.{key}", finish)

        self._subject = part("subject", settings.subject, header_text)
        self._from = part("from", settings.from_, _optional_mailbox)
        self._to = part("to", settings.to, mailbox_text)
        self._reply_to = part("reply_to", settings.reply_to, _optional_mailbox)
        self._headers = {
            _checked(header, name): part(f"headers.{header}", text, header_text)
            for header, text in settings.headers.items()
        }

    def message(self, bound: Bound, *, address_needed: bool = True) -> Message:
        """The message of one context.

        Raises TemplateRuntimeError where a template fails; DataError where the contact has no usable address, unless
        no address is needed, as for a preview of data alone.
        """
        values = bound.values
        html = None if self._html is None else self._html(values)
        if html is not None and self.settings.remove_empty_comments:
            html = _EMPTY_COMMENT.sub("", html)
        return Message(
            name=self.name,
            contact=bound.contact,
            event=bound.event,
            notes=bound.notes,
            subject="" if self._subject is None else self._subject(values) or "",
            html=html,
            plain=None if self._plain is None else self._plain(values),
            from_=None if self._from is None else self._from(values),
            to=self._recipient(bound, address_needed),
            reply_to=None if self._reply_to is None else self._reply_to(values),
            headers={header: made(values) or "" for header, made in self._headers.items() if made is not None}
            if self._headers
            else _NO_HEADERS,
        )

    def _recipient(self, bound: Bound, needed: bool) -> str | None:
        try:
            if self._to is not None:
                return self._to(bound.values)
            contact = bound.contact
            address = None if contact is None else contact.email
            if address is None:
                raise DataError("the contact has no e-mail address")
            return mailbox_text(address)
        except DataError as error:
            if not needed:
                return None
            error.key = f"messages.{self.name}.to"
            raise


def _part(environment: Environment, text: str, key: str, finish: Finish) -> Part:
    """How to make a header of a text: once for all where it holds nothing that Velocity or a merge tag could mean."""
    if not any(sign in text for sign in "$#%\\"):
        try:
            made = finish(text)
        except DataError as error:
            raise ConfigError(error.message, path="velobind.toml", key=key, hint=error.hint) from None
        return lambda values: made
    render = environment.from_string(text, key).render

    def of(values: Values) -> str | None:
        try:
            return finish(render(values))
        except DataError as error:
            error.key = key
            raise

    return of


def _optional_mailbox(text: str) -> str | None:
    return mailbox_text(text) if text.strip() else None


def _checked(header: str, message: str) -> str:
    key = f"messages.{message}.headers.{header}"
    if not _HEADER_NAME.fullmatch(header):
        raise ConfigError(f"{header!r} is not the name of a header", path="velobind.toml", key=key)
    if header.lower() in _OWN_HEADERS or header.lower().startswith("content-"):
        raise ConfigError(
            f"the header {header} is velobind's to write",
            path="velobind.toml",
            key=key,
            hint="use the message's own keys: subject, from, to, reply_to",
        )
    return header
