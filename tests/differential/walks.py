"""Random templates that change lists and maps while something walks them: loops, iterators, parts of lists, views."""

from __future__ import annotations

from random import Random

CONTEXT = (
    '{"l": [1, 2, 3], "w": ["b", "a"], "e": [], "m": {"k": "v", "x": 1}, "n": {"a": null}, "c": "p,q,,r", "nil": null}'
)
SOURCES = (
    "$l", "$w", "$e", "$m", "$n", "$p", "$p", "$k", "$k", "$it", "$it", "$it", "[1..3]", "[3..1]", "$c.split(',')",
    "$a", "$a", "$l.clone()", "$m.entrySet()", "$l.subList(1, 2)", "$w.iterator()", "$m.keySet()", "$l.listIterator(1)",
)  # fmt: skip
PARTS = ("$l.subList(0, 2)", "$l.subList(1, 3)", "$w.subList(0, 1)", "$l.subList(1, 1)", "$a.subList(0, 2)", "$p")
VIEWS = ("$m.keySet()", "$m.values()", "$m.entrySet()", "$n.keySet()", "$n.values()")
ITERATORS = (
    "$l.iterator()", "$l.listIterator()", "$l.listIterator(1)", "$w.iterator()", "$p.iterator()", "$p.listIterator(1)",
    "$k.iterator()", "$k.iterator()", "$m.values().iterator()", "$m.entrySet().iterator()", "[1..3].iterator()",
    "[3..1].listIterator()", "$a.iterator()", "$a.listIterator()", "$l.stream().iterator()", "$e.iterator()",
    "$l.of(1, 2).iterator()",
)  # fmt: skip
LIST = (
    "add(7)", "add(0, 8)", "remove(0)", "remove('b')", "remove(9)", "clear()", "addAll($w)", "addAll($e)",
    "addAll(1, $w)", "removeAll($w)", "removeAll([1, 2])", "retainAll([2, 3])", "retainAll($l)", "set(0, 5)",
    "set(1, $i)", "sort($nil)", "trimToSize()", "ensureCapacity(1)", "ensureCapacity(99)", "size()", "contains($i)",
    "isEmpty()", "get(0)", "toString()", "indexOf($i)", "equals($l)", "subList(0, 1)", "addAll(0, $e)",
)  # fmt: skip
MAP = (
    "put('z', 1)", "put('k', 2)", "put('a', 1)", "remove('k')", "remove('zz')", "remove('x', 1)", "clear()",
    "putAll($n)", "putAll({})", "putIfAbsent('a', 3)", "putIfAbsent('k', 3)", "replace('k', 4)", "replace('q', 4)",
    "replace('x', 1, 2)", "size()", "get('k')", "containsValue($i)", "keySet().remove('x')", "values().remove(1)",
    "keySet().clear()", "values().retainAll(['v'])", "keySet().retainAll($w)", "entrySet().clear()", "toString()",
)  # fmt: skip
STEPS = (
    "next()", "next()", "next()", "hasNext()", "remove()", "remove()", "previous()", "hasPrevious()", "nextIndex()",
    "previousIndex()", "set(6)", "add(4)", "class",
)  # fmt: skip
SHOWN = (
    "$i", "$!i", "$foreach.count", "$foreach.hasNext", "$foreach.last", "$foreach.index", "$foreach.first", "$l", "$m",
    "$p", "$k", "$!j", "$a", "$p.size()", "$k.size()", "$it.hasNext()", "#if($p)T#{else}F#end", "$!i.value", "$w",
)  # fmt: skip
ASSIGNMENTS = ("#set($l[0] = 5)", "#set($m.k = 8)", "#set($m.new = 8)", "#set($m['z'] = 9)", "#set($a[0] = 'A')",
               "#set($i.value = 3)", "#set($it = $l.iterator())", "#set($p = $l.subList(0, 1))", "#set($p[0] = 4)",
               "#break")  # fmt: skip


class Walks:
    """Makes such templates; the context is always CONTEXT."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick(self, options: tuple[str, ...]) -> str:
        return options[int(self.random.random() * len(options))]

    def change(self) -> str:
        """A call that may change something, its result thrown away; often only in one turn of the loop."""
        roll = self.random.random()
        if roll < 0.4:
            call = f"{self.pick(('$l', '$l', '$l', '$w', '$p', '$p', '$a', '$k'))}.{self.pick(LIST)}"
        elif roll < 0.65:
            call = f"{self.pick(('$m', '$m', '$n'))}.{self.pick(MAP)}"
        elif roll < 0.85:
            call = f"$it.{self.pick(STEPS)}"
        else:
            return self.pick(ASSIGNMENTS)
        made = f"#set($x = {call})" if self.random.random() < 0.8 else call + " "
        if self.random.random() < 0.5:
            turn = self.pick(("$foreach.count == 2", "$foreach.count == 1", "$foreach.last", "$i == 2"))
            return f"#if({turn}){made}#end"
        return made

    def loop(self, depth: int) -> str:
        body = ""
        for _ in range(1 + int(self.random.random() * 3)):
            roll = self.random.random()
            if roll < 0.45:
                body += self.pick(SHOWN)
            elif roll < 0.9 or not depth:
                body += self.change()
            else:
                body += self.loop(depth - 1).replace("$i", "$j")
        return f"#foreach($i in {self.pick(SOURCES)}){body} #{{else}}none#end"

    def template(self) -> str:
        """Names for a part, a view, an array and an iterator, then loops and calls by hand."""
        made = f"#set($a = $c.split(','))#set($p = {self.pick(PARTS[:-1])})#set($k = {self.pick(VIEWS)})"
        made += f"#set($it = {self.pick(ITERATORS)})"
        for _ in range(1 + int(self.random.random() * 3)):
            roll = self.random.random()
            if roll < 0.5:
                made += self.loop(1)
            elif roll < 0.75:
                made += self.change()
            else:
                made += f"$it.{self.pick(STEPS)}|"
        return made + self.pick(("$l$m", "$p", "$k", "$l$w", "$a", ""))
