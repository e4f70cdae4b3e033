"""Writes docs/reference/commands.md out of the commands' own help: `make docs`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent / "reference" / "commands.md"
INTRODUCTION = """\
# Commands

What `velobind COMMAND --help` says, on one page. Commands that need a project find its `velobind.toml` in the current
folder or the nearest one above, or where `--project` says.

Exit codes: 0 done, 1 an error or some messages failed, 2 the command line is wrong. `--debug`, anywhere in the line,
shows a traceback for an error.
"""


def page() -> str:
    """The whole page."""
    import typer

    from velobind.cli.app import app

    root: Any = typer.main.get_command(app)
    sections = [_section(name, command) for name, command in _commands("velobind", root)]
    return "\n".join([INTRODUCTION, *sections])


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Each command that does something, with its full name, in the order of the help."""
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child_name, child in children.items():
        if not child.hidden:
            yield from _commands(f"{name} {child_name}", child)


def _section(name: str, command: Any) -> str:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden and p.name != "help"]
    usage = " ".join([name, *("[OPTIONS]" for _ in options[:1]), *(_metavar(argument) for argument in arguments)])
    text = f"## {name}\n\n```\n{usage}\n```\n\n{_prose(command.help or '')}\n"
    rows = [(f"`{_metavar(a)}`", a) for a in arguments] + [(_names(option), option) for option in options]
    if rows:
        table = "\n".join(f"| {head} | {_description(parameter)} |" for head, parameter in rows)
        text += f"\n| | |\n|---|---|\n{table}\n"
    return text


def _prose(help_text: str) -> str:
    r"""The help's paragraphs; those that `\b` keeps as they are, such as examples, become blocks of code."""
    paragraphs = []
    for paragraph in inspect.cleandoc(help_text).split("\n\n"):
        if not paragraph.startswith("\b"):
            paragraphs.append(" ".join(paragraph.split()))
            continue
        title, *lines = paragraph.removeprefix("\b").strip("\n").splitlines()
        paragraphs.append(title + "\n\n```\n" + inspect.cleandoc("\n".join(lines)) + "\n```")
    return "\n\n".join(paragraphs)


def _metavar(parameter: Any) -> str:
    metavar: str = parameter.metavar or parameter.name.upper()
    word = metavar.strip("[]{}")
    return word if parameter.required else f"[{word}]"


def _names(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    return names if option.is_flag else f"{names} `{_value(option)}`"


def _value(option: Any) -> str:
    if option.metavar:
        return str(option.metavar)
    kind = option.type_descriptor.annotation
    return " or ".join(str(choice.value) for choice in kind) if issubclass(kind, Enum) else kind.__name__.upper()


def _description(parameter: Any) -> str:
    text = re.sub(r"\s+", " ", getattr(parameter, "help", None) or "")
    default = parameter.default() if callable(parameter.default) else parameter.default
    flag = getattr(parameter, "is_flag", False)
    if isinstance(default, str | int | float) and not flag and getattr(parameter, "show_default", True):
        text += f" Default: `{getattr(default, 'value', default)}`."
    if getattr(parameter, "envvar", None):
        text += f" Also from the environment: `{parameter.envvar}`."
    return text.strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
