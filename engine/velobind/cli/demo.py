"""`velobind demo`: both kinds of campaign on the sample project, with a PostgreSQL of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from velobind.cli import console

if TYPE_CHECKING:
    from velobind.binding.connector import Connector
    from velobind.binding.events import Event
    from velobind.campaign import Message
    from velobind.project import Project

_CONTACT = "dina.kozak@example.com"
_EVERYONE = "everyone"
_SCHEMA = "campaigns"
_SOURCE = "promo_codes"
_SEGMENT = "birthday_today"
# The birthday of the sample's contact: the day on which the segment holds her.
_BIRTHDAY = date(2026, 9, 2)


def demo() -> None:
    """Fill the sample project's messages from a real PostgreSQL, as a bulk and as a triggered campaign; export the run.

    Works in a temporary folder and leaves nothing behind. `velobind init` makes the same project for keeps.

    \b
    Example:
      velobind demo
    """
    import tempfile

    from velobind import sample
    from velobind.project import Project

    with tempfile.TemporaryDirectory(prefix="velobind-demo-", ignore_cleanup_errors=True) as folder:
        # Open to the account that runs PostgreSQL for root, so that all of it stands, and goes, with the folder.
        Path(folder).chmod(0o755)
        root = sample.copy(Path(folder) / "shop")
        console.note("starting a PostgreSQL and filling it ...")
        with Project.load(root) as project:
            _bulk(project)
            _triggered(project)
            _export(project)
    console.say("")
    console.say("Make this project your own:  velobind init shop")


def _bulk(project: Project) -> None:
    contact = project.contact(_CONTACT)
    console.rule("1. A bulk campaign: rows stand under the name of their source")
    console.say("The data object of dina.kozak@example.com:")
    console.say("")
    console.say(console.json_text({"data": project.bulk_context(contact, sources=[_SOURCE]).data}, indent=2))
    for message in project.bulk("promo", contacts=[contact]):
        _print(message, project)


def _triggered(project: Project) -> None:
    event = _event(project)
    console.say("")
    console.rule("2. A triggered campaign: rows stand under the id of their source, and come in an event")
    console.say(f"The event that the segment {_SEGMENT} fires on {_BIRTHDAY}:")
    console.say("")
    console.say(console.json_text(event.as_object(), indent=2))
    console.say("")
    console.say('Its jsonParam, through json = "${jsonParam}", gives the data object:')
    console.say("")
    data = project.triggered_context(event, "birthday").data
    number = str(project.source(_SOURCE).id)
    console.say(console.json_text({"data": {number: data[number]}}, indent=2))
    _print(project.triggered("birthday", event), project)


def _event(project: Project) -> Event:
    """The event of the sample's contact, among those that the segment fires on her birthday."""
    from velobind.errors import DataError

    for event in project.fire(_SEGMENT, as_of=_BIRTHDAY):
        if event.params.get("EmailAddress") == _CONTACT:
            return event
    raise DataError(f"the segment {_SEGMENT} fired no event for {_CONTACT} on {_BIRTHDAY}")


def _export(project: Project) -> None:
    from velobind.campaign.delivery import Folder
    from velobind.campaign.ledger import Ledger
    from velobind.campaign.run import CampaignRun
    from velobind.export import Exporter, Options, Spool

    console.say("")
    console.rule("3. The campaign is run, and its results exported into tables")
    connector = project.connector("shop")
    outbox = project.root / "outbox"
    with (
        Spool(project.state / "spool.db") as spool,
        Exporter(connector, spool=spool, options=Options(schema=_SCHEMA)) as exporter,
    ):
        run = CampaignRun(
            project,
            "promo",
            _EVERYONE,
            sender=Folder(outbox),
            destination=f"folder:{outbox}",
            ledger=Ledger(spool),
            recorder=exporter,
        )
        for _ in run.records():
            pass
        report = exporter.deliver()
    console.say(f"promo went to the segment {_EVERYONE}: {run.report.sent} messages, written to files.")
    console.say(f"The export made these tables in the schema {_SCHEMA}:")
    console.say("")
    written = [(counts.dataset, counts.written) for counts in report.datasets.values() if counts.written]
    console.table(("table", "rows"), written, numbers=("rows",))
    console.say("")
    query = f'select "contactId", "messageName", "activityStatus" from {_SCHEMA}."contactActivities" order by 1'
    console.say(query)
    console.say("")
    console.table(("contactId", "messageName", "activityStatus"), _rows(connector, query))


def _rows(connector: Connector, query: str) -> list[tuple[str, ...]]:
    with connector.session() as session:
        return [tuple(str(value) for value in row) for row in session.execute(query.encode())]


def _print(message: Message, project: Project) -> None:
    template = project.message(message.name).html
    console.say("")
    console.say(f"With it, templates/{template} becomes the message:")
    console.say("")
    console.say(f"Subject: {message.subject}")
    console.say(f"From: {message.from_}")
    console.say(f"To: {message.to}")
    console.say("")
    console.html((message.html or "").rstrip("\n"))
