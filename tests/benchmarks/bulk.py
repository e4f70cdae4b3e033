"""How fast contexts of a bulk campaign come, beside psycopg alone fetching the same rows.

    python -m tests.benchmarks.bulk [CONTACTS]

psycopg gets contacts and rows by one joined query through a server-side cursor, as tuples of Python values. velobind
reads the contacts of a segment, from a table or from a file, and makes each one's context. Both times and processor
times of the client are given: on a busy machine only the latter compare.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg

from velobind.binding.contact_file import ContactFile
from velobind.binding.embedded import EmbeddedServer
from velobind.project import Project

CONFIG = """
[connectors.shop]
embedded = true
setup = ["setup.sql"]
contact_key = { column = "email", field = "email" }
[sources.codes]
id = 1
connector = "shop"
table = "codes"
[contacts]
connector = "shop"
table = "contacts"
fields = { firstName = "first_name" }
[segments.all]
id = 1
where = [{ source = "codes", column = "birthday", after = 1980-01-01 }]
[messages.promo]
html = "promo.html.vm"
"""

SETUP = """
create table codes (id int primary key, email text, name text, birthday date, promo_code text);
insert into codes select i, 'user' || i || '@example.com', 'Name ' || i, date '1990-01-01' + i % 3000, 'CODE-' || i
from generate_series(1, {n}) i;
create index on codes (lower(email));
create table contacts (id int primary key, email text, first_name text, city text);
insert into contacts select i, 'User' || i || '@example.com', 'Name' || i, 'Kyiv' from generate_series(1, {n}) i;
create unique index on contacts (lower(email));
"""

TEMPLATE = "$!firstName #foreach($pc in $data.get('codes'))$pc.get('id') $pc.get('name') $pc.get('promo_code')#end"

FETCH = """
select c.id, c.email, c.first_name, c.city, s.id, s.name, s.promo_code
from contacts c join codes s on lower(s.email) = lower(c.email) where s.birthday > '1980-01-01' order by c.id
"""


def main(contacts: int = 200_000) -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory(prefix="velobind-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "templates").mkdir()
        (folder / "templates" / "promo.html.vm").write_text(TEMPLATE)
        (folder / "velobind.toml").write_text(CONFIG)
        (folder / "setup.sql").write_text(SETUP.format(n=contacts))
        with (folder / "contacts.csv").open("w") as file:
            file.write("id,email,firstName,city\n")
            file.writelines(f"{i},User{i}@example.com,Name{i},Kyiv\n" for i in range(1, contacts + 1))
        with Project.load(folder) as project:
            _measure(project, contacts)
        EmbeddedServer(folder / ".velobind").remove()


def _measure(project: Project, contacts: int) -> None:
    reads = project.message_reads("promo")
    file = ContactFile(project.root / "contacts.csv")
    parameters = project.connector("shop").parameters()

    def fetch() -> Iterable[object]:
        with psycopg.connect(**parameters) as connection, connection.cursor(name="bench") as cursor:
            cursor.itersize = 2000
            yield from cursor.execute(FETCH)

    runs: dict[str, Callable[[], Iterable[object]]] = {
        "psycopg alone": fetch,
        "contexts, contacts in a table": lambda: project.bulk_contexts(project.segment_contacts("all"), reads),
        "contexts, contacts in a file": lambda: project.bulk_contexts(file, reads),
    }
    base: tuple[float, float] | None = None
    print(f"{'':32}{'contacts/s':>12}{'ratio':>8}{'client µs each':>17}{'ratio':>8}")
    for name, run in runs.items():
        best = min(_timed(run, contacts) for _ in range(3))
        base = base or best
        wall, client = best
        print(
            f"{name:32}{contacts / wall:12,.0f}{base[0] / wall:8.2f}"
            f"{client / contacts * 1e6:17.2f}{base[1] / client:8.2f}"
        )


def _timed(run: Callable[[], Iterable[object]], expected: int) -> tuple[float, float]:
    wall, client = time.perf_counter(), time.process_time()
    assert sum(1 for _ in run()) == expected
    return time.perf_counter() - wall, time.process_time() - client


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
