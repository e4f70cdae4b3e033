"""A page that shows messages in the browser, each in a frame that may run nothing."""

from __future__ import annotations

import re
import tempfile
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from velobind.cli import console

if TYPE_CHECKING:
    from velobind.campaign import Failure, Message

_TEMPLATE = Path(__file__).with_name("page.html.vm")


def show(records: Sequence[Message | Failure], folder: Path | None) -> None:
    """Write the page to `folder` (a temporary one by default), say where, and open it in the browser."""
    target = Path(tempfile.mkdtemp(prefix="velobind-")) if folder is None else folder
    target.mkdir(parents=True, exist_ok=True)
    page = target / "preview.html"
    page.write_text(page_of(records), encoding="utf-8", errors="replace")
    opened = webbrowser.open(page.resolve().as_uri())
    console.note(f"{'opened' if opened else 'no browser was found; the page is'} {page}")


def page_of(records: Sequence[Message | Failure]) -> str:
    """The page as html."""
    from velobind.language.environment import Environment

    template = Environment(autoescape=True).from_string(_TEMPLATE.read_text(encoding="utf-8"), _TEMPLATE.name)
    messages = [
        {**record.as_dict(), "error": None if record.ok else str(record.error), "name": record.name}
        for record in records
    ]
    return template.render({"messages": messages})


def file_name(text: str) -> str:
    """The text as the name of a file on any system."""
    name = re.sub(r"[^\w.@+-]+", "_", text).strip("._") or "message"
    return name[:120]
