"""The text of an html message, for readers that show no html."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Spaces and invisible characters that mail builders pad preheaders with say nothing in a text.
_PADDING = re.compile("(?:[ \u00a0]*[\u00ad\u034f\u200b-\u200d\u2060\ufeff]){2,}")


def text_of(html: str) -> str:
    """The readable text of `html`: paragraphs, lists and tables kept, links as `[text](address)`.

    A line feed ends every line, no blank line begins or ends the text.
    """
    from inscriptis import get_text  # type: ignore[import-untyped]

    # Lone halves of a surrogate pair would end the parser's input.
    clean = html.encode("utf-8", "replace").decode("utf-8")
    text = _PADDING.sub("", get_text(clean, _config()))
    lines = [line.rstrip() for line in text.splitlines()]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return f"{joined}\n" if joined else ""


@cache
def _config() -> Any:
    from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]

    return ParserConfig(display_links=True)
