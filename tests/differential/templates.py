"""Random templates: statements in every layout that space gobbling looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.differential.expressions import Expressions
from tests.differential.texts import CALM, IDIOMS, ODD

LAYOUTS = ("", "", "\n", "\n", "  \n", " ", "\n  ", "\r\n", "\t", "\n\n", " \t\n\t")
LOOPED = (
    "$l", "$m", "$m.keySet()", "$m.entrySet()", "[1..3]", "['p','q']", "[]", "[3..1]", "$csv.split(',')", "$none",
    "$langs", "$data.promo_codes", "$data.nested.list", "[$n, $s]", "$pet", "$el", "$s", "$n", "{'a':1,'b':2}",
    "$rows", "$list", "$m.values()", "$mix", "$w", "$odd", "$l.iterator()", "null", "$l.subList(0,2)",
)  # fmt: skip


@dataclass
class Templates(Expressions):
    """Makes templates; `odd` is how often a piece of text is one that only looks like Velocity (0 to 1)."""

    odd: float = 0.1
    macros: list[tuple[str, int]] = field(default_factory=list)
    files: tuple[str, ...] = ()
    loops: int = 0

    def layout(self) -> str:
        return self.pick(LAYOUTS)

    def text(self) -> str:
        return self.pick(ODD) if self.chance(self.odd) else self.pick(CALM)

    def directive(self, name: str) -> str:
        """`#name`, now and then as `#{name}`, and now and then with space after it."""
        roll = self.random.random()
        if roll < 0.9:
            return f"#{name}"
        return f"#{{{name}}}" if roll < 0.97 else f"#{name} "

    def parens(self, inside: str) -> str:
        roll = self.random.random()
        if roll < 0.85:
            return f"({inside})"
        space = self.pick((" ", "  ", "\n", "\t"))
        return f"({space}{inside}{space})" if roll < 0.97 else f" ({inside})"

    def end(self) -> str:
        return "#{end}" if self.chance(0.05) else "#end"

    def block(self, depth: int) -> str:
        """The body of a directive, from its closing parenthesis to its end."""
        return self.layout() + self.body(depth - 1, 2) + self.end() + self.layout()

    def body(self, depth: int, size: int) -> str:
        count = 1 + int(self.random.random() * size)
        return "".join(self.part(depth) for _ in range(count))

    def part(self, depth: int) -> str:
        roll = self.random.random()
        if roll < 0.29:
            return self.text()
        if roll < 0.33:
            return self.pick(IDIOMS)
        if roll < 0.52 or depth <= 0:
            return self.reference() + self.pick(("", "", " ", "\n", ".", ","))
        return STATEMENTS[int(self.random.random() * len(STATEMENTS))](self, depth)

    def assign(self, depth: int) -> str:
        roll = self.random.random()
        if roll < 0.65:
            target = "$" + self.pick(self.locals[:2])
        elif roll < 0.75:
            target = "$" + self.pick(self.names.all)
        elif roll < 0.9:
            target = self.pick((
                "$m.k", "$m.fresh", "$l[0]", "$m['k']", "$data.n", "$s.x", "$none.x", "$l[9]", "$l.size", "$v0.k",
                "$v0[0]", "$data.nested.a.b", "$pet.toy.name", "$rows[0].p", "$foreach", "$x0.id",
            ))  # fmt: skip
        else:
            target = self.pick(("$!", "${", "$")) + self.path(1)
            target += "}" if target.startswith("${") else ""
        equals = self.pick((" = ", " = ", "=", " =", "= ", "\n=\n"))
        value = self.pick((self.expression(2), self.expression(1), self.value(1)))
        return self.directive("set") + self.parens(target + equals + value) + self.layout()

    def branch(self, depth: int) -> str:
        made = self.directive("if") + self.parens(self.condition()) + self.layout() + self.body(depth - 1, 2)
        while self.chance(0.25):
            made += self.directive("elseif") + self.parens(self.condition()) + self.layout() + self.body(depth - 1, 2)
        if self.chance(0.5):
            made += self.pick(("#else ", "#else\n", "#{else}", "#{else}\n", "#else", "  #else  \n")) + self.body(
                depth - 1, 2
            )
        return made + self.end() + self.layout()

    def loop(self, depth: int) -> str:
        if self.loops > 3:
            return self.text()
        self.loops += 1
        name = self.pick(("x0", "x1", "y", "s"))
        over = self.pick(LOOPED) if self.chance(0.75) else self.value(1)
        head = (
            f"${name} {self.pick(('in', 'in', 'in', 'in', 'IN', ':'))} {over}"
            if self.chance(0.1)
            else f"${name} in {over}"
        )
        self.locals.append(name)
        made = self.directive("foreach") + self.parens(head) + self.layout()
        if self.chance(0.6):
            made += self.pick(
                (
                    f"${name}",
                    f"$!{name}",
                    f"${name},",
                    f"[$foreach.{self.pick(('index', 'count', 'hasNext', 'first'))}]",
                )
            )
        made += self.body(depth - 1, 2)
        if self.chance(0.25):
            made += self.pick((
                "#if($foreach.hasNext), #end", "#if($foreach.count > 1)#break#end", "$foreach.parent.index",
                "$foreach.topmost.count", "$foreach.last", "$foreach.stop()", "#if($foreach.index == 1)#stop#end",
                "$foreach", "$!foreach.parent.hasNext", "#break", "#break($foreach)", "$foreach.info",
                "#set($foreach = 1)", "$foreach.parent.parent.count", "$velocityCount",
            ))  # fmt: skip
        if self.chance(0.15):
            made += self.pick(("#else ", "#{else}", "#else\n")) + self.body(depth - 1, 1)
        self.loops -= 1
        return made + self.end() + self.layout()

    def macro(self, depth: int) -> str:
        """A macro's definition, and then calls of it (or a call that stands before)."""
        name = self.pick(("m1", "m1", "m2", "mm", "hi-x", "_m"))
        wanted = int(self.random.random() * 3)
        arguments = [self.pick(("$a", "$b", "$s", "$n")) for _ in range(wanted)]
        if self.chance(0.2):
            arguments = [a + self.pick(("", "=1", " = 'd'", "=$n", '="$s"')) for a in arguments]
        separator = self.pick((" ", " ", ", ", ","))
        head = name + ("" if not arguments else self.pick((" ", " ", "\n")) + separator.join(arguments))
        inner = "".join(self.pick((
            "$a", "$!b", "[$a]", "$b", "$!a.length()", "$!bodyContent", "$bodyContent", "$macro.x", " ",
        ))
                        for _ in range(2))  # fmt: skip
        body = self.layout() + inner + self.body(depth - 1, 1)
        if self.chance(0.1):
            body += self.pick(("#break", "#stop", "#set($a = 9)$a", "#set($v0 = 8)", "#m2('z')", "#break($macro)"))
        definition = self.directive("macro") + self.parens(head) + body + self.end() + self.layout()
        self.macros.append((name, wanted))
        calls = "".join(self.call(depth) for _ in range(1 + int(self.random.random() * 2)))
        return definition + calls if self.chance(0.85) else calls + definition

    def call(self, depth: int) -> str:
        name, wanted = (
            self.macros[-1] if self.macros and self.chance(0.85) else (self.pick(("m1", "m2", "later", "x")), 1)
        )
        if self.chance(0.15):
            wanted += self.pick(("0", "1", "2")).__len__() if self.chance(0.5) else -1
        made = [self.pick((
            "'q'", '"$n"', "1", "$s", "$none", "$l", "[1,2]", "true", "2.5", "{'k':1}", '"x $s"', "$a", "$!nil",
            "$m.k", "$s.length()", "'it''s'", "-1", "[1..3]", "$n + 1", "null", "${s}", "$l[0]", "$none.x",
        ))
                for _ in range(max(wanted, 0))]  # fmt: skip
        arguments = "(" + self.pick((" ", " ", ", ", ",")).join(made) + ")"
        if self.chance(0.2):
            return f"#@{name}{arguments}" + self.layout() + self.body(depth - 1, 1) + self.end() + self.layout()
        if self.chance(0.1):
            return f"#{{{name}}}" + arguments + self.layout()
        return f"#{name}" + (" " if self.chance(0.04) else "") + arguments + self.layout()

    def define(self, depth: int) -> str:
        made = self.directive("define") + self.parens("$" + self.pick(("d1", "v0", "v1", "d1"))) + self.layout()
        made += (
            self.body(depth - 1, 2)
            + self.pick(("", "", "", "#break", "#stop", "#set($q = 1)"))
            + self.end()
            + self.layout()
        )
        return made + self.pick(
            ("$d1", "$!d1", "$d1$d1", "${d1}", "$d1.none", "$d1.length()", "$v0", "", '"$d1"', '#set($v1 = "$d1")$v1')
        )

    def evaluate(self, depth: int) -> str:
        inner = self.pick((
            "'$s'", "'#set($z9 = 1)$z9'", "$s", "$dollar", '"$n"', "'#if($t)x#end'", "'#bad('", "5", "$none", "''",
            "'#m1(1)'", "'#foreach($i in [1..2])$i#end'", "'#stop'", "'#break'", "\"#if(true)a#end\"", "$nil",
            "'#end'", "'#macro(m1 $a)E$a#end'", "'$foreach.count'", "'a\nb\n'", "'  #set($a=1)\nx'", "$quote",
        ))  # fmt: skip
        return self.directive("evaluate") + self.parens(inner) + self.layout()

    def include(self, depth: int) -> str:
        name = self.pick(("parse", "parse", "parse", "include"))
        if not self.files:
            return self.text()
        arguments = [self.pick((
            *(f"'{file}'" for file in self.files), *(f"'{file}'" for file in self.files), "'no.vm'", "$none", "$nil",
        ))
                     if self.chance(0.3) else f"'{self.pick(self.files)}'"]  # fmt: skip
        if name == "include" and self.chance(0.3):
            arguments.append(f'"{self.pick(self.files)}"')
        return self.directive(name) + self.parens(" ".join(arguments)) + self.layout()

    def halt(self, depth: int) -> str:
        return self.pick((
            "#break", "#stop", "#break\n", "#if($foreach.count > 1)#break#end", "#if($f)#stop#end", "#{stop}",
            "#{break}", "#stop('why')", "#break($foreach)", "#if($t)\n  #break\n#end\n", " #stop \n",
        ))  # fmt: skip

    def comment(self, depth: int) -> str:
        return self.pick((
            "## note\n", "##\n", "#* c *#", "#* a\n b *#", "#** d *#\n", "  ## x\n", "#[[ $raw ]]#",
            "#[[#if($x)\n]]#\n", "#[[]]#", "  #* c *#  \n", "##$s#end\n", "x ## y\r\n", "#[[ ##\n ]]#",
        ))  # fmt: skip

    def template(self, depth: int, size: int) -> str:
        """A whole template."""
        self.macros.clear()
        return self.body(depth, size)


STATEMENTS: tuple[Callable[[Templates, int], str], ...] = (
    Templates.assign, Templates.assign, Templates.assign, Templates.branch, Templates.branch, Templates.branch,
    Templates.loop, Templates.loop, Templates.macro, Templates.call, Templates.define, Templates.evaluate,
    Templates.include, Templates.halt, Templates.comment, Templates.comment,
)  # fmt: skip
