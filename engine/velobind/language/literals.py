"""Whole numbers of so many digits that Python does not read them at once."""

from __future__ import annotations

from velobind.language.limits import MAX_DIGITS
from velobind.language.scanner import Token


def long_integer(token: Token) -> int:
    """The number that a token spells. Raises DirectiveError for more digits than a number may have."""
    from velobind.language.directives import DirectiveError
    from velobind.language.methods.parsing import parse_integer

    if len(token.image) > MAX_DIGITS:
        raise DirectiveError(token.start, f"a number of more than {MAX_DIGITS:,} digits")
    return parse_integer(token.image, 10, 0)
