"""Snapshots as files that people read: a message's html with its headers on top, or its text."""

from __future__ import annotations

from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.types import SerializableData, SerializedData

from velobind.campaign.message import Message


class HtmlSnapshot(SingleFileSnapshotExtension):
    """One `.html` file: a comment with the headers, then the html as it was rendered."""

    _write_mode = WriteMode.TEXT
    file_extension = "html"

    def serialize(self, data: SerializableData, **kwargs: Any) -> SerializedData:
        """The file's text. Raises TypeError for what is neither a message with html nor a text."""
        if isinstance(data, str):
            return data
        if isinstance(data, Message) and data.html is not None:
            # Two hyphens would end the comment.
            head = headers(data).replace("--", "-\u200b-")
            return f"<!--\n{head}-->\n{data.html}"
        raise TypeError(f"html_snapshot takes a message with html, or a text, not {_what(data)}")


class TextSnapshot(SingleFileSnapshotExtension):
    """One `.txt` file: the headers, an empty line, the text part."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    def serialize(self, data: SerializableData, **kwargs: Any) -> SerializedData:
        """The file's text. Raises TypeError for what is neither a message nor a text."""
        if isinstance(data, str):
            return data
        if isinstance(data, Message):
            return f"{headers(data)}\n{data.text}"
        raise TypeError(f"text_snapshot takes a message, or a text, not {_what(data)}")


def headers(message: Message) -> str:
    """The headers of a message, one a line."""
    named = {
        "Subject": message.subject,
        "From": message.from_,
        "To": message.to,
        "Reply-To": message.reply_to,
        **message.headers,
    }
    return "".join(f"{name}: {value}\n" for name, value in named.items() if value is not None)


def _what(data: object) -> str:
    return "a message without html" if isinstance(data, Message) else type(data).__name__
