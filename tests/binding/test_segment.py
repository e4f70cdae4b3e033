"""Segments: who is in, who is left out and counted, whichever way contacts and rows lie."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import astuple

import pytest

from velobind.binding.segment import SegmentCount
from velobind.errors import ConfigError, DatabaseError
from velobind.project import Project

DAY = dt.date(2026, 9, 2)

TABLES = (
    "create table contacts (id int, email text, first_name text, city text, age int, joined timestamptz)",
    "insert into contacts values"
    " (1, 'Dina@example.com', 'Dina', 'Kyiv', 30, '2026-08-30 10:00+00'), "
    "(2, 'lev@example.com', 'Lev', 'Lviv', 17, null),"
    " (3, 'alone@example.com', 'Ada', 'Kyiv', 50, null), (4, null, 'Nil', 'Kyiv', 20, null),"
    " (5, 'DINA@example.com', 'Double', 'Kyiv', 30, null), (6, '', 'Empty', 'Kyiv', 30, null),"
    " (7, 'leap@example.com', 'Leo', null, null, '2026-09-01 22:00+00')",
    "create table codes (id int primary key, email text, birthday date, code text)",
    "insert into codes values (1, 'dina@EXAMPLE.com', '1990-09-02', 'A'), (2, 'dina@example.com', '1990-09-02', 'B'),"
    " (3, 'lev@example.com', '2001-09-03', 'C'), (4, 'leap@example.com', '2000-02-29', null),"
    " (5, 'database.only@example.com', '1999-09-02', 'E'), (6, null, '1999-09-02', 'F'),"
    " (7, 'database.only@example.com', '1999-09-02', 'G')",
    "create table orders (id int primary key, email text, status text, total numeric, at timestamptz)",
    "insert into orders values (1, 'dina@example.com', 'DELIVERED', 100, '2026-09-01 12:00+00'),"
    " (2, 'dina@example.com', 'CANCELED', 900, '2026-06-01 12:00+00'),"
    " (3, 'lev@example.com', 'DELIVERED', 20, '2026-08-31 12:00+00'),"
    " (4, 'lev@example.com', 'DELIVERED', 30, '2026-08-30 12:00+00')",
)

SOURCES = """
[sources.codes]
id = 1
connector = "shop"
table = "codes"
[sources.orders]
id = 2
connector = "shop"
table = "orders"
"""

IN_TABLE = '[contacts]\nconnector = "shop"\ntable = "contacts"\nfields = { firstName = "first_name" }\n'
IN_FILE = '[contacts]\nfile = "contacts.jsonl"\n'
IN_ANOTHER_DATABASE = IN_TABLE.replace('"shop"', '"crm"')

ROWS = """\
{"id": 1, "email": "Dina@example.com", "firstName": "Dina", "city": "Kyiv", "age": 30, "joined": "2026-08-30T10:00:00Z"}
{"id": 2, "email": "lev@example.com", "firstName": "Lev", "city": "Lviv", "age": 17, "joined": null}
{"id": 3, "email": "alone@example.com", "firstName": "Ada", "city": "Kyiv", "age": 50}
{"id": 4, "email": null, "firstName": "Nil", "city": "Kyiv", "age": 20}
{"id": 5, "email": "DINA@example.com", "firstName": "Double", "city": "Kyiv", "age": 30}
{"id": 6, "email": "", "firstName": "Empty", "city": "Kyiv", "age": 30}
{"id": 7, "email": "leap@example.com", "firstName": "Leo", "city": null, "age": null, "joined": "2026-09-02T01:00:00"}
"""

# Conditions and the ids that they select on 2 September 2026.
SEGMENTS: dict[str, tuple[str, list[str]]] = {
    "birthday": ('{ source = "codes", column = "birthday", anniversary_today = true }', ["1"]),
    "no_birthday": ('{ not = { source = "codes", column = "birthday", anniversary_today = true } }', ["2", "7"]),
    "no_code": ('{ source = "codes", column = "code", is_empty = true }', ["7"]),
    "field_and_rows": (
        '{ field = "CITY", equals = "Kyiv" }, { source = "codes", column = "code", in = ["A", "C"] }',
        ["1"],
    ),
    "either": (
        '{ any = [{ field = "age", less = 18 }, { source = "codes", column = "birthday", before = 2000-03-01 }] }',
        ["1", "2", "7"],
    ),
    "neither": (
        '{ not = { any = [{ field = "firstname", starts_with = "D" },'
        ' { source = "orders", column = "total", less = 100 }] } },'
        ' { source = "codes", column = "id", greater = 0 }',
        ["7"],
    ),
    "one_row_meets_both": (
        '{ source = "orders", all = [{ column = "status", equals = "DELIVERED" },'
        ' { column = "total", greater = 50 }] }',
        ["1"],
    ),
    "no_single_row_meets_both": (
        '{ source = "orders", all = [{ column = "status", equals = "CANCELED" }, { column = "total", less = 500 }] }',
        [],
    ),
    "two_rows_meet_one_each": (
        '{ source = "orders", column = "status", equals = "CANCELED" },'
        ' { source = "orders", column = "total", less = 500 }',
        ["1"],
    ),
    "twice": ('{ source = "orders", at_least = 2, column = "status", equals = "DELIVERED" }', ["2"]),
    "once_at_most": (
        '{ source = "orders", at_least = 0, at_most = 1, column = "status", equals = "DELIVERED" }',
        ["1"],
    ),
    "none_asked": (
        '{ source = "orders", at_least = 0 }, { source = "codes", column = "id", greater = 0 }',
        ["1", "2", "7"],
    ),
    "none_there": ('{ source = "orders", at_most = 0 }, { source = "codes", column = "id", greater = 0 }', ["7"]),
    "any_two": ('{ source = "orders", at_least = 2 }', ["1", "2"]),
    "never_canceled": ('{ source = "orders", at_most = 0, column = "status", equals = "CANCELED" }', ["2"]),
    "lately": ('{ source = "orders", column = "at", within_last_days = 1 }', ["1"]),
    "nobody": ('{ any = [] }, { source = "codes", column = "id", greater = 0 }', []),
    "by_address": ('{ source = "codes", column = "email", equals = "DINA@EXAMPLE.COM" }', ["1"]),
    "by_own_address": (
        '{ field = "email", starts_with = "dina@" }, { source = "codes", column = "id", less = 9 }',
        ["1"],
    ),
    "joined": (
        '{ any = [{ field = "joined", after = 2026-09-01 }, { source = "codes", column = "id", equals = 77 }] }',
        ["7"],
    ),
}


def config(contacts: str) -> str:
    tables = "".join(
        f"[segments.{name}]\nid = {number}\ntimezone = 'Europe/Kyiv'\nwhere = [{where}]\n"
        for number, (name, (where, _)) in enumerate(SEGMENTS.items(), 10)
    )
    listed = '[segments.all]\nid = 900\nsources = ["codes"]\n[segments.contacts_only]\nid = 901\n'
    return SOURCES + contacts + tables + listed + 'where = [{ field = "city", equals = "Kyiv" }]\n'


@pytest.fixture(params=["file", "table", "another database"])
def project(request: pytest.FixtureRequest, make_project: Callable[..., Project], fill: Callable[..., None]) -> Project:
    """The same contacts in a file, in the sources' database, and in a table that is reached by another connector."""
    fill(*TABLES)
    contacts = {"file": IN_FILE, "table": IN_TABLE, "another database": IN_ANOTHER_DATABASE}[request.param]
    made: Project = make_project(config(contacts) + CRM if "crm" in contacts else config(contacts), contacts_jsonl=ROWS)
    if "crm" in contacts:
        shop = made.config.connectors["shop"]
        made.config.connectors["crm"] = shop
    return made


CRM = '[connectors.crm]\nhost = "replaced"\ncontact_key = { column = "email", field = "email" }\n'


def ids(project: Project, segment: str, day: dt.date = DAY) -> list[str | None]:
    return [contact.id for contact in project.segment_contacts(segment, day)]


@pytest.mark.parametrize("name", SEGMENTS)
def test_conditions_select(project: Project, name: str) -> None:
    assert sorted(str(i) for i in ids(project, name)) == SEGMENTS[name][1]
    assert project.segment_count(name, DAY).matched == len(SEGMENTS[name][1])


def test_who_is_left_out_is_counted(project: Project) -> None:
    assert project.segment_count("all", DAY) == SegmentCount(
        contacts=7, matched=3, only_in_contacts=1, only_in_database=1, without_key=2, duplicates=1
    )
    assert project.segment_count("contacts_only", DAY) == SegmentCount(
        contacts=7, matched=4, only_in_contacts=0, only_in_database=0, without_key=2, duplicates=1
    )


def test_first_of_two_contacts_with_one_address_stays(project: Project) -> None:
    assert sorted(str(i) for i in ids(project, "all")) == ["1", "2", "7"]
    assert sorted(str(i) for i in ids(project, "contacts_only")) == ["1", "3", "4", "6"]


def test_29_february_fires_on_the_28th_in_other_years(project: Project) -> None:
    assert ids(project, "birthday", dt.date(2026, 2, 28)) == ["7"]
    assert ids(project, "birthday", dt.date(2026, 3, 1)) == []
    assert ids(project, "birthday", dt.date(2028, 2, 28)) == []
    assert ids(project, "birthday", dt.date(2028, 2, 29)) == ["7"]


def test_segment_by_id(project: Project) -> None:
    assert project.segment(10).name == project.segment("10").name == "birthday"


@pytest.mark.parametrize("contacts", [IN_TABLE, IN_FILE], ids=["table", "file"])
def test_random_conditions_agree_on_both_ways(
    contacts: str, make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    """A segment as one query, and batch by batch, against a plain model in Python."""
    fill(*TABLES)
    rng = random.Random(7)
    leaves = [
        ('{ field = "city", equals = "Kyiv" }', {"1", "5"}),
        ('{ field = "age", greater = 18 }', {"1", "5"}),
        ('{ source = "codes", column = "id", less_or_equal = 2 }', {"1", "5"}),
        ('{ source = "codes", column = "code", is_empty = true }', {"7"}),
        ('{ source = "orders", column = "total", less = 50 }', {"2"}),
    ]
    everyone = {"1", "2", "5", "7"}

    def tree(depth: int) -> tuple[str, set[str]]:
        if depth == 0 or rng.random() < 0.3:
            return rng.choice(leaves)
        kind = rng.choice(["all", "any", "not"])
        if kind == "not":
            text, found = tree(depth - 1)
            return f"{{ not = {text} }}", everyone - found
        parts = [tree(depth - 1) for _ in range(rng.randint(1, 3))]
        sets = [found for _, found in parts]
        joined = set.intersection(*sets) if kind == "all" else set.union(*sets)
        return f"{{ {kind} = [{', '.join(text for text, _ in parts)}] }}", joined

    trees = [tree(4) for _ in range(60)]
    tables = "".join(
        f'[segments.s{n}]\nid = {n}\nsources = ["codes", "orders"]\nwhere = [{text}]\n'
        for n, (text, _) in enumerate(trees)
    )
    project = make_project(SOURCES + contacts + tables, contacts_jsonl=ROWS)
    for number, (text, wanted) in enumerate(trees):
        # Contact 5 has contact 1's address: of the two that match, the first stays.
        expected = wanted - {"5"} if "1" in wanted else wanted
        assert {str(i) for i in ids(project, f"s{number}")} == expected, text


def test_two_connectors_with_different_keys(
    make_project: Callable[..., Project], fill: Callable[..., None], database: dict[str, object]
) -> None:
    fill(
        "create table mails (email text, code text)",
        "insert into mails values ('a@x.com', 'M'), ('b@x.com', 'N'), ('z@x.com', 'M')",
        "create table phones (customer bigint, n int)",
        "insert into phones values (1, 5), (3, 6), (99, 5)",
    )
    loyalty = (
        f'[connectors.loyalty]\nhost = "{database["host"]}"\nport = 5432\nuser = "postgres"\n'
        f'database = "{database["dbname"]}"\ncontact_key = {{ column = "customer", field = "externalCustomerId" }}\n'
        '[sources.mails]\nid = 1\nconnector = "shop"\ntable = "mails"\n'
        '[sources.phones]\nid = 2\nconnector = "loyalty"\ntable = "phones"\n'
        '[contacts]\nfile = "contacts.csv"\n'
        '[segments.both]\nid = 1\nwhere = [{ source = "mails", column = "code", equals = "M" },'
        ' { source = "phones", column = "n", equals = 5 }]\n'
        '[segments.one]\nid = 2\nwhere = [{ any = [{ source = "mails", column = "code", equals = "N" },'
        ' { source = "phones", column = "n", equals = 6 }] }]\n'
    )
    rows = "id,email,externalCustomerId\n1,A@x.com,1\n2,b@x.com,none\n3,,3\n4,c@x.com,007\n"
    project = make_project(loyalty, contacts_csv=rows)
    assert ids(project, "both") == ["1"]
    assert sorted(str(i) for i in ids(project, "one")) == ["2", "3"]
    count = project.segment_count("one", DAY)
    assert (count.contacts, count.matched, count.only_in_database) == (4, 2, 2)
    assert project.bulk_context(project.contact("1")).data == {
        "mails": [{"email": "a@x.com", "code": "M"}],
        "phones": [{"customer": "1", "n": "5"}],
    }


def test_missing_field_and_missing_column_are_named(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill(*TABLES)
    segments = (
        '[segments.column]\nid = 1\nwhere = [{ source = "codes", column = "birthdy", anniversary_today = true }]\n'
        '[segments.field]\nid = 2\nwhere = [{ field = "town", equals = "Kyiv" }]\n'
    )
    project = make_project(SOURCES + IN_TABLE + segments)
    with pytest.raises(DatabaseError) as caught:
        ids(project, "column")
    assert (caught.value.key, caught.value.hint) == ("segments.column.where", "did you mean `birthday`?")
    with pytest.raises(ConfigError, match="no field `town`"):
        ids(project, "field")


def test_contacts_without_the_key_field_are_an_error(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill(*TABLES)
    project = make_project(config(IN_FILE), contacts_jsonl='{"id": 1, "mail": "a@example.com"}\n')
    with pytest.raises(ConfigError) as caught:
        ids(project, "all")
    assert caught.value.key == "connectors.shop.contact_key.field"


def test_keys_that_postgresql_cannot_hold_have_no_rows(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    fill(*TABLES)
    rows = '{"id": 1, "email": "a\\u0000b"}\n{"id": 2, "email": "\\u0000"}\n{"id": 3, "email": "lev@example.com"}\n'
    project = make_project(config(IN_FILE), contacts_jsonl=rows)
    assert ids(project, "all") == ["3"]
    assert [bound.data["codes"] for bound in project.bulk_contexts(project.contacts)][:2] == [[], []]


STREAM = """
import datetime, resource, sys
from velobind.project import Project

seen = 0
with Project.load(sys.argv[1]) as project:
    for bound in project.bulk_contexts(project.segment_contacts("all", datetime.date(2026, 9, 2))):
        assert bound.data["codes"][0]["code"] == f"CODE-{bound.values['id']}"
        seen += 1
        if seen == 20_000:
            early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(seen, early, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_table_without_an_index_takes_one_pass_a_batch(
    make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    """One comparison for each pair of contact and row would be a billion, and end at the statement timeout."""
    n = 30_000
    fill(
        "create table codes (id int, email text, birthday date, code text)",
        f"insert into codes select i, 'user' || i || '@example.com', null, 'C' from generate_series(1, {n}) i",
        "create table orders (id int, email text, status text)",
        f"insert into orders select i, 'user' || i % 9000 || '@example.com', 'NEW' from generate_series(1, {n}) i",
        "create table contacts (id int, email text, first_name text)",
        f"insert into contacts select i, 'User' || i || '@example.com', 'N' from generate_series(1, {n}) i",
        "analyze",
    )
    where = '{ any = [{ source = "orders", at_least = 2 }, { source = "codes", column = "id", equals = 29999 }] }'
    for contacts in (IN_TABLE, '[contacts]\nfile = "contacts.csv"\n'):
        project = make_project(
            SOURCES + contacts + f"[segments.some]\nid = 1\nwhere = [{where}]\n",
            contacts_csv="id,email\n" + "".join(f"{i},User{i}@example.com\n" for i in range(1, n + 1)),
        )
        started = time.monotonic()
        assert sum(1 for _ in project.bulk_contexts(project.segment_contacts("some"))) == 9000
        assert time.monotonic() - started < 60


@pytest.mark.parametrize("contacts", ["table", "file"])
def test_memory_stays_flat_over_200_000_contacts(
    contacts: str, make_project: Callable[..., Project], fill: Callable[..., None]
) -> None:
    n = 200_000
    fill(
        "create table codes (id int primary key, email text, birthday date, code text)",
        f"insert into codes select i, 'user' || i || '@example.com', date '1990-01-01' + i % 3000, 'CODE-' || i"
        f" from generate_series(1, {n}) i",
        "create index on codes (lower(email))",
        "create table contacts (id int primary key, email text, first_name text)",
        f"insert into contacts select i, 'User' || i || '@example.com', 'Name' || i from generate_series(1, {n}) i",
        "analyze",
    )
    segment = '[segments.all]\nid = 1\nwhere = [{ source = "codes", column = "id", greater = 0 }]\n'
    sources = SOURCES.partition("[sources.orders]")[0]
    project = make_project(
        sources + (IN_TABLE if contacts == "table" else '[contacts]\nfile = "contacts.csv"\n') + segment
    )
    if contacts == "file":
        with (project.root / "contacts.csv").open("w") as file:
            file.write("id,email,firstName\n")
            file.writelines(f"{i},User{i}@example.com,Name{i}\n" for i in range(1, n + 1))
    done = subprocess.run([sys.executable, "-c", STREAM, str(project.root)], capture_output=True, text=True, check=True)
    seen, early, late = map(int, done.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024
    assert seen == n
    # Ten times the contacts; keys met before take some megabytes until they move to a file.
    assert (late - early) * unit < 24_000_000


def test_counts_are_plain_numbers() -> None:
    assert astuple(SegmentCount(1, 2, 3, 4, 5, 6)) == (1, 2, 3, 4, 5, 6)
