"""Random templates about one thing each: signs in any order, numbers, methods of texts, macros."""

from __future__ import annotations

from random import Random

NUMBER_METHODS = (
    "intValue()",
    "longValue()",
    "doubleValue()",
    "toString()",
    "hashCode()",
    "equals(1)",
    "compareTo(1)",
    "isNaN()",
)
LETTERS = "abcXYZ aeiou 0123456789 .,;:-_/\\|!?()[]{}<>\"'$#%&@ \t\nЇжакßİı你🎉é"
PATTERNS = (
    "a+", "[aeiou]", "[^a-z]", "\\s", "\\S+", "\\d{1,2}", "(\\w)(\\w)", "(?<x>\\w)", "\\bx", "^.", ".$", "(?i)A",
    "a|b", "[a-c&&[^b]]", "\\p{L}", "\\p{Lu}", "\\P{L}", "\\p{IsCyrillic}", "\\p{Punct}", "\\p{Alpha}",
    "\\p{javaLowerCase}", "x*", "x*?", "a++", "(?=a)", "(?!a).", "(?<=a).", "(?<!a)b", "\\Q.\\E", "\\.", "[.]",
    "[\\[\\]]", "(a)\\1", "\\x41", "\\u0041", "\\h", "\\R", "\\v", "(?s).", "(?m)^", "(?x) a b", "[", "(", "*",
    "a{2,1}", "\\", "\\k<x>", "(?:ab)+", "(?>a+)b", "[^]", "[]a]", "\\z", "\\Z", "\\A", "\\G.", "", " ", ",", ";;",
    "|", "$", "^", ".", "\\w+@\\w+", "[0-9]+", "[\\d.]+", "\\W", "\\D", "\\t", "\\n", "(a|(b))+", "(?i)ї", "(?iu)Ї",
    "[а-яїє]+", "🎉", ".{3}", "\\cA", "\\07",
)  # fmt: skip
REPLACEMENTS = ("", "x", "$0", "$1", "$2", "<$1>", "\\$", "\\\\", "${x}", "$", "\\", "$9", "$10", "a$1b$2", "🎉", "$x")
ARGUMENTS = (
    "$s", "1", "'t'", '"x $s"', "$none", "$none.x", "$l", "[1,2]", "$n", "true", "2.5", "{'k':1}", "$m.k", "$nil",
    "$s.length()", "$a", "$b", "$c", "$m", '"$!none"', '"#if(true)y#end"', "$l[0]", "$s.nope()", "${s}", "$!none",
    "$!{m.y}", "'$s'", "[$n..1]", "-1", "'it''s'",
)  # fmt: skip
BODIES = (
    "$a", "$!a", "${a}", "[$a]", "$b", "$!{b}", "$a.length()", "$!a.length()", "$a.x", "$bodyContent",
    "$!bodyContent", "#set($a = 1)", "#set($b = $a)", "#set($c = 7)", "$c", "#if($a)T#{else}F#end",
    "#foreach($i in $a)$i,#end", "#m1($a)", "#m2($b 'z')", "#m1('k')", "\\$a", "$a$a", "$a.$b", "\"$a\"",
    "#set($q = \"$a-$b\")$q", "$macro", "$m1", "#break", "#stop", "\n", "  ", " x ", "\n  y\n", "#@m1('in')B#end",
    "#evaluate('$a')", "#define($d)$a#end$d", "#if($a == $b)E#end", "$a.equals('t')", "#if($a.size() > 1)>#end",
    "$foreach.count", "#set($l = 5)$l", "$n", "#set($n = $n + 1)", "#if($n < 9)#m1($n)#end", "#m3()", "#M1(1)",
    "$a[0]", "$!a[0]", "#set($a.k = 2)", "#break($macro)", "$evaluate", "$template", "$!macro.name",
    "#macro(in $x)<$x>#end#in(3)",
)  # fmt: skip

SOUP = (
    "$", "$", "#", "#", "{", "}", "(", ")", "[", "]", "!", ".", "|", "\\", "\\", "'", '"', "s", "n", "l", "x", "if",
    "end", "set", "else", "foreach", "macro", "elseif", "define", "stop", "break", "in", "1", "0", ".5", " ", " ",
    "\n", "\r\n", "\t", "=", "==", ",", "@", "*", ":", "-", "+", "<", "&", "&&", "||", "or", "not", "true", "null",
    "..", "$s", "$!s", "${s", "#if(", "#set($", "#end", "#else", "##", "#*", "*#", "#[[", "]]#", "$x.", "$l[", "()",
    "bodyContent", "_", "-x", "é", "🎉", "/", "%", ";", "?",
)  # fmt: skip


class Special:
    """Makes templates of one theme."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick(self, options: tuple[str, ...] | str) -> str:
        return options[int(self.random.random() * len(options))]

    # signs

    def soup(self) -> str:
        """The signs and words of the language in any order."""
        return "".join(self.pick(SOUP) for _ in range(1 + int(self.random.random() * 14)))

    # numbers

    def number(self) -> str:
        """A literal: small and huge integers, and decimals of every size."""
        random = self.random
        roll = random.random()
        if roll < 0.3:
            return str(random.randint(-20, 20))
        if roll < 0.5:
            edge = 2 ** random.choice((7, 8, 15, 16, 31, 32, 52, 53, 63, 64, 70))
            return str(random.choice((-1, 1)) * edge + random.randint(-2, 2))
        if roll < 0.7:
            return f"{random.uniform(-1000, 1000):.{random.randint(1, 6)}f}"
        if roll < 0.9:
            return repr(random.uniform(-10, 10) * 10.0 ** random.randint(-12, 22))
        return self.pick(("$n", "$d", "$big", "$z", "$neg", "$num", "$none", "$l", "$k", "$i", "$L", "$B", "$tiny"))

    def sum(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.2:
            return self.number()
        left, right = self.sum(depth - 1), self.sum(depth - 1)
        if self.random.random() < 0.4:
            left = f"({left})"
        return f"{left} {self.pick(('+', '-', '*', '/', '%', '+', '-', '*', '/', '==', '<', '>='))} {right}"

    def numbers(self) -> str:
        """Arithmetic, and what its result prints as, compares as and answers."""
        made = f"#set($r = {self.sum(int(self.random.random() * 3))})$!r"
        if self.random.random() < 0.4:
            made += "|$!r." + self.pick(NUMBER_METHODS)
        if self.random.random() < 0.2:
            made += f"#if($r {self.pick(('==', '!=', '<', '>', '<=', '>='))} {self.number()})Y#{{else}}N#end"
        if self.random.random() < 0.15:
            made += f"#set($l2 = [{self.number()}, $r])$l2#set($m2 = {{'k':$r}})$m2 $m2.containsValue({self.number()})"
        return made

    # texts

    def quoted(self) -> str:
        text = "".join(self.pick(LETTERS) for _ in range(int(self.random.random() * 9)))
        return "'" + text.replace("'", "''") + "'"

    def regex(self) -> str:
        pattern = self.pick(PATTERNS) + (self.pick(PATTERNS) if self.random.random() < 0.2 else "")
        return "'" + pattern.replace("'", "''") + "'"

    def format(self) -> str:
        random = self.random
        parts = []
        for _ in range(random.randint(1, 2)):
            flags = "".join(self.pick(("-", "+", " ", "0", ",", "(", "#")) for _ in range(int(random.random() * 1.6)))
            width = self.pick(("", "", "5", "10", "1"))
            precision = self.pick(("", "", ".2", ".0", ".5", ".1"))
            index = self.pick(("", "", "", "1$", "2$", "<"))
            parts.append(f"%{index}{flags}{width}{precision}{self.pick('sdfxXeEgobBcChHnSa%')}")
        return "'" + self.pick(("", "a", " ")).join(parts) + "'"

    def texts(self) -> str:
        """A method of a random text, with arguments that fit."""
        random = self.random
        i, j, k = (str(random.randint(-1, 8)) for _ in range(3))
        a, b = self.quoted(), self.quoted()
        call = self.pick((
            f"replaceAll({self.regex()}, '{self.pick(REPLACEMENTS)}')",
            f"replaceFirst({self.regex()}, '{self.pick(REPLACEMENTS)}')", f"split({self.regex()})",
            f"split({self.regex()}, {random.randint(-1, 3)})", f"matches({self.regex()})", f"indexOf({b})",
            f"replaceAll({self.regex()}, '{self.pick(REPLACEMENTS)}')", f"indexOf({b}, {i})", f"lastIndexOf({b})",
            f"lastIndexOf({b}, {i})", f"substring({i})", f"substring({i}, {j})", f"subSequence({i}, {j})",
            f"charAt({i})", f"codePointAt({i})", f"compareTo({b})", f"compareToIgnoreCase({b})",
            f"equalsIgnoreCase({b})", f"startsWith({b}, {i})", f"endsWith({b})", f"contains({b})", "hashCode()",
            f"replace({b}, {self.quoted()})", f"regionMatches({i}, {b}, {j}, {k})",
            f"regionMatches(true, {i}, {b}, {j}, {k})", "toUpperCase()", "toLowerCase()", "trim()", "strip()",
            "stripLeading()", "stripTrailing()", "isBlank()", "length()", "stripIndent()", "toCharArray()",
            f"repeat({random.randint(-1, 3)})", "translateEscapes()", "lines().toList()", "lines().count()",
            "chars().sum()", f"concat({b})", f"format({self.format()}, {self.number()}, {b})",
            f"format({self.format()}, {self.number()}, {self.number()})",
            f"format({self.format()}, {b}, {self.number()})", f"formatted({self.number()})", f"join({b}, $l)",
            f"valueOf({self.number()})", f"codePointCount({i}, {j})", f"offsetByCodePoints({i}, {j})",
            f"indent({random.randint(-2, 3)})", "codePoints().toArray()",
        ))  # fmt: skip
        after = self.pick(("", "", "", ".size()", ".length()", "[0]", ".get(1)", ".toString()"))
        return f"#set($v = {a})$v.{call}{after}|$!v.{call}"

    # macros

    def arguments(self, count: int) -> str:
        return self.pick((" ", ", ", ",", "  ")).join(self.pick(ARGUMENTS) for _ in range(count))

    def definition(self, name: str) -> str:
        random = self.random
        parameters = [self.pick(("$a", "$b", "$c", "$s", "$n")) for _ in range(int(random.random() * 3.3))]
        if random.random() < 0.2:
            parameters = [p + self.pick(("", "=1", "='d'", "=$s", ' = "x$n"')) for p in parameters]
        body = "".join(self.pick(BODIES) for _ in range(1 + int(random.random() * 4)))
        head = " ".join([name, *parameters])
        return f"#macro({head}){self.pick(('', '', chr(10), ' '))}{body}#end{self.pick(('', chr(10), '  '))}"

    def call(self, name: str) -> str:
        random = self.random
        made = f"{name}({self.arguments(int(random.random() * 3.4))})" if random.random() < 0.9 else name
        roll = random.random()
        if roll < 0.65:
            return f"#{made}"
        if roll < 0.9:
            body = "".join(self.pick(BODIES) for _ in range(int(random.random() * 3)))
            return f"#@{made}{body}#end"
        return f"#foreach($i in [1..2])#{made}#end" if roll < 0.96 else f'#set($r = "#{made}")[$r]'

    def macros(self) -> str:
        """Up to three macros that may call each other, and calls before, between and after them."""
        random = self.random
        names = [self.pick(("m1", "m1", "m2", "m3", "M1")) for _ in range(1 + int(random.random() * 3))]
        parts = [self.definition(name) for name in names]
        parts += [self.call(self.pick((*names, "m1"))) for _ in range(1 + int(random.random() * 3))]
        if random.random() < 0.25:
            random.shuffle(parts)
        parts.insert(
            int(random.random() * len(parts)),
            self.pick(
                (
                    "",
                    "|",
                    "\n",
                    "$a",
                    "$s ",
                    "#set($a = 'A')",
                    "$!b",
                )
            ),
        )
        return "".join(parts) + self.pick(("", "|$!a|$!c|$n", "$!r", "$s"))
