"""No template reaches Python's machinery, files, the network, the environment or the process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from velobind import DictLoader, Environment, FileSystemLoader, Limits, TemplateError, TemplateNotFound, generic_tools

SECRET = "canary-5f2c9d"

# Payloads against template engines, as penetration testers' lists have them, and some made for this one.
VELOCITY = [
    '#set($e="e")$e.getClass().forName("java.lang.Runtime").getMethod("getRuntime",null).invoke(null,null).exec("id")',
    '#set($x="")#set($rt=$x.class.forName("java.lang.Runtime"))$rt.getRuntime().exec("id").waitFor()',
    '$x.class.forName("java.lang.Runtime").getRuntime().exec("cat /etc/passwd")',
    '#set($s="")$s.class.classLoader.loadClass("java.lang.System").getProperty("user.dir")',
    '$class.inspect("java.lang.Runtime").type.getRuntime().exec("id").waitFor()',
    '#set($str=$class.inspect("java.lang.String").type)$str.valueOf(1)',
    '$request.getSession().getServletContext().getRealPath("/")',
    "#include('/etc/passwd')",
    "#parse('/etc/passwd')",
    "#include('../../../../etc/passwd')",
    "#parse('file:///etc/passwd')",
    "#parse('http://127.0.0.1:9/')",
    "$import.read('http://127.0.0.1:9/')",
    "$field.in('java.lang.Runtime')",
    "$context.getKeys()$velocityEngine.evaluate(null,null,null,null)",
    "$text.getClass().getProtectionDomain().getCodeSource().getLocation()",
    "$text.class.module.classLoader $text.class.getResourceAsStream('x')",
    "$list.getClass().getClassLoader() $list.class.forName('os')",
    "$text.class.getMethods()[0].invoke($text) $text.class.declaredFields",
    "#foreach($m in $text.class.methods)$m#end",
    "$convert.class.forName('x') $math.class.classLoader $date.class.package",
    "$esc.class.newInstance() $text.class.getConstructors()",
]
JINJA = [
    "$text.__class__.__mro__[1].__subclasses__()",
    "$text.__class__.__base__.__subclasses__()[40]('/etc/passwd').read()",
    "$list.__init__.__globals__['os'].popen('id').read()",
    "$map.__class__ $map.get('__class__') $map['__class__'] $map.__getitem__('x')",
    "$account.__class__.__init__.__globals__",
    "$account.greet.__func__.__globals__ $account.greet.__globals__ $account.greet().__class__",
    "$account.__dict__ $account.__module__ $account['__dict__'] $account.get('__dict__')",
    "$account._secret $account.secret $account.__init__() $account.password",
    "$account.gi_frame $account.walk().gi_frame.f_back.f_globals $account.walk().throw(1)",
    "$text.format('{0.__class__}', $account) $text.format('%s', $account.__class__)",
    "$text.format_map($map) $text.encode('utf-16') $text.join($list) $text.translate($map)",
    "$self $self.__init__ $config.items() $request.application.__globals__ $cycler.__init__ $lipsum $namespace",
    "$range.__class__ $dict $get_flashed_messages.__globals__ $url_for.__globals__",
    "#set($account.__class__ = $text)#set($account.greet = 1)#set($account.name = 'x')$account.name",
    "#set($account['name'] = 'x')#set($list.__class__ = 1)#set($text.__class__ = 1)$account.name",
    "#set($map.__class__ = 'x')#set($c = $map.__class__)$c",
    "$n.real $n.__add__(1) $n.bit_length() $n.to_bytes(1, 'big') $d.as_tuple() $when.astimezone() $when.tzinfo",
    "$list.sort() $list.append(1) $list.__len__() $map.items() $map.update($map) $map.popitem() $text.upper()",
    "$function $function() $function.__code__ $function.__globals__ $function.call() $kind $kind() $kind.mro()",
    "$module $module.system('id') $module.environ $module.path $module.getenv('VELOBIND_CANARY')",
    "$generator.gi_code $lock.acquire() $object.__reduce__() $object.__reduce_ex__(2)",
]
OTHERS = [
    "${7*7} ${self.module.cache.util.os.system('id')} <%import os%>${os.popen('id').read()}",
    "% for c in ().__class__.__mro__: ${c} % endfor",
    '<#assign ex="freemarker.template.utility.Execute"?new()> ${ex("id")} ${"x"?new()}',
    "${object.getClass().forName('java.lang.Runtime')} ${product.getClass().getProtectionDomain()}",
    "{{_self.env.registerUndefinedFilterCallback('exec')}}{{_self.env.getFilter('id')}}",
    "{{['id']|filter('system')}} {{7*7}} {{config}} {% import os %}",
    "{php}echo `id`;{/php} {$smarty.version} {system('id')} {self::getStreamVariable('file:///etc/passwd')}",
    "#{7*7} *{7*7} @{7*7} ${T(java.lang.Runtime).getRuntime().exec('id')} #{T(java.lang.System).getenv()}",
    "<%= system('id') %> <%= File.open('/etc/passwd').read %> ${{7*7}} [[${7*7}]]",
    "${__import__('os').system('id')} ${open('/etc/passwd').read()} ${eval('1')} ${exec('1')} $eval('1') $open",
]
NAMES = "ctx out state read write turns budget pace depth macros call get look given error TEXT_LIMIT Block".split()
NAMES += "__builtins__ __import__ __loader__ __name__ environment int str dict list len enumerate self cls".split()
OWN = [
    " ".join(f"${n} ${n}.x ${n}.__globals__ $!{n}.__class__" for n in NAMES),
    "#evaluate('" + " ".join(f"${n}" for n in NAMES) + "')",
    "".join(f"#macro({n})x#end#{n}()" for n in ("write", "root", "macro_1", "look")),
    "".join(f"#set(${n} = 1)" for n in NAMES if not n.startswith("_")) + "#foreach($write in [1])$write#end",
    "#define($x)$x.body $x.body.__globals__ $x.render('y')#end$x #macro(m)$bodyContent.body#end#@m()a#end",
    "#foreach($i in $list)$foreach.walked $foreach.sequence $foreach.__class__ $foreach.storage $foreach.template#end",
    "$math.velocity_methods $date.__class__ $esc.for_render() $json.__dict__ $convert.locale $sorter.code()",
    "$list.iterator().items $list.iterator().gi_frame $map.entrySet().iterator().next().__class__ $list.stream().x",
    "$text.class.name $text.class.__class__ $text.getClass().__init__ $list.class.value",
]
PAYLOADS = VELOCITY + JINJA + OTHERS + OWN


class Account:
    """An object of the caller's: its `greet` and `name` are shown to templates, the rest is not."""

    def __init__(self) -> None:
        self.name = "Dina"
        self.password = SECRET
        self._secret = SECRET

    def greet(self) -> str:
        return f"Hello {self.name}"

    def secret(self) -> str:
        return SECRET

    def walk(self) -> Iterator[str]:
        yield SECRET

    def __str__(self) -> str:
        return "account"


def function() -> str:
    return SECRET


def context() -> dict[str, object]:
    return {
        "text": "abc",
        "x": "",
        "list": [1, "a"],
        "map": {"k": "v"},
        "n": 5,
        "f": 2.5,
        "d": Decimal("1.5"),
        "t": True,
        "day": date(2020, 9, 2),
        "when": datetime(2020, 9, 2, tzinfo=UTC),
        "account": Account(),
        "nil": None,
    }


def unusual() -> dict[str, object]:
    """What a careless caller may leave in a context."""
    return {"function": function, "kind": Account, "module": os, "generator": Account().walk(), "object": object()}


WATCHED = (
    "open",
    "os.",
    "subprocess.",
    "socket.",
    "shutil.",
    "ctypes.",
    "import",
    "glob.",
    "pathlib.",
    "urllib.",
    "ftplib.",
)
SEEN: list[str] = []
WATCHING: list[bool] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if WATCHING and event.startswith(WATCHED):
        SEEN.append(f"{event} {arguments!r}")


sys.addaudithook(_hook)


def test_the_watch_sees_a_file_that_is_opened() -> None:
    del SEEN[:]
    WATCHING.append(True)
    try:
        Path(__file__).read_bytes()
    finally:
        WATCHING.clear()
    assert any("test_security" in event for event in SEEN)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setenv("VELOBIND_CANARY", SECRET)
    return Environment(
        DictLoader({"part.vm": "part"}),
        tools=generic_tools(),
        allowed={Account: ["greet", "name"]},
        limits=Limits(seconds=5),
    )


def rendered(environment: Environment, payload: str, values: dict[str, object]) -> str:
    try:
        return environment.from_string(payload, "payload.vm").render(values)
    except TemplateError as error:
        return str(error)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_reaches_nothing(environment: Environment, payload: str) -> None:
    rendered(environment, payload, context())  # what is imported when first used is imported now
    del SEEN[:]
    WATCHING.append(True)
    try:
        text = rendered(environment, payload, context())
    finally:
        WATCHING.clear()
    assert SEEN == []
    for trace in (SECRET, "root:x:0", "uid=", "<class", "<function", "<module", "<bound", "<built-in", "object at 0x"):
        assert trace not in text.replace(payload, "")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_reaches_nothing_through_objects_that_a_caller_left_there(
    environment: Environment, payload: str
) -> None:
    for name, value in unusual().items():
        values = context() | unusual() | dict.fromkeys(("text", "x", "list", "map", "account"), value)
        text = rendered(environment, payload, values)
        assert SECRET not in text, name
        assert "root:x:0" not in text and "uid=" not in text


def test_only_allowed_names_of_an_object_are_reachable(environment: Environment) -> None:
    template = environment.from_string("$account.greet() $account.name $account.password $!account.secret()|$account")
    assert template.render(account=Account()) == "Hello Dina Dina $account.password |account"


def test_an_allowed_name_holds_for_subclasses_and_for_no_other_class(environment: Environment) -> None:
    class Premium(Account):
        pass

    class Stranger:
        name = "x"

    template = environment.from_string("$a.name $!b.name")
    assert template.render(a=Premium(), b=Stranger()) == "Dina "


def test_without_allowed_names_nothing_of_an_object_is_reachable() -> None:
    template = Environment().from_string("$!a.name$!a.greet()$!a['name']#set($a.name = 'x')#foreach($i in $a)$i#end")
    account = Account()
    assert template.render(a=account) == ""
    assert account.name == "Dina"


@pytest.mark.parametrize("name", ["__class__", "_secret", "__init__", "__dict__", "__getattribute__", "_"])
def test_names_of_pythons_own_can_not_be_allowed(name: str) -> None:
    with pytest.raises(ValueError, match="Python's own"):
        Environment(allowed={Account: ["greet", name]})


def test_what_is_allowed_is_checked() -> None:
    with pytest.raises(ValueError, match="collection of names"):
        Environment(allowed={Account: "greet"})
    with pytest.raises(ValueError, match="no class"):
        Environment(allowed={Account(): ["greet"]})  # type: ignore[dict-item]


def test_iteration_can_be_allowed() -> None:
    class Rows:
        def __iter__(self) -> Iterator[int]:
            return iter((1, 2))

    text = "#foreach($i in $rows)$i#end"
    assert Environment(allowed={Rows: ["__iter__"]}).from_string(text).render(rows=Rows()) == "12"
    assert Environment().from_string(text).render(rows=Rows()) == ""


def test_compiled_code_has_few_builtins(environment: Environment) -> None:
    template = environment.from_string("$account.greet() #foreach($i in $list)$i#end #evaluate('$n')")
    root = template.open_root()
    assert set(root.__globals__["__builtins__"]) <= {"int", "str", "dict", "list", "len", "enumerate"}  # type: ignore[attr-defined]


def test_a_rendering_changes_neither_the_context_nor_the_next_rendering(environment: Environment) -> None:
    values = context()
    before = dict(values)
    template = environment.from_string("#set($n = 7)#set($fresh = 1)#macro(m)x#end#define($b)y#end$n$!math.x")
    assert template.render(values) == template.render(values)
    assert values == before
    assert environment.from_string("$!fresh#m()").render(values) == "#m()"


def test_files_outside_of_the_folders_stay_unreachable(tmp_path: Path) -> None:
    inside = tmp_path / "templates"
    inside.mkdir()
    (tmp_path / "secret.vm").write_text(SECRET)
    (inside / "ok.vm").write_text("ok")
    (inside / "link.vm").symlink_to(tmp_path / "secret.vm")
    environment = Environment(FileSystemLoader(inside))
    absolute = str(tmp_path / "secret.vm")
    for name in (
        "../secret.vm",
        "x/../../secret.vm",
        absolute,
        "/" + absolute,
        "link.vm",
        "..\\secret.vm",
        "a\0b",
        "",
        ".",
    ):
        with pytest.raises(TemplateNotFound):
            environment.get_template(name)
        for directive in ("parse", "include"):
            with pytest.raises(TemplateNotFound):
                environment.from_string(f"#{directive}($name)").render(name=name)
    assert environment.from_string("#parse('ok.vm')#include('/ok.vm')").render() == "okok"
