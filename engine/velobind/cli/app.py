"""The commands, put together. Every module here imports only typer and the standard library at its top."""

from __future__ import annotations

from typing import Annotated

import typer

from velobind.cli import connector, context, demo, event, export, init, inspect, preview, render, run, segment, source

app = typer.Typer(
    name="velobind",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"velobind {version('velobind')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show a traceback for an error; may stand anywhere in the line.")
    ] = False,
) -> None:
    """Velocity templates bound to PostgreSQL rows: see a message with real data, render it for a whole segment.

    \b
    Start here:
      velobind demo          both kinds of campaign, on its own PostgreSQL
      velobind init shop     a new project that renders at once
      cd shop
      velobind preview promo --contact dina.kozak@example.com

    \b
    Exit codes: 0 done, 1 an error or some messages failed, 2 the command line is wrong.
    """


START, LOOK, WORK = "Start", "Look at messages", "Look at data"

app.command("demo", rich_help_panel=START)(demo.demo)
app.command("init", rich_help_panel=START)(init.init)
app.command("preview", rich_help_panel=LOOK)(preview.preview)
app.command("render", rich_help_panel=LOOK)(render.render)
app.command("inspect", rich_help_panel=LOOK)(inspect.inspect)
app.command("run", rich_help_panel=WORK)(run.run)
app.add_typer(context.app, name="context", rich_help_panel=LOOK)
app.add_typer(connector.app, name="connector", rich_help_panel=WORK)
app.add_typer(source.app, name="source", rich_help_panel=WORK)
app.add_typer(segment.app, name="segment", rich_help_panel=WORK)
app.add_typer(event.app, name="event", rich_help_panel=WORK)
app.add_typer(export.app, name="export", rich_help_panel=WORK)
