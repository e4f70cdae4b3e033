"""Data cannot add a recipient or a header, and what no server takes is said before it is sent."""

from __future__ import annotations

import pytest

from velobind.campaign.addresses import Mailbox, header_text, mailbox
from velobind.errors import DataError


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("dina@example.com", "", "dina@example.com"),
        ("  dina@example.com\n", "", "dina@example.com"),
        ("Dina Kozak <dina@example.com>", "Dina Kozak", "dina@example.com"),
        ('"Kozak, Dina" <dina@example.com>', "Kozak, Dina", "dina@example.com"),
        ("Kozak, Dina <dina@example.com>", "Kozak, Dina", "dina@example.com"),
        ("<dina@example.com>", "", "dina@example.com"),
        ("Діна <діна@приклад.укр>", "Діна", "діна@приклад.укр"),
        ("o'hara+tag@mail.example.co.uk", "", "o'hara+tag@mail.example.co.uk"),
        ("evil <x@evil.example>, Dina <dina@example.com>", "evil <x@evil.example>, Dina", "dina@example.com"),
    ],
)
def test_one_mailbox(text: str, name: str, address: str) -> None:
    assert mailbox(text) == Mailbox(name, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dina",
        "dina@",
        "@example.com",
        "dina@@example.com",
        "dina@example..com",
        "dina@-example.com",
        "dina kozak@example.com",
        "dina@example.com, evil@example.com",
        "dina@example.com;evil@example.com",
        "dina@example.com\nBcc: evil@example.com",
        "Dina\r\nBcc: evil@example.com\r\n <dina@example.com>",
        "Dina\u2028 <dina@example.com>",
        "Dina <dina@example.com\x00>",
        "a" * 65 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + "b." * 140 + "com",
        "Dina <>",
    ],
)
def test_what_is_no_single_address_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        mailbox(text)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        (" Hi \n", "Hi"),
        ("Hi\r\nBcc: x@y.z", "Hi Bcc: x@y.z"),
        ("Two  spaces", "Two  spaces"),
        ("a\u2028b\x85c\x00d\x0be", "a b c d e"),
    ],
)
def test_a_header_is_one_line(text: str, header: str) -> None:
    assert header_text(text) == header
