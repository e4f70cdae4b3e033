"""Random templates that call the generic tools."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

CONTEXT = json.dumps(
    {
        "n": 5, "z": 0, "neg": -7, "d": 2.5, "big": 1234567.891, "long": 9876543210, "third": 0.333333, "half": 0.125,
        "s": "Hello World", "num": "42", "price": "49.90", "comma": "1,234.5", "bad": "abc", "nil": None, "t": True,
        "birthday": "2020-09-02T00:00:00Z", "day": "2024-12-30", "stamp": "2021-10-08 11:11:02",
        "millis": 1599004800000,
        "leap": "2024-02-29T12:00:00Z", "html": "<b>\"q\" & 'a'</b> é\n", "u": "Ірина 🎉", "url": "a b&c=d/é?+%41",
        "l": [3, 1, 2], "f": [1.5, 2, "3"], "words": ["pear", "Apple", "fig"], "el": [], "m": {"k": "v", "x": 1},
        "rows": [{"name": "Dina", "sum": 30}, {"name": "Bob", "sum": 10}, {"name": "Anna", "sum": 20}],
        "js": '{"a":[1,2,{"b":"x"}],"n":null,"t":true}', "ja": "[1,2.5,\"x\"]", "csv": "a, b,,c", "ws": "ab cd  ef\tgh",
        "props": ["name", "sum:desc"], "para": "The quick brown fox jumps over the lazy dog.",
        "nl": "one\ntwo\r\nthree",
    }
)  # fmt: skip

NUMBER = (
    "$n", "$z", "$neg", "$d", "$big", "$long", "$third", "$half", "$num", "$price", "$comma", "1", "2", "0", "-3",
    "2.5", "1.0", "0.1", "10", "'7'", "'2.50'", "' 3 '", "1234567", "0.005", "1.005", "99.995", "1e10", "$bad",
    "$nil", "''", "2147483647", "9223372036854775807", "$l.size()", "$t", "-0.5", "1.5", "100", "12345.678",
    "$n.byteValue()", "$n.longValue()", "$big.shortValue()", "$big.floatValue()", "$third.floatValue()",
    "$long.hashCode()", "$number.toNumber($n)", "$math.toLong($d)",
)  # fmt: skip
DATE = (
    "$millis", "$date.toDate('yyyy-MM-dd', $day)", "$date.toDate('yyyy-MM-dd HH:mm:ss', $stamp)", "0", "86399999",
    "-1", "$date.toDate(\"yyyy-MM-dd'T'HH:mm:ssX\", $birthday)", "$date.toDate(\"yyyy-MM-dd'T'HH:mm:ssX\", $leap)",
    "1709164800000", "$date.toDate('dd.MM.yyyy', '31.12.1999')", "$date.toCalendar($millis)", "$birthday", "$bad",
    "$nil", "$n", "'12/30/24'", "$date.toDate('yyyy-MM-dd', '2023-01-01')",
    "$date.toDate('yyyy-MM-dd HH:mm', '2024-03-31 02:30')", "1704067199999", "$date.toDate('dd/MM/yyyy', '5/1/2023')",
    "$date.toDate('short', '10/8/21, 11:11 AM')", "253402300799000",
)  # fmt: skip
PATTERN = (
    "'yyyy-MM-dd'", "'dd.MM.yyyy'", "'MMM d, yyyy'", "'EEEE'", "'EEE, d MMM yy'", "'HH:mm:ss'", "'hh:mm a'",
    "'K k H h'", "'D w W F u'", "'z Z X XX XXX'", "'zzzz'", "'G'", "'GGGG'", "'M MM MMM MMMM MMMMM'",
    "'L LL LLL LLLL'", "'S SS SSS'", "\"d 'of' MMMM\"", "\"''yy''\"", "'Y YY YYYY'", "'y yy yyy yyyy yyyyy'",
    "'E EE EEEEE'", "'short'", "'medium'", "'long'", "'full'", "'default'", "'iso'", "'iso_tz'", "'intl'",
    "'intl_tz'", "'short_date'", "'medium_date'", "'long_date'", "'full_date'", "'short_time'", "'medium_time'",
    "'long_time'", "'full_time'", "'iso_date'", "'iso_time'", "'intl_date'", "'default_date'", "'default_time'",
    "'iso_tz_time'", "'intl_tz_time'", "'b'", "'q'", "'yyyy'", "''", "'d/M'", "$bad", "$nil",
)  # fmt: skip
STYLE = ("'short'", "'medium'", "'long'", "'full'", "'default'", "''", "'x'", "'iso'", "'intl'", "'none'")
FIELD = (
    "'month'", "'year'", "'day'", "'hour'", "'minute'", "'second'", "'dayofyear'", "'day_of_week'", "'ampm'", "'era'",
    "'week'", "'millisecond'", "1", "2", "5", "7", "11", "'nope'", "'hour_of_day'", "'zone_offset'",
    "'week_of_month'", "99",
)  # fmt: skip
FORMAT = (
    "'0.00'", "'#,##0.00'", "'0'", "'0.0'", "'000'", "'#.##'", "'#.00'", "'$#,##0.00'", "'integer'", "'number'",
    "'#0%'", "'percent'", "'currency'", "'default'", "'0.00;(0.00)'", "'0.00E0'", "'##0.##E0'", "'#,####.0'", "'#'",
    "'.00'", "'0.###'", "'#,##0'", "\"0 'kg'\"", "'0\\u2030'", "'-0'", "'¤0.00'", "'¤¤ 0.00'", "'#,#0,000'",
    "'00.##'", "'bad'", "'0.0.0'", "''", "\"'#'0\"", "'0;-0'", "'#;minus #'", "$nil", "'a0b'", "'0,'", "'#,##0.###'",
)  # fmt: skip
TEXT = (
    "$s", "$html", "$u", "$url", "$para", "$nl", "$ws", "$csv", "$bad", "$nil", "''", "'x'", "'it''s'", "$n", "'a'",
    "' pad '", "'hello world'", "$l", "'<p>hi <b>x</b><br/></p>'", "'é'", "\"$s\"", "'\\\\n'", "'100%'",
    "'key=v:w#!'", "$t", "'ÀÉ'",
)  # fmt: skip
LIST = (
    "$l", "$f", "$words", "$el", "$rows", "$m", "[1,2,3]", "['b','a']", "$nil", "$s", "[1]", "['x','y']",
    "$csv.split(',')", "$m.keySet()", "[3..1]", "$rows.subList(0,2)",
)  # fmt: skip
SMALL = ("0", "1", "2", "3", "5", "10", "20", "-1", "100", "'4'")
WORD = (
    "'item'",
    "'city'",
    "'box'",
    "'bus'",
    "'day'",
    "'child'",
    "'man'",
    "'x'",
    "''",
    "'Hero'",
    "'wolf'",
    "'SKY'",
    "'dish'",
    "'quiz'",
)
JSON = (
    "$js",
    "$ja",
    "'{}'",
    "'[]'",
    "'1'",
    "'bad'",
    '\'{"a":{"b":[true,null,1.50]}}\'',
    "'\"t\"'",
    "$nil",
    "'null'",
    "'[[1],2]'",
)

ARGUMENTS: dict[str, Sequence[str]] = {
    "num": NUMBER, "date": DATE, "pat": PATTERN, "style": STYLE, "field": FIELD, "fmt": FORMAT, "text": TEXT,
    "list": LIST,
    "small": SMALL, "word": WORD, "json": JSON, "prop": (
        "'name'", "'sum'", "'sum:desc'", "'name:asc'", "'nope'", "$props", "['sum']",
    ),
    "delim": (
        "','", "', '", "' or '", "''", "';'", "$nil",
    ), "printf": ("'%s'", "'%05.2f'", "'%d'", "'%s-%s'", "'%x'", "'%q'", "'%,d'"),
    "bool": (
        "'true'", "'yes'", "'no'", "true", "'x'", "$n", "$nil", "'false'", "1", "0",
    ), "suffix": ("'~'", "'...'", "''", "' more'"),
    "message": ("'{0} and {1}'", "'{0}'", "'{0,number,#.##}'", "\"it''s {0}\"", "'{1} {0}'", "'none'", "'{0'"),
    "locale": ("$date.locale", "$convert.toLocale('de_DE')", "$convert.toLocale('fr')", "$convert.toLocale('uk_UA')",
               "$convert.toLocale('ru_RU')", "$nil"),
    "code": ("65", "'20AC'", "'u00e9'", "$u", "'a'", "$n"), "tag": ("'b'", "'p'", "'b', 'br'", "''"),
}  # fmt: skip

CALLS = [
    "math.add:num,num",
    "math.sub:num,num",
    "math.mul:num,num",
    "math.div:num,num",
    "math.max:num,num",
    "math.min:num,num",
    "math.add:num,num,num",
    "math.sub:num,num,num",
    "math.mul:num,num,num",
    "math.div:num,num,num",
    "math.pow:num,num",
    "math.idiv:num,num",
    "math.mod:num,num",
    "math.abs:num",
    "math.ceil:num",
    "math.floor:num",
    "math.round:num",
    "math.roundTo:small,num",
    "math.roundTo:small,num",
    "math.toInteger:num",
    "math.toLong:num",
    "math.toDouble:num",
    "math.toNumber:num",
    "math.getTotal:list",
    "math.getAverage:list",
    "math.getTotal:list,prop",
    "math.getAverage:list,prop",
    "math.bitwiseOr:num,num",
    "math.bitwiseAnd:num,num",
    "math.bitwiseXOr:num,num",
    "math.max:num,num,num",
    "math.min:num,num,num",
    "number.format:fmt,num",
    "number.format:fmt,num",
    "number.format:fmt,num",
    "number.format:num",
    "number.currency:num",
    "number.integer:num",
    "number.number:num",
    "number.percent:num",
    "number.toNumber:num",
    "number.toNumber:fmt,num",
    "number.format:fmt,num,locale",
    "date.format:pat,date",
    "date.format:pat,date",
    "date.format:pat,date",
    "date.format:pat,date",
    "date.format:style,style,date",
    "date.format:date",
    "date.getYear:date",
    "date.getMonth:date",
    "date.getDay:date",
    "date.getValue:field,date",
    "date.toDate:date",
    "date.toDate:pat,text",
    "date.toCalendar:date",
    "date.difference:date,date",
    "date.difference:date,date",
    "date.timespan:date,date",
    "date.whenIs:date,date",
    "date.format:pat,date,locale",
    "date.format:style,style,date,locale",
    "date.toDate:pat,text,locale",
    "esc.html:text",
    "esc.javascript:text",
    "esc.java:text",
    "esc.url:text",
    "esc.unurl:text",
    "esc.sql:text",
    "esc.xml:text",
    "esc.propertyKey:text",
    "esc.propertyValue:text",
    "esc.unicode:code",
    "esc.velocity:text",
    "display.list:list",
    "display.list:list,delim",
    "display.list:list,delim,delim",
    "display.list:list,delim,delim,prop",
    "display.message:message,any,any",
    "display.printf:printf,any",
    "display.printf:printf,any,any",
    "display.truncate:text",
    "display.truncate:text,small",
    "display.truncate:text,small,suffix",
    "display.truncate:text,suffix",
    "display.truncate:text,small,suffix,bool",
    "display.space:small",
    "display.cell:text",
    "display.cell:text,small",
    "display.cell:text,suffix",
    "display.cell:text,small,suffix",
    "display.capitalize:text",
    "display.uncapitalize:text",
    "display.alt:text",
    "display.alt:text,text",
    "display.br:text",
    "display.stripTags:text",
    "display.stripTags:text,tag",
    "display.plural:small,word",
    "display.plural:small,word,word",
    "display.measure:text",
    "sorter.sort:list",
    "sorter.sort:list,prop",
    "collection.sort:list",
    "collection.sort:list,prop",
    "collection.split:text",
    "convert.toString:any",
    "convert.toBoolean:bool",
    "convert.toInteger:num",
    "convert.toDouble:num",
    "convert.toNumber:num",
    "convert.toDate:date",
    "convert.toStrings:list",
    "convert.toBooleans:text",
    "convert.toNumbers:text",
    "convert.toInts:text",
    "convert.toIntegers:text",
    "convert.toDoubles:text",
    "convert.toList:list",
    "convert.parseNumber:num",
    "convert.parseNumber:num,fmt",
    "convert.parseDate:text",
    "convert.parseDate:text,pat",
    "convert.toLocale:text",
    "json.parse:json",
]
AFTER = (
    ".years", ".days", ".hours", ".months", ".weeks", ".minutes", ".seconds", ".milliseconds", ".relative", ".abbr",
    ".full", ".exact", ".full.relative", ".toString()", ".time", ".size()", ".get(0)", "[0]", ".a", ".a.get(1)",
    ".height", ".width", ".intValue()", ".length()", ".getTime()", ".keySet()", ".root()", ".nope", ".longValue()",
    ".toString().length()", ".abbr.relative",
)  # fmt: skip
PLAIN = (
    "$esc.d", "$esc.hash", "$esc.q", "$esc.s", "$esc.n", "$esc.e", "$esc.b", "$esc.dollar$esc.h", "$esc.quote",
    "$esc.singleQuote", "$esc.newline", "$esc.exclamation", "$esc.backslash", "$esc.nope", "$esc.key",
    "$display.truncateLength", "$display.cellLength", "$display.listDelimiter", "$display.truncateSuffix",
    "$math.nope(1)", "$number.nope", "$convert.stringsDelimiter", "$date.timeZone.getID()", "$number", "$loop.depth",
    "$convert.dateFormat", "$number.format", "$date.format", "$math.E",
)  # fmt: skip


@dataclass
class ToolCalls:
    """Makes templates that call the tools; the context is always CONTEXT."""

    random: Random

    def pick(self, options: Sequence[str]) -> str:
        return options[int(self.random.random() * len(options))]

    def argument(self, kind: str) -> str:
        roll = self.random.random()
        if kind == "any" or roll < 0.07:
            kind = self.pick(("num", "text", "list", "date"))
        if roll > 0.95 and kind in ("num", "text", "list", "date"):
            return "$" + self.call(kinds=(kind,))
        return self.pick(ARGUMENTS[kind])

    def call(self, kinds: Sequence[str] = ()) -> str:
        """A call without its dollar; `kinds` narrows it to the tools that give such a value."""
        tools = {"num": "math.", "text": "display.", "list": "sorter.", "date": "date.toDate"}
        calls = [call for call in CALLS if any(call.startswith(tools[kind]) for kind in kinds)] if kinds else CALLS
        name, _, wanted = self.pick(calls).partition(":")
        arguments = [self.argument(kind) for kind in wanted.split(",")]
        if self.random.random() < 0.03:
            arguments = arguments[1:]
        return f"{name}({', '.join(arguments)})"

    def loop(self) -> str:
        """A foreach over what the loop tool watches."""
        inner = "".join(
            self.pick((
                "$w ", "$loop.index", "$loop.count:", "#if($loop.first)F#end", "#if($loop.last)L#end",
                "$loop.isFirst() ", "$loop.isLast()", "$loop.get('o')", "#if($loop.count == 2)$loop.stop()#end",
                "$loop.skip(1)", "$loop.depth", "$loop.this", "$foreach.count", "$loop.getIndex('a')",
                "$loop.getCount('a')", "$loop.stop('a')", "$loop.isLast('a')", "$loop.nope", "$loop.stopAll()",
            ))
            for _ in range(3)
        )  # fmt: skip
        source = self.pick((
            "$loop.watch($words)", "$loop.watch($l, 'a')", "$loop.sync($words, $l)", "$loop.watch($rows)",
            "$loop.watch([1..4], 'a')", "$loop.watch($nil)", "$loop.watch($m)", "$loop.watch($words).sync($l, 'o')",
            "$loop.watch($words).exclude('Apple')", "$loop.watch($l).stop(1)", "$loop.watch($el)",
            "$loop.watch($words).stop('fig')",
        ))  # fmt: skip
        return f"#foreach($w in {source}){inner}#end"

    def template(self) -> str:
        roll = self.random.random()
        if roll < 0.05:
            return self.loop()
        if roll < 0.1:
            return self.pick(PLAIN)
        call = self.call() + (self.pick(AFTER) if self.random.random() < 0.25 else "")
        if roll < 0.2:
            return "#foreach($x in $" + call + ")$x;#end"
        if roll < 0.26:
            return f"#set($r = ${call})[$r] $!r.size()"
        if roll < 0.32:
            return f"#if(${call} == {self.argument('any')})Y#{{else}}N#end"
        return self.pick(("$", "$", "$!")) + call + self.pick(("", "", "|"))
