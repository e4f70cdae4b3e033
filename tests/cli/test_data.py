"""Commands that look at data: connectors, sources, segments, contexts, events."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

DINA = {
    "id": "2",
    "email": "dina.kozak@example.com",
    "name": "Dina Kozak",
    "birthday": "2020-09-02T00:00:00Z",
    "promo_code": "AAAA-BBBB-DDDD",
}
ON_THE_DAY = ("--as-of", "2026-09-02")


def test_a_connector_says_what_it_reached_and_whose_rows_it_has(in_sample: Command) -> None:
    ran = in_sample("connector", "validate")
    assert ran.code == 0
    assert "✓ shop reached PostgreSQL" in ran.out
    assert "promo_codes  public.promo_codes  email = email" in ran.out
    (shop,) = in_sample("connector", "validate", "--json").json
    assert (shop["ok"], shop["database"]) == (True, "velobind")
    assert {source["source"]: source["matched"] for source in shop["sources"]} == {"promo_codes": 6, "orders": 3}


def test_connectors_are_listed_without_connecting(in_sample: Command) -> None:
    assert in_sample("connector", "list", "--json").json == [
        {"name": "shop", "database": "velobind's own PostgreSQL", "contact_key": "email = contact's email"}
    ]


def test_a_database_that_is_away_is_an_error_for_it_alone(command: Command, tmp_path: Path) -> None:
    key = 'contact_key = { column = "email", field = "email" }'
    (tmp_path / "velobind.toml").write_text(
        f'[connectors.away]\nhost = "127.0.0.1"\nport = 1\ndatabase = "x"\nuser = "u"\npassword = "hunter2"\n{key}\n'
    )
    ran = command("connector", "validate", "-C", tmp_path)
    assert ran.code == 1
    assert "away" in ran.err
    assert "hunter2" not in ran.out + ran.err
    shown = command("connector", "validate", "--json", "-C", tmp_path)
    assert (shown.code, shown.json[0]["ok"]) == (1, False)
    assert "hunter2" not in shown.out + command("connector", "list", "-C", tmp_path).out


def test_sources_show_how_templates_name_them(in_sample: Command) -> None:
    ran = in_sample("source", "list")
    assert "$data.get('promo_codes')  $data.get('1043')" in ran.out
    names = {source["name"]: source["id"] for source in in_sample("source", "list", "--json").json}
    assert names == {"promo_codes": 1043, "orders": 1044}


@pytest.mark.parametrize("name", ["promo_codes", "1043"])
def test_a_source_shows_columns_count_and_rows_as_messages_get_them(in_sample: Command, name: str) -> None:
    shown = in_sample("source", "show", name, "--json", "--rows", "2").json
    assert [column["name"] for column in shown["columns"]] == list(DINA)
    assert [column["name"] for column in shown["columns"] if column["key"]] == ["email"]
    assert (shown["count"], len(shown["rows"]), shown["rows"][1]) == (9, 2, DINA)
    assert "the contact key" in in_sample("source", "show", name).out


def test_segments_count_who_is_on_one_side_only(in_sample: Command) -> None:
    counted = in_sample("segment", "count", "birthday_today", *ON_THE_DAY, "--json").json
    assert (counted["contacts"], counted["matched"]) == (8, 1)
    assert (counted["only_in_contacts"], counted["without_key"]) == (1, 1)
    assert counted["only_in_database"] >= 1
    assert "in the segment" in in_sample("segment", "count", "170531841", *ON_THE_DAY).out


def test_the_28th_of_february_stands_for_the_29th(in_sample: Command) -> None:
    def emails(day: str) -> list[str]:
        return [
            each["email"] for each in in_sample("segment", "show", "birthday_today", "--as-of", day, "--json").lines
        ]

    assert emails("2027-02-28") == emails("2028-02-29") == ["maria.leap@example.com"]
    assert emails("2028-02-28") == []


def test_segments_show_contacts_and_say_when_there_are_more(in_sample: Command) -> None:
    ran = in_sample("segment", "show", "everyone", "--limit", "2")
    assert "dina.kozak@example.com" in ran.out
    assert "there are more" in ran.err
    assert len(in_sample("segment", "show", "everyone", "--limit", "2", "--json").lines) == 2
    assert (
        "no contact is in birthday_today" in in_sample("segment", "show", "birthday_today", "--as-of", "2026-01-01").out
    )
    assert "birthday_today" in in_sample("segment", "list").out


def test_the_data_object_of_a_bulk_campaign(in_sample: Command) -> None:
    ran = in_sample("context", "bulk", "--contact", "dina.kozak@example.com", "--source", "promo_codes")
    assert ran.json == {"data": {"promo_codes": [DINA]}}
    read = in_sample("context", "bulk", "--contact", "dina.kozak@example.com", "--message", "promo")
    assert read.json == ran.json
    assert set(in_sample("context", "bulk", "--contact", "5001").json["data"]) == {"promo_codes", "orders"}


def test_a_contact_without_rows_has_an_empty_list(in_sample: Command) -> None:
    ran = in_sample("context", "bulk", "--contact", "no.rows@example.com", "--source", "promo_codes")
    assert (ran.code, ran.json) == (0, {"data": {"promo_codes": []}})


def test_the_data_object_of_a_triggered_campaign(in_sample: Command) -> None:
    wanted = {"data": {"1043": [DINA]}}
    by_contact = in_sample("context", "triggered", "--contact", "5001", "--source", "promo_codes")
    assert by_contact.json == wanted
    assert in_sample("context", "triggered", "--event", "events/birthday.json").json == wanted
    assert in_sample("context", "triggered", "--event", "events/birthday_list.json").json == wanted
    assert in_sample("context", "triggered", "--segment", "birthday_today", *ON_THE_DAY).lines == [wanted]


def test_a_segment_gives_one_object_a_line(in_sample: Command) -> None:
    lines = in_sample("context", "bulk", "--segment", "everyone", "--message", "promo", "--limit", "3").lines
    assert [set(line["data"]) for line in lines] == [{"promo_codes"}] * 3


def test_events_are_fired_in_both_forms_with_keys_that_repeat(in_sample: Command) -> None:
    (event,) = in_sample("event", "fire", "birthday_today", *ON_THE_DAY).lines
    assert event["eventTypeKey"] == "regularEventType-170531841"
    assert event["params"]["EmailAddress"] == "dina.kozak@example.com"
    (listed,) = in_sample("event", "fire", "birthday_today", *ON_THE_DAY, "--form", "list").lines
    assert {each["name"]: each["value"] for each in listed["params"]} == event["params"]
    assert listed["keyValue"] == event["keyValue"]
    nobody = in_sample("event", "fire", "birthday_today", "--as-of", "2026-01-01")
    assert (nobody.code, nobody.out) == (0, "")
    assert "no event was fired" in nobody.err
