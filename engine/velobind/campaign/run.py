"""A campaign that is really sent: each contact once, however often it is interrupted, and every outcome recorded."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from velobind.binding.contacts import Contact
from velobind.binding.events import Event
from velobind.campaign import ledger as book
from velobind.campaign.bulk import Campaign, Reason, bulk
from velobind.campaign.delivery import Away, Refused, Sender, Uncertain
from velobind.campaign.ledger import Delivery, Ledger, Run, contact_key
from velobind.campaign.message import Failure, Message
from velobind.campaign.recording import IDLE, PAUSED, RUNNING, Recorder, Recording
from velobind.campaign.rendering import Host
from velobind.campaign.triggered import triggered_each
from velobind.errors import VelobindError

if TYPE_CHECKING:
    from velobind.binding.segment import Segment


class RunHost(Host, Protocol):
    """What a run needs of a project, beyond what rendering does."""

    @property
    def locale(self) -> str: ...
    def segment(self, name: str | int) -> Segment: ...
    def today(self, segment: str | int | None = ...) -> dt.date: ...
    def fire(self, segment: str | int, as_of: dt.date | None = ...) -> Iterator[Event]: ...


# Messages to a folder whose ledger entries are written together: sent again after a kill, they only replace themselves.
_TOGETHER = 100


@dataclass(slots=True)
class RunReport:
    """What a run did. `sent` and `failed` count this time's, `already` those that an earlier time had settled."""

    run: int | None
    resumed: bool = False
    sent: int = 0
    failed: int = 0
    already: int = 0
    uncertain: list[str] = field(default_factory=list)
    """Contacts whose message the server may or may not have: they are not sent to again unless that is asked for."""
    reasons: list[Reason] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    """What the mail server said of messages that it did not take, and how often."""
    complete: bool = False
    error: VelobindError | None = None
    """Why the run stopped before its end; it goes on from there the next time."""

    @property
    def clean(self) -> bool:
        return self.complete and not self.failed and not self.uncertain and self.error is None


def rehearse(
    project: RunHost, message: str, segment: str, **chosen: Any
) -> tuple[RunReport, Iterator[Message | Failure]]:
    """A report, and the records that fill it as they are walked. Everything is rendered; nothing is sent or noted."""
    report = RunReport(None)
    campaign = _campaign(project, message, segment, report, None, **chosen)

    def records() -> Iterator[Message | Failure]:
        for record in campaign.records():
            if record.ok:
                report.sent += 1
            else:
                report.failed += 1
            yield record
        report.reasons = campaign.reasons
        report.complete = True

    return report, records()


class CampaignRun:
    """One run, prepared: what is wrong for every contact comes up when it is made, before anything is sent."""

    def __init__(
        self,
        project: RunHost,
        message: str,
        segment: str,
        *,
        sender: Sender,
        destination: str,
        ledger: Ledger,
        recorder: Recorder,
        triggered: bool | None = None,
        as_of: dt.date | None = None,
        again: bool = False,
        resend_uncertain: bool = False,
    ) -> None:
        """`destination` names where messages go, so that a rehearsal to a folder does not count as sent by mail.

        Raises ConfigError, TemplateError.
        """
        settings = project.message(message)
        self._segment = project.segment(segment)
        self._sender = sender
        self._ledger = ledger
        triggered = settings.json is not None if triggered is None else triggered
        day = as_of or project.today(segment)
        self._run = ledger.start(message, str(self._segment.id), day, destination, again=again)
        self.report = RunReport(self._run.id, self._run.resumed)
        self._recording = Recording(
            recorder, ledger, message, settings,
            triggered=triggered, run=self._run.id, language=project.locale.partition("_")[0],
        )  # fmt: skip
        self._campaign = _campaign(
            project, message, segment, self.report, self._settled, triggered=triggered, as_of=as_of
        )
        self._take_up(resend_uncertain)

    def records(self, limit: int | None = None, stop: threading.Event | None = None) -> Iterator[Message | Failure]:
        """Send, message by message, and give each record once its outcome is written down.

        `limit` ends after so many, `stop` before the next; what is left waits for the next run. Raises DatabaseError.
        """
        with self._ledger.transaction():
            self._recording.message()
            self._broadcast(RUNNING)
        records = islice(self._campaign.records(), limit)
        at_once = _TOGETHER if self._sender.repeatable else 1
        stopped = False
        try:
            while not stopped and (piece := list(islice(records, at_once))):
                together: AbstractContextManager[Any] = (
                    self._ledger.transaction() if self._sender.repeatable else nullcontext()
                )
                with together:
                    for record in piece:
                        self._send(record)
                yield from piece
                stopped = stop is not None and stop.is_set()
            self.report.complete = not stopped and limit is None
        except Away as error:
            self.report.error = error
        finally:
            self.report.reasons = self._campaign.reasons
            self._sender.close()
            with self._ledger.transaction():
                self._broadcast(IDLE if self.report.complete else PAUSED)
                if self.report.complete:
                    self._ledger.finish(self._run)

    def _take_up(self, resend: bool) -> None:
        """Name what a kill left open. To a folder it is simply sent again."""
        with self._ledger.transaction():
            for delivery in self._ledger.in_state(self._run, book.SENDING):
                again = self._sender.repeatable
                self._ledger.settle(
                    delivery, book.FAILED if again else book.UNCERTAIN, "the process ended while it was being sent"
                )
            for delivery in self._ledger.in_state(self._run, book.UNCERTAIN):
                if resend:
                    self._ledger.settle(delivery, book.FAILED, "uncertain, and sent again on demand")
                else:
                    self.report.uncertain.append(_whom(delivery))

    def _settled(self, contact: str) -> bool:
        if self._ledger.settled(self._run, contact):
            self.report.already += 1
            return True
        return False

    def _send(self, record: Message | Failure) -> None:
        event, contact = record.event, record.contact
        key = contact_key(contact, event.key_value if event is not None else record.label)
        if not record.ok:
            self._note_failure(key, None, record, str(record.error).splitlines()[0])
            return
        # With this on the disk, a kill from here on leaves exactly this one uncertain.
        delivery = self._ledger.begin(self._run, key, record.to)
        try:
            self._sender.send(record, key)
        except Refused as refused:
            self.report.refused[str(refused)] = self.report.refused.get(str(refused), 0) + 1
            self._note_failure(key, record.to, record, str(refused))
        except Uncertain as uncertain:
            self._ledger.settle(delivery, book.UNCERTAIN, str(uncertain))
            self.report.uncertain.append(_whom(delivery))
        except Away:
            self._ledger.settle(delivery, book.FAILED, "the destination was away")
            raise
        else:
            with self._ledger.transaction():
                self._ledger.settle(delivery, book.SENT)
                if event is not None:
                    self._recording.event(event, contact)
                self._recording.delivered(delivery, contact, event)
            self.report.sent += 1

    def _note_failure(self, key: str, address: str | None, record: Message | Failure, reason: str) -> None:
        with self._ledger.transaction():
            delivery = self._ledger.fail(self._run, key, address, reason)
            if record.event is not None:
                self._recording.event(record.event, record.contact)
            self._recording.undelivered(delivery, record.contact, record.event, reason)
        self.report.failed += 1

    def _broadcast(self, status: str) -> None:
        self._recording.broadcast(self._segment.id, self._segment.name, self._run.created, status)


def _campaign(
    project: RunHost,
    message: str,
    segment: str,
    report: RunReport,
    settled: Any,
    *,
    triggered: bool | None = None,
    as_of: dt.date | None = None,
) -> Campaign:
    """The campaign over the contacts of the segment that are not settled yet."""
    if triggered is None:
        triggered = project.message(message).json is not None
    if triggered:
        events = project.fire(segment, as_of)
        return triggered_each(project, message, _open_events(events, settled))
    return bulk(project, message, contacts=_open_contacts(project.segment_contacts(segment, as_of), settled))


def _open_contacts(contacts: Iterable[Contact], settled: Any) -> Iterator[Contact]:
    for contact in contacts:
        if settled is None or not settled(contact_key(contact)):
            yield contact


def _open_events(events: Iterable[Event], settled: Any) -> Iterator[Event]:
    for event in events:
        if settled is None or not settled(contact_key(event.contact, event.key_value)):
            yield event


def _whom(delivery: Delivery) -> str:
    return delivery.address or delivery.contact.partition(":")[2]


__all__ = ["CampaignRun", "Run", "RunReport", "rehearse"]
