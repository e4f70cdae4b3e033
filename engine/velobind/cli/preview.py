"""`velobind preview`: a message with real data."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from velobind.cli import console
from velobind.cli.choice import AsKind, Choice, ContactKey, DataFile, EventFile, SegmentName
from velobind.cli.options import AsJson, AsOf, ProjectPath, day, opened

if TYPE_CHECKING:
    from velobind.campaign import Campaign, Failure, Message


def preview(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="The message's name in velobind.toml.")],
    contact: ContactKey = None,
    segment: SegmentName = None,
    event: EventFile = None,
    data: DataFile = None,
    kind: AsKind = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Of a segment or file, so many.")] = 5,
    as_of: AsOf = None,
    open_page: Annotated[bool, typer.Option("--open", help="Show the messages in the browser.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write each message to DIR as .html and .txt.")
    ] = None,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Render a message with real data, and print subject, html and text. Nothing is sent.

    A contact whose message fails is named with template, line and reason; the others are still shown, and the exit
    code is 1. With --json, one object a line.

    \b
    Examples:
      velobind preview promo --contact dina.kozak@example.com
      velobind preview promo --contact dina.kozak@example.com --open
      velobind preview promo --segment everyone --limit 3 --out previews
      velobind preview birthday --event events/birthday.json
      velobind preview birthday --contact dina.kozak@example.com --as triggered
      velobind preview promo --data data/promo.json
    """
    from velobind.campaign.bulk import Campaign, render_each
    from velobind.campaign.rendering import Rendering

    choice = Choice(message, contact, segment, event, data, kind, day(as_of), limit)
    kept: list[Message | Failure] = []
    with opened(project) as found:
        rendering = Rendering(found, message)
        campaign = Campaign(render_each(rendering, choice.contexts(found, rendering.reads), address_needed=False))
        for record in _watched(campaign, long=limit > 100):
            if as_json:
                console.json_line(record.as_dict())
            elif record.ok:
                if out is None and not open_page:
                    _print(record, str(data) if data is not None else record.label)
            else:
                console.print_error(record.error, label=f"{record.label}: ")
            if out is not None and record.ok:
                _write(record, out)
            if open_page:
                kept.append(record)
    if open_page and kept:
        from velobind.cli.page import show

        show(kept, out)
    _conclude(campaign, choice, out)


def _watched(campaign: Campaign, *, long: bool) -> Iterable[Message | Failure]:
    records = campaign.records()
    return console.progress(records, "rendering", printing=True) if long else records


def _print(message: Message, whose: str) -> None:
    console.rule(f"{message.name} for {whose}")
    console.table(
        ("", ""),
        [
            (name, value)
            for name, value in (
                ("Subject", message.subject),
                ("From", message.from_),
                ("To", message.to),
                ("Reply-To", message.reply_to),
                *message.headers.items(),
            )
            if value is not None
        ],
        head=False,
    )
    if message.html is not None:
        console.rule("html", style="dim")
        console.html(message.html)
    console.rule("text" if message.plain is not None or message.html is None else "text, made from the html", "dim")
    console.say(message.text.rstrip("\n"))
    if message.to is None and message.contact is not None:
        console.note("note: the contact has no usable e-mail address, so a campaign leaves it out")
    for text in message.notes:
        console.note(f"note: {text}")
    console.say("")


def _write(message: Message, folder: Path) -> None:
    from velobind.cli.page import file_name

    folder.mkdir(parents=True, exist_ok=True)
    stem = file_name(f"{message.name}-{message.label}")
    if message.html is not None:
        (folder / f"{stem}.html").write_text(message.html, encoding="utf-8", errors="replace", newline="")
    (folder / f"{stem}.txt").write_text(message.text, encoding="utf-8", errors="replace", newline="")


def _conclude(campaign: Campaign, choice: Choice, out: Path | None) -> None:
    if campaign.rendered == campaign.failed == 0:
        console.note(f"no contact is in {choice.segment or choice.event}: nothing to show")
    if out is not None and campaign.rendered:
        console.note(f"{campaign.rendered} {'message is' if campaign.rendered == 1 else 'messages are'} in {out}")
    if campaign.failed:
        if campaign.failed > 1:
            console.note(f"{campaign.failed} of {campaign.failed + campaign.rendered} messages failed:")
            for reason in campaign.reasons:
                console.note(f"  {reason.times:>5} × {reason.first.error.place or ''}: {reason.first.reason}")
        raise typer.Exit(1)
