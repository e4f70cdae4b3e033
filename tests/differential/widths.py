"""Random templates about the classes of numbers: Byte, Short, Integer, Long, BigInteger, Float, Double, BigDecimal.

A number keeps its class whatever its size, so the templates make wide numbers that are small, and ask for what tells
the classes apart: the class itself, `equals`, `hashCode`, `compareTo`, keys and items, arguments, further sums.
"""

from __future__ import annotations

from tests.differential.special import Special

CASTS = ("byteValue()", "shortValue()", "intValue()", "longValue()", "floatValue()", "doubleValue()")
EDGES = (7, 8, 15, 16, 24, 31, 32, 53, 63, 64, 70)
ANSWERS = (
    ".class.simpleName", ".class", ".hashCode()", ".toString()", ".equals(1)", ".equals($b)", ".compareTo($b)",
    ".compareTo(1)", ".intValue()", ".longValue()", ".doubleValue()", ".floatValue()", ".byteValue()", ".shortValue()",
    ".isNaN()", ".valueOf('1')", ".valueOf(1)", ".max(1, 2)", ".max($a, $b)", ".sum($a, $b)", ".compare($a, $b)",
    ".toHexString($a)", ".toUnsignedInt($a)", ".toUnsignedLong(3)", ".describeConstable()", ".parseByte('1')",
    ".parseShort('1')", ".parseFloat('0.1')", ".decode('0x1')", ".reverseBytes(1)", ".floatToIntBits($a)", ".negate()",
    ".add($b)", ".abs()", ".scale()", ".signum()", ".bitLength()", ".bitCount($a)", ".toString($a)", ".hashCode($a)",
    ".isInfinite()", ".byteValueExact()", ".compareUnsigned($a, $b)", ".min(0.1, $b)", ".isFinite($b)",
    ".intBitsToFloat($a)",
)  # fmt: skip
USES = (
    "$l.get($a)", "$l[$a]", "$s.substring($a)", "$s.substring(0, $a)", "$s.charAt($a)", "$s.indexOf('l', $a)",
    "$s.repeat($a)", "$l.contains($a)", "$l.indexOf($a)", "[$a].contains($b)", "#set($q = [$a, $b])$q.indexOf($b)",
    "#set($q = [$a, 1])$q.contains($b)$q.remove($b)$q", "#set($q = {})#set($q[$a] = 1)#set($q[$b] = 2)$q $q.get($a)",
    "#set($q = {$a: 1, $b: 2})$q $q.containsKey(1) $q.get(1) $q.size() $q.hashCode()", "#set($q = {1: 'i'})$!q.get($a)",
    "#set($q = [$a, $b])$q $q.hashCode() $q.equals([$b, $a])", "#if($a == $b)E#end#if($a < $b)L#end#if($a >= $b)G#end",
    "#if($a)T#{else}F#end", "#if(!$a)T#{else}F#end", "#foreach($i in [$a..2])$i,#end", "$s.format('%s %h', $a, $b)",
    "$s.format('%d|%x', $a, $b)", "$s.format('%.3f|%e', $a, $b)", "$s.format('%05d|%o', $a, $a)", "$s.valueOf($a)",
    "$s.format('%c', $a)", "$s.format('%g|%a', $a, $a)", "$s.equals($a)", "$s.concat($a)", "$s$a", '"$a"',
    "#if($a == '1')Y#end", "#if($a == 1.0)Y#end", "#set($l[$a] = 'n')$l", "$l.set($a, 'n')$l", "$l.add($a, 'n')$l",
    "$l.subList(0, $a)", "#set($q = [2, 1, $a])$q.sort($null)$q", "#set($q = -$a)$q $q.class.simpleName",
    "$l.toArray().get($a)", "$s.split('l').get($a)", "$s.getBytes().get($a).class", "$s.getBytes().contains($a)",
    "$s.chars().limit($a).sum()", "#set($c = $a)#foreach($i in [1..3])#set($c = $c * $b)#end$!c $!c.class.simpleName",
    "#set($c = $a)#foreach($i in [1..3])#set($c = $c + $b)#end$!c $!c.class.simpleName", "$s.codePointAt($a)",
    "$s.join($a, $l)", "$l.equals([$a])", "#set($q = $s.length() + $a)$q.class", "#set($q = $l.size() - $a)$!q.class",
    "#set($q = $l.size() + $a)$q.class", "#set($q = $foreach.index + $a)$!q", "$s.regionMatches($a, 'l', 0, 1)",
)  # fmt: skip


class Widths(Special):
    """Makes templates about the classes of numbers."""

    def plain(self) -> str:
        """A literal near an edge of a class, a small one, or a fraction."""
        random = self.random
        roll = random.random()
        if roll < 0.45:
            return str(random.choice((0, 1, 1, 2, 3, -1, -2, 5)))
        if roll < 0.75:
            return str(random.choice((-1, 1)) * 2 ** random.choice(EDGES) + random.randint(-2, 2))
        if roll < 0.9:
            return self.pick(("0.1", "1.5", "2.0", "-0.0", "1e10", "3.4e38", "1e-45", "-7.25", "16777217.0", "1e300"))
        return self.pick(("$n", "$d", "$big", "$z", "$neg", "$l.size()", "$i", "$L", "$M", "$B", "'1'", "$num", "$s"))

    def defined(self, name: str) -> str:
        """Statements that give the name a number of any class."""
        random = self.random
        roll = random.random()
        made = f"#set(${name} = {self.plain()})"
        if roll < 0.45:
            made += f"#set(${name} = ${name}.{self.pick(CASTS)})"
        elif roll < 0.75:
            far = 2 ** random.choice((8, 16, 31, 32, 63, 64, 70))
            by = random.choice((0, 1, 2, -1))
            made = self.pick((
                f"#set(${name} = {far})#set($f = {by - far})#set(${name} = ${name} + $f)",
                f"#set(${name} = {far})#set(${name} = ${name} - {far - by})",
                f"#set(${name} = {far})#set($f = 0)#set(${name} = ${name} * $f)",
                f"#set(${name} = {far})#set(${name} = ${name} / {far})", f"#set(${name} = {far} % {far - 1})",
                f"#set(${name} = {by} + {far} - {far})", f"#set(${name} = {far})#set(${name} = {by - far} + ${name})",
                f"#set($f = {far})#set(${name} = -$f + {far + by})",
            ))  # fmt: skip
        elif roll < 0.85:
            made += f"#set(${name} = ${name} + '0')" if random.random() < 0.2 else f"#set(${name} = ${name} + 0.0)"
        return made

    def widths(self) -> str:
        """One or two numbers, what they make together, and what the results answer."""
        random = self.random
        made = self.defined("a") + self.defined("b")
        if random.random() < 0.5:
            operation, right = self.pick("+-*/%+-"), self.pick(("$b", "1", "-1", "0.5", "$a"))
            made += f"#set($r = $a {operation} {right})$!r $!r.class.simpleName"
            if random.random() < 0.3:
                made += f" $!r{self.pick(ANSWERS)}"
        for _ in range(1 + int(random.random() * 2)):
            made += "|" + (f"$!a{self.pick(ANSWERS)}" if random.random() < 0.5 else self.pick(USES))
        return made
