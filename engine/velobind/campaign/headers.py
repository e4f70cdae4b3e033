"""Header values as they go over the wire: folded lines, encoded words (RFC 2047) where ASCII does not do.

The standard library folds long display names without their quotes, so that a comma in a name becomes a further
recipient, and it drops spaces between encoded words. What is written here needs no refolding: give it to an
`EmailMessage` with `set_raw`, under a policy that leaves such lines alone.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator

from velobind.campaign.addresses import Mailbox

_LINE = 76
# What RFC 5322 lets a line hold at most.
_LONGEST_LINE = 998
# Bytes of an encoded word: its line stays short behind a header's name too.
_WORD_BYTES = 39
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def text_value(name: str, text: str) -> str:
    """The value of the header `name` for a text without line breaks. Lines are parted by CRLF and a space."""
    if text.isascii() and "=?" not in text:
        folded = list(_folded(text, _LINE - len(name) - 2))
        if all(len(line) <= _LONGEST_LINE - len(name) - 2 for line in folded):
            return "\r\n".join(folded)
    return _encoded_words(text)


def mailbox_value(box: Mailbox) -> str:
    """The value of an address header: one mailbox. Not ASCII only where the local part of its address is not."""
    address = box.as_header().addr_spec
    if not box.name:
        return address
    phrase = _phrase(box.name)
    last = phrase.rpartition("\r\n")[2]
    return f"{phrase}{' ' if len(last) + len(address) < _LINE - 12 else chr(13) + chr(10) + ' '}<{address}>"


def _phrase(name: str) -> str:
    if name.isascii() and "=?" not in name and len(name) <= _WORD_BYTES:
        if _ATOMS.fullmatch(name):
            return name
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return _encoded_words(name)


def _encoded_words(text: str) -> str:
    return "\r\n ".join(f"=?utf-8?b?{b64encode(chunk).decode('ascii')}?=" for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[bytes]:
    """The UTF-8 bytes of a text in short pieces that part no character."""
    chunk = b""
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > _WORD_BYTES:
            yield chunk
            chunk = b""
        chunk += encoded
    yield chunk


def _folded(text: str, room: int) -> Iterator[str]:
    """Lines of at most `room`, then 76 characters, broken before a space where there is one that a word follows."""
    while len(text) > room:
        places = [match.start() for match in re.finditer(r"(?<=\S) (?=\S)", text)]
        if not places:
            break
        fitting = [place for place in places if place <= room]
        place = fitting[-1] if fitting else places[0]
        yield text[:place]
        text, room = text[place:], _LINE
    yield text
