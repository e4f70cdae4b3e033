"""What templates see: layers, spellings, reads, and the two shapes of `data`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from velobind.binding.context import layers, resolutions, resolve
from velobind.binding.events import Event, read_event
from velobind.errors import DataError
from velobind.project import Project

DINA_ROW = {
    "id": "2",
    "email": "dina.kozak@example.com",
    "name": "Dina Kozak",
    "birthday": "2020-09-02T00:00:00Z",
    "promo_code": "AAAA-BBBB-DDDD",
}


@dataclass(frozen=True)
class Rows:
    columns: frozenset[str] = frozenset()
    whole: bool = False


@dataclass(frozen=True)
class Reads:
    names: frozenset[str] = frozenset()
    sources: dict[str, Rows] = field(default_factory=dict)
    every_source: bool = False


def event(params: Any = None, **more: Any) -> Event:
    given = {"ContactId": "5001", "jsonParam": '{"1043": []}'} if params is None else params
    return Event("regularEventType-1", "key", {**given, **more})


def test_bulk_data_is_exact(sample_project: Project) -> None:
    bound = sample_project.bulk_context(sample_project.contact("5001"), sources=["promo_codes"])
    assert {"data": bound.data} == {"data": {"promo_codes": [DINA_ROW]}}
    assert list(bound.data["promo_codes"][0]) == list(DINA_ROW)


def test_triggered_data_is_exact(sample_project: Project) -> None:
    (fired,) = sample_project.fire("birthday_today", dt.date(2026, 9, 2))
    bound = sample_project.triggered_context(fired, "birthday")
    assert {"data": bound.data} == {"data": {"1043": [DINA_ROW]}}


def test_no_row_is_an_empty_list(sample_project: Project) -> None:
    for key in ("no.rows@example.com", "5007"):
        assert sample_project.bulk_context(sample_project.contact(key)).data == {"promo_codes": [], "orders": []}


def test_many_rows_and_letter_case(sample_project: Project) -> None:
    many = sample_project.bulk_context(sample_project.contact("5005")).data
    assert [row["promo_code"][-1] for row in many["promo_codes"]] == ["1", "2", "3"]
    oles = sample_project.bulk_context(sample_project.contact("5002")).data
    assert len(oles["promo_codes"]) == len(oles["orders"]) == 1


def test_many_contexts_are_those_of_one_each_in_order(sample_project: Project) -> None:
    contacts = list(sample_project.contacts)
    together = list(sample_project.bulk_contexts(contacts))
    assert [bound.contact for bound in together] == contacts
    assert [bound.data for bound in together] == [sample_project.bulk_context(contact).data for contact in contacts]


def test_reads_decide_sources_and_columns(sample_project: Project) -> None:
    dina = sample_project.contact("5001")
    some = Reads(sources={"promo_codes": Rows(frozenset({"name", "none"}))})
    assert sample_project.bulk_context(dina, some).data == {"promo_codes": [{"name": "Dina Kozak"}]}
    assert sample_project.bulk_context(dina, Reads()).data == {}
    assert set(sample_project.bulk_context(dina, Reads(every_source=True)).data) == {"promo_codes", "orders"}
    assert sample_project.bulk_context(dina, Reads(frozenset({"promo_codes"}))).data == {"promo_codes": [DINA_ROW]}
    assert sample_project.bulk_context(dina, Reads(every_source=True), sources=["orders"]).data.keys() == {"orders"}


def test_a_source_with_or_without_its_underscore(sample_project: Project) -> None:
    reads = Reads(sources={"_promo_codes": Rows(frozenset({"name"}))})
    data = sample_project.bulk_context(sample_project.contact("5001"), reads).data
    assert data == {"promo_codes": [{"name": "Dina Kozak"}], "_promo_codes": [{"name": "Dina Kozak"}]}


def test_bulk_does_not_answer_to_ids(sample_project: Project) -> None:
    """A template for events, in a bulk campaign, gets nothing, as on the platform."""
    reads = Reads(sources={"1043": Rows(whole=True)})
    assert sample_project.bulk_context(sample_project.contact("5001"), reads).data == {}


def test_one_query_a_source_for_a_batch(
    make_project: Callable[..., Project], fill: Callable[..., None], database: dict[str, Any]
) -> None:
    fill(
        "create table codes (email text, code text)",
        "insert into codes select 'u' || n || '@x.com', n from generate_series(1, 2500) n",
    )
    project = make_project(
        '[sources.codes]\nid = 1\nconnector = "shop"\ntable = "codes"\n[contacts]\nfile = "contacts.csv"\n',
        contacts_csv="email\n" + "".join(f"u{n}@x.com\n" for n in range(1, 2501)),
    )
    source = project.source("codes")
    asked: list[int] = []
    original = type(source).rows

    def counted(self: Any, keys: Any, *arguments: Any) -> Any:
        asked.append(len(keys))
        return original(self, keys, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(source), "rows", counted)
        bounds = list(project.bulk_contexts(project.contacts))
    assert asked == [100, 400, 1600, 400]
    assert all(
        bound.data["codes"] == [{"email": bound.values["email"], "code": str(n)}] for n, bound in enumerate(bounds, 1)
    )


def test_a_campaign_sees_one_state_of_the_database(
    make_project: Callable[..., Project], fill: Callable[..., None], database: dict[str, Any]
) -> None:
    fill(
        "create table codes (email text, code text)",
        "insert into codes select 'u' || n || '@x.com', 'before' from generate_series(1, 3000) n",
    )
    project = make_project(
        '[sources.codes]\nid = 1\nconnector = "shop"\ntable = "codes"\n[contacts]\nfile = "contacts.csv"\n',
        contacts_csv="email\n" + "".join(f"u{n}@x.com\n" for n in range(1, 3001)),
    )
    codes = set()
    for n, bound in enumerate(project.bulk_contexts(project.contacts)):
        if n == 0:
            with psycopg.connect(**database) as other:
                other.execute("update codes set code = 'after'")
        codes.add(bound.data["codes"][0]["code"])
    assert codes == {"before"}


def test_contact_fields_answer_in_the_letter_case_that_is_read(sample_project: Project) -> None:
    dina = sample_project.contact("5001")
    values = sample_project.bulk_context(dina, Reads(names=frozenset({"FIRSTNAME", "firstname", "Data"}))).values
    assert values["FIRSTNAME"] == values["firstname"] == values["firstName"] == "Dina"
    assert "Data" not in values
    unknown = sample_project.bulk_context(dina).values
    assert unknown["FIRSTNAME"] == unknown["firstname"] == unknown["FirstName"] == "Dina"
    assert unknown["contact"] == dict(dina.fields)


def test_later_layers_win_and_inspect_says_what_they_hide(sample_project: Project) -> None:
    given = event(
        firstName="from event", FIRSTNAME="other case", promo_codes="a parameter", data="a parameter", orderId="7"
    )
    bound = sample_project.triggered_context(given, "birthday")
    assert bound.values["firstName"] == "from event"
    assert bound.values["lastName"] == "Kozak"
    assert bound.values["data"] == {"1043": []}
    assert bound.values["promo_codes"] == []
    assert [layer.name for layer in layers(bound)] == ["contact fields", "event parameters", "external sources"]
    found = resolve(bound, "firstName")
    assert (found.layer, found.value, found.hides) == ("event parameters", "from event", (("contact fields", "Dina"),))
    found = resolve(bound, "promo_codes")
    assert (found.layer, found.value, found.hides) == ("external sources", [], (("event parameters", "a parameter"),))
    found = resolve(bound, "LASTNAME")
    assert (found.layer, found.value, found.hides) == ("contact fields", "Kozak", ())
    assert resolve(bound, "orderid").layer is None
    assert resolve(bound, "orderId").layer == "event parameters"
    assert [found.name for found in resolutions(bound, ["orderId", "data"])] == ["data", "orderId"]
    for found in resolutions(bound):
        assert bound.values[found.name] == found.value


@pytest.mark.parametrize(
    ("value", "data", "note"),
    [
        ('{"1043": [{"name": "D"}]}', {"1043": [{"name": "D"}]}, None),
        ('"{\\"1043\\": []}"', {"1043": []}, "twice"),
        ({"1043": [{"name": "D"}]}, {"1043": [{"name": "D"}]}, "object already"),
    ],
)
def test_json_param_in_every_form(sample_project: Project, value: object, data: object, note: str | None) -> None:
    bound = sample_project.triggered_context(event(jsonParam=value), "birthday")
    assert bound.data == data
    assert any(note in found for found in bound.notes) if note else bound.notes == ()


@pytest.mark.parametrize(
    ("params", "message", "hint"),
    [
        ({"jsonParam": "not json"}, "does not give JSON", "'not json'"),
        ({"jsonParam": ""}, "does not give JSON", "''"),
        ({"jsonParam": "{'1043': []}"}, "does not give JSON", ""),
        ({"jsonParam": '{"1043": '}, "does not give JSON", ""),
        ({"jsonParam": "[1]"}, "gives a list, not an object", ""),
        ({"jsonParam": "7"}, "gives 7, not an object", ""),
        ({"jsonParam": '"\\"text\\""'}, "does not give JSON", ""),
        ({"other": "x"}, "does not give JSON", "the event's parameters are other"),
        ({"jsonParam": '{"a": "\ud800"}'}, "does not give JSON", ""),
    ],
)
def test_json_param_that_is_none(sample_project: Project, params: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        sample_project.triggered_context(event(params), "birthday")
    assert message in caught.value.message
    assert caught.value.key == "messages.birthday.json"
    assert hint in (caught.value.hint or "")


def test_json_around_a_parameter(make_project: Callable[..., Project]) -> None:
    """`json` is Velocity: it may build the object from several parameters, nested ones among them."""
    config = '[messages.m]\ntext = \'m.txt.vm\'\njson = \'{"1043": $rows, "7": [{"n": "$!n"}]}\'\n'
    project = make_project(config)
    bound = project.triggered_context(event({"rows": [{"name": "Ü"}], "n": 5}), "m")
    assert bound.data == {"1043": [{"name": "Ü"}], "7": [{"n": "5"}]}


def test_message_without_json_has_empty_data(sample_project: Project) -> None:
    bound = sample_project.triggered_context(event(), "promo")
    assert bound.data == {}
    assert "no `json`" in bound.notes[0]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"ContactId": "5001"}, "5001"),
        ({"contactid": 5001}, "5001"),
        ({"EMAILADDRESS": "Dina.Kozak@EXAMPLE.com"}, "5001"),
        ({"userEmail": "dina.kozak@example.com"}, "5001"),
        ({"phone": "+380501110001"}, "5001"),
        ({"externalCustomerId": "C-1"}, "5001"),
        ({"ContactKey": "dina.kozak@example.com"}, "5001"),
        ({"ContactId": "", "Email": "many.rows@example.com"}, "5005"),
        ({"ContactId": "77", "EmailAddress": "dina.kozak@example.com"}, "5001"),
    ],
)
def test_contact_of_an_event(sample_project: Project, params: dict[str, Any], found: str) -> None:
    bound = sample_project.triggered_context(event({**params, "jsonParam": "{}"}), "birthday")
    assert bound.contact is not None
    assert (bound.contact.id, bound.notes) == (found, ())


def test_event_of_a_contact_that_is_not_there(sample_project: Project) -> None:
    params = {"ContactId": "77", "EmailAddress": "new@example.com", "jsonParam": "{}"}
    bound = sample_project.triggered_context(event(params), "birthday")
    assert bound.contact is not None
    assert (bound.contact.id, bound.contact.email) == ("77", "new@example.com")
    assert bound.notes == ("no contact has id '77'",)
    bound = sample_project.triggered_context(event({"jsonParam": "{}"}), "birthday")
    assert bound.contact is None
    assert "names no contact" in bound.notes[0]


def test_fired_events(sample_project: Project) -> None:
    day = dt.date(2026, 9, 2)
    (fired,) = sample_project.fire("birthday_today", day)
    assert fired.event_type_key == "regularEventType-170531841"
    assert fired.params["ContactId"] == "5001"
    assert fired.params["EmailAddress"] == "dina.kozak@example.com"
    assert read_event(fired.as_object()) == read_event(fired.as_list()) == fired
    (again,) = sample_project.fire(170531841, day)
    assert again.key_value == fired.key_value
    (other_year,) = sample_project.fire("birthday_today", dt.date(2027, 9, 2))
    assert other_year.key_value != fired.key_value
    keys = [each.key_value for each in sample_project.fire("everyone", day)]
    assert len(set(keys)) == len(keys) == 6


def test_event_for_one_contact_is_the_fired_one(sample_project: Project) -> None:
    day = dt.date(2026, 9, 2)
    (fired,) = sample_project.fire("birthday_today", day)
    contact = sample_project.contact("5001")
    assert sample_project.event_for(contact, segment="birthday_today", as_of=day) == fired
    leap = sample_project.event_for(sample_project.contact("5003"), segment="birthday_today", as_of=day)
    assert "LEAP-YEAR-0229" in leap.params["jsonParam"]


def test_the_sample_events_are_what_firing_gives(sample_project: Project) -> None:
    (fired,) = sample_project.fire("birthday_today", dt.date(2026, 9, 2))
    for name in ("birthday.json", "birthday_list.json"):
        assert read_event((sample_project.root / "events" / name).read_bytes()) == fired


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{", "is not JSON"),
        (b"\xff", "is not JSON"),
        ("[]", "is not an object"),
        ("{}", "has no params"),
        ({"params": 5}, "neither an object nor a list"),
        ({"params": "text"}, "neither an object nor a list"),
        ({"params": [{"name": "a"}]}, r"params\[0\] is not a name and a value"),
        ({"params": [{"name": "a", "value": 1}, 5]}, r"params\[1\]"),
        ({"eventTypeKey": 5, "params": {}}, "are texts"),
    ],
)
def test_what_is_not_an_event(data: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_event(data)


def test_list_form_has_text_values() -> None:
    found = event({"n": 5, "o": {"a": [1]}, "t": "x", "none": None}).as_list()
    assert found["params"] == [
        {"name": "n", "value": "5"},
        {"name": "o", "value": '{"a":[1]}'},
        {"name": "t", "value": "x"},
        {"name": "none", "value": ""},
    ]


def test_very_long_keys_are_cut_to_what_the_platform_takes() -> None:
    from velobind.binding.contacts import Contact
    from velobind.binding.events import regular_event

    long = regular_event(1, Contact({"email": "x" * 400}), {}, dt.date(2026, 9, 2))
    assert len(long.key_value) <= 300
    assert long.key_value != regular_event(1, Contact({"email": "y" * 400}), {}, dt.date(2026, 9, 2)).key_value
