"""Every mistake in velobind.toml is named: what, the key, the line, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from velobind.config import find, read
from velobind.errors import ConfigError

CONNECTOR = """\
[connectors.shop]
host = "db"
contact_key = { column = "email", field = "email" }
"""
SOURCE = (
    CONNECTOR
    + """
[sources.promo_codes]
id = 1043
connector = "shop"
table = "promo_codes"
"""
)


def error(folder: Path, text: str) -> ConfigError:
    file = folder / "velobind.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read(file)
    return caught.value


def segment(where: str) -> str:
    return SOURCE + f"\n[segments.some]\nid = 1\nwhere = [{where}]\n"


# The file, the key, a piece of the message, a piece of the hint, the line (0: any).
MISTAKES = {
    "wrong type": (CONNECTOR + 'port = "x"', "connectors.shop.port", "expected a whole number, found text", "", 4),
    "wrong type of a table": ("connectors = 5", "connectors", "expected a table, found a whole number", "", 1),
    "wrong type of a list": (
        segment("").replace("[]", '"x"'),
        "segments.some.where",
        "expected a list, found text",
        "",
        12,
    ),
    "missing key": ('[connectors.shop]\nhost = "db"', "connectors.shop", "`contact_key` is missing", "", 1),
    "missing nested key": (
        '[connectors.shop]\ncontact_key = { column = "a" }',
        "connectors.shop.contact_key",
        "`field` is missing",
        "",
        2,
    ),
    "unknown table": ("[conectors.shop]", "conectors", "unknown key", "did you mean `connectors`?", 1),
    "unknown key": (
        CONNECTOR + 'databse = "x"',
        "connectors.shop.databse",
        "unknown key",
        "did you mean `database`?",
        4,
    ),
    "unknown key of no near name": (
        SOURCE + "zzz = 1",
        "sources.promo_codes.zzz",
        "unknown key",
        "known: `connector`",
        9,
    ),
    "unknown key of a condition": (
        segment('{ field = "city", equal = "Kyiv" }'),
        "segments.some.where[0].equal",
        "unknown key",
        "did you mean `equals`?",
        12,
    ),
    "duplicate source id": (
        SOURCE + '[sources.other]\nid = 1043\nconnector = "shop"\ntable = "t"',
        "sources.other.id",
        "1043 is already the id of `promo_codes`",
        "",
        10,
    ),
    "duplicate segment id": (
        "[segments.a]\nid = 1\n[segments.b]\nid = 1",
        "segments.b.id",
        "already the id of `a`",
        "",
        4,
    ),
    "unknown connector": (
        SOURCE.replace('connector = "shop"', 'connector = "shp"'),
        "sources.promo_codes.connector",
        "no connector is named `shp`",
        "did you mean `shop`?",
        7,
    ),
    "unknown source of a segment": (
        segment('{ source = "promo_code", column = "a", equals = 1 }'),
        "segments.some.where[0].source",
        "no source is named `promo_code`",
        "did you mean `promo_codes`?",
        12,
    ),
    "contacts from nowhere": ("[contacts]", "contacts", "say `file`", "", 1),
    "contacts from two places": (
        CONNECTOR + '[contacts]\nfile = "a.csv"\nconnector = "shop"\ntable = "c"',
        "contacts.file",
        "a file or from a table",
        "",
        5,
    ),
    "not a time zone": ('[project]\ntimezone = "Europe/Kiyv"', "project.timezone", "not a time zone", "Europe/Kyiv", 2),
    "not a dialect": ('[project]\ndialect = "jinja"', "project.dialect", "jinja", "", 2),
    "not a port": (CONNECTOR + "port = 70000", "connectors.shop.port", "not a port", "", 4),
    "not an sslmode": (CONNECTOR + 'sslmode = "on"', "connectors.shop.sslmode", "on", "", 4),
    "secret from nowhere": (CONNECTOR + "password = {}", "connectors.shop.password", "say `env` or `file`", "", 4),
    "embedded with a host": (
        CONNECTOR + "embedded = true",
        "connectors.shop.host",
        "reached by velobind itself",
        "",
        2,
    ),
    "setup of another's database": (CONNECTOR + 'setup = ["a.sql"]', "connectors.shop.setup", "embedded", "", 4),
    "message without a part": ('[messages.m]\nsubject = "x"', "messages.m", "needs `html` or `text`", "", 1),
    "condition without operator": (
        segment('{ field = "a" }'),
        "segments.some.where[0]",
        "needs an operator",
        "equals",
        12,
    ),
    "condition with two operators": (
        segment('{ field = "a", equals = 1, less = 2 }'),
        "segments.some.where[0]",
        "one operator, here stand `equals` and `less`",
        "",
        12,
    ),
    "condition without subject": (segment("{ equals = 1 }"), "segments.some.where[0]", "names a `field`", "", 12),
    "condition on a source without column": (
        segment('{ source = "promo_codes", equals = 1 }'),
        "segments.some.where[0]",
        "names a `column`",
        "",
        12,
    ),
    "column without source": (
        segment('{ column = "a", equals = 1 }'),
        "segments.some.where[0].column",
        "its `source`",
        "",
        12,
    ),
    "deep condition": (
        segment('{ any = [{ all = [{ field = "a", before = "soon" }] }] }'),
        "segments.some.where[0].any[0].all[0].before",
        "expected a date",
        "",
        12,
    ),
    "two groups": (
        segment("{ any = [], all = [] }"),
        "segments.some.where[0]",
        "one of `all`, `any` and `not`",
        "",
        12,
    ),
    "order of booleans": (segment('{ field = "a", less = true }'), "segments.some.where[0].less", "no order", "", 12),
    "negative days": (
        segment('{ field = "a", within_last_days = -1 }'),
        "segments.some.where[0].within_last_days",
        "above 0",
        "",
        12,
    ),
    "text that PostgreSQL cannot hold": (
        segment('{ field = "a", equals = "a\\u0000b" }'),
        "segments.some.where[0].equals",
        "cannot store",
        "",
        12,
    ),
    "mixed ends": (
        segment('{ field = "a", between = [1, "b"] }'),
        "segments.some.where[0].between",
        "both ends",
        "",
        12,
    ),
    "one end": (
        segment('{ field = "a", between = [1] }'),
        "segments.some.where[0].between",
        "a list of 2, found one of 1",
        "",
        12,
    ),
    "field inside a group of a source": (
        segment('{ source = "promo_codes", all = [{ field = "a", equals = 1 }] }'),
        "segments.some.where[0].all[0].field",
        "only a `column`",
        "",
        12,
    ),
}


@pytest.mark.parametrize(("text", "key", "message", "hint", "line"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_named(tmp_path: Path, text: str, key: str, message: str, hint: str, line: int) -> None:
    found = error(tmp_path, text)
    assert found.key == key
    assert message in found.message
    assert hint in (found.hint or "")
    assert found.line == line
    assert found.source == text.splitlines()[line - 1]
    assert str(found).startswith(f"{tmp_path / 'velobind.toml'}: {key}: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[project\n", 1),
        ('a = 1\nb = "x\n', 2),
        ("a = 1\na = 2\n", 2),
        ("[x]\n[x]\n", 2),
        ("a = [1,\n2", 2),
        ("= 1", 1),
    ],
)
def test_text_that_is_not_toml_is_shown_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    found = error(tmp_path, text)
    assert found.line == line
    assert f"line {line}" in found.message
    assert found.source == text.splitlines()[line - 1]


def test_file_that_is_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "velobind.toml"
    file.write_bytes(b"# caf\xe9\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        read(file)


def test_find_looks_upwards(tmp_path: Path) -> None:
    (tmp_path / "velobind.toml").write_text("")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find(tmp_path / "a" / "b") == tmp_path / "velobind.toml"
    assert find(tmp_path / "velobind.toml") == tmp_path / "velobind.toml"


def test_find_without_a_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find(tmp_path)
    assert "velobind init" in str(caught.value)
    with pytest.raises(ConfigError, match="does not exist"):
        find(tmp_path / "none")


def test_everything_that_libpq_knows_may_stand_in_a_connector(tmp_path: Path) -> None:
    file = tmp_path / "velobind.toml"
    file.write_text(CONNECTOR + 'service = "x"\nsslrootcert = "ca.pem"\nkeepalives_idle = 30\n')
    assert read(file).connectors["shop"].libpq == {"service": "x", "sslrootcert": "ca.pem", "keepalives_idle": "30"}


def test_passwords_are_not_in_what_python_shows_of_a_connector(tmp_path: Path) -> None:
    file = tmp_path / "velobind.toml"
    file.write_text(CONNECTOR + 'password = "hunter2"\nsslpassword = "hunter3"\ndsn = "postgresql://u:hunter4@h/d"\n')
    shown = repr(read(file))
    assert "hunter" not in shown
    assert "ConnectorSettings(host='db'" in shown


def test_the_sample_project_reads() -> None:
    from velobind import sample

    config = read(sample.folder() / "velobind.toml")
    assert config.sources["promo_codes"].id == 1043
    assert config.segments["birthday_today"].id == 170531841
    assert config.messages["birthday"].json == "${jsonParam}"
