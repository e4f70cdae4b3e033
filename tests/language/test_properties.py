"""Arbitrary text: parsing always ends, in time linear in the text, with a template or a TemplateSyntaxError."""

from __future__ import annotations

import contextlib
import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from velobind import Environment, Limits, TemplateError, TemplateSyntaxError
from velobind.language.nodes import walk
from velobind.language.source import Source
from velobind.language.syntax import parse

PIECES = [
    '\\', '\\\\', '\\\\\\', '$', '$!', '$!!', '$$', '#', '##', '#*', '*#', '#**', '**#', '#[[', ']]#',
    '#[[x]]#', '{', '}', '(', ')', '[', ']', '|', '||', '&', '&&', '!', '=', '==', '!=', '<', '>', '<=', '>=',
    '+', '-', '*', '/', '%', ',', ':', '.', '..',
    "'", '"', "''", '""', "'a'", '"a"', '"$a"', '"#if(1)x#end"', '0', '1', '-1', '1.5', '1.', '.5', '1e3',
    '1e', 'true', 'false', 'null', 'in', 'and', 'or', 'not', 'eq', 'a', 'b_1', 'Ж', '😀',
    '$a', '$!a', '${a}', '$!{a}', "${a|'b'}", '$a.b', '$a.b()', "$a.b(1,'x')", '$a[0]', '$a.b[$c].d',
    '${a.b}', '\\$a', '\\$!{a}', '$\\!a', '$5', '$a.5', '$a-', '$foreach.count',
    '#if', '#if(', '#if($a)', '#{if}($a)', '#elseif($a)', '#else', '#{else}', '#end', '#{end}', '#endx',
    '#elseIf', '#foreach($a', '#foreach($i', 'in', '$l)',
    '#set', '#set(', '#set($a=1)', '#set($a.b=[1,2])', "#set($a={'k':'v'})", '#macro(m', '$a)', '#macro',
    '#m', '#m()', "#m('x'", '$a)', '#@m()', '#@m', '#define($d)',
    "#evaluate('$a')", "#parse('x')", "#include('x')", '#break', '#stop', '#fff', '#5', '#{', '#}', '#@', '@',
    '\x1c',
    " ", "\t", "\n", "\r\n", "\r", "  \n", "\u2028", "\xa0", "\ud800",
]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.text("#$!{}()[]\\\"'|.,* \na1=", max_size=40),
)
VALUES = {"a": {"b": 1}, "l": [1, "x"], "m": "t", "c": 0}


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.sampled_from(["none", "bc", "lines", "structured"]))
def test_parsing_ends_with_nodes_or_a_syntax_error_with_a_place(text: str, gobble: str) -> None:
    source = Source("any.vm", text)
    try:
        body = parse(source, gobble)
    except TemplateSyntaxError as error:
        assert error.template == "any.vm" and error.message
        assert error.line is not None and error.column is not None
        assert error.source == source.line(error.line)
        assert 1 <= error.column <= len(error.source) + 2
    else:
        assert all(0 <= node.start <= len(text) for node in walk(body))


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_rendering_ends_with_a_text_or_a_template_error(text: str) -> None:
    environment = Environment(limits=Limits(seconds=5, turns=100_000))
    try:
        template = environment.from_string(text)
        assert template.reads is not None
        assert isinstance(template.render(VALUES), str)
    except TemplateError as error:
        assert error.template is not None and error.message


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_characters="$#\\", exclude_categories=["Cs"]), max_size=80))
def test_text_without_signs_is_printed_as_it_is(text: str) -> None:
    assert Environment(gobble="none").from_string(text).render() == text
    assert Environment().from_string(text).render() == text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_a_textblock_prints_what_it_holds(text: str) -> None:
    if "]]#" in text + "]]" or "\x1c" in text or any("\ud800" <= c <= "\udfff" for c in text):
        return
    assert Environment().from_string(f"#[[{text}]]#").render() == text


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.text(max_size=20), max_size=5))
def test_the_values_of_references_are_never_taken_for_templates(values: dict[str, str]) -> None:
    values = {k: "".join(c for c in v if not "\ud800" <= c <= "\udfff") for k, v in values.items()}
    text = "|".join(f"${{{name}}}" for name in values)
    assert Environment().from_string(text).render(values) == "|".join(values.values())


HARD = [
    '\\', '\\\\', '$', '#', '##', '#*', '#**', '*#', '#[[', ']]#', '{', '}', '(', ')', '[', ']', '|', '||',
    "'", '"', '""', '${', '#{', '$!', '$\\!', '$[', '$.', '\\$', '\\#', '\\#if(1)', '$a', '$a.', '$a(',
    '$a.b(', '${a|', '#if(', '#end',
    '#a', '#a()', '#a(', '#@a', '#set(', '#set($x=1)', '#set($x=[', '#foreach(', '#macro(', '#evaluate(',
    '$a[', '$a.b', '$5', '#5', '-', '-1', '1.', '1e', '..', '\x1c', '#elseif(', '0', 'é', '😀',
    "#set($x = \"", "#set($x = '", "\n", "\r\n", " ", "\t", " $", " #", " \\\n", "##\n", "#[[a]]#", "#* *#", "\\$a ",
    "\\#x(1) ",
    "#if($a)x#end ", "#foreach($a in $b)x#end ",
    "#@a()x#end ", "#macro(a)x#end ", '#set($x = "$a") ', "#a('x')\n", "$a.b(\"", "$a['",
]  # fmt: skip


def seconds(text: str, times: int = 1) -> float:
    """Processor time to parse a text, the best of several times: nothing else on the machine, nor the collector of
    garbage, may decide what is compared here."""
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(times):
            begin = time.process_time()
            with contextlib.suppress(TemplateSyntaxError):
                parse(Source("hard.vm", text))
            best = min(best, time.process_time() - begin)
    finally:
        gc.enable()
    return best


@pytest.mark.parametrize("before", ["", "#set($x = ", "$a.b("])
@pytest.mark.parametrize("piece", HARD)
def test_parsing_takes_time_linear_in_the_text(piece: str, before: str) -> None:
    """Sixteen times the text takes some sixteen times as long; were it quadratic, it would take 256 times as long."""
    small, large = (before + piece * (size // len(piece)) for size in (4_000, 64_000))
    shortest = max(seconds(small, times=3), 0.001)  # shorter times are the clock's own
    assert seconds(large) < 100 * shortest or seconds(large, times=3) < 100 * shortest
