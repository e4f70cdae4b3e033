"""Words between the directives: what messages are made of, and what only looks like Velocity."""

from __future__ import annotations

CALM = (
    "x", "hello ", "end. ", "<p>", "</p>\n", " ", "  ", "\n", "\n\n", "a & b ", "|", "- ", "; ", "@x ", "50% ",
    "&nbsp;", '<td style="color:#333">', "#fff ", "$5 ", ", ", ": ", "Привіт ", "你好", "🎉", "(", ")", "\t", "1",
    "end", "if", "a.b", '"', "'", "=", "http://h.test/?q=1&x=#f", "{ color: #222; }", "\r\n",
)  # fmt: skip

ODD = (
    "$", "#", "$$", "##", "\\", "\\\\", "$!", "${", "$!{", "#{", "#}", "{", "}", "${}", "$!{}", "]]#", "#[[", "*#",
    "#*", "#**", "$.", "$-", "$_", "$(", "#(", "#@", "#!", "$1,000", "#1", "#end1", "#endx", "#elsewhere", "#ifx",
    "#iff", "#settle", "#foreachx", "#if_x", "#set-up", "#else1", "$s.", "$s..", "$n.5", "$s.length", "${s", "${s.",
    "$!{s", "${s|", "${s|}", "$s[", "$l[0", "$l[]", "$l[x]", "$s.length(", "$s.(", "$s.1", "${ s }", "$ s", "$!!s",
    "$!$s", "${!s}", "$s!", "$-s", "#end", "#else", "#elseif($t)", "#{end}", "#{else}", "#{if}", "#{elseif}",
    "#break", "#stop", "#{break}", "#{stop}", "#set", "#set(", "#if", "#if(", "#if(x)", "#foreach", "#foreach(",
    "#macro", "#macro(", "#define", "#define(", "#parse", "#include", "#evaluate", "#elseIf($t)", "#Else", "#END",
    "#If($t)", "#literal()", "#@x", "#@x()", "#x()", "\\$s", "\\\\$s", "\\\\\\$s", "\\$none", "\\\\$none", "\\${s}",
    "\\$!s", "\\$!{s}", "\\\\$!none", "\\#if", "\\\\#if($t)x#end", "\\#set($q = 1)", "\\\\#set($q = 1)", "\\#end",
    "\\#else", "\\#foo", "\\\\#foo", "\\#m1()", "\\#", "\\##", "\\#*x*#", "\\#[[x]]#", "\\$", "\\$5", "\\$!", "$\\s",
    "#\\if", "\\n", "‘", "’", "&quot;", "&amp;&amp;", "&lt;", "\r", "\r\n", "\u00a0", "\u2028", "\ufeff", "\x0c",
    "\x0b", "\x00", "\u0085", "𝒳", "$ім", "$é", "#ім", "$s-1", "$s_", "$s-", "$_x", "$foo-bar", "$s:$n", "$s=$n",
    "#$s", "#${s}", "$#s", "$s#", "#$", "$#", "#end#end", "#{ end }", "# if($t)", "#\n", "#\t", "# ", "$\n", "## c\n",
    "##\n", "#* c *#", "#*\n*#", "#** d *#", "#[[ $raw ]]#", "#[[]]#", "#[[\n#if]]#\n", "#[[ ]] ]]#", "#[ x ]#",
    "<!-- #if -->",
)  # fmt: skip
