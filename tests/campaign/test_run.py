"""Campaigns that are really sent: to a real SMTP server, killed on the way, and taken up again."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import random
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller

from velobind.campaign.delivery import Away, Folder, Refused, Smtp
from velobind.campaign.ledger import Ledger
from velobind.campaign.run import CampaignRun, rehearse
from velobind.errors import ConfigError
from velobind.export import Exporter, Spool
from velobind.project import Project

CONFIG = """
[sources.codes]
id = 1043
connector = "shop"
table = "codes"

[contacts]
file = "contacts.csv"

[segments.everyone]
id = 77
sources = ["codes"]

[messages.promo]
subject = "Your code, $!firstName"
from = "Shop <shop@example.com>"
text = "promo.vm"

[messages.regular]
subject = "For you"
from = "shop@example.com"
text = "regular.vm"
json = "${jsonParam}"
"""
PEOPLE = 40
KILLS = 5


@pytest.fixture
def project(make_project: Callable[..., Project], fill: Callable[..., None]) -> Project:
    """Forty contacts with a code each; the template fails for the one whose code is too short."""
    fill(
        "create table codes (id int primary key, email text, code text)",
        f"insert into codes select n, 'c' || n || '@example.com', 'CODE-' || n from generate_series(1, {PEOPLE}) n",
        "update codes set code = 'X' where id = 13",
    )
    contacts = "id,email,firstName\n" + "".join(f"{n},c{n}@example.com,Name{n}\n" for n in range(1, PEOPLE + 1))
    return make_project(
        CONFIG,
        contacts_csv=contacts,
        templates__promo_vm="$data.codes.get(0).code.substring(5)\n",
        templates__regular_vm="$data.get('1043').get(0).get('code')\n",
    )


class Inbox:
    """Takes mail, after a moment; refuses what is for `refused`."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.refused: dict[str, str] = {}
        self.delay = 0.0
        self.bodies: list[bytes] = []
        self.url = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received += envelope.rcpt_tos
        self.bodies.append(envelope.content)
        await asyncio.sleep(self.delay)
        return "250 taken"


@contextmanager
def serving(inbox: Inbox) -> Iterator[str]:
    """The address of a real SMTP server whose mail goes to the inbox."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    with serving(inbox) as inbox.url:
        yield inbox


def send(project: Project, sender: Any, message: str = "promo", destination: str = "smtp", **options: Any) -> Any:
    """One run in this process; its report, and what it put into the spool."""
    limit = options.pop("limit", None)
    with Spool(project.state / "spool.db") as spool, Exporter("", spool=spool) as recorder:
        run = CampaignRun(
            project, message, "everyone",
            sender=sender, destination=destination, ledger=Ledger(spool), recorder=recorder, **options,
        )  # fmt: skip
        for _ in run.records(limit):
            pass
    return run.report


def spooled(project: Project, dataset: str) -> list[dict[str, Any]]:
    with Spool(project.state / "spool.db") as spool:
        return [json.loads(row.body) for row in spool.rows(dataset, 0, 10**6)]


def everyone(*without: int) -> list[str]:
    return sorted(f"c{n}@example.com" for n in range(1, PEOPLE + 1) if n not in without)


def test_a_bulk_run_sends_to_each_and_records_it(project: Project, inbox: Inbox) -> None:
    inbox.refused["c7@example.com"] = "550-no such\r\n550 user"
    report = send(project, Smtp(inbox.url))
    assert (report.sent, report.failed, report.complete, report.error) == (PEOPLE - 2, 2, True, None)
    assert sorted(inbox.received) == everyone(7, 13)
    mail = message_from_bytes(inbox.bodies[0], policy=policy.default)
    assert mail["Subject"] == "Your code, Name1"
    assert mail.get_content().strip() == "1"
    activities = spooled(project, "contactActivities")
    assert Counter(row["activityStatus"] for row in activities) == {"DELIVERED": PEOPLE - 2, "UNDELIVERED": 2}
    reasons = {row["contactId"]: row["statusDescription"] for row in activities if "statusDescription" in row}
    assert reasons[7] == "550 no such user"
    assert reasons[13].startswith("promo.vm:1:")
    assert len({row["messageInstanceId"] for row in activities}) == PEOPLE
    contacts = {row["contactId"]: row for row in spooled(project, "contacts")}
    assert set(contacts) == set(range(1, PEOPLE + 1)) - {7, 13}
    assert (contacts[1]["email"], contacts[1]["totalSent"]) == ("c1@example.com", 1)
    assert [row["status"] for row in spooled(project, "broadcasts")] == ["RUNNING", "IDLE"]
    assert spooled(project, "messages")[0]["subject"] == "Your code, $!firstName"


def test_on_the_wire_every_line_ends_in_crlf(project: Project, inbox: Inbox) -> None:
    # A server counts a bare LF as a part of the line: long mails would be refused.
    send(project, Smtp(inbox.url))
    assert len(inbox.bodies) > 1
    assert [body for body in inbox.bodies if body.count(b"\n") != body.count(b"\r\n")] == []


def test_the_same_run_again_reaches_only_whom_it_did_not(project: Project, inbox: Inbox) -> None:
    inbox.refused["c7@example.com"] = "450 try later"
    send(project, Smtp(inbox.url))
    inbox.refused.clear()
    report = send(project, Smtp(inbox.url))
    assert (report.resumed, report.sent, report.failed, report.already) == (True, 1, 1, PEOPLE - 2)
    assert sorted(inbox.received) == everyone(13)
    report = send(project, Smtp(inbox.url), again=True)
    assert (report.resumed, report.sent) == (False, PEOPLE - 1)
    # Another day is another run.
    report = send(project, Smtp(inbox.url), as_of=dt.date(2020, 1, 1))
    assert report.sent == PEOPLE - 1
    assert max(Counter(inbox.received).values()) == 3


def test_a_limit_leaves_the_rest_for_the_next_run(project: Project, inbox: Inbox) -> None:
    report = send(project, Smtp(inbox.url), limit=5)
    assert (report.sent, report.complete) == (5, False)
    assert [row["status"] for row in spooled(project, "broadcasts")] == ["RUNNING", "PAUSED"]
    assert send(project, Smtp(inbox.url)).sent == PEOPLE - 6
    assert sorted(inbox.received) == everyone(13)


def test_a_triggered_run_records_its_events(project: Project, inbox: Inbox) -> None:
    day = dt.date(2024, 5, 6)
    report = send(project, Smtp(inbox.url), "regular", as_of=day)
    assert (report.sent, report.failed) == (PEOPLE, 0)
    events = spooled(project, "events")
    assert len({row["eventId"] for row in events}) == PEOPLE
    assert {row["eventTypeKey"] for row in events} == {"regularEventType-77"}
    assert spooled(project, "broadcasts") == []
    activities = spooled(project, "contactActivities")
    assert {row["campaignType"] for row in activities} == {"IM"}
    assert {row["eventKey"] for row in activities} == {row["keyValue"] for row in events}


def test_to_a_folder(project: Project, tmp_path: Path) -> None:
    report = send(project, Folder(tmp_path / "out"), destination="folder")
    assert report.sent == PEOPLE - 1
    files = sorted((tmp_path / "out").iterdir())
    assert len(files) == PEOPLE - 1
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert sorted(str(mail["To"]) for mail in mails) == everyone(13)
    assert send(project, Folder(tmp_path / "out"), destination="folder").already == PEOPLE - 1


def test_a_rehearsal_sends_and_notes_nothing(project: Project) -> None:
    report, records = rehearse(project, "promo", "everyone")
    assert len(list(records)) == PEOPLE
    assert (report.sent, report.failed, report.complete) == (PEOPLE - 1, 1, True)
    assert report.reasons[0].first.template == "promo.vm"
    assert not (project.state / "spool.db").exists()


def command(project: Project, *arguments: str) -> list[str]:
    main = "from velobind.cli import main; main()"
    return [sys.executable, "-c", main, "run", "promo", "--segment", "everyone", "-C", str(project.root), *arguments]


def test_killed_again_and_again_nobody_gets_it_twice(
    project: Project, inbox: Inbox, database: dict[str, Any], tmp_path: Path
) -> None:
    inbox.delay = 0.05
    chance, kills = random.Random(3), 0
    while True:
        already = len(inbox.received)
        process = subprocess.Popen(
            command(project, "--smtp", inbox.url), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with process:
            # Killed once it has begun to send, at a random moment of the next messages.
            deadline = time.monotonic() + 60
            while len(inbox.received) == already and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            if kills < KILLS:
                time.sleep(chance.uniform(0, 0.25))
                process.kill()
            process.communicate()
        if process.returncode != -signal.SIGKILL:
            break
        kills += 1
    assert kills == KILLS
    assert max(Counter(inbox.received).values()) == 1
    done = subprocess.run(command(project, "--smtp", inbox.url, "--json"), capture_output=True, text=True)
    report = json.loads(done.stdout)
    missing = set(everyone(13)) - set(inbox.received)
    # Whoever did not get it is named as uncertain; so are those who got it in the instant of a kill. None else is.
    assert missing <= set(report["uncertain"])
    assert len(report["uncertain"]) <= kills
    assert report["already"] == PEOPLE - 1
    activities = spooled(project, "contactActivities")
    delivered = [row["contactId"] for row in activities if row["activityStatus"] == "DELIVERED"]
    assert len(delivered) == len(set(delivered)) == PEOPLE - 1 - len(report["uncertain"])
    # On demand they are sent again.
    done = subprocess.run(
        command(project, "--smtp", inbox.url, "--json", "--resend-uncertain"), capture_output=True, text=True
    )
    assert json.loads(done.stdout)["uncertain"] == []
    assert set(inbox.received) == set(everyone(13))
    # What was recorded is what arrives in the database.
    dsn = " ".join(f"{word}={value}" for word, value in database.items())
    with Exporter(dsn, spool=project.state / "spool.db") as exporter:
        assert exporter.deliver().clean
    with psycopg.connect(dsn) as connection:
        counted = connection.execute(
            'select "activityStatus", count(distinct "contactId") from "contactActivities" group by 1 order by 1'
        ).fetchall()
    assert counted == [("DELIVERED", PEOPLE - 1), ("UNDELIVERED", 1)]


def test_killed_on_the_way_to_a_folder_it_is_simply_finished(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(command(project, "--out", str(out)), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        while not (out.exists() and any(out.iterdir())) and process.poll() is None:
            time.sleep(0.001)
        process.kill()
    done = subprocess.run(command(project, "--out", str(out), "--json"), capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert report["uncertain"] == []
    assert len(list(out.glob("*.eml"))) == PEOPLE - 1
    assert len(spooled(project, "contactActivities")) >= PEOPLE


def test_sigterm_ends_between_two_messages(project: Project, inbox: Inbox) -> None:
    inbox.delay = 0.05
    process = subprocess.Popen(command(project, "--smtp", inbox.url, "--json"), stdout=subprocess.PIPE, text=True)
    while not inbox.received and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=60)
    report = json.loads(output)
    assert report["uncertain"] == [] and not report["complete"]
    assert 0 < report["sent"] == len(inbox.received) < PEOPLE - 1
    assert send(project, Smtp(inbox.url)).sent == PEOPLE - 1 - report["sent"]
    assert sorted(inbox.received) == everyone(13)


def test_two_runs_at_once_are_one_too_many(project: Project, inbox: Inbox) -> None:
    inbox.delay = 0.05
    first = subprocess.Popen(command(project, "--smtp", inbox.url), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not inbox.received and first.poll() is None:
        time.sleep(0.01)
    second = subprocess.run(command(project, "--smtp", inbox.url), capture_output=True, text=True)
    assert second.returncode == 1
    assert "another campaign run is at work" in second.stderr
    first.communicate(timeout=60)
    assert sorted(inbox.received) == everyone(13)


class Breaking(Inbox):
    """Drops the connection at a chosen moment of the third message."""

    moment = "data"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        if self.moment == "mail" and len(self.received) == 2 and not self.refused:
            self.refused["nobody"] = ""
            server.transport.abort()
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received += envelope.rcpt_tos
        if self.moment == "data" and len(self.received) == 3:
            server.transport.abort()
        return "250 taken"


@pytest.mark.parametrize(("moment", "uncertain"), [("mail", 0), ("data", 1)])
def test_a_broken_connection_is_uncertain_only_after_the_message_was_handed_over(
    project: Project, moment: str, uncertain: int
) -> None:
    inbox = Breaking()
    inbox.moment = moment
    with serving(inbox) as url:
        report = send(project, Smtp(url, pause=0.01))
    assert len(report.uncertain) == uncertain
    assert report.sent == PEOPLE - 1 - uncertain
    assert sorted(inbox.received) == everyone(13)


def test_a_mail_server_that_is_not_there_leaves_all_for_later(project: Project, inbox: Inbox) -> None:
    report = send(project, Smtp("smtp://127.0.0.1:1", attempts=2, pause=0.01))
    assert isinstance(report.error, Away)
    assert "the mail server 127.0.0.1:1 is not reached" in str(report.error)
    assert (report.sent, report.complete, report.uncertain) == (0, False, [])
    assert send(project, Smtp(inbox.url)).sent == PEOPLE - 1


@pytest.mark.parametrize(
    "url", ["http://host", "smtp://", "smtp://host:port", "host:25", "smtp://me:s3cret@host?tls=x"]
)
def test_addresses_of_no_mail_server(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Smtp(url)
    assert "s3cret" not in str(caught.value)


def test_a_password_is_not_sent_in_the_open(project: Project, monkeypatch: pytest.MonkeyPatch, inbox: Inbox) -> None:
    sender = Smtp(inbox.url.replace("smtp://", "smtp://me:s3cret@"))
    monkeypatch.setattr("velobind.campaign.delivery._LOOPBACK", ())
    report = send(project, sender)
    assert "a password is not sent without" in str(report.error)
    assert "s3cret" not in str(report.error)


def test_wrong_use_and_missing_senders(project: Project, tmp_path: Path) -> None:
    for arguments in ([], ["--dry-run", "--out", "x"], ["--smtp", "smtp://a", "--out", "x"]):
        done = subprocess.run(command(project, *arguments), capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 2
        assert "say where to" in done.stderr
    # An address in the environment does not stand in the way.
    environment = os.environ | {"VELOBIND_SMTP_URL": "smtp://nowhere"}
    done = subprocess.run(command(project, "--dry-run"), capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert done.returncode == 1  # one contact's template fails
    assert "rehearsal: 39 rendered, 1 failed" in done.stdout


def test_refusals_keep_the_connection(inbox: Inbox, project: Project) -> None:
    sender = Smtp(inbox.url)
    message = next(iter(project.bulk("promo", segment="everyone")))
    inbox.refused["c1@example.com"] = "550 no"
    with pytest.raises(Refused, match="550 no"):
        sender.send(message, "id:1")
    server = sender._server
    inbox.refused.clear()
    sender.send(message, "id:1")
    assert sender._server is server
    assert isinstance(server, smtplib.SMTP)
    sender.close()


def test_fire_new_fires_for_who_came(project: Project, fill: Callable[..., None]) -> None:
    def fire() -> list[str]:
        main = "from velobind.cli import main; main()"
        arguments = ["event", "fire", "everyone", "--new", "-C", str(project.root)]
        done = subprocess.run([sys.executable, "-c", main, *arguments], capture_output=True, text=True, check=True)
        return [json.loads(line)["params"]["EmailAddress"] for line in done.stdout.splitlines()]

    assert len(fire()) == PEOPLE
    assert fire() == []
    fill("delete from codes where id = 5")
    assert fire() == []
    fill("insert into codes values (5, 'c5@example.com', 'back')")
    assert fire() == ["c5@example.com"]
    assert fire() == []
