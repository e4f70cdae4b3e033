"""What a message looks like on the wire: any name, subject and address arrives as it was meant."""

from __future__ import annotations

import email.policy
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from velobind.campaign.addresses import header_text, mailbox
from velobind.campaign.message import Message
from velobind.errors import DataError

LINE = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(header_text)


def message(**given: Any) -> Message:
    fields: dict[str, Any] = {
        "name": "promo",
        "contact": None,
        "subject": "Hi",
        "html": "<p>Hi</p>",
        "plain": None,
        "from_": "Shop <shop@example.com>",
        "to": "dina@example.com",
    }
    return Message(**fields | given)


def wired(sent: Message) -> EmailMessage:
    """The message as a reader gets it."""
    received = message_from_bytes(sent.as_email().as_bytes(), policy=email.policy.default)
    assert isinstance(received, EmailMessage)
    return received


def test_text_is_made_from_the_html_and_comes_first() -> None:
    received = wired(message(html="<h1>Привіт, Діно!</h1><p>See <a href='https://example.com'>the shop</a></p>"))
    assert received.get_content_type() == "multipart/alternative"
    text, html = received.iter_parts()
    assert text.get_content() == "Привіт, Діно!\n\nSee [the shop](https://example.com)\n"
    assert "<h1>Привіт, Діно!</h1>" in html.get_content()


def test_a_text_of_its_own_is_kept_and_a_message_of_text_only_has_one_part() -> None:
    assert message(plain="Own\n").text == "Own\n"
    received = wired(message(html=None, plain="Only text\n"))
    assert (received.get_content_type(), received.get_content()) == ("text/plain", "Only text\n")


def test_html_without_words_stands_alone() -> None:
    assert wired(message(html="<img src='https://example.com/a.png'>")).get_content_type() == "text/html"


def test_it_has_a_date_and_an_id_of_the_senders_domain() -> None:
    received = wired(message(from_="Крамниця <shop@приклад.укр>"))
    assert received["Date"].datetime is not None
    assert received["Message-ID"].endswith("@xn--80aikifvh.xn--j1amh>")


def test_without_a_sender_from_is_left_to_the_caller() -> None:
    made = message(from_=None).as_email()
    assert "From" not in made
    made["From"] = "me@example.com"
    assert made["From"].addresses[0].addr_spec == "me@example.com"


def test_domains_are_sent_in_ascii_and_only_a_local_part_needs_smtputf8() -> None:
    assert message(to="Діна <dina@приклад.укр>").as_email().as_bytes().isascii()
    raw = message(to="Діна <діна@приклад.укр>").as_email().as_bytes()
    assert "<діна@xn--80aikifvh.xn--j1amh>".encode() in raw


def test_further_headers_are_sent_unbroken() -> None:
    url = f"<https://example.com/unsubscribe?token={'a' * 300}>"
    made = message(headers={"List-Unsubscribe": url, "X-Name": "Літо"}).as_email()
    assert f"List-Unsubscribe: {url}\n".encode() in made.as_bytes()
    assert wired(message(headers={"X-Name": "Літо"}))["X-Name"] == "Літо"


@pytest.mark.parametrize("text", ["a\ud800b", "\udfff"])
def test_a_lone_surrogate_is_replaced(text: str) -> None:
    received = wired(message(subject=text, html=None, plain=text))
    assert "�" in received["Subject"]
    assert "�" in received.get_content()


# No deadline: other work on the machine must not fail a test.
@settings(deadline=None)
@given(subject=LINE, name=LINE)
def test_any_subject_and_name_arrive_and_add_nothing(subject: str, name: str) -> None:
    sent = message(subject=subject, to=f"{name} <dina@example.com>", html=None, plain="x")
    raw = sent.as_email().as_bytes()
    received = message_from_bytes(raw, policy=email.policy.default)
    assert received["Subject"] == subject
    assert getaddresses([str(sent.as_email()["To"])])[0][1] == "dina@example.com"
    assert [address.addr_spec for address in received["To"].addresses] == ["dina@example.com"]
    assert set(received.keys()) == set(wired(message(html=None, plain="x")).keys())
    assert all(len(line) <= 998 for line in raw.split(b"\n"))
    # The standard library's newer parser adds spaces between encoded words of a name; the older one reads them right.
    to = message_from_bytes(raw)["To"].replace("\n", "")
    assert str(make_header(decode_header(parseaddr(to)[0]))) == mailbox(sent.to or "").name


@settings(deadline=None)
@given(text=st.text(st.sampled_from('aé@.<>"\\,;: ()\r\n\x00\u2028\ud800-_[]'), max_size=30))
def test_any_text_is_refused_or_is_one_recipient(text: str) -> None:
    try:
        box = mailbox(text)
    except DataError:
        return
    made = message(to=str(box)).as_email()
    assert len(made["To"].addresses) == 1
    assert made.as_bytes().count(b"To: ") == 1
