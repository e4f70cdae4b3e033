"""`check` tells what a rendering passes over in silence, once for each place, and `render` is none the wiser."""

from __future__ import annotations

import pytest

from velobind import DictLoader, Environment, Event, LimitExceeded, Limits, Template, generic_tools

VALUES = {
    "user": {"name": "Dina", "city": "Lviv"},
    "list": [1, 2],
    "text": "abc",
    "number": 5,
    "digits": "12",
    "nil": None,
}
PARTS = {"part.vm": "one\n$missing", "promo.vm": ""}


def events(text: str) -> list[Event]:
    environment = Environment(DictLoader(PARTS), tools=generic_tools())
    return environment.from_string(text, "promo.vm").check(VALUES)


# template text, code, place, part of the sentence, part of the hint
TOLD = [
    ("Hi $usre.name", "undefined", "1:4", "$usre.name has no value", "did you mean $user?"),
    ("Hi\n $user.nam!", "undefined", "2:2", "$user.nam has no value", "did you mean $user.name?"),
    ("${nil}", "undefined", "1:1", "${nil} has no value", "$!"),
    ("<p>$list</p>", "collection", "1:4", "$list prints a whole list", "#foreach"),
    ("<p>$!user</p>", "collection", "1:4", "prints a whole map", "$map.key"),
    ("#if($digits > $text)x#end", "compared", "1:13", "> between two texts is always false", "$convert.toNumber"),
    ("#if($nil < 5)x#end", "compared", None, "the left side has no value", None),
    ("#if($number >= $list)x#end", "compared", None, "the right side is no number but a list", None),
    ("#set($x = $nil + 1)", "arithmetic", None, "the left side has no value", None),
    ("#set($x = $number / 0)", "arithmetic", None, "the right side is zero", None),
    ("#set($x = $number * $user)", "arithmetic", None, "the right side is no number but a map", None),
    ("#set($x = 'a' + $nil)", "arithmetic", None, "joins a text with null", None),
    (
        "#set($x = $text.toUppercase())",
        "method",
        "1:17",
        "text has no method toUppercase()",
        "did you mean toUpperCase?",
    ),
    ("$!text.foo", "method", None, "text has no property foo", None),
    ("$!number.format('x', 1)", "method", None, "Integer has no method format(text, Integer)", None),
    ("#foreach($i in $nil)$i#end", "loop", "1:1", "its list has no value", None),
    ("#foreach($i in $text)$i#end", "loop", "1:1", "can't walk over a text", "list"),
    ("#if($text)a#elseIf($nil)b#end", "directive", "1:12", "#elseIf is no directive", "is #elseif meant?"),
    ("#if($text)a#else if($nil)b#end", "directive", "1:17", "prints as text", "is #elseif meant?"),
    ("#foreach($i of $list)x#end", "directive", "1:13", "'of'", "write in"),
    ("#foreahc($i in $list)x", "directive", "1:1", "#foreahc is no directive", "is #foreach meant?"),
    ("#set $x = 1", "directive", "1:1", "#set is no directive", "#set($name = value)"),
    ("a\n#stop\nb", "stopped", "2:1", "leaves out", None),
    ("$list.get(5)", "failed", "1:7", "Index 5 out of bounds for length 2", "size"),
    ("#macro(m $a)$a.foo#end#m($text)", "method", "1:16", "text has no property foo", None),
    ("#define($d)$missing#end$d", "undefined", "1:12", "$missing", None),
    ('#set($s = "$missing")', "undefined", "1:11", "$missing", None),
]


@pytest.mark.parametrize(("text", "code", "place", "sentence", "hint"), TOLD, ids=[t[0] for t in TOLD])
def test_what_is_passed_over_is_told(text: str, code: str, place: str | None, sentence: str, hint: str | None) -> None:
    found = [event for event in events(text) if event.code == code]
    assert len(found) == 1, events(text)
    event = found[0]
    assert event.template == "promo.vm"
    assert place is None or f"{event.line}:{event.column}" == place
    assert sentence in event.message
    assert (hint is None) or hint in (event.hint or "")


@pytest.mark.parametrize(
    "text",
    [
        "$user.name $!missing $!user.missing ${missing|'x'} $list.get(0) $list[1] $text.length() $number",
        "#foreach($i in $list)$i#if($foreach.hasNext), #end#end #foreach($i in [])x#else none#end",
        "#if($nil)x#end#if($digits > 5)x#end#if($number == 'x')x#end#set($x = $number + 1)$x$math.add(1, 2)",
        "#macro(m $a)$a#end#m($text) #define($d)$text#end$d #evaluate('$text') plain text at a#b, #fff and $5",
    ],
)
def test_a_sound_template_has_no_events(text: str) -> None:
    assert events(text) == []


def test_an_event_is_told_once_for_each_place() -> None:
    assert [(e.line, e.column) for e in events("#foreach($i in [1..100])$missing\n$missing#end")] == [(1, 25), (2, 1)]


def test_other_templates_are_watched_too() -> None:
    (event,) = events("#parse('part.vm')")
    assert (event.template, event.line, event.column, event.code) == ("part.vm", 2, 1, "undefined")
    (event,) = events("#evaluate('a $missing')")
    assert (event.template, event.line, event.column) == ("promo.vm#evaluate", 1, 3)


def test_a_failure_is_the_last_event_and_nothing_is_raised() -> None:
    codes = [event.code for event in events("$missing $list.get(9) $other")]
    assert codes == ["undefined", "failed"]


def test_checking_leaves_context_and_rendering_as_they_are() -> None:
    environment = Environment(tools=generic_tools())
    template = environment.from_string("#set($number = 7)$missing $number")
    values = dict(VALUES)
    before = template.render(values)
    template.check(values)
    assert values == VALUES
    assert template.render(values) == before == "$missing 7"


def test_tools_and_autoescape_are_those_of_the_environment() -> None:
    environment = Environment(tools=generic_tools(), autoescape=True)
    template = environment.from_string("$math.add(1, 2) $missing $text")
    assert [e.code for e in template.check(text="<")] == ["undefined"]


def test_a_check_leaves_the_limits_of_the_next_rendering_alone() -> None:
    Template("#if($a < $b)x#end$nothing").check(a="10", b="9")
    strict = Environment(limits=Limits(turns=1000))
    with pytest.raises(LimitExceeded):
        strict.from_string("#foreach($i in [1..100000])$i#end").render()
