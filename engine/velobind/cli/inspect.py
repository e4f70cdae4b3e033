"""`velobind inspect`: what each name in a message's templates stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from velobind.cli import console
from velobind.cli.choice import AsKind, Choice, ContactKey, DataFile, EventFile, SegmentName
from velobind.cli.options import AsJson, AsOf, ProjectPath, day, opened

if TYPE_CHECKING:
    from velobind.binding.context import Bound, Resolution
    from velobind.binding.needs import Reads
    from velobind.project import Project

_LONGEST = 60


def inspect(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="The message's name in velobind.toml.")],
    contact: ContactKey = None,
    segment: SegmentName = None,
    event: EventFile = None,
    data: DataFile = None,
    kind: AsKind = None,
    every_name: Annotated[
        bool, typer.Option("--all", help="Every name that a template could use, not only those that it does.")
    ] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
    project: ProjectPath = None,
) -> None:
    """Say what each name in a message's templates stands for, which layer it comes from, and what it hides.

    Later layers win over earlier ones: contact fields, event parameters, external sources.

    \b
    Examples:
      velobind inspect promo --contact dina.kozak@example.com
      velobind inspect birthday --event events/birthday.json --all
    """
    choice = Choice(message, contact, segment, event, data, kind, day(as_of))
    with opened(project) as found:
        reads = found.message_reads(message)
        bound = next(choice.contexts(found, reads), None)
        if bound is None:
            console.note(f"no contact is in {segment or event}: nothing to inspect")
            return
        facts = _facts(found, choice, bound, reads, every_name=every_name)
        sources = _sources(found, reads, bound)
    if as_json:
        console.json_pretty({"message": message, "names": facts, "data": sources, "notes": list(bound.notes)})
        return
    title = bound.contact.label if bound.contact is not None else str(data)
    console.rule(f"{message} for {title}, as {choice.kind_for(found)}")
    console.table(("name", "value", "from", "hides"), [_row(fact) for fact in facts])
    if sources:
        console.say("")
        console.table(
            ("$data", "rows", "columns read"),
            [(f"$data.get('{each['key']}')", _rows(each["rows"]), each["columns"]) for each in sources],
            numbers=("rows",),
        )
    for text in bound.notes:
        console.note(f"note: {text}")


def _facts(project: Project, choice: Choice, bound: Bound, reads: Reads, *, every_name: bool) -> list[dict[str, Any]]:
    """What to say of each name, as JSON."""
    from velobind.binding.context import resolutions

    names = reads.names
    if every_name:
        names |= {resolution.name for resolution in resolutions(bound)}
    tools = project.environment.tools
    own = _own_names(project, choice.message)
    facts = []
    for resolution in resolutions(bound, names):
        layer = resolution.layer
        if layer is not None and choice.data is not None:
            layer = "data file"
        elif layer is None:
            layer = "the template itself" if resolution.name in own else "tool" if resolution.name in tools else None
        facts.append(
            {
                "name": resolution.name,
                "layer": layer,
                "value": console.as_json(resolution.value),
                "hides": _hidden(resolution, tools),
            }
        )
    return facts


def _hidden(resolution: Resolution, tools: dict[str, object]) -> list[dict[str, Any]]:
    hidden: list[dict[str, Any]] = [
        {"layer": layer, "value": console.as_json(value)} for layer, value in resolution.hides
    ]
    if resolution.layer is not None and resolution.name in tools:
        hidden.append({"layer": "tool", "value": None})
    return hidden


def _own_names(project: Project, message: str) -> frozenset[str]:
    """The names that a message's templates give values themselves: by #set, #foreach, #define, in macros."""
    from velobind.language import nodes

    settings = project.message(message)
    found = {"foreach"}

    def walk(node: nodes.Node) -> None:
        if isinstance(node, nodes.Set):
            found.add(node.target.name)
        elif isinstance(node, nodes.Foreach):
            found.add(node.item)
        elif isinstance(node, nodes.Define):
            found.add(node.name)
        elif isinstance(node, nodes.Macro):
            found.update(name for name, _ in node.parameters)
        for child in nodes.children(node):
            walk(child)

    for name in (settings.html, settings.text):
        if name is not None:
            for node in project.environment.get_template(name).body:
                walk(node)
    return frozenset(found)


def _sources(project: Project, reads: Reads, bound: Bound) -> list[dict[str, Any]]:
    """What the templates read of `$data`. A plain `$name.x` counts where `name` is a source."""
    known = {key for name, source in project.sources.items() for key in (name, str(source.id))}
    found = []
    for key, rows in sorted(reads.sources.items()):
        if key in reads.names and key not in known and key not in bound.data:
            continue
        value = bound.data.get(key)
        found.append(
            {
                "key": key,
                "rows": len(value) if isinstance(value, list) else None,
                "columns": "all" if rows.whole else ", ".join(sorted(rows.columns)),
            }
        )
    return found


def _row(fact: dict[str, Any]) -> tuple[object, ...]:
    from rich.text import Text

    hides = "; ".join(
        f"{each['layer']}: {_short(each['value'])}" if each["value"] is not None else each["layer"]
        for each in fact["hides"]
    )
    if fact["layer"] is None:
        return f"${fact['name']}", "", Text("nothing: no layer has it", style="yellow"), hides
    value = "" if fact["layer"] in ("tool", "the template itself") else _short(fact["value"])
    return f"${fact['name']}", value, fact["layer"], hides


def _rows(count: int | None) -> object:
    from rich.text import Text

    return Text("not there", style="yellow") if count is None else count


def _short(value: object) -> str:
    text = console.json_text(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
