"""Every fault of a template has a place, the source line with a caret, one sentence, and a hint where one helps."""

from __future__ import annotations

import traceback

import pytest

from velobind import (
    DictLoader,
    Environment,
    LimitExceeded,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    generic_tools,
)

# template text, place, part of the sentence, part of the hint
SYNTAX = [
    ("Hi\n  #if($a)\n x", "2:3", "#if is never closed", "add #end"),
    ("#foreach($x in $y)\n#if($x)\n#end", "1:1", "#foreach is never closed", "add #end"),
    ("#if($a)\n#ned", "1:1", "#if is never closed", "#ned at 2:1 is text to Velocity: is #end meant?"),
    ("#if($a)x#endif", "1:1", "#if is never closed", "#endif at 1:9"),
    ("#foreahc($x in $y)$x#end", "1:21", "#end without an #if or #foreach", "#foreahc at 1:1"),
    ("#end", "1:1", "#end without an #if or #foreach", "remove it"),
    ("#if($a)x#else y#else z#end", "1:16", "#else can't stand here", "one #else"),
    ("#if($a)x#else y#elseif($b) z#end", "1:16", "#elseif can't stand here", "before the #else"),
    ("#if x == 1", "1:5", "#if needs its parenthesis", "#if($x)"),
    ("#if()x#end", "1:5", "a value is missing", None),
    ("#set($x = )", "1:11", "a value is missing", None),
    ("#set($x 1)", "1:1", "#set assigns to a reference", "#set($name = value)"),
    ("#set($x = y)", "1:11", "bare word 'y'", "'y' for a text, $y for a reference"),
    ("#set($x += 1)", "1:1", "#set assigns", "#set($n = $n + 1)"),
    ("#set($x = 'abc)\n$x", "1:11", "never closed", "close it with '"),
    ("#set($x = [1, 2)", "1:16", "')' can't stand here", "is the [ before it closed?"),
    ("#set($l = [1 + 2])", "1:14", "+ can't stand in a list", "first"),
    ("#set($l = [1, 2,])", "1:17", "a value is missing before ]", "comma"),
    ("#set($m = {'a' = 1})", "1:16", "colon", "{'key': value}"),
    ("#if($a = 1)x#end", "1:8", "a single = compares nothing", "=="),
    ("#if($a === 1)#end", "1:10", "Velocity has no ===", "=="),
    ("#if($a =< 1)#end", "1:8", "Velocity has no =<", "<="),
    ("#if($a > 1 && < 5)#end", "1:15", "a value is missing before <", "$x > 1 && $x < 5"),
    ("#set ($x == 1)", "1:10", "#set assigns with a single =", "#set($name = value)"),
    ("#set($x = 1,5)", "1:12", "a comma in a number", "1.5"),
    ("#set($x = $a – 1)", "1:14", "Velocity has no –", "a dash"),
    ("#set($x = 'a' 'b')", "1:15", "an operator is missing before 'b'", "=="),
    ("$a.b('c' 'd')", "1:10", "a comma is missing before 'd'", "write one"),
    ("#set($x = [1 2])", "1:14", "a comma is missing before 2", "write one"),
    ("#foreach($x : $y)#end", "1:13", "`in`", "#foreach($item in $list)"),
    ("#foreach($x in 1..5)#end", "1:17", "brackets", "[1..5]"),
    ("#foreach($x in [1...5])#end", "1:20", "two dots", "[1..5]"),
    ("#if($a &nbsp;== 1)x#end", "1:8", "&nbsp; is HTML's space", "ordinary space"),
    ("${a[0}", "1:6", "'}' can't stand here", "closed"),
    ("#if($a <> 1)#end", "1:9", "'>'", "!="),
    ("#if($a & $b)x#end", "1:8", "single &", "&&"),
    ("#if($a AND $b)x#end", "1:8", "AND is no operator", "write and"),
    ("#if($a &amp;&amp; $b)x#end", "1:8", "&amp; is HTML's way of writing &", "HTML editor"),
    ("#if($a == &quot;x&quot;)x#end", "1:11", "&quot; is HTML's way of writing \"", "HTML editor"),
    ("#if($a == ‘x’)x#end", "1:11", "curly quote ‘", "use '"),
    ("#if($a == “x”)x#end", "1:11", "curly quote “", 'use "'),
    ("#if($a\xa0== 1)y#end", "1:7", "no-break space", "ordinary space"),
    ("#if($x -1 > 0)x#end", "1:8", "-1 is a number of its own", "- 1"),
    ("#if($x == null)a#end", "1:11", "null", "#if(!$x)"),
    ("#if($x is defined)a#end", "1:8", "is is no word", "=="),
    ("#if($x == True)a#end", "1:11", "True", "write true"),
    ("#set($x = $a ? 1 : 2)", "1:14", "Velocity has no ?", "#else"),
    ("#parse(a.vm)", "1:9", "in quotes", "#parse('name.vm')"),
    ("a\n#[[ abc", "2:1", "#[[ is never closed", "]]#"),
    ("${a.b", "1:1", "${ is never closed", "}"),
    ("$a.foo($b", "1:7", "( is never closed", ")"),
    ("$a[0", "1:3", "[ is never closed", "]"),
    ('#set($x = "a\n #if($b)")', "2:2", "#if is never closed", "add #end"),
    ("#foreach(x in $y)$x#end", "1:10", "#foreach begins with a reference", "#foreach($item in $list)"),
    ("#macro($m)x#end", "1:8", "a macro's name is a bare word", "#macro(name $a $b)"),
    ("#define(x)a#end", "1:9", "#define takes a reference: $x", "#define($x)"),
]


@pytest.mark.parametrize(("text", "place", "sentence", "hint"), SYNTAX, ids=[s[0] for s in SYNTAX])
def test_a_refused_template_says_where_and_why(text: str, place: str, sentence: str, hint: str | None) -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        Environment().from_string(text, "promo.vm")
    error = caught.value
    assert error.place == f"promo.vm:{place}"
    assert sentence in error.message and "\n" not in error.message
    assert (hint is None) or hint in (error.hint or "")
    shown = str(error).split("\n")
    assert shown[1].endswith(text.split("\n")[error.line - 1])  # type: ignore[operator]
    assert shown[2].index("^") == shown[1].index("|") + 1 + error.column  # type: ignore[operator]


VALUES = {"list": [1, 2], "text": "abc", "n": 5}
RUNTIME = [
    ("x\n  $list.get(5)", "2:9", "$list.get(5): IndexOutOfBoundsException: Index 5 out of bounds for length 2", "size"),
    ("$list[7]", "1:6", "$list[7]: IndexOutOfBoundsException: Index 7 out of bounds for length 2", "size"),
    ("$text.substring(1, 9)", "1:7", "$text.substring(1, 9): StringIndexOutOfBoundsException", "length"),
    ("$text.replaceAll('(', '')", "1:7", "PatternSyntaxException: Unclosed group", "backslash"),
    ("#macro(m)#m()#end\n#m()", "1:1", "#m calls itself more than 20 macros deep", "#if"),
    ("#macro(m $a)\n $a.get(9)#end#m($list)", "2:5", "$a.get(9): IndexOutOfBoundsException", None),
    ("#define($d)$list.get(4)#end\n$d", "1:18", "$list.get(4)", None),
    ('#set($s = "a\n$list.get(4)")', "2:7", "$list.get(4)", None),
    ("#foreach($i in $list)$list.add(1)#end", None, "ConcurrentModificationException", "another list"),
    ("#evaluate('#if(1')", "1:1", "the text of #evaluate is no template: ( is never closed at 1:4 of it", None),
    ("#evaluate('#evaluate($n) $list.get(9)')", None, "$list.get(9)", "used at promo.vm:1:1"),
]


@pytest.mark.parametrize(("text", "place", "sentence", "hint"), RUNTIME, ids=[s[0] for s in RUNTIME])
def test_a_failed_rendering_says_where_and_why(text: str, place: str | None, sentence: str, hint: str | None) -> None:
    with pytest.raises(TemplateRuntimeError) as caught:
        Environment().from_string(text, "promo.vm").render(VALUES | {"list": [1, 2]})
    error = caught.value
    assert place is None or error.place == f"promo.vm:{place}"
    assert sentence in error.message
    assert (hint is None) or hint in (error.hint or "")
    assert "^" in str(error)


PARTS = {
    "part.vm": "one\n$list.get(5)",
    "through.vm": "\n\n#parse('part.vm')",
    "bad.vm": "one\n#if($x)",
    "promo.html.vm": "",
}


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("\n#parse('part.vm')", "part.vm:2:7", "used at promo.vm:2:1"),
        ("#parse('through.vm')", "part.vm:2:7", "used at through.vm:3:1"),
        ("\n #parse('bad.vm')", "bad.vm:2:1", "used at promo.vm:2:2"),
        ("\n #parse('promo.vm')", "promo.vm:2:2", "did you mean 'promo.html.vm'?"),
        ("\n #include('promo.htm.vm')", "promo.vm:2:11", "did you mean 'promo.html.vm'?"),
    ],
)
def test_faults_of_a_parsed_template_name_it_and_where_it_is_used(text: str, place: str, hint: str) -> None:
    with pytest.raises(TemplateError) as caught:
        Environment(DictLoader(PARTS)).from_string(text, "promo.vm").render(list=[1])
    assert caught.value.place == place
    assert hint in (caught.value.hint or "")


def test_a_missing_template_is_its_own_kind_of_error() -> None:
    with pytest.raises(TemplateNotFound):
        Environment(DictLoader(PARTS)).from_string("#parse('x')").render()


def test_a_traceback_shows_the_templates_own_line() -> None:
    template = Environment().from_string("Dear reader,\n\n  you have ${list.get(5)} points\n", "letter.vm")
    with pytest.raises(TemplateRuntimeError) as caught:
        template.render(list=[])
    shown = "".join(traceback.format_exception(caught.value))
    assert 'File "letter.vm", line 3' in shown
    assert "you have ${list.get(5)} points" in shown.split("The above exception")[0]


class Account:
    """An object of the caller's, whose methods fail in Python's ways."""

    def balance(self) -> object:
        raise KeyError("no such account")

    @property
    def owner(self) -> object:
        raise OSError("disk")

    def __str__(self) -> str:
        raise ZeroDivisionError("text")

    def recursive(self) -> object:
        return self.recursive()


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("$a.balance()", KeyError),
        ("$a.owner", OSError),
        ("$a", ZeroDivisionError),
        ("$a.recursive()", RecursionError),
        ("#foreach($x in $a.balance())#end", KeyError),
        ('#set($x = "$a")', ZeroDivisionError),
    ],
)
def test_what_the_callers_objects_raise_becomes_a_template_error(text: str, cause: type[Exception]) -> None:
    environment = Environment(allowed={Account: ["balance", "owner", "recursive"]})
    with pytest.raises(TemplateRuntimeError) as caught:
        environment.from_string(text, "a.vm").render(a=Account())
    assert isinstance(caught.value.__cause__, cause)
    assert caught.value.line == 1 and caught.value.template == "a.vm"


DEEP = {
    "parentheses": lambda n: "#set($x = " + "(" * n + "1" + ")" * n + ")$x",
    "lists": lambda n: "#set($x = " + "[" * n + "1" + "]" * n + ")$x",
    "maps": lambda n: "#set($x = " + "{'a':" * n + "1" + "}" * n + ")$x",
    "ifs": lambda n: "#if(true)" * n + "x" + "#end" * n,
    "elses": lambda n: "#if(false)#else" * n + "x" + "#end" * n,
    "foreachs": lambda n: "#foreach($i in [1])" * n + "x" + "#end" * n,
    "macros": lambda n: "#macro(m)" * n + "x" + "#end" * n,
    "blocks": lambda n: "#define($x)" * n + "x" + "#end" * n + "$x",
    "calls with bodies": lambda n: "#@m()" * n + "x" + "#end" * n,
    "nots": lambda n: "#if(" + "!" * n + "true)x#end",
    "minuses": lambda n: "#set($x = " + "-(" * n + "1" + ")" * n + ")$x",
    "sums": lambda n: "#set($x = 1" + " + 1" * n + ")$x",
    "sums of texts": lambda n: "#set($x = 'a'" + " + $n" * n + ")$x",
    "conditions": lambda n: "#if(true" + " && $n" * n + ")x#end",
    "mixed conditions": lambda n: "#if(true" + " && $n || $n" * n + ")x#end",
    "comparisons": lambda n: "#if(1" + " == 1" * n + ")x#end",
    "properties": lambda n: "$m" + ".a" * n,
    "calls": lambda n: "$m" + ".a()" * n,
    "indexes": lambda n: "$m" + "[0]" * n,
    "calls in calls": lambda n: "$m" + ".a($m" * n + ")" * n,
    "indexes in indexes": lambda n: "$m" + "[$m" * n + "]" * n,
    "alternates": lambda n: "${q|" * n + "1" + "}" * n,
    "elseifs": lambda n: "#if(false)a" + "#elseif(false)b" * n + "#else c#end",
    "ifs in a text": lambda n: '#set($x = "' + "#if(true)" * n + "y" + "#end" * n + '")$x',
    "calls in a text": lambda n: '#set($x = "' + "$m.a(" * n + ")" * n + '")$x',
    "targets": lambda n: "#set($m" + ".a" * n + " = 1)",
    "texts in texts": lambda n: texts_in_texts(min(n // 10, 15)),
    "lists made in a loop": lambda n: f"#set($x = [])#foreach($i in [1..{n}])#set($x = [$x])#end$x",
    "equal lists made in a loop": lambda n: (
        f"#set($x = [])#set($y = [])#foreach($i in [1..{n}])#set($x = [$x])#set($y = [$y])#end#if($x == $y)x#end"
    ),
    "lists hashed": lambda n: f"#set($x = [])#foreach($i in [1..{n}])#set($x = [$x])#end$x.hashCode()",
    "blocks in blocks": lambda n: (
        "#define($x0)x#end" + "".join(f"#define($x{i})$x{i - 1}#end" for i in range(1, n // 10)) + f"$x{n // 10 - 1}"
    ),
    "macros in macros": lambda n: (
        "#macro(m0)x#end" + "".join(f"#macro(m{i})#m{i - 1}()#end" for i in range(1, n // 10)) + f"#m{n // 10 - 1}()"
    ),
    "evaluate in itself": lambda n: "#set($s = '#evaluate($s)')#evaluate($s)",
    "open brackets": lambda n: "#set($x = " + "[" * n,
    "open ifs": lambda n: "#if($x)" * n,
    "open braces": lambda n: "${" * n,
}


def texts_in_texts(depth: int) -> str:
    """Calls in texts in calls: each level doubles the quotes of those inside of it."""
    text = "x"
    for _ in range(depth):
        text = '$m.a("' + text.replace('"', '""') + '")'
    return text


@pytest.mark.parametrize("name", DEEP)
def test_ten_thousand_levels_of_anything_give_a_result_or_a_clear_error(name: str) -> None:
    text = DEEP[name](10_000)
    try:
        template = Environment().from_string(text, "deep.vm")
        assert template.reads is not None
        assert isinstance(template.render(m={"a": {}}, n=5), str)
    except TemplateError as error:
        assert error.template in ("deep.vm", "deep.vm#evaluate") and error.line is not None and error.message


@pytest.mark.parametrize("name", [n for n in DEEP if not n.startswith(("open", "evaluate", "macros in"))])
def test_a_hundred_levels_work(name: str) -> None:
    template = Environment(tools=generic_tools()).from_string(DEEP[name](100))
    assert template.reads is not None
    assert isinstance(template.render(m={"a": {}}, n=5), str)


def test_hundred_nested_loops_and_conditions_print_what_is_inside() -> None:
    for name in ("ifs", "elses", "foreachs", "ifs in a text"):
        assert Environment().from_string(DEEP[name](100)).render().strip("y") in ("x", "")


def test_a_template_that_runs_away_from_a_deep_stack_is_an_error_of_the_template() -> None:
    template = Environment().from_string("#macro(m $n)#if($n > 0)#set($k = $n - 1)#m($k)#end#end#m(15)ok", "m.vm")

    def deeper(levels: int) -> str:
        return deeper(levels - 1) if levels else template.render()

    assert deeper(300) == "ok"
    with pytest.raises((LimitExceeded, RecursionError)):
        deeper(975)
