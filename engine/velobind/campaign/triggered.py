"""Triggered campaigns: a message for each event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from velobind.binding.events import Event, read_event
from velobind.campaign.bulk import Campaign
from velobind.campaign.message import Failure, Message, failure
from velobind.campaign.rendering import Host, Rendering
from velobind.errors import DataError, TemplateError

AnyEvent = Event | str | bytes | Mapping[str, Any]


def triggered(project: Host, message: str, event: AnyEvent, *, address_needed: bool = True) -> Message:
    """The message that an event triggers. The event may be JSON, in either public form, or its object.

        message = project.triggered("birthday", event)

    Raises DataError for an event or a `jsonParam` that can't be read and for a contact without an e-mail address
    (unless not `address_needed`), TemplateError where a template fails, ConfigError for an unknown message.
    """
    rendering = Rendering(project, message)
    return _render(project, rendering, _event(event), address_needed)


def triggered_each(project: Host, message: str, events: Iterable[AnyEvent], *, address_needed: bool = True) -> Campaign:
    """The campaign of many events, compiled once: what fails for one event is recorded, and the others go on."""
    rendering = Rendering(project, message)

    def records() -> Iterator[Message | Failure]:
        for given in events:
            event: Event | None = None
            try:
                event = _event(given)
                yield _render(project, rendering, event, address_needed)
            except (TemplateError, DataError) as error:
                yield failure(message, event.contact if event is not None else None, event, error)

    return Campaign(records())


def _render(project: Host, rendering: Rendering, event: Event, address_needed: bool) -> Message:
    bound = project.triggered_context(event, rendering.name, rendering.reads)
    return rendering.message(bound, address_needed=address_needed)


def _event(event: AnyEvent) -> Event:
    return event if isinstance(event, Event) else read_event(event)
