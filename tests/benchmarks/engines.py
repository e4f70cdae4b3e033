"""The engines of the comparison, each as a function from a context to a text, or as a program of its own.

An engine that is not installed, or can't render a template, is left out of that line, which then says why.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.benchmarks import by_hand, contexts
from tests.conformance.peers.engines import PEERS_OF_VELOCITY, NoEngine, install
from tests.differential.reference import NoReference, program

TEMPLATES = Path(__file__).parent / "templates"
VELOCITY = {"rows": "rows.vm", "mail": "mail.html.vm"}
Render = Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class Workload:
    """A template (`rows` or `mail`) with so many rows, rendered `renders` times in each round."""

    template: str
    count: int
    renders: int

    @property
    def title(self) -> str:
        return f"{VELOCITY[self.template]}, {self.count} {'orders' if self.template == 'mail' else 'rows'}"

    @property
    def context(self) -> dict[str, Any]:
        made: dict[str, Any] = getattr(contexts, self.template)(self.count)
        return made

    @property
    def by_hand(self) -> Render:
        render: Render = getattr(by_hand, self.template)
        return render


def text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def velobind(template: str) -> Render:
    from velobind import Environment

    compiled = Environment().from_string(text(VELOCITY[template]), VELOCITY[template])
    return compiled.render


def jinja2(template: str) -> Render:
    render: Render = jinja2_environment().from_string(text(f"{template}.jinja")).render
    return render


def jinja2_environment() -> Any:
    return import_module("jinja2").Environment(trim_blocks=True, keep_trailing_newline=True, autoescape=False)


def mako(template: str) -> Render:
    compiled = import_module("mako.template").Template(text(f"{template}.mako"))
    return lambda context: str(compiled.render(**context))


def minijinja(template: str) -> Render:
    environment = import_module("minijinja").Environment(trim_blocks=True, keep_trailing_newline=True)
    environment.add_template(f"{template}.txt", text(f"{template}.jinja"))
    return lambda context: str(environment.render_template(f"{template}.txt", **context))


def airspeed(template: str) -> Render:
    compiled = import_module("airspeed").Template(text(VELOCITY[template]))
    # It keeps what a template sets and defines in the context itself.
    return lambda context: str(compiled.merge(dict(context)))


IN_PROCESS: dict[str, Callable[[str], Render]] = {
    "velobind": velobind,
    "Jinja2": jinja2,
    "Mako": mako,
    "minijinja": minijinja,
    "airspeed": airspeed,
}


def node(work: Workload) -> dict[str, Any]:
    """velocityjs: `us` a render and its `output`; NoEngine where it can't."""
    [peer] = [peer for peer in PEERS_OF_VELOCITY if peer.name == "velocityjs"]
    install(peer)
    return measured(["node", str(Path(__file__).with_name("velocityjs_bench.cjs")), str(peer.folder)], work)


def jvm(work: Workload) -> dict[str, Any]:
    """Velocity on a warm JVM: `us` a render and the number of `chars` it wrote; NoEngine where it can't run."""
    try:
        return measured([str(program()), "bench"], work)
    except NoReference as reason:
        raise NoEngine(str(reason)) from None


OF_THEIR_OWN: dict[str, Callable[[Workload], dict[str, Any]]] = {"velocityjs": node, "Velocity on the JVM": jvm}


def measured(command: list[str], work: Workload) -> dict[str, Any]:
    """What a benchmark program prints for `TEMPLATE CONTEXT.json N`."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as context:
        json.dump(work.context, context)
        context.flush()
        template = str(TEMPLATES / VELOCITY[work.template])
        done = subprocess.run(
            [*command, template, context.name, str(work.renders)], capture_output=True, encoding="utf-8", check=False
        )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        named = [line for line in said if "Error:" in line]
        raise NoEngine([*named, *reversed(said), f"exit {done.returncode}"][0])
    result: dict[str, Any] = json.loads(done.stdout)
    return result
