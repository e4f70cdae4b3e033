"""The promise of the library: a loop over a campaign, and a real SMTP server takes every message."""

from __future__ import annotations

import asyncio
import email.policy
import smtplib
import socket
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from velobind.project import Project


class Inbox:
    """Keeps what the server accepts."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"


def content(envelope: Envelope) -> bytes:
    """The bytes of a mail."""
    assert isinstance(envelope.content, bytes)
    return envelope.content


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    """A running SMTP server: what it got, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inbox = Inbox()
    controller: Any = Controller(inbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    yield inbox, port
    controller.stop()
    assert isinstance(controller.loop, asyncio.AbstractEventLoop)


def test_every_message_of_a_segment_is_taken(sample_project: Project, inbox: tuple[Inbox, int]) -> None:
    got, port = inbox
    project = sample_project
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for message in project.bulk("promo", segment="everyone"):
            smtp.send_message(message.as_email())
    assert len(got.envelopes) == project.segment_count("everyone").matched
    dina = next(envelope for envelope in got.envelopes if envelope.rcpt_tos == ["dina.kozak@example.com"])
    assert dina.mail_from == "shop@example.com"
    received = message_from_bytes(content(dina), policy=email.policy.default)
    assert received["Subject"] == "Dina, your promo code"
    text, html = [part.get_content() for part in received.iter_parts()]
    assert "AAAA-BBBB-DDDD" in text
    assert "<b>AAAA-BBBB-DDDD</b>" in html


def test_a_triggered_message_is_taken(sample_project: Project, inbox: tuple[Inbox, int]) -> None:
    got, port = inbox
    event = (sample_project.root / "events/birthday.json").read_text(encoding="utf-8")
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.send_message(sample_project.triggered("birthday", event).as_email())
    assert [envelope.rcpt_tos for envelope in got.envelopes] == [["dina.kozak@example.com"]]


def test_international_addresses_are_taken(shop: Any, inbox: tuple[Inbox, int]) -> None:
    got, port = inbox
    contacts = "id,email,firstName\n1,діна@приклад.укр,Діна\n2,oles@приклад.укр,Олесь\n"
    message = (
        '[messages.promo]\nsubject = "Вітаємо, $firstName"\nfrom = "Крамниця, ТОВ <shop@example.com>"\n'
        'to = "$firstName <$email>"\nhtml = "promo.html.vm"\n'
    )
    project = shop(message, contacts=contacts, promo__html="<p>Привіт, $firstName!</p>")
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for made in project.bulk("promo", contacts=["1", "2"]):
            smtp.send_message(made.as_email())
    assert [envelope.rcpt_tos for envelope in got.envelopes] == [
        ["діна@xn--80aikifvh.xn--j1amh"],
        ["oles@xn--80aikifvh.xn--j1amh"],
    ]
    received = message_from_bytes(content(got.envelopes[1]), policy=email.policy.default)
    assert received["Subject"] == "Вітаємо, Олесь"
    assert received["To"].addresses[0].display_name == "Олесь"
    assert received["From"].addresses[0].display_name == "Крамниця, ТОВ"
