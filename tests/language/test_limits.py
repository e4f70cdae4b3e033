"""Hostile templates stop with LimitExceeded, soon after the limit, and without taking the machine's memory."""

from __future__ import annotations

import time

import pytest

from velobind import (
    DictLoader,
    Environment,
    LimitExceeded,
    Limits,
    TemplateRuntimeError,
    TemplateSyntaxError,
    generic_tools,
)

SECONDS = 1.0
# Without a limit most of these would run for hours or take all memory. Stopping is what is tested, not the machine.
STOPPED = 20 * SECONDS

DOUBLE_TEXT = "#set($s = 'abcdefgh')" + '#set($s = "$s$s")' * 60
DOUBLE_SUM = "#set($s = 'abcdefgh')" + "#set($s = $s + $s)" * 60
DOUBLE_LIST = "#set($l = ['a', 'b'])" + "#set($x = $l.addAll($l))" * 60
NEST = "#set($l = ['a'])" + "#set($l = [$l, $l])" * 40
TEXT_16M = "#set($s = 'abcdefgh')" + '#set($s = "$s$s")' * 20

HOSTILE = {
    "texts that double": DOUBLE_TEXT + "$s.length()",
    "sums that double": DOUBLE_SUM + "$s.length()",
    "concat that doubles": "#set($s = 'abcdefgh')" + "#set($s = $s.concat($s))" * 60,
    "lists that double": DOUBLE_LIST + "$l.size()",
    "nested lists printed": NEST + "$l",
    "nested lists compared": NEST + "#set($m = $l)" + NEST + "#if($l == $m)x#end",
    "nested lists hashed": NEST + "$l.hashCode()",
    "nested lists searched": NEST + "#set($m = $l)" + NEST + "$l.contains($m) $l.indexOf($m)",
    "nested lists as JSON": NEST + "$convert.toStrings($l) $json",
    "nested maps printed": "#set($m = {'a': 1})" + "#set($m = {'a': $m, 'b': $m})" * 40 + "$m",
    "numbers squared": "#set($n = 12345678901)" + "#set($n = $n * $n)" * 40 + "$n",
    "numbers squared by pow": "#set($n = 99)#foreach($i in [1..100])#set($n = $n * $n)#end$n",
    "a huge range printed": "#set($r = [1..2000000000])$r",
    "a huge range walked": "#foreach($i in [1..2000000000])$i#end",
    "a huge range copied": "#set($l = [])#set($x = $l.addAll([1..2000000000]))$l.size()",
    "loops in loops": "#foreach($i in [1..9999])#foreach($j in [1..9999])#end#end",
    "loops in loops that print": "#foreach($i in [1..9999])#foreach($j in [1..9999])$i$j#end#end",
    "a walk that began past its end": "#set($r = [1..3])#foreach($i in $r.listIterator(9))$i#end",
    "a walk past its end that is watched": "#set($r = [1..3])#foreach($i in $loop.watch($r.listIterator(9)))$i#end",
    "a walk that is moved back": "#set($l = [1])#set($i = $l.listIterator())#foreach($x in $i)$i.previous()#end",
    "a walk that adds": "#set($l = [1])#set($i = $l.listIterator())#foreach($x in $i)$i.add(1)$i.previous()#end",
    "macros that call themselves twice": "#macro(m)#m()#m()#end#m()",
    "macros that fan out": "".join(f"#macro(m{i})" + f"#m{i + 1}()" * 40 + "#end" for i in range(15)) + "#m0()",
    "evaluate in itself": "#set($s = '#evaluate($s)#evaluate($s)')#evaluate($s)",
    "parse in itself": "#parse('self')",
    "blocks that fan out": "#define($a)x$b$b#end" * 1
    + "".join(f"#define($d{i})" + f"$d{i + 1}" * 40 + "#end" for i in range(15))
    + "$d0",
    "strings that fan out": "".join(f"#macro(m{i} $a)" + f'#m{i + 1}("$a$a$a$a")' * 8 + "#end" for i in range(18))
    + "#m0('abc')",
    "a regular expression that backtracks": "$s.matches('(x+x+)+y')",
    "replaceAll that backtracks": "$s.replaceAll('(x+x+)+y', 'z')",
    "split that backtracks": "$s.split('(x+x+)+y')",
    "backtracking in a loop": "#foreach($i in [1..1000])$s.matches('(x+x+)+y')#end",
    "replace that grows": TEXT_16M + "$s.replace('a', $s).length()",
    "replaceAll that grows": TEXT_16M + "$s.replaceAll('a', $s).length()",
    "repeat": "$s.repeat(2000000000).length()",
    "format with a width": "$s.format('%999999999d', 1)",
    "format with a precision": "$s.format('%.999999999f', 1.5)",
    "pow of a tool": "$math.pow(9999999, 99999999) $math.pow(10, 2000000000)",
    "a pad of display": "$display.cell('x', 2000000000)",
    "a repeat of esc": TEXT_16M + "#foreach($i in [1..100])$esc.html($s)#end",
    "long text in a loop": TEXT_16M + "#foreach($i in [1..100000])#set($x = $s.toUpperCase())#end",
    "heavy texts in a loop": TEXT_16M + "#foreach($i in [1..100000])$s#end",
    "sorts in a loop": "#set($l = [300000..1])#foreach($i in [1..100000])#set($x = $sorter.sort($l))#end",
    "a long sum of sorts": "#set($l = [300000..1])" + "#set($x = $sorter.sort($l))" * 400,
    "a long row of heavy calls": TEXT_16M + "#set($x = $s.toUpperCase().replace('A', 'b').hashCode())" * 4000,
    "lists taken off each other": (
        "#set($l = [])#set($x = $l.addAll([1..900000]))#set($x = $l.removeAll([900001..1800000]))$l.size()"
    ),
    "a huge pattern": TEXT_16M + "$s.matches($s) $s.replaceAll($s, 'x')",
    "dates far away": "#foreach($i in [1..100000000])$date.format('yyyy', $i)#end",
    "long texts in one piece of output": TEXT_16M + "$s " * 60,
    "long texts in one string": TEXT_16M + '#set($x = "' + "$s" * 1000 + '")',
    "long pieces in a short loop": TEXT_16M + "#foreach($i in [1..1000])x$s#end",
    "long pieces of a call in a short loop": "#foreach($i in [1..1000])x$s.repeat(200000)#end",
    "long pieces of a map in a short loop": TEXT_16M + "#set($m = {})#foreach($i in [1..1000])#set($m.a = $s)x$m.a#end",
    "long pieces of a macro": TEXT_16M + "#macro(m $a)$a$a$a#end#foreach($i in [1..1000])#m($s)#end",
    "long pieces of a block": TEXT_16M + "#define($b)$s$s$s#end#foreach($i in [1..1000])$b#end",
    "long texts kept in a list": TEXT_16M
    + "#set($l = [])#foreach($i in [1..1000])#set($x = $l.add($s.concat('x')))#end",
    "parts of a long text kept": TEXT_16M
    + "#set($l = [])#foreach($i in [1..1000])#set($x = $l.add($s.substring(1)))#end",
    "long lists kept in a list": (
        "#set($k = [])#set($l = [])#set($x = $l.addAll([1..900000]))"
        "#foreach($i in [1..1000])#set($x = $k.add($l.clone()))#end"
    ),
    "long lists compared": (
        "#set($l = [])#set($k = [])#set($x = $l.addAll([1..900000]))#set($x = $k.addAll([1..900000]))"
        "#set($l = [$l, $l, $l, $l])#set($k = [$k, $k, $k, $k])" + "#if($l == $k)#end" * 100
    ),
    "long texts that are no numbers compared": (
        TEXT_16M.replace("abcdefgh", "77777777") + "#set($s = $s + 'x')#foreach($i in [1..1000])#if($s == 7)#end#end"
    ),
    "a long text evaluated": "#set($t = '$s#if(1)x#end')" + '#set($t = "$t$t")' * 19 + "#evaluate($t)",
    "a number of huge scale": "#set($n = $convert.toNumber('1e999999999'))$n $number.format('#', $n)",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_stops_soon_after_the_limit(name: str) -> None:
    environment = Environment(
        DictLoader({"self": "#parse('self')#parse('self')#parse('self')#parse('self')" * 4}),
        tools=generic_tools(),
        limits=Limits(seconds=SECONDS),
    )
    template = environment.from_string(HOSTILE[name], name="hostile.vm")
    begin = time.process_time()
    try:
        template.render(s="x" * 40)
    except TemplateRuntimeError as error:
        assert error.template is not None and error.line is not None
    assert time.process_time() - begin < STOPPED


def test_a_rendering_has_its_own_limits_whatever_the_one_before_did() -> None:
    heavy = Environment(limits=Limits(turns=10**9)).from_string("#foreach($i in [1..5000])$i#end$s.toUpperCase()")
    heavy.render(s="x" * 100_000)
    heavy.check(s="x" * 100_000)
    with pytest.raises(LimitExceeded):
        Environment(limits=Limits(turns=1000)).from_string("#foreach($i in [1..5000])$i#end").render()


def test_a_number_of_thousands_of_digits_is_read_and_one_of_more_is_refused() -> None:
    digits = "1234567890" * 500
    assert Environment().from_string(f"#set($n = {digits})$n").render() == digits
    with pytest.raises(TemplateSyntaxError, match="more than 20,000 digits") as failure:
        Environment().from_string("#set($n = " + "1" * 20_001 + ")$n")
    assert failure.value.column == 11
