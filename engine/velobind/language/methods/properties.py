"""Java's `\\p{..}` names as insides of character classes of the `regex` package."""

from __future__ import annotations

from functools import cache

_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/\:-@\[-`\{-~",
    "Graph": "!-~",
    "Print": r"\ -~",
    "Blank": r"\ \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r"\ \t\n\x0b\f\r",
}
_JAVA = {
    "LowerCase": r"\p{Lowercase}",
    "UpperCase": r"\p{Uppercase}",
    "Alphabetic": r"\p{Alphabetic}",
    "Ideographic": r"\p{Ideographic}",
    "TitleCase": r"\p{Lt}",
    "Digit": r"\p{Nd}",
    "Defined": r"\P{Cn}",
    "Letter": r"\p{L}",
    "LetterOrDigit": r"\p{L}\p{Nd}",
    "SpaceChar": r"\p{Z}",
    "Whitespace": r"\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000",
    "ISOControl": r"\x00-\x1f\x7f-\x9f",
}
_BINARY = {
    "ALPHABETIC": "Alphabetic", "LETTER": "L", "IDEOGRAPHIC": "Ideographic", "LOWERCASE": "Lowercase",
    "UPPERCASE": "Uppercase", "TITLECASE": "Lt", "WHITE_SPACE": "White_Space", "WHITESPACE": "White_Space",
    "CONTROL": "Cc", "PUNCTUATION": "P", "DIGIT": "Nd", "ASSIGNED": "", "ALNUM": "",
}  # fmt: skip
_SPECIAL = {
    "L1": r"\x00-\xff",
    "all": r"\x00-\U0010ffff",
    "ALL": r"\x00-\U0010ffff",
    "LC": r"\p{Lu}\p{Ll}\p{Lt}",
    "LD": r"\p{L}\p{Nd}",
}
_KINDS = {
    "sc": "Script", "script": "Script", "blk": "Block", "block": "Block", "gc": "gc", "general_category": "gc",
}  # fmt: skip


@cache
def property_class(name: str) -> str | None:
    """The inside of a class for `\\p{name}`; None where Java has no such property."""
    known = _POSIX.get(name) or _SPECIAL.get(name)
    if known:
        return known
    if name.startswith("java"):
        return _JAVA.get(name[4:])
    key, sep, value = name.partition("=")
    if sep:
        kind = _KINDS.get(key.lower())
        return _checked(f"{kind}={value}") if kind else None
    if name.startswith("In"):
        return _checked(f"Block={name[2:]}")
    if name.startswith("Is"):
        rest = name[2:]
        upper = rest.upper()
        if upper == "ASSIGNED":
            return r"\P{Cn}"
        if _BINARY.get(upper):
            return rf"\p{{{_BINARY[upper]}}}"
        return _checked(f"gc={rest}") or _checked(f"Script={rest}")
    return _checked(f"gc={name}") if len(name) <= 2 else None


def _checked(body: str) -> str | None:
    import regex

    try:
        regex.compile(rf"\p{{{body}}}")
    except regex.error:
        return None
    return rf"\p{{{body}}}"
