"""Bad input: one clear message with a place, and what to do about it. Never a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Ran

KEY = 'contact_key = { column = "email", field = "email" }\n'
MESSAGE = '[messages.m]\nsubject = "Hi"\nhtml = "m.html.vm"\n'
Shop = Callable[..., Path]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Make a project of a velobind.toml and a template, and go there."""

    def make(config: str, template: str = "Hi $!firstName", data: bytes | str = "{}") -> Path:
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates/m.html.vm").write_text(template, encoding="utf-8")
        (tmp_path / "velobind.toml").write_text(config, encoding="utf-8")
        (tmp_path / "data.json").write_bytes(data if isinstance(data, bytes) else data.encode())
        (tmp_path / "contacts.csv").write_text("id,email,firstName\n1,dina@example.com,Dina\n")
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


def said(ran: Ran, *parts: str, code: int = 1) -> None:
    """The command failed, and said all of this on stderr and nothing on stdout."""
    assert (ran.code, ran.out) == (code, ""), ran
    for part in parts:
        assert part in ran.err, ran.err


def test_no_config(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said(command("source", "list"), "no velobind.toml", "velobind init")
    said(command("source", "list", "-C", tmp_path / "nowhere"), "nowhere does not exist")


def test_broken_toml(command: Command, shop: Shop) -> None:
    shop('[messages.m\nhtml = "m.html.vm"\n')
    said(command("source", "list"), "velobind.toml: line 1", "1 | [messages.m")


def test_unknown_key_of_the_config(command: Command, shop: Shop) -> None:
    shop('[messages.m]\nsubjct = "Hi"\nhtml = "m.html.vm"\n')
    said(command("source", "list"), "messages.m", "subjct", "subject")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("source", "show", "promo_code"), "promo_codes"),
        (("segment", "count", "birthday_todai"), "birthday_today"),
        (("preview", "promos", "--contact", "5001"), "promo"),
        (("connector", "validate", "shoop"), "shop"),
        (("context", "bulk", "--contact", "5001", "--source", "promo_code"), "promo_codes"),
        (("event", "fire", "birthday_todai"), "birthday_today"),
    ],
)
def test_an_unknown_name_gets_the_near_one(in_sample: Command, arguments: tuple[str, ...], wanted: str) -> None:
    said(in_sample(*arguments), arguments[-1] if arguments[0] != "preview" else "promos", f"`{wanted}`")


def test_a_contact_that_does_not_exist(in_sample: Command) -> None:
    said(in_sample("preview", "promo", "--contact", "dina.kozak@example.co"), "did you mean dina.kozak@example.com")
    said(in_sample("preview", "promo", "--contact", "nickname=Dina"), "no contact has nickname", "firstName")


def test_a_database_that_is_unreachable_without_its_password(command: Command, shop: Shop) -> None:
    shop(
        f'[connectors.shop]\nhost = "127.0.0.1"\nport = 1\ndatabase = "x"\nuser = "u"\npassword = "hunter2"\n{KEY}'
        '[sources.rows]\nid = 1\nconnector = "shop"\ntable = "t"\n[contacts]\nfile = "contacts.csv"\n' + MESSAGE,
        "$data.get('rows').size()",
    )
    for arguments in (("source", "show", "rows"), ("preview", "m", "--contact", "1")):
        ran = command(*arguments)
        said(ran, "shop")
        assert "hunter2" not in ran.err


def test_a_password_of_a_variable_that_is_not_set(command: Command, shop: Shop) -> None:
    shop(
        f'[connectors.shop]\nhost = "127.0.0.1"\nuser = "u"\npassword = {{ env = "NOT_SET_HERE" }}\n{KEY}'
        '[sources.rows]\nid = 1\nconnector = "shop"\ntable = "t"\n'
    )
    said(command("source", "show", "rows"), "NOT_SET_HERE is not set", "connectors.shop.password")


def test_an_unclosed_if_is_named_where_it_was_opened(command: Command, shop: Shop) -> None:
    shop(MESSAGE, "<p>\n  #if($a)\n</p>")
    said(command("preview", "m", "--data", "data.json"), "m.html.vm:2:3", "never closed", "2 |   #if($a)", "^")
    said(command("render", "templates/m.html.vm"), "m.html.vm:2:3")


def test_a_template_that_is_not_there(command: Command, shop: Shop) -> None:
    shop(MESSAGE.replace("m.html.vm", "n.html.vm"))
    said(command("preview", "m", "--data", "data.json"), "n.html.vm", "did you mean 'm.html.vm'")


def test_a_template_that_fails_alone(command: Command, shop: Shop) -> None:
    shop(MESSAGE, "<p>\n$firstName.substring(99)</p>", '{"firstName": "Dina"}')
    said(command("preview", "m", "--data", "data.json"), "m.html.vm:2:", "$firstName.substring(99)")


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        ("[1]", ("data.json: holds a list, not an object",)),
        ('"text"', ("holds a text, not an object",)),
        ("null", ("holds null, not an object",)),
        ("", ("data.json: is empty",)),
        ('{"a": 1,}', ("line 1, column 9 is not JSON", '1 | {"a": 1,}')),
        ('{"a":\n nope}', ("line 2, column 2 is not JSON", "2 |  nope}")),
        ('{"a": NaN}', ("NaN is not JSON",)),
        (b'{"a":\n "\xff"}', ("line 2 holds a byte that is not UTF-8 (0xff)",)),
        ("[" * 100_000, ("nested too deeply",)),
        ('{"data": [1]}', ('"data" that is not an object',)),
        ('{"eventTypeKey": "x", "params": {}}', ("is an event, not data", "--event")),
    ],
)
def test_a_data_file_that_is_no_object(command: Command, shop: Shop, data: str | bytes, parts: tuple[str, ...]) -> None:
    shop(MESSAGE, data=data)
    said(command("preview", "m", "--data", "data.json"), *parts)


@pytest.mark.parametrize(
    ("event", "part"),
    [
        ('{"eventTypeKey": "x", "params": {"jsonParam": "not JSON"}}', "does not give JSON"),
        ('{"eventTypeKey": "x", "params": {"jsonParam": "[1]"}}', "gives a list, not an object"),
        ('{"eventTypeKey": "x", "params": {}}', "came out as"),
        ('{"eventTypeKey": "x"}', "has no params"),
        ('{"eventTypeKey": "x", "params": 7}', "neither an object nor a list"),
        ('{"eventTypeKey": "x", "params": [{"name": "a"}]}', "params[0]"),
        ("7", "is not an object"),
        ("{", "is not JSON"),
    ],
)
def test_an_event_that_can_not_be_read(in_sample: Command, tmp_path: Path, event: str, part: str) -> None:
    (tmp_path / "event.json").write_text(event)
    said(in_sample("preview", "birthday", "--event", tmp_path / "event.json"), part)


@pytest.mark.parametrize("option", ["--data", "--event"])
def test_files_that_are_none(in_sample: Command, tmp_path: Path, option: str) -> None:
    said(in_sample("preview", "birthday", option, tmp_path / "nothing.json"), "nothing.json", "no such file")
    said(in_sample("preview", "birthday", option, tmp_path), "is a directory", "a file is wanted here")


def test_a_template_given_as_a_folder_or_in_another_encoding(command: Command, tmp_path: Path) -> None:
    said(command("render", tmp_path), "is a directory")
    (tmp_path / "a.vm").write_bytes("Привіт".encode("cp1251"))
    said(command("render", tmp_path / "a.vm"), "a.vm", "not UTF-8")


def test_a_file_that_may_not_be_read(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    # Not by the file's mode: the tests may run as root, whom no mode stops.
    monkeypatch.setattr(Path, "read_bytes", refuse)
    said(command("render", tmp_path / "a.vm"), "a.vm: cannot be read: permission denied", "may this user read it?")


def test_an_output_that_can_not_be_written(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.vm").write_text("a")
    said(command("render", tmp_path / "a.vm", "--out", tmp_path), "is a directory")
    said(command("render", tmp_path / "a.vm", "--out", tmp_path / "no/where"), "no such file")
    said(command("render", tmp_path / "a.vm", "--out", tmp_path / "a.vm/x"), "not a directory")


def test_names_with_invalid_utf8_are_shown_not_crashed_on(command: Command) -> None:
    said(command("render", os.fsdecode(b"/nowhere/\xff.vm")), "/nowhere/\\udcff.vm", "no such file")


def test_init_overwrites_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "velobind.toml").write_text("mine")
    said(command("init", tmp_path), "is there already")
    assert (tmp_path / "velobind.toml").read_text() == "mine"
    (tmp_path / "file").write_text("")
    said(command("init", tmp_path / "file"), "file")


@pytest.mark.parametrize(
    "arguments",
    [
        ("preview",),
        ("preview", "promo"),
        ("preview", "promo", "--contact", "1", "--data", "x"),
        ("preview", "promo", "--event", "x", "--as", "bulk"),
        ("preview", "promo", "--contact", "1", "--as", "other"),
        ("preview", "promo", "--segment", "x", "--limit", "0"),
        ("context", "bulk"),
        ("event", "fire", "x", "--as-of", "2026-02-30"),
        ("nothing",),
        ("render", "x", "--dialect", "php"),
        ("--unknown",),
    ],
)
def test_a_wrong_command_line_ends_with_2(in_sample: Command, arguments: tuple[str, ...]) -> None:
    ran = in_sample(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage" in ran.err
