"""Environments hold settings, share nothing between renderings, and may be used by many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from velobind import DictLoader, Environment, LimitExceeded, Limits, Template, generic_tools


@pytest.mark.parametrize("setting", [{"dialect": "jinja"}, {"gobble": "all"}])
def test_unknown_settings_are_refused(setting: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not '"):
        Environment(**setting)  # type: ignore[arg-type]


def test_a_template_can_stand_alone() -> None:
    assert Template("Hi $name").render(name="Dina") == "Hi Dina"
    assert Template("Hi $name").render({"name": "Dina"}, name="Olga") == "Hi Olga"
    assert Template("Hi $name").render() == "Hi $name"


def test_generate_gives_the_same_text_in_pieces() -> None:
    assert "".join(Template("#foreach($i in [1..3])$i,#end").generate()) == "1,2,3,"


def test_tools_stand_behind_the_context() -> None:
    environment = Environment(tools=generic_tools())
    assert environment.from_string("$math.add(1, 2)").render() == "3"
    assert environment.from_string("$math").render(math="mine") == "mine"
    assert environment.from_string("$math.add(1, 2)").render(math=None) == "3"


def test_the_platforms_dialect_names_tools_twice_and_counts_loops() -> None:
    text = "$!mathTool.add(1, 2)|#foreach($i in ['a', 'b'])$velocityCount#end"
    assert Environment(tools=generic_tools(), dialect="platform").from_string(text).render() == "3|12"
    plain = Environment(tools=generic_tools()).from_string(text).render()
    assert plain == "|$velocityCount$velocityCount"


def test_autoescape_writes_html_text() -> None:
    environment = Environment(autoescape=True)
    assert environment.from_string("<b>$x</b> ${x|'-'}").render(x="<&>") == "<b>&lt;&amp;&gt;</b> &lt;&amp;&gt;"
    assert Environment().from_string("$x").render(x="<&>") == "<&>"


@pytest.mark.parametrize(
    ("gobble", "text"),
    [("none", "a\n  \n    b\n  \nc"), ("lines", "a\n    b\nc"), ("structured", "a\n  b\nc")],
)
def test_gobbling_is_a_setting(gobble: str, text: str) -> None:
    template = Environment(gobble=gobble).from_string("a\n  #if(true)\n    b\n  #end\nc")
    assert template.render() == text


def test_limits_are_the_environments_own() -> None:
    text = "#foreach($i in [1..5000])x#end"
    with pytest.raises(LimitExceeded, match="more than 3,000 turns"):
        Environment(limits=Limits(turns=3000)).from_string(text).render()
    assert len(Environment().from_string(text).render()) == 5000
    with pytest.raises(LimitExceeded, match="holds 11 numbers, more than 10"):
        Environment(limits=Limits(range=10)).from_string("#set($r = [0..10])").render()
    with pytest.raises(LimitExceeded, match="grew past 100 characters"):
        Environment(limits=Limits(output=100)).from_string("#set($s = 'x' + $t)").render(t="y" * 100)


def test_many_threads_render_one_template() -> None:
    environment = Environment(DictLoader({"part": "#set($x = $x + 1)$x"}), tools=generic_tools())
    template = environment.from_string(
        "#macro(m $a)$a#if($a < 3)#set($b = $a + 1)#m($b)#end#end"
        "#foreach($i in $list)$i#m(1)#parse('part')#set($x = 0)#evaluate('$i')#end"
    )
    values = [{"list": [str(n)] * 50, "x": 0} for n in range(40)]
    wanted = [template.render(v) for v in values]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(template.render, values * 3)) == wanted * 3


def test_many_threads_compile_a_template_once() -> None:
    environment = Environment(DictLoader({"a": "#foreach($i in [1..3])$i#end"}))
    with ThreadPoolExecutor(8) as pool:
        templates = list(pool.map(lambda _: environment.get_template("a"), range(50)))
    assert len({id(t) for t in templates}) == 1
