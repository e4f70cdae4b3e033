"""Contacts out of files and tables: fields in any letter case, values as text, faults with their line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from velobind.binding.contact_file import ContactFile
from velobind.binding.contacts import Contact
from velobind.binding.seen import Seen
from velobind.errors import ConfigError, DatabaseError, DataError
from velobind.project import Project


def write(folder: Path, name: str, text: str) -> ContactFile:
    (folder / name).write_bytes(text.encode())
    return ContactFile(folder / name)


def fields(contacts: ContactFile) -> list[dict[str, object]]:
    return [dict(contact.fields) for contact in contacts]


def test_csv(tmp_path: Path) -> None:
    text = '\ufeffid,email, firstName \r\n1,a@x.com,"O\'Hara, ""Olia""\nand Sons"\r\n\r\n2,,\r\n'
    assert fields(write(tmp_path, "c.csv", text)) == [
        {"id": "1", "email": "a@x.com", "firstName": 'O\'Hara, "Olia"\nand Sons'},
        {"id": "2", "email": "", "firstName": ""},
    ]


@pytest.mark.parametrize(("name", "sign"), [("c.csv", ";"), ("c.csv", "\t"), ("c.tsv", "\t"), ("c.txt", ",")])
def test_csv_with_other_delimiters(tmp_path: Path, name: str, sign: str) -> None:
    assert fields(write(tmp_path, name, f"id{sign}email\n1{sign}a@x.com\n")) == [{"id": "1", "email": "a@x.com"}]


def test_json_and_json_lines_give_text(tmp_path: Path) -> None:
    row = '{"id": 7, "ratio": 1e-7, "vip": true, "gone": null, "tags": ["a", {"b": 1}], "big": 123456789012345678901}'
    wanted = {
        "id": "7",
        "ratio": "0.0000001",
        "vip": "true",
        "gone": None,
        "tags": ["a", {"b": 1}],
        "big": "123456789012345678901",
    }
    assert fields(write(tmp_path, "c.json", f"[{row}]")) == [wanted]
    assert fields(write(tmp_path, "c.jsonl", f"{row}\n\n{row}\n")) == [wanted, wanted]
    assert fields(write(tmp_path, "c.csv", "")) == fields(write(tmp_path, "c.jsonl", "")) == []


@pytest.mark.parametrize(
    ("name", "text", "message", "line"),
    [
        ("c.csv", "id,email\n1,a\n2\n", "1 values for 2 fields", 3),
        ("c.csv", "id,email,ID\n", "stands twice", 1),
        ("c.csv", "id,,x\n", "has no name", 1),
        ("c.jsonl", '{"id": 1}\n{"id": }\n', "is not JSON", 2),
        ("c.jsonl", '{"id": 1}\n[1]\n', "is not an object", 2),
        ("c.json", '{"id": 1}', "is not a JSON list", None),
        ("c.json", "[1]", "contact 1 is not an object", None),
        ("c.json", "[", "is not JSON", None),
    ],
)
def test_faults_have_their_line(tmp_path: Path, name: str, text: str, message: str, line: int | None) -> None:
    with pytest.raises(DataError, match=message) as caught:
        fields(write(tmp_path, name, text))
    assert (caught.value.template, caught.value.line) == (name, line)


def test_file_that_is_missing_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        list(ContactFile(tmp_path / "none.csv"))
    assert caught.value.key == "contacts.file"
    (tmp_path / "c.csv").write_bytes(b"id,email\n1,caf\xe9\n")
    with pytest.raises(DataError, match="UTF-8"):
        list(ContactFile(tmp_path / "c.csv"))


def test_names_fold_their_case() -> None:
    contact = Contact({"firstName": "Dina", "EMAIL": "d@x.com", "Phone": "+380", "externalCustomerId": "C-1", "n": ""})
    assert [contact.get(name) for name in ("firstName", "FIRSTNAME", "firstname")] == ["Dina"] * 3
    assert (contact.email, contact.sms, contact.external_id, contact.id) == ("d@x.com", "+380", "C-1", None)
    assert contact.get("lastName", "none") == "none"
    assert contact.text("N") is None
    assert contact.label == "d@x.com"


def test_renamed_fields(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("contact_no,mail\n5,a@x.com\n")
    contact = next(iter(ContactFile(tmp_path / "c.csv", {"id": "contact_no", "email": "mail"})))
    assert (contact.id, contact.email) == ("5", "a@x.com")


@pytest.mark.parametrize(
    "key",
    ["5001", "dina.KOZAK@example.com", "C-1", "+380501110001", "firstName=Dina", "EMAIL = DINA.kozak@example.com"],
)
def test_a_contact_is_found_by_what_people_know(sample_project: Project, key: str) -> None:
    assert sample_project.contact(key).get("lastName") == "Kozak"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("dina.kosak@example.com", "did you mean dina.kozak@example.com?"),
        ("9", "give an id"),
        ("town=Kyiv", "contacts have the fields id, email"),
        ("city=Nowhere", ""),
        ("", "give an id"),
    ],
)
def test_a_contact_that_does_not_exist(sample_project: Project, key: str, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        sample_project.contact(key)
    assert "contacts.csv" in caught.value.message
    assert hint in (caught.value.hint or "")


def test_contacts_of_a_table(make_project: Callable[..., Project], fill: Callable[..., None]) -> None:
    fill(
        'create table people (no int primary key, mail text, born date, "First Name" text, tags text[], vip boolean)',
        "insert into people values (2, 'B@x.com', '1990-01-31', 'Bo', '{a,b}', true),"
        " (1, 'a@x.com', null, null, null, null)",
    )
    config = (
        '[contacts]\nconnector = "shop"\ntable = "people"\n'
        'fields = { id = "no", email = "mail", firstName = "First Name" }\n'
    )
    project = make_project(config)
    assert [dict(contact.fields) for contact in project.contacts] == [
        {"id": "1", "email": "a@x.com", "born": None, "firstName": None, "tags": None, "vip": None},
        {
            "id": "2",
            "email": "B@x.com",
            "born": "1990-01-31T00:00:00Z",
            "firstName": "Bo",
            "tags": ["a", "b"],
            "vip": "true",
        },
    ]
    assert project.contact("b@X.com").get("FIRSTNAME") == "Bo"
    assert project.contact("2").email == "B@x.com"
    assert project.contact("vip=true").id == "2"
    with pytest.raises(DataError):
        project.contact("3")


def test_contacts_of_a_table_that_is_not_as_written(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill("create table people (id int)")
    with pytest.raises(DatabaseError) as caught:
        list(make_project('[contacts]\nconnector = "shop"\ntable = "people"\nfields = { email = "mail" }\n').contacts)
    assert (caught.value.key, caught.value.hint) == ("contacts.fields.email", "columns: id")
    with pytest.raises(DatabaseError) as caught:
        list(make_project('[contacts]\nconnector = "shop"\ntable = "person"\n').contacts)
    assert caught.value.hint == "did you mean public.people?"


def test_project_without_contacts(make_project: Callable[..., Project]) -> None:
    with pytest.raises(ConfigError) as caught:
        make_project("").contact("1")
    assert caught.value.key == "contacts"


def test_seen_keys_move_to_a_file_and_stay_known() -> None:
    with Seen(in_memory=10) as seen:
        assert all(seen.add(f"key {n}") for n in range(95))
        assert not any(seen.add(f"key {n}") for n in range(95))
        assert len(seen) == 95
