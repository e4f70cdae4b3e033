"""Bulk campaigns: one message for each contact of a segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from velobind.binding.contacts import Contact
from velobind.binding.context import Bound
from velobind.campaign.message import Failure, Message, failure
from velobind.campaign.rendering import Host, Rendering
from velobind.errors import DataError, TemplateError

# Failures and kinds of failures that a campaign keeps, so that memory stays flat whatever goes wrong.
KEPT = 1000


class Reason(NamedTuple):
    """One kind of failure: how often it came, and the first that had it."""

    times: int
    first: Failure


class Campaign(Iterable[Message]):
    """The messages of a campaign, rendered one by one as they are asked for; it can be walked once.

    Walking it gives the messages that can go out. A contact whose message fails is left out and recorded: `failed`
    counts them, `failures` holds the first thousand, `reasons` groups them. `records()` gives both in their order.
    """

    def __init__(self, records: Iterator[Message | Failure]) -> None:
        self._source = records
        self._reasons: dict[tuple[object, ...], Reason] = {}
        self.rendered = 0
        self.failed = 0
        self.failures: list[Failure] = []

    def __iter__(self) -> Iterator[Message]:
        for record in self._source:
            if record.ok:
                self.rendered += 1
                yield record
            else:
                self._count(record)

    def close(self) -> None:
        """End the campaign before its last contact, and the database session that it reads from."""
        close = getattr(self._source, "close", None)
        if close is not None:
            close()

    def records(self) -> Iterator[Message | Failure]:
        """Messages and failures in the order of the contacts."""
        for record in self._source:
            if record.ok:
                self.rendered += 1
            else:
                self._count(record)
            yield record

    @property
    def reasons(self) -> list[Reason]:
        """The failures by template, place and reason, the most frequent first."""
        return sorted(self._reasons.values(), key=lambda reason: -reason.times)

    def _count(self, record: Failure) -> None:
        self.failed += 1
        if len(self.failures) < KEPT:
            self.failures.append(record)
        key = (record.template, record.line, record.column, record.reason)
        known = self._reasons.get(key)
        if known is not None:
            self._reasons[key] = Reason(known.times + 1, known.first)
        elif len(self._reasons) < KEPT:
            self._reasons[key] = Reason(1, record)


def bulk(
    project: Host,
    message: str,
    *,
    segment: str | int | None = None,
    contacts: Iterable[Contact | str] | None = None,
    as_of: date | None = None,
    limit: int | None = None,
    address_needed: bool = True,
) -> Campaign:
    """The bulk campaign of a message, for a `segment` (on the day `as_of`) or for given `contacts`.

        campaign = project.bulk("promo", segment="birthday_today")
        for message in campaign:
            smtp.send_message(message.as_email())
        for failure in campaign.failures:
            print(failure)

    A contact may be named by what `project.contact` takes; DataError when none has that name. `limit` stops after so
    many contacts. Without `address_needed`, contacts without an e-mail address get their message too, with `to` None.

    Raises at once what is wrong for every contact: ConfigError, TemplateSyntaxError, TemplateNotFound. Walking the
    campaign raises DatabaseError when the database goes away, never what is wrong with one contact.
    """
    if (segment is None) == (contacts is None):
        raise TypeError("bulk() takes either a segment or contacts")
    rendering = Rendering(project, message)
    if segment is not None:
        people = project.segment_contacts(segment, as_of)
    else:
        assert contacts is not None
        people = (project.contact(each) if isinstance(each, str) else each for each in contacts)
    if limit is not None:
        people = islice(people, limit)
    bounds = project.bulk_contexts(people, rendering.reads, sources=rendering.settings.sources)
    return Campaign(render_each(rendering, bounds, address_needed=address_needed))


def render_each(
    rendering: Rendering, bounds: Iterable[Bound], *, address_needed: bool = True
) -> Iterator[Message | Failure]:
    """The message of each context, or the record of its failure."""
    for bound in bounds:
        try:
            yield rendering.message(bound, address_needed=address_needed)
        except (TemplateError, DataError) as error:
            yield failure(rendering.name, bound.contact, bound.event, error)
