"""`velobind inspect`: what each name in a message's templates stands for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from velobind.cli import console
from velobind.cli.choice import AsKind, Choice, ContactKey, DataFile, EventFile, SegmentName
from velobind.cli.options import AsJson, AsOf, ProjectPath, day, opened

if TYPE_CHECKING:
    from rich.text import Text

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
        sources = _sources(found, choice, reads, bound)
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
            [
                (f"$data.get('{each['key']}')", each["rows"], each["columns"])
                if each["rows"] is not None
                else (f"$data.get('{each['key']}')", "", _missing("not there", each["near"]))
                for each in sources
            ],
            numbers=("rows",),
        )
    for text in bound.notes:
        console.note(f"note: {text}")


def _facts(project: Project, choice: Choice, bound: Bound, reads: Reads, *, every_name: bool) -> list[dict[str, Any]]:
    """What to say of each name, as JSON."""
    from velobind.binding.context import resolutions

    known = {resolution.name for resolution in resolutions(bound)}
    names = reads.names | known if every_name else reads.names
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
                "near": None if layer is not None else _near(f"${resolution.name}", [f"${name}" for name in known]),
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


def _sources(project: Project, choice: Choice, reads: Reads, bound: Bound) -> list[dict[str, Any]]:
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
                "near": None if key in bound.data else _near_key(project, choice, key, bound),
            }
        )
    return found


def _near_key(project: Project, choice: Choice, key: str, bound: Bound) -> str | None:
    """What was probably meant by a key that `$data` has not: the same source's other key, or a name like it."""
    for source in project.sources.values():
        keys = [source.name, str(source.id)]
        if key in keys:
            other = keys[1 - keys.index(key)]
            return f"$data.get('{other}'), as the message is {choice.kind_for(project)}"
    return _near(f"$data.get('{key}')", [f"$data.get('{name}')" for name in bound.data])


def _near(word: str, known: Iterable[str]) -> str | None:
    folded = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def _row(fact: dict[str, Any]) -> tuple[object, ...]:
    hides = "; ".join(
        f"{each['layer']}: {_short(each['value'])}" if each["value"] is not None else each["layer"]
        for each in fact["hides"]
    )
    if fact["layer"] is None:
        return f"${fact['name']}", "", _missing("nothing: no layer has it", fact["near"]), hides
    value = "" if fact["layer"] in ("tool", "the template itself") else _short(fact["value"])
    return f"${fact['name']}", value, fact["layer"], hides


def _missing(what: str, near: str | None) -> Text:
    from rich.text import Text

    return Text(what if near is None else f"{what}; did you mean {near}?", style="yellow")


def _short(value: object) -> str:
    text = console.json_text(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
