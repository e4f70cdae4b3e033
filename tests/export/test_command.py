"""`velobind export` as a shell sees it: what it prints, and its exit codes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.export import servers
from tests.export.servers import Server
from velobind.export import Exporter

Rows = Callable[..., list[tuple[Any, ...]]]


def velobind(folder: Path, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from velobind.cli import main; main()", "export", *map(str, arguments)],
        cwd=folder, env=servers.environment() | more, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_load_needs_no_project(server: Server, schema: str, tmp_path: Path, rows: Rows) -> None:
    (tmp_path / "orders.csv").write_text("orderId,totalCost\n1,1.50\n2,many\n3,\n")
    done = velobind(tmp_path, "load", "orders", "orders.csv", "--dsn", server.dsn, "--schema", schema)
    assert done.returncode == 1
    assert done.stdout.splitlines()[1].split() == ["orders", "3", "2", "0", "0", "0", "1"]
    assert "1 row was rejected: orders.csv.rejects.jsonl" in done.stderr
    shown = velobind(tmp_path, "rejects", "orders.csv.rejects.jsonl", "--json")
    assert json.loads(shown.stdout)["reason"] == "a number is wanted, got 'many'"
    (tmp_path / "orders.csv").write_text("orderId,totalCost\n1,1.50\n3,\n")
    done = velobind(
        tmp_path, "load", "orders", "orders.csv", "--schema", schema, "--json", VELOBIND_EXPORT_DSN=server.dsn
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["datasets"][0]["unchanged"] == 2
    assert [row[0] for row in rows("orders", "orderId")] == [1, 3]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv", "orders.csv.rejects.jsonl"]


def test_load_cuts_with_a_counted_warning_or_refuses(server: Server, schema: str, tmp_path: Path, rows: Rows) -> None:
    (tmp_path / "o.jsonl").write_text(json.dumps({"orderId": 1, "firstName": "x" * 60}) + "\n")
    arguments = ("load", "orders", "o.jsonl", "--dsn", server.dsn, "--schema", schema)
    done = velobind(tmp_path, *arguments)
    assert done.returncode == 0
    assert "warning: orders.firstName: cut to its length, 1 times" in done.stderr
    assert rows("orders", "firstName") == [("x" * 50,)]
    done = velobind(tmp_path, *arguments, "--strict", "--rejects", "bad.jsonl")
    assert done.returncode == 1
    assert "60 characters, varchar(50) holds 50" in (tmp_path / "bad.jsonl").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["load", "order", "x.csv", "--dsn", "host=x"], "did you mean «orders»?"),
        (["load", "orders", "x.txt", "--dsn", "host=x"], "give --format jsonl, csv or parquet"),
        (["load", "orders"], "Missing argument"),
        (["run", "--every", "15m", "--once", "--dsn", "host=x"], "exclude each other"),
        (["run", "--every", "soon", "--dsn", "host=x"], "is no interval"),
        (["plan", "--dataset", "nothing", "--dsn", "host=x"], "no export dataset"),
        (["nonsense"], "No such command"),
    ],
)
def test_wrong_use_is_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = velobind(tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_faults_are_1_and_one_clear_message(tmp_path: Path, embedded_server: Server) -> None:
    (tmp_path / "o.csv").write_text("order,total\n")
    dsn = embedded_server.dsn
    for arguments, said in [
        (["load", "orders", "o.csv", "--dsn", dsn], "the header names «order», which orders does not have"),
        (["load", "orders", "none.csv", "--dsn", dsn], "none.csv cannot be read: No such file"),
        (["plan", "--dsn", "postgres//a:s3cret@b"], "not one that libpq understands"),
        (["plan", "--dsn", dsn + " dbname=nowhere"], 'database "nowhere" does not exist'),
        (["run"], "velobind.toml"),
    ]:
        done = velobind(tmp_path, *arguments)
        assert done.returncode == 1, arguments
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert "s3cret" not in done.stderr


def test_plan_prints_sql_that_psql_takes(
    server: Server, schema: str, tmp_path: Path, database: psycopg.Connection[Any]
) -> None:
    done = velobind(tmp_path, "plan", "--dsn", server.dsn, "--schema", schema, "--views")
    assert done.returncode == 0
    database.execute(done.stdout.encode())
    again = velobind(tmp_path, "plan", "--dsn", server.dsn, "--schema", schema, "--views")
    assert again.stdout == f"-- export, schema {schema}: nothing is to be made\n"
    for version in (14, 18):
        database.execute(f'DROP SCHEMA "{schema}" CASCADE'.encode())
        made = velobind(tmp_path, "plan", "--for-server", str(version), "--schema", schema)
        database.execute(made.stdout.encode())


def test_run_delivers_and_status_shows_it(server: Server, schema: str, tmp_path: Path, rows: Rows) -> None:
    with Exporter("", spool=tmp_path / "s" / "spool.db") as exporter:
        exporter.record("orders", [{"orderId": number} for number in range(10)])
    place = ("--spool", "s/spool.db", "--dsn", server.dsn)
    before = json.loads(velobind(tmp_path, "status", *place, "--json").stdout)
    assert {line["dataset"]: line["waiting"] for line in before if line["waiting"]} == {"orders": 10}
    away = velobind(tmp_path, "status", "--spool", "s/spool.db", "--dsn", "host=/nowhere")
    assert away.returncode == 0
    assert velobind(tmp_path, "run", "--once", "--schema", schema, *place).returncode == 0
    assert len(rows("orders")) == 10
    after = {line["dataset"]: line for line in json.loads(velobind(tmp_path, "status", *place, "--json").stdout)}
    assert (after["orders"]["rows"], after["orders"]["waiting"]) == (10, 0)
    assert after["orders"]["last_success"].endswith("Z")
    with Exporter("", spool=tmp_path / "s" / "spool.db") as exporter:
        assert exporter.spool.datasets() == []  # what every export has is not kept


def test_run_every_stops_cleanly_at_sigterm(server: Server, schema: str, tmp_path: Path, rows: Rows) -> None:
    arguments = ["run", "--every", "1s", "--schema", schema, "--dsn", server.dsn, "--spool", str(tmp_path / "spool.db")]
    process = subprocess.Popen(
        [sys.executable, "-c", "from velobind.cli import main; main()", "export", *arguments],
        cwd=tmp_path, env=servers.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    with process, Exporter(server.dsn, schema=schema, spool=tmp_path / "spool.db") as exporter:
        exporter.prepare(["orders"])
        deadline = time.monotonic() + 60
        for number in range(2):  # two runs at least see rows
            exporter.record("orders", {"orderId": number})
            while len(rows("orders")) <= number and time.monotonic() < deadline:
                time.sleep(0.05)
        second = velobind(tmp_path, *arguments)
        assert second.returncode == 1
        assert "another export run is at work" in second.stderr
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=60)[0]
    assert process.returncode == 0, output
    assert len(rows("orders")) == 2
