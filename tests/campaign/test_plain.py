"""The text that is made from html."""

from __future__ import annotations

import pytest

from velobind.campaign.plain import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("  \n", ""),
        ("<!-- only a comment -->", ""),
        ("<p>One</p><p>Two</p>", "One\n\nTwo\n"),
        ("one<br>two", "one\ntwo\n"),
        ("<ul><li>a</li><li>b</li></ul>", "  * a\n  * b\n"),
        ("<p>Tea &amp; <b>milk</b></p>", "Tea & milk\n"),
        ("<a href='https://example.com/?a=1&amp;b=2'>shop</a>", "[shop](https://example.com/?a=1&b=2)\n"),
        ("<style>p { color: red }</style><script>x()</script><p>Hi</p>", "Hi\n"),
        ("<title>Not shown</title><p>Hi</p>", "Hi\n"),
        ('<?xml version="1.0" encoding="utf-8"?><p>Привіт 🎂</p>', "Привіт 🎂\n"),
        ("<p>a\ud800b</p>", "a?b\n"),
        ("<p>Hi</p><div>‌ ‌&zwnj;&zwnj;&zwnj;</div>", "Hi\n"),
    ],
)
def test_text(html: str, text: str) -> None:
    assert text_of(html) == text


def test_a_page_of_very_deep_html_is_no_crash() -> None:
    assert isinstance(text_of("<div>" * 20_000 + "deep"), str)
