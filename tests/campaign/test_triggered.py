"""A triggered message: rows by the id of their source, out of an event in either public form."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from velobind.campaign import triggered_each
from velobind.errors import DataError
from velobind.project import Project

DAY = date(2026, 9, 2)


@pytest.mark.parametrize("name", ["birthday.json", "birthday_list.json"])
def test_both_forms_of_an_event_give_the_same_message(sample_project: Project, name: str) -> None:
    event = (sample_project.root / "events" / name).read_text(encoding="utf-8")
    made = sample_project.triggered("birthday", event)
    assert (made.subject, made.to) == ("Happy birthday, Dina!", "dina.kozak@example.com")
    assert "<li>Dina Kozak: <b>AAAA-BBBB-DDDD</b></li>" in (made.html or "")
    assert "contact 5001" in (made.html or "")


def test_what_a_segment_fires_can_be_sent(sample_project: Project) -> None:
    campaign = triggered_each(sample_project, "birthday", sample_project.fire("birthday_today", DAY))
    assert [message.to for message in campaign] == ["dina.kozak@example.com"]


def _event(json_param: object) -> dict[str, object]:
    params = {"ContactId": "5001", "EmailAddress": "dina.kozak@example.com", "jsonParam": json_param}
    return {"eventTypeKey": "regularEventType-170531841", "keyValue": "k", "params": params}


@pytest.mark.parametrize("json_param", ["not JSON", "{", "[1]", "7"])
def test_a_json_param_that_is_no_object_is_said(sample_project: Project, json_param: str) -> None:
    with pytest.raises(DataError) as caught:
        sample_project.triggered("birthday", _event(json_param))
    assert caught.value.key == "messages.birthday.json"


def test_data_encoded_twice_or_not_at_all_are_understood_and_said(sample_project: Project) -> None:
    rows = {"1043": [{"name": "Dina", "promo_code": "X"}]}
    for json_param in (json.dumps(json.dumps(rows)), rows):
        made = sample_project.triggered("birthday", _event(json_param))
        assert "By position: Dina has X" in (made.html or "")
        assert len(made.notes) == 1


def test_of_many_events_one_bad_one_is_recorded(sample_project: Project, tmp_path: Path) -> None:
    good = _event('{"1043": []}')
    campaign = triggered_each(sample_project, "birthday", [good, "not an event", _event("not JSON"), good])
    assert [record.ok for record in campaign.records()] == [True, False, False, True]
    assert [failure.label for failure in campaign.failures] == ["no contact", "k"]
