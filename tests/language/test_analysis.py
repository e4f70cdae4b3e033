"""What a template reads, so that no query asks for more, and none for less."""

import pytest

from velobind import DictLoader, Environment, Reads


def reads(text: str, **templates: str) -> Reads:
    return Environment(DictLoader(templates)).from_string(text).reads


def columns(found: Reads) -> dict[str, set[str] | str]:
    return {key: "all" if rows.whole else set(rows.columns) for key, rows in found.sources.items()}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$!data.get('promo').get(0).get('name')", {"promo": {"name"}}),
        ("$data.promo[0].name $data['promo'][1]['code']", {"promo": {"name", "code"}}),
        ("#foreach($pc in $!data.get('promo'))$!pc.get('name') $pc.code#end", {"promo": {"name", "code"}}),
        ("#set($rows = $data.get('promo'))#foreach($r in $rows)$r.name#end", {"promo": {"name"}}),
        ("#set($row = $data.promo.get(0))$row.name", {"promo": {"name"}}),
        ("#if($data.get('promo').size() > 0)x#end #if($data.other)y#end", {"promo": set(), "other": set()}),
        ("#foreach($pc in $promo)$pc.name#end", {"promo": {"name"}}),
        ("#foreach($pc in $promo)$pc.name#end $promo", {"promo": "all"}),
        ("$firstName #set($x = 5)$x.y #foreach($i in [1, 2])$i.z#end", {}),
        (
            "#foreach($pc in $promo)$pc.name#end#foreach($pc in $data.other)$pc.code#end",
            {"promo": {"name"}, "other": {"code"}},
        ),
        ("#macro(row)$pc.name#end#foreach($pc in $data.promo)#row()#end", {"promo": "all", "pc": set()}),
        ("#set($r = $data.a.get(0))#set($r = $data.b.get(0))$r.x", {"a": "all", "b": "all"}),
        ("#foreach($o in $data.a)$!last.x#set($last = $o)#end", {"a": "all", "last": "all"}),
        ("$promo.get(0).get('name')", {"promo": {"name"}}),
        ("#foreach($pc in $data.get('1043'))#if($pc.vip == 'true')$pc.name#end#end", {"1043": {"vip", "name"}}),
        ("#foreach($pc in $data.promo)$pc#end", {"promo": "all"}),
        ("#foreach($pc in $data.promo)#foreach($v in $pc)$v#end#end", {"promo": "all"}),
        ("#foreach($pc in $data.promo)#row($pc)#end", {"promo": "all"}),
        ("#foreach($pc in $data.promo)$pc.get($key)#end", {"promo": "all"}),
        ("$data.promo.get(0).keySet()", {"promo": "all"}),
        ('"${data.promo.get(0).name}" #set($s = "$data.other.get(0).x")', {"other": {"x"}, "promo": {"name"}}),
    ],
)
def test_columns_that_are_read(text: str, wanted: dict[str, set[str] | str]) -> None:
    found = reads(text)
    assert columns(found) == wanted
    assert not found.every_source


@pytest.mark.parametrize(
    "text",
    ["$data", "$data.get($name)", "#foreach($rows in $data)x#end", "#macro(m $d)x#end#m($data)", "#evaluate($x)"],
)
def test_any_source_may_be_read(text: str) -> None:
    assert reads(text).every_source


def test_a_template_parsed_by_name_counts() -> None:
    found = reads("#foreach($pc in $data.promo)#parse('row.vm')#end", **{"row.vm": "$pc.name #parse('row.vm') $!other"})
    assert columns(found) == {"promo": {"name"}}
    assert "other" in found.names
    assert not found.every_source


@pytest.mark.parametrize("text", ["#parse('nowhere.vm')", "#parse($name)", "#parse('broken.vm')"])
def test_a_template_that_is_not_known_may_read_anything(text: str) -> None:
    assert reads(text, **{"broken.vm": "#if("}).every_source


def test_names_are_those_of_the_top_level() -> None:
    assert reads("$a.b ${c|$d} #set($e = $f)$e #foreach($g in [$h..3])$g#end").names == set("acdefgh")


def test_merge_tags_are_reads_in_the_dialect_that_has_them() -> None:
    template = Environment(dialect="platform").from_string("Hello %FIRSTNAME%, 5% off")
    assert template.reads.names == {"FIRSTNAME", "contact"}
    assert Environment().from_string("%FIRSTNAME%").reads.names == set()
