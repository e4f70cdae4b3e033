"""Words between the directives: what messages are made of, and what only looks like Velocity."""

from __future__ import annotations

CALM = (
    "x", "hello ", "end. ", "<p>", "</p>\n", " ", "  ", "\n", "\n\n", "a & b ", "|", "- ", "; ", "@x ", "50% ",
    "&nbsp;", '<td style="color:#333">', "#fff ", "$5 ", ", ", ": ", "Привіт ", "你好", "🎉", "(", ")", "\t", "1",
    "end", "if", "a.b", '"', "'", "=", "http://h.test/?q=1&x=#f", "{ color: #222; }", "\r\n",
)  # fmt: skip

# Idioms of real templates, each a whole of its own.
IDIOMS = (
    '#if ("$!{s}" != "")x #end ## shown\n', "#end ## loop\n", "#**##foreach($i in [1..2])$i#end", '$m.put("a",1)',
    "$!m.put('b', 2)", "#set ($q = \"a\\\"b\")", "#foreach( ${p} in ${l} )$p#end", "#foreach($i in [0 ..$n])$i #end",
    "${m.get(${s})}", "$s.$n", "$s -1", "${s.length()}px", '#set( $q = { "a" : 1,\n "b" : [ 1, 2 ] } )$q.b.get(1)',
    "$s-form", "${s}.vue", "$s.vue", "#includeTemplate", "#setCount", "#endTime", "${r?.id}", "$l[0].length()",
    "#if ( $l.size() > 0 && $s != '' )\n  y\n#end\n", "#set( $n = $n + 1 )\n",
    "#macro( row $a $b )\n<$a$b>\n#end\n#row( 1 2 )#row('x', $s)", "\"$!{m.get('k')}\"",
    '#if("$!none" == "")empty#end', "$('#$s')", "  #if( $t )\n    <li>$s</li>\n  #else\n    <li>-</li>\n  #end\n",
    "#set($m.k = $s)$m.k", "#set($l[0] = 1)$l", "#return", "$.each($l)",
    "#foreach ($x in $data.get('promo_codes'))\n  <td>$!x.get('name')</td>#if ($foreach.hasNext),#end\n\n#end\n",
    "#if($s)#elseif($n)#end",
    "#set ($q = [\"a\",\"b\"])#foreach($e in $q)#if($foreach.index == 0)#set($r = $e)#else#set($r = \"$r,$e\")#end#end",
    "${data.get('promo_codes').get(0).get('name').toUpperCase()}", "$s.substring(0,1).toUpperCase()$s.substring(1)",
    "#if(!$s || $s == \"\")n#end", "#if($foreach.count % 2 == 0)even#{else}odd#end", "$!{m.k}$!{m.none}",
    "#set($d = \"\")#set($d = $d + $s + \", \")$d", "$s.equals(\"x\")", "#parse ( 'a.vm' )\n",
    "#set($h = '#')${h}fff", "#set($D = '$')${D}x", "#foreach($e in $m.entrySet())$e.key: $!e.value\n#end", "$m.size",
    "$l.empty",
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
