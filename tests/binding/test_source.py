"""Data sources: rows by contact key, with one query for many contacts."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from velobind.errors import DatabaseError
from velobind.project import Project

CODES = (
    "create table codes (id int primary key, email varchar(50), code text, at date)",
    "insert into codes values (3, 'a@x.com', 'C', '2026-01-03'), (1, 'A@X.com', 'A', '2026-01-01'),"
    " (2, 'a@x.com', 'B', '2026-01-01'), (4, 'b@x.com', 'D', null), (5, null, 'E', null)",
)
CONFIG = '[sources.codes]\nid = 7\nconnector = "shop"\ntable = "codes"\n'


def test_rows_come_in_the_order_of_the_primary_key(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill(*CODES)
    rows = make_project(CONFIG).source("codes").rows(["a@x.com", "b@x.com", "c@x.com"], ["code"])
    assert rows == {"a@x.com": [{"code": "A"}, {"code": "B"}, {"code": "C"}], "b@x.com": [{"code": "D"}]}


def test_order_by_columns(make_project: Callable[..., Project], fill: Callable[..., None]) -> None:
    fill(*CODES)
    rows = make_project(CONFIG + 'order_by = ["at", "id desc"]\n').source("codes").rows(["a@x.com"], ["id"])
    assert rows == {"a@x.com": [{"id": "2"}, {"id": "1"}, {"id": "3"}]}


def test_order_of_numbers_is_that_of_numbers(make_project: Callable[..., Project], fill: Callable[..., None]) -> None:
    fill(
        "create table codes (id int primary key, email text)",
        "insert into codes select n, 'a' from generate_series(1, 12) n",
    )
    rows = make_project(CONFIG).source("codes").rows(["a"])["a"]
    assert [row["id"] for row in rows] == [str(n) for n in range(1, 13)]


def test_columns_that_the_table_has_not_are_left_out(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill(*CODES)
    assert make_project(CONFIG).source("codes").rows(["b@x.com"], ["code", "Code", "none"]) == {
        "b@x.com": [{"code": "D"}]
    }


def test_a_source_by_name_and_id(make_project: Callable[..., Project], fill: Callable[..., None]) -> None:
    fill(*CODES)
    project = make_project(CONFIG)
    assert {project.source(word).name for word in ("codes", "_codes", 7, "7")} == {"codes"}
    other = make_project(CONFIG.replace("codes]", "_codes]"))
    assert {other.source(word).name for word in ("codes", "_codes", 7)} == {"_codes"}


def test_names_of_any_kind(make_project: Callable[..., Project], fill: Callable[..., None]) -> None:
    fill(
        'create schema "My Shop"',
        'create table "My Shop"."Odd ""Table"" 100%" ("E-Mail %s" text, "select" text, "{}" text, "ціна" numeric)',
        """insert into "My Shop"."Odd ""Table"" 100%" values ('a@x.com', 'x', 'y', 9.90)""",
    )
    project = make_project(
        '[sources.odd]\nid = 1\nconnector = "shop"\ndataset = "My Shop"\ntable = \'Odd "Table" 100%\'\n'
        '[contacts]\nfile = "contacts.csv"\n'
        '[segments.all]\nid = 1\nwhere = [{ source = "odd", column = "{}", equals = "y" }]\n',
        key='column = "E-Mail %s", field = "email"',
        contacts_csv="email\nA@x.com\n",
    )
    row = {"E-Mail %s": "a@x.com", "select": "x", "{}": "y", "ціна": "9.90"}
    assert project.source("odd").rows(["a@x.com"]) == {"a@x.com": [row]}
    assert project.source("odd").sample() == [row]
    assert [contact.email for contact in project.segment_contacts("all")] == ["A@x.com"]


@pytest.mark.parametrize("kind", ["int", "bigint", "numeric", "text", "varchar(9)", "uuid", "whole"])
def test_keys_of_any_type_match_by_their_text(
    kind: str, make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    key = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11" if kind == "uuid" else "42"
    fill(
        "create domain whole as int",
        f"create table codes (id int primary key, customer {kind}, code text)",
        f"insert into codes values (1, '{key}', 'A')",
    )
    project = make_project(
        CONFIG + '[contacts]\nfile = "contacts.csv"\n[segments.all]\nid = 1\nsources = ["codes"]\n',
        key='column = "customer", field = "externalCustomerId"',
        contacts_csv=f"id,externalCustomerId\n1,{key}\n2,042\n3,none\n4,99999999999999999999999\n5,-1\n",
    )
    keys = [key, "042", "none", "99999999999999999999999", "-1"]
    assert list(project.source("codes").rows(keys)) == [key]
    assert [contact.id for contact in project.segment_contacts("all")] == ["1"]


def test_views_work(make_project: Callable[..., Project], fill: Callable[..., None]) -> None:
    fill(*CODES, "create view good as select email, upper(code) as code from codes where at is not null")
    project = make_project('[sources.good]\nid = 7\nconnector = "shop"\ntable = "good"\norder_by = ["code"]\n')
    assert [row["code"] for row in project.source("good").rows(["a@x.com"])["a@x.com"]] == ["A", "B", "C"]


def test_an_index_on_the_key_is_used(
    make_project: Callable[..., Project], fill: Callable[..., None], database: dict[str, str]
) -> None:
    fill(
        "create table codes (id int primary key, email text, code text)",
        "insert into codes select n, 'u' || n || '@x.com', n from generate_series(1, 20000) n",
        "create index on codes (lower(email))",
        "analyze codes",
    )
    source = make_project(CONFIG).source("codes")
    assert source.indexed
    with psycopg.connect(**database) as session:
        plan = session.execute("explain " + source.query(source.columns).as_string(session), [["u5@x.com", "u6@x.com"]])
        assert any("Index" in row[0] for row in plan)


@pytest.mark.parametrize(
    ("change", "key", "message", "hint"),
    [
        (('"codes"\n', '"cods"\n'), "sources.codes", "no table public.cods", "did you mean public.codes?"),
        (
            ('"codes"\n', '"codes"\ndataset = "shop"\n'),
            "sources.codes",
            "no table shop.codes",
            "did you mean public.codes?",
        ),
        (
            ('"codes"\n', '"codes"\norder_by = ["cod"]\n'),
            "sources.codes.order_by",
            "no column `cod`",
            "did you mean `code`?",
        ),
    ],
)
def test_what_is_not_in_the_database_is_named(
    change: tuple[str, str],
    key: str,
    message: str,
    hint: str,
    make_project: Callable[..., Project],
    fill: Callable[..., None],
) -> None:
    fill(*CODES)
    with pytest.raises(DatabaseError, match=message) as caught:
        make_project(CONFIG.replace(*change)).source("codes").rows(["a"])
    assert (caught.value.key, caught.value.hint) == (key, hint)


def test_key_column_that_is_not_there(make_project: Callable[..., Project], fill: Callable[..., None]) -> None:
    fill(*CODES)
    with pytest.raises(DatabaseError) as caught:
        make_project(CONFIG, key='column = "mail", field = "email"').source("codes").count()
        make_project(CONFIG, key='column = "mail", field = "email"').source("codes").rows(["a"])
    assert caught.value.key == "connectors.shop.contact_key.column"
    assert caught.value.hint == "did you mean `email`?"


def test_table_that_went_away_after_it_was_looked_up(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill(*CODES)
    source = make_project(CONFIG).source("codes")
    assert source.count() == 5
    fill("alter table codes drop column code")
    with pytest.raises(DatabaseError) as caught:
        source.rows(["a@x.com"])
    assert "column" in (caught.value.hint or "")
    fill("drop table codes")
    with pytest.raises(DatabaseError, match="does not exist"):
        source.rows(["a@x.com"])


def test_keys_with_quotes_and_braces_match_only_themselves(
    make_project: Callable[..., Project], fill: Callable[..., None], database: dict[str, str]
) -> None:
    odd = ["a", "", "NULL", '"', "\\", '\\"', "{}", "a,b", "a','b", '","', "é☃", " x ", "a\nb", "%s"]
    fill("create table codes (id serial primary key, ref text, code text)")
    with psycopg.connect(**database) as session:
        for key in odd:
            session.execute("insert into codes (ref, code) values (%s, %s)", [key, f"code of {key}"])
    project = make_project(CONFIG, key='column = "ref", field = "externalCustomerId"')
    for key in odd:
        assert project.source("codes").rows([key], ["code"]) == {key: [{"code": f"code of {key}"}]}
    assert set(project.source("codes").rows(odd)) == set(odd)
