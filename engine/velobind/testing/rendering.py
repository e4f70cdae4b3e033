"""How tests render: a message, or one template, from what a test has at hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from velobind.binding.context import Bound
    from velobind.binding.events import Event
    from velobind.campaign import Message
    from velobind.project import Project

Data = Mapping[str, Any] | str | Path


class MessageRenderer:
    """Renders messages of a project; each is compiled once. Paths are relative to the project's folder."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def __call__(
        self,
        message: str,
        *,
        contact: str | None = None,
        event: Event | Data | None = None,
        data: Data | None = None,
        kind: Literal["bulk", "triggered"] | None = None,
        segment: str | int | None = None,
        as_of: date | None = None,
    ) -> Message:
        """The message for one contact, one event, or data alone.

        `kind` says how a contact's rows come: by the name of their source or, in an event (as `segment` fires it), by
        its id; the message decides by default. Raises TemplateError, DataError, ConfigError, DatabaseError.
        """
        from velobind.campaign.rendering import Rendering

        if sum(given is not None for given in (contact, event, data)) != 1:
            raise TypeError("render_message() takes one of contact, event and data")
        rendering = Rendering(self.project, message)
        bound: Bound
        if data is not None:
            from velobind.campaign.inputs import bound_to

            bound = bound_to(_object(data, self.project.root))
        elif event is not None:
            bound = self.project.triggered_context(_event(event, self.project.root), message, rendering.reads)
        else:
            found = self.project.contact(str(contact))
            if (kind or ("bulk" if rendering.settings.json is None else "triggered")) == "triggered":
                made = self.project.event_for(found, segment=segment, as_of=as_of)
                bound = self.project.triggered_context(made, message, rendering.reads)
            else:
                bound = self.project.bulk_context(found, rendering.reads, sources=rendering.settings.sources)
        return rendering.message(bound, address_needed=False)


class TemplateRenderer:
    """Renders template files of a project with data. Paths of data are relative to the project's folder."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def __call__(self, template: str, data: Data | None = None, /, **variables: Any) -> str:
        """The text of a template for a data object (or its JSON file) and further variables.

        Raises TemplateError, DataError.
        """
        values = {} if data is None else _object(data, self.project.root)
        return self.project.environment.get_template(template).render(values | variables)


def _object(data: Data, root: Path) -> dict[str, Any]:
    from velobind.campaign.inputs import read_object

    return dict(data) if isinstance(data, Mapping) else read_object(root / data)


def _event(event: Event | Data, root: Path) -> Event:
    from velobind.binding.events import Event, read_event
    from velobind.campaign.inputs import read_text

    if isinstance(event, Event):
        return event
    if isinstance(event, Mapping):
        return read_event(event)
    return read_event(read_text(root / event), str(event))
