"""E-mail addresses out of rendered text: one address each, and nothing in them that could become a header.

Data must not be able to add a recipient or a header, so everything before the last `<` is a display name, whatever
characters it holds, and what remains must be one plain address.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from typing import NamedTuple

from velobind.errors import DataError

# Line ends and other controls of ASCII and Unicode: what `str.splitlines` or a mail server may take for a line's end.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_ASCII_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_ASCII_LABEL}(?:\.{_ASCII_LABEL})*")
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}")
_LABEL = re.compile(_ASCII_LABEL)
_LONGEST = 254


class Mailbox(NamedTuple):
    """A display name, perhaps empty, and an address `local@domain`."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address

    def as_header(self) -> Address:
        """The mailbox for an `EmailMessage`, its domain in ASCII (IDNA) so that any server takes it."""
        local, _, domain = self.address.rpartition("@")
        return Address(self.name, local, domain if domain.isascii() else domain.encode("idna").decode("ascii"))


def mailbox(text: str) -> Mailbox:
    """The one mailbox that a text names: `dina@example.com`, or `Dina Kozak <dina@example.com>`.

    Raises DataError for several addresses, none, a line break, or what no server would take.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text) and len(text) <= _LONGEST:
        return Mailbox("", text)
    if CONTROLS.search(text):
        raise DataError("an address with a line break or another control character", hint="clean the contact's data")
    name, address = "", text
    if text.endswith(">"):
        name, _, address = text[:-1].rpartition("<")
        name, address = _unquoted(name.strip()), address.strip()
    if not address:
        raise DataError("no e-mail address", hint=None if not text else f"{text!r} holds none")
    if not _is_address(address):
        raise DataError(f"{address!r} is not an e-mail address")
    return Mailbox(name, address)


def mailbox_text(text: str) -> str:
    """`mailbox` as text; a plain address comes back at once. Raises DataError."""
    return text if _PLAIN.fullmatch(text) and len(text) <= _LONGEST else str(mailbox(text))


def header_text(text: str) -> str:
    """A text fit for a header: line breaks and other control characters become one space, ends are trimmed."""
    # Most texts are printable through and through, which Python tells faster than a search does.
    return text.strip() if text.isprintable() else CONTROLS.sub(" ", text).strip()


def _unquoted(name: str) -> str:
    if len(name) >= 2 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return name


def _is_address(address: str) -> bool:
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(address) > _LONGEST:
        return False
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return all(_LABEL.fullmatch(label) for label in ascii_domain.split("."))
