"""Random references, literals and expressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.differential.contexts import Names
from tests.differential.methods import EVERY, METHODS, UNKNOWN

INTEGERS = ("0", "1", "2", "3", "5", "10", "-1", "-4", "-7", "100", "007", "2147483647", "2147483648", "-2147483648",
            "9223372036854775807", "9223372036854775808", "99999999999999999999", "- 3", "-0")  # fmt: skip
DECIMALS = ("0.5", "2.5", "1.0", "0.1", "0.2", "3.14159", "1.0E3", "1e3", "-2.5", "1.5e-7", "100000000.0", "0.001",
            "0.0001", "1.0E10", "123456789.123", "1E400", ".5", "5.", "1.", "-0.0", "3e", "4.9E-324")  # fmt: skip
STRINGS = (
    "''", '""', "'x'", "'it''s'", '"a""b"', "'3'", "'$s'", '"y"', "'a'", "' '", "'b'", "'true'", "'1.5'", "'Ї'",
    "'🎉'", "'a\\'b'", '"\\"', "'\\\\'", '"\\n"', "'#if'", "'a\nb'", '"#"', '"$"', "'1'", "'World'", "'ab,c'",
)  # fmt: skip
PATTERNS = (
    "'[aeiou]'", "','", "';'", "' '", "''", "'\\s+'", "'\\w+'", "'(\\w+) (\\w+)'", "'.'", "'\\.'", "'l+'", "'['",
    "'^.'", "'$'", "'(?i)h'", "'[^a-z]'", "'\\d'", "'|'", "'@'", "'(a)(b)?'", "'\\p{L}'", "'x*'", "'(?<n>o)'",
)  # fmt: skip
REPLACEMENTS = ("'*'", "''", "'$1'", "'$2 $1'", "'\\$'", "'<$0>'", "'${n}'", "'\\\\'", "'$'", "'x'")
FORMATS = (
    "'%s'", "'%d'", "'%05d'", "'%.2f'", "'%x'", "'%-8s|'", "'%s=%s'", "'%,d'", "'%e'", "'%b'", "'%c'", "'%%'", "'%n'",
    "'%8.3s|'", "'%q'", "'%2$s %1$s'", "'%s %s %s'", "'%S'", "'%+d'", "'%o'", "'%h'", "'%g'", "'%(d'",
)  # fmt: skip
KEYS = ("'k'", "'x'", "'y'", "'none'", "'id'", "'name'", "'a b'", "'size'", "1", "'1'", "$s", "$none", "null", "'toy'")
OPERATORS = ("+", "-", "*", "/", "%", "+", "-", "*", "/")
COMPARISONS = ("==", "!=", "<", ">", "<=", ">=", "eq", "ne", "lt", "gt", "le", "ge")
PROPERTIES = (
    "k",
    "x",
    "y",
    "none",
    "id",
    "name",
    "size",
    "empty",
    "length",
    "nested",
    "a",
    "toy",
    "key",
    "first",
    "v-w",
)


@dataclass
class Expressions:
    """Makes expressions over the names of a context; `locals` are names that statements set or loop over.

    `wild` is how often an argument, a method or a name is not what the receiver's kind would suggest (0 to 1).
    """

    random: Random
    names: Names
    wild: float = 0.1
    locals: list[str] = field(default_factory=lambda: ["v0", "v1", "foreach", "x0"])

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, options: Sequence[str]) -> str:
        return options[int(self.random.random() * len(options))]

    def name(self) -> tuple[str, str]:
        """A name and the kind of its value (`any` where nothing is known)."""
        roll = self.random.random()
        if roll < 0.76:
            name = self.pick(self.names.all)
            return name, self.names.kind[name]
        if roll < 0.92:
            return self.pick(self.locals), "any"
        return self.pick(("none", "nothing", "S", "_q", "a-b", "foreach", "velocityCount", "bodyContent")), "any"

    def of_kind(self, kind: str) -> str:
        """A plain reference to a name of that kind, where the context has one, else a literal of it."""
        known = self.names.by_kind.get(kind)
        if known and self.chance(0.7):
            return "$" + self.pick(known)
        match kind:
            case "text":
                return self.pick(STRINGS)
            case "int" | "long":
                return self.pick(INTEGERS[:9])
            case "double":
                return self.pick(DECIMALS[:9])
            case "bool":
                return self.pick(("true", "false"))
            case "list" | "rows" | "array":
                return self.list_literal(1)
            case "map":
                return self.map_literal(1)
            case "char":
                return "'q'.charAt(0)" if self.chance(0.1) else "$s.charAt(0)"
        return self.literal(1)

    def argument(self, kind: str, depth: int) -> str:
        """A method's argument of the wanted kind, or now and then of another."""
        if self.chance(self.wild):
            return (
                self.expression(1)
                if depth > 1
                else self.of_kind(self.pick(("text", "int", "double", "bool", "list", "null")))
            )
        match kind:
            case "i":
                return self.pick(("0", "1", "2", "0", "3", "-1", "5", "$k", "$n", "9"))
            case "re":
                return self.pick(PATTERNS)
            case "rep":
                return self.pick(REPLACEMENTS)
            case "fmt":
                return self.pick(FORMATS)
            case "key":
                return self.pick(KEYS)
            case "any":
                return self.of_kind(self.pick(("text", "int", "double", "bool", "list", "map", "null", "long")))
        return self.of_kind(kind)

    def arguments(self, kinds: Sequence[str], depth: int) -> str:
        made = [self.argument(kind, depth) for kind in kinds]
        if self.chance(self.wild / 3):
            made = made[1:] if made and self.chance(0.5) else [*made, self.literal(1)]
        if not self.chance(0.1):
            return ", ".join(made)
        space = self.pick(("", " ", "  ", "\n", "\t"))
        return space + f"{space},{space}".join(made) + space

    def step(self, kind: str, depth: int) -> tuple[str, str]:
        """`.method(...)`, `.property` or `[index]` after a value of the kind, and the kind of what comes."""
        roll = self.random.random()
        if self.chance(self.wild / 2):
            return self.pick((f".{self.pick(UNKNOWN)}", f".{self.pick(UNKNOWN)}()", f".{self.pick(UNKNOWN)}(1)")), "any"
        if kind in ("map", "any") and roll < 0.45:
            return "." + self.pick(PROPERTIES), "any"
        if kind in ("map", "any") and roll < 0.55:
            return f"[{self.pick(KEYS)}]", "any"
        if kind in ("list", "rows", "array", "any") and roll < 0.3:
            return f"[{self.argument('i', depth)}]", "map" if kind == "rows" else "any"
        methods = METHODS.get(kind, EVERY)
        method = methods[int(self.random.random() * len(methods))]
        if not method.arguments and self.chance(0.25):
            return "." + method.name, method.result
        return f".{method.name}({self.arguments(method.arguments, depth)})", method.result

    def path(self, depth: int) -> str:
        """A name with the steps after it, without the dollar."""
        made, kind = self.name()
        steps = self.random.random()
        while steps < (0.45 if kind in ("map", "rows") else 0.3) and len(made) < 90:
            step, kind = self.step(kind, depth)
            made += step
            steps = self.random.random() * 0.8
        return made

    def reference(self, depth: int = 2) -> str:
        """A reference in any of its written forms."""
        path = self.path(depth)
        roll = self.random.random()
        if roll < 0.55:
            return "$" + path
        if roll < 0.75:
            return "$!" + path
        if roll < 0.86:
            return "${" + path + "}"
        if roll < 0.92:
            return "$!{" + path + "}"
        alternate = self.expression(1) if depth > 1 else self.literal(1)
        bar = self.pick(("|", "|", " | ", "|\n"))
        return self.pick(("${", "${", "$!{")) + path + bar + alternate + "}"

    def list_literal(self, depth: int) -> str:
        roll = self.random.random()
        if roll < 0.25:
            return self.pick(
                ("[1..3]", "[3..1]", "[0..$n]", "[$z..2]", "[-1..1]", "[1 .. 2]", "[$k..1]", "['a'..2]", "[1..$none]")
            )
        space = self.pick(("", " ", "", "\n"))
        return "[" + f",{space}".join(self.item(depth) for _ in range(int(self.random.random() * 4))) + "]"

    def map_literal(self, depth: int) -> str:
        pairs = []
        for _ in range(int(self.random.random() * 3)):
            key = self.pick(("'k'", '"x"', "'a b'", "1", "$s", "'y'", "'k'", "'size'", "k", "$none", "true"))
            pairs.append(f"{key}{self.pick((':', ': ', ' : '))}{self.item(depth)}")
        return "{" + self.pick((",", ", ")).join(pairs) + "}"

    def item(self, depth: int) -> str:
        return self.literal(depth - 1) if depth <= 1 or self.chance(0.6) else self.expression(depth - 1)

    def interpolated(self, depth: int) -> str:
        """A text in double quotes with references and directives inside."""
        parts = []
        for _ in range(1 + int(self.random.random() * 3)):
            roll = self.random.random()
            if roll < 0.4:
                inner = self.path(1).replace('"', "'")
                parts.append(self.pick(("$", "$!", "${")) + inner)
                if parts[-1].startswith("${"):
                    parts[-1] += "}"
            elif roll < 0.6:
                parts.append(self.pick((
                    "#if($t)q#end", "#foreach($i in [1..2])$i#end", "#set($q = 1)", "#m1('a')", "## c", "#* c *#",
                    "#[[ $s ]]#", "#break", "#stop", "#if($n > 1)a#{else}b#end", "\\$s", "\\#if", "#", "$", '""',
                    "#end",
                )))  # fmt: skip
            else:
                parts.append(self.pick(("a", " ", "x", "'", "\n", "Ї", "🎉", "\\", ", ", "n=")))
        return '"' + "".join(parts) + '"'

    def literal(self, depth: int) -> str:
        roll = self.random.random()
        if roll < 0.3:
            return self.pick(INTEGERS)
        if roll < 0.42:
            return self.pick(DECIMALS)
        if roll < 0.7:
            return self.pick(STRINGS)
        if roll < 0.82 or depth < 1:
            return self.pick(("true", "false", "null", "$none", "$s"))
        if roll < 0.92:
            return self.list_literal(depth)
        return self.map_literal(depth)

    def space(self) -> str:
        roll = self.random.random()
        return " " if roll < 0.9 else "" if roll < 0.95 else self.pick(("  ", "\n", "\t", " \n "))

    def value(self, depth: int) -> str:
        """An operand: a reference, a literal, or an interpolated text."""
        roll = self.random.random()
        if roll < 0.55:
            return self.reference(min(depth, 1))
        if roll < 0.88:
            return self.literal(depth)
        return self.interpolated(depth)

    def expression(self, depth: int) -> str:
        """An arithmetic or logical expression of at most `depth` levels."""
        roll = self.random.random()
        if depth <= 0 or roll < 0.35:
            return self.value(depth)
        if roll < 0.6:
            operator = self.pick(OPERATORS)
        elif roll < 0.8:
            operator = self.pick(COMPARISONS)
        elif roll < 0.9:
            operator = self.pick(("&&", "||", "and", "or"))
        elif roll < 0.95:
            return self.pick(("!", "! ", "not ", "-", "- ", "!!")) + self.expression(depth - 1)
        else:
            return f"({self.space()}{self.expression(depth - 1)}{self.space()})"
        left, right = self.expression(depth - 1), self.expression(depth - 1)
        if self.chance(0.3):
            left = f"({left})"
        return f"{left}{self.space()}{operator}{self.space()}{right}"

    def condition(self) -> str:
        """What stands in an `#if`: often one reference, else an expression."""
        roll = self.random.random()
        if roll < 0.3:
            return "$" + self.name()[0]
        if roll < 0.4:
            return self.pick(("true", "false", "!$none", "$foreach.hasNext", "$t", "$l.contains('b')", "$none"))
        return self.expression(2)
