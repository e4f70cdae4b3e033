"""`velobind run`: a campaign that is really sent."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from velobind.cli import console
from velobind.cli.options import AsJson, AsOf, Kind, Limit, ProjectPath, day, opened

if TYPE_CHECKING:
    from velobind.campaign.delivery import Sender
    from velobind.campaign.run import RunReport
    from velobind.project import Project


def run(
    context: typer.Context,
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="The message's name in velobind.toml.")],
    segment: Annotated[str, typer.Option("--segment", metavar="NAME", help="The contacts of a segment.")],
    smtp: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="VELOBIND_SMTP_URL",
            show_envvar=True,
            help="Send by this server: smtp://user@host:587 or smtps://...; the password from VELOBIND_SMTP_PASSWORD.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write .eml files there instead.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Render all, send nothing, write nothing down.")] = False,
    kind: Annotated[Kind | None, typer.Option("--as", help="Bulk or triggered, if not what the message says.")] = None,
    limit: Limit = None,
    again: Annotated[bool, typer.Option("--again", help="A new run, also for contacts that had the message.")] = False,
    resend_uncertain: Annotated[
        bool, typer.Option("--resend-uncertain", help="Also send again what the server may have had already.")
    ] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Send a message to every contact of a segment, each once, and record what became of it for the export.

    A run that was killed goes on where it stopped when the same command is given again, and a run that is done reaches
    only contacts that are new that day. What the mail server may have accepted in the instant of a kill is named, and
    not sent again.

    \b
    Examples:
      velobind run promo --segment everyone --dry-run
      velobind run promo --segment everyone --smtp smtp://localhost:1025
      velobind run birthday --segment birthday_today --out outbox
    """
    from velobind.errors import VelobindError

    # The option wins over the environment, so that an address in it does not stand in the way of a rehearsal.
    source = context.get_parameter_source("smtp")
    if (out is not None or dry_run) and source is not None and source.name == "ENVIRONMENT":
        smtp = None
    if sum((smtp is not None, out is not None, dry_run)) != 1:
        raise typer.BadParameter("say where to: --smtp URL, --out DIR or --dry-run (one of them)")
    triggered = None if kind is None else kind is Kind.triggered
    with opened(project) as found:
        if dry_run:
            from velobind.campaign.run import rehearse

            report, records = rehearse(found, message, segment, triggered=triggered, as_of=day(as_of))
            from itertools import islice

            for _ in console.progress(islice(records, limit), "rendering"):
                pass
        else:
            report = _send(
                found, message, segment, smtp, out, limit,
                triggered=triggered, as_of=day(as_of), again=again, resend_uncertain=resend_uncertain,
            )  # fmt: skip
        rehearsal = dry_run
    _print(report, as_json, rehearsal)
    if isinstance(report.error, VelobindError):
        console.print_error(report.error)
    if report.failed or report.uncertain or report.error is not None:
        raise typer.Exit(1)


def _send(
    project: Project, message: str, segment: str, smtp: str | None, out: Path | None, limit: int | None, **chosen: Any
) -> RunReport:
    from velobind.campaign.delivery import Folder, Smtp
    from velobind.campaign.ledger import Ledger
    from velobind.campaign.run import CampaignRun
    from velobind.errors import ConfigError
    from velobind.export import Exporter, Spool
    from velobind.export.schedule import only_run, stopped_by_signals

    if smtp is not None and project.message(message).from_ is None:
        raise ConfigError(
            "a message needs a sender to be sent",
            path="velobind.toml",
            key=f"messages.{message}.from",
            hint='as from = "Shop <shop@example.com>"',
        )
    sender: Sender
    if out is not None:
        sender, destination = Folder(out), f"folder:{out.absolute()}"
    else:
        assert smtp is not None
        sender, destination = Smtp(smtp), "smtp"
    path = project.state / "spool.db"
    stop = threading.Event()
    with only_run(path, "campaign run"), Spool(path) as spool, Exporter("", spool=spool) as recorder:
        campaign = CampaignRun(
            project, message, segment,
            sender=sender, destination=destination, ledger=Ledger(spool), recorder=recorder, **chosen,
        )  # fmt: skip
        with stopped_by_signals(stop):
            for _ in console.progress(campaign.records(limit, stop), "sending"):
                pass
    return campaign.report


def _print(report: RunReport, as_json: bool, rehearsal: bool) -> None:
    if as_json:
        console.json_pretty(
            {
                "run": report.run,
                "resumed": report.resumed,
                "complete": report.complete,
                "rendered" if rehearsal else "sent": report.sent,
                "failed": report.failed,
                "already": report.already,
                "uncertain": report.uncertain,
                "reasons": [{**reason.first.as_dict(), "times": reason.times} for reason in report.reasons],
                "refused": report.refused,
                "error": None if report.error is None else str(report.error),
            }
        )
        return
    title = "rehearsal" if rehearsal else f"run {report.run}{', taken up again' if report.resumed else ''}"
    words = [f"{report.sent:,} {'rendered' if rehearsal else 'sent'}", f"{report.failed:,} failed"]
    if report.already:
        words.append(f"{report.already:,} had it already")
    console.say(f"{title}: {', '.join(words)}{'' if report.complete else '; not all contacts were reached'}")
    for reason in report.reasons:
        console.note(f"{reason.times:,} x {reason.first}")
    for said, times in report.refused.items():
        console.note(f"{times:,} x refused: {said}")
    for contact in report.uncertain:
        console.note(f"uncertain: {contact} may have the message or not; --resend-uncertain sends it again")
