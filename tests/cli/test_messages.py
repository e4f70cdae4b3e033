"""Commands that show messages: preview, render, inspect."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from velobind.cli import page

DINA = ("--contact", "dina.kozak@example.com")


def test_a_preview_shows_subject_html_and_text(in_sample: Command) -> None:
    ran = in_sample("preview", "promo", *DINA)
    assert ran.code == 0
    assert "Subject  Dina, your promo code" in ran.out
    assert "  <li>Dina Kozak: <b>AAAA-BBBB-DDDD</b></li>" in ran.out
    assert "  * Dina Kozak: AAAA-BBBB-DDDD" in ran.out


def test_a_preview_for_programs_is_one_object_a_message(in_sample: Command) -> None:
    lines = in_sample("preview", "promo", "--segment", "everyone", "--limit", "3", "--json").lines
    assert [line["ok"] for line in lines] == [True, True, True]
    assert set(lines[0]) >= {"subject", "html", "text", "from", "to", "contact"}


def test_the_message_decides_between_bulk_and_triggered_and_as_overrides(in_sample: Command) -> None:
    assert "AAAA-BBBB-DDDD" in in_sample("preview", "birthday", *DINA).out
    assert "AAAA-BBBB-DDDD" in in_sample("preview", "birthday", *DINA, "--as", "triggered").out
    # A triggered message's template asks for the id, which a bulk campaign does not know.
    ran = in_sample("preview", "birthday", *DINA, "--as", "bulk")
    assert "AAAA-BBBB-DDDD" not in ran.out


@pytest.mark.parametrize("name", ["birthday.json", "birthday_list.json"])
def test_an_event_of_a_file_is_previewed(in_sample: Command, name: str) -> None:
    assert "Happy birthday, Dina!" in in_sample("preview", "birthday", "--event", f"events/{name}").out


def test_fired_events_can_be_previewed(in_sample: Command, tmp_path: Path) -> None:
    fired = in_sample("event", "fire", "everyone", "--limit", "2")
    (tmp_path / "events.jsonl").write_text(fired.out)
    lines = in_sample("preview", "birthday", "--event", tmp_path / "events.jsonl", "--json").lines
    assert [line["to"] for line in lines] == ["dina.kozak@example.com", "Oles.Bondar@example.com"]


def test_a_data_file_needs_no_contact(in_sample: Command) -> None:
    ran = in_sample("preview", "promo", "--data", "data/promo.json")
    assert (ran.code, "By position: Dina Kozak has AAAA-BBBB-DDDD" in ran.out) == (0, True)


def test_a_contact_without_an_address_is_shown_and_said(in_sample: Command) -> None:
    ran = in_sample("preview", "promo", "--contact", "5007")
    assert (ran.code, "Anon, your promo code" in ran.out) == (0, True)
    assert "no usable e-mail address" in ran.err


def test_messages_are_written_to_files(in_sample: Command, tmp_path: Path) -> None:
    ran = in_sample("preview", "promo", "--segment", "everyone", "--limit", "2", "--out", tmp_path / "previews")
    assert ran.code == 0
    assert "2 messages are in" in ran.err
    written = tmp_path / "previews"
    assert "<b>AAAA-BBBB-DDDD</b>" in (written / "promo-dina.kozak@example.com.html").read_text()
    assert "AAAA-BBBB-DDDD" in (written / "promo-dina.kozak@example.com.txt").read_text()
    assert len(list(written.iterdir())) == 4


def test_open_shows_a_page_whose_frames_can_run_nothing(
    in_sample: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: bool(opened.append(address)))  # type: ignore[func-returns-value]
    assert in_sample("preview", "promo", "--contact", "5006", "--open", "--out", tmp_path).code == 0
    shown = (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert opened == [(tmp_path / "preview.html").as_uri()]
    assert "<iframe sandbox " in shown
    assert "default-src 'none'" in shown
    assert "&lt;b&gt;&lt;VIP&gt; &amp; Co&lt;/b&gt;" in shown
    assert "<VIP>" not in shown


def test_a_contact_that_fails_is_named_and_the_others_are_shown(
    command: Command, sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sample_folder / "templates/promo.html.vm").write_text("Hi $data.get('promo_codes').get(1).get('promo_code')")
    monkeypatch.chdir(sample_folder)
    ran = command("preview", "promo", "--segment", "everyone")
    assert ran.code == 1
    assert "Hi MANY-ROWS-0002" in ran.out
    assert "dina.kozak@example.com: promo.html.vm:1:" in ran.err
    assert "4 of 5 messages failed" in ran.err
    failures = [line for line in command("preview", "promo", "--segment", "everyone", "--json").lines if not line["ok"]]
    assert len(failures) == 4
    assert {(each["template"], each["line"]) for each in failures} == {("promo.html.vm", 1)}


def test_data_cannot_steer_the_terminal(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/m.html.vm").write_text("<p>$x</p>")
    (tmp_path / "velobind.toml").write_text('[messages.m]\nsubject = "$x"\nhtml = "m.html.vm"\n')
    (tmp_path / "data.json").write_text('{"x": "\\u001b]0;owned\\u0007 [bold]text[/bold]"}')
    monkeypatch.chdir(tmp_path)
    ran = command("preview", "m", "--data", "data.json")
    assert "\x1b" not in ran.out + ran.err
    assert "\\x1b]0;owned\\x07 [bold]text[/bold]" in ran.out


def test_render_prints_exactly_the_result(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.vm").write_bytes("Привіт, $name!\r\n$velocityCount$unknown \x1b ".encode())
    (tmp_path / "a.json").write_text('{"name": "Діно"}', encoding="utf-8")
    ran = command("render", tmp_path / "a.vm", "--data", tmp_path / "a.json")
    assert (ran.code, ran.out) == (0, "Привіт, Діно!\r\n$velocityCount$unknown \x1b ")


def test_render_finds_other_templates_beside_it_and_writes_files(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.vm").write_text("a#parse('b.vm')")
    (tmp_path / "b.vm").write_text("b")
    assert command("render", tmp_path / "a.vm", "--out", tmp_path / "out.txt").out == ""
    assert (tmp_path / "out.txt").read_text() == "ab"


def test_render_knows_dialects_and_tools(command: Command, tmp_path: Path) -> None:
    template = tmp_path / "a.vm"
    template.write_text("#foreach($i in [7])$velocityCount#end $mathTool.add(1, 2) $math.add(1, 2)")
    assert command("render", template).out == "$velocityCount $mathTool.add(1, 2) 3"
    assert command("render", template, "--dialect", "platform").out == "1 3 3"
    assert command("render", template, "--no-tools").out == "$velocityCount $mathTool.add(1, 2) $math.add(1, 2)"
    (tmp_path / "velobind.toml").write_text("[project]\n")
    assert command("render", template).out == "1 3 3"
    assert command("render", template, "--dialect", "velocity").out == "$velocityCount $mathTool.add(1, 2) 3"


def test_render_escapes_on_request(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.vm").write_text("$x")
    (tmp_path / "a.json").write_text('{"x": "<b>"}')
    assert command("render", tmp_path / "a.vm", "--data", tmp_path / "a.json", "--autoescape").out == "&lt;b&gt;"


def test_render_reads_standard_input(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.vm").write_text("$x")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"x": "y"}')))
    assert command("render", tmp_path / "a.vm", "--data", "-").out == "y"


def test_inspect_says_where_names_come_from(in_sample: Command) -> None:
    shown = in_sample("inspect", "promo", *DINA, "--json").json
    layers = {each["name"]: each["layer"] for each in shown["names"]}
    assert layers == {"data": "external sources", "firstName": "contact fields", "pc": "the template itself"}
    assert shown["data"] == [{"key": "promo_codes", "rows": 1, "columns": "name, promo_code", "near": None}]
    assert "contact fields" in in_sample("inspect", "promo", *DINA).out


def test_inspect_says_what_hides_what(in_sample: Command, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    params = (
        '{"ContactId": "5001", "firstName": "Event", "promo_codes": "gone", "date": "x", "jsonParam": {"1043": []}}'
    )
    event.write_text(f'{{"eventTypeKey": "t", "keyValue": "k", "params": {params}}}')
    shown = in_sample("inspect", "birthday", "--event", event, "--all", "--json").json
    names = {each["name"]: each for each in shown["names"]}
    assert names["firstName"]["hides"] == [{"layer": "contact fields", "value": "Dina"}]
    assert names["promo_codes"]["layer"] == "external sources"
    assert names["promo_codes"]["hides"] == [{"layer": "event parameters", "value": "gone"}]
    assert names["date"]["hides"] == [{"layer": "tool", "value": None}]
    assert len(shown["notes"]) == 1


def test_inspect_names_what_nothing_gives(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/m.html.vm").write_text("$fristName $data.get('promo').size()")
    (tmp_path / "velobind.toml").write_text('[messages.m]\nhtml = "m.html.vm"\n')
    (tmp_path / "data.json").write_text('{"firstName": "Dina", "data": {"promos": []}}')
    monkeypatch.chdir(tmp_path)
    ran = command("inspect", "m", "--data", "data.json")
    assert "nothing: no layer has it; did you mean $firstName?" in ran.out
    assert "not there; did you mean $data.get('promos')?" in ran.out


def test_inspect_knows_the_other_key_of_a_source(in_sample: Command) -> None:
    ran = in_sample("inspect", "birthday", *DINA, "--as", "bulk")
    assert "$data.get('1043')" in ran.out
    assert "not there; did you mean $data.get('promo_codes'), as the message is bulk?" in ran.out


@pytest.mark.parametrize(
    ("text", "name"),
    [("promo-dina@example.com", "promo-dina@example.com"), ("../../etc/passwd", "etc_passwd"), ("..", "message")],
)
def test_file_names_stay_in_their_folder(text: str, name: str) -> None:
    assert page.file_name(text) == name
