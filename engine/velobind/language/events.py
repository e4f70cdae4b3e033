"""What went wrong in a rendering without stopping it: undefined references, texts compared, methods not found.

`Template.check` compiles the template anew, with helpers that tell instead of keeping quiet; `render` pays nothing.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from types import CodeType
from typing import TYPE_CHECKING, Any

from velobind.errors import TemplateSyntaxError, VelobindError
from velobind.language import nodes, operators
from velobind.language.explain import near_directive
from velobind.language.faults import NoSuchMethod
from velobind.language.limits import WORK
from velobind.language.methods import METHODS
from velobind.language.methods.classes import java_class
from velobind.language.runtime import RenderFailure
from velobind.language.scopes import Block, Write
from velobind.language.signals import BreakSignal, StopSignal
from velobind.language.state import State
from velobind.language.traces import Place, TextOf, placed, places_of
from velobind.language.values import JavaCollection

if TYPE_CHECKING:
    from velobind.language.template import Root, Template

# Events of one check; a loop over many rows tells the same of each.
MOST = 1000
_LOOKED_AT = 100  # names that a misspelt one is compared with
_ROOT = re.compile(r"\$!?\{?(\w+)(?:\.(\w+)|\[|\}?$)?")
_MATH = {"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod"}
_ORDER = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}
_IF = re.compile(r"\s*if\s*\(").match
_ELSE = re.compile(r"#(?:else|\{else\})[ \t]*\Z").search
_FOREACH = re.compile(r"#(?:foreach|\{foreach\})\s*\(\s*\$!?\{?[\w-]+\}?\s*(\w+)").match


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a rendering passed over in silence, at a place in a template.

    `code` is one of `undefined` (a reference without a value printed its own text), `collection` (a list or map was
    printed whole), `compared` (`<` or `>` on what is no number), `arithmetic` (an operation gave no number), `method`
    (no such method, so null), `loop` (`#foreach` over what can't be walked), `directive` (what looks like a directive
    is text), `stopped` (`#stop` left the rest out) and `failed` (the rendering stopped with an error: the last event).
    """

    code: str
    message: str
    template: str
    line: int
    column: int
    hint: str | None = None


class Watch:
    """Collects the events of one rendering of a template."""

    def __init__(self, template: Template, context: Mapping[str, Any]) -> None:
        self.environment = template.environment
        self.context = context
        self.events: dict[tuple[str, str, str, int, int], Event] = {}
        self.positions: dict[CodeType, list[tuple[int | None, ...]]] = {}
        self.helpers = self.make_helpers()

    def tell(self, code: str, message: str, place: Place | None, hint: str | None = None) -> None:
        """Note an event once for each place."""
        if place is not None and len(self.events) < MOST:
            event = Event(code, message, place.template, place.line, place.column, hint)
            self.events.setdefault((code, message, place.template, place.line, place.column), event)

    def here(self) -> Place | None:
        """The place in a template that is being rendered."""
        frame = sys._getframe(2)
        while True:
            loader = frame.f_globals.get("__loader__")
            if isinstance(loader, TextOf):
                break
            if frame.f_back is None:
                return None
            frame = frame.f_back
        code = frame.f_code
        if code not in self.positions:
            self.positions[code] = list(code.co_positions())
        line, _, column, _ = self.positions[code][frame.f_lasti // 2]
        return Place(code.co_filename, loader.text, line or frame.f_lineno, (column or 0) + 1)

    # ---- helpers that tell

    def make_helpers(self) -> dict[str, Any]:
        """What compiled code calls, instead of the helpers of the environment."""
        usual = self.environment.globals
        uberspect = self.environment.uberspect
        usual_items = usual["loop_items"]

        def call(receiver: object, name: str, arguments: tuple[object, ...]) -> object:
            if receiver is None:
                return None
            try:
                return uberspect.call(receiver, name, arguments)
            except NoSuchMethod:
                what = f"{name}({', '.join(map(_class_name, arguments))})"
                self.tell("method", f"{_class_name(receiver)} has no method {what}", self.here(), _near(receiver, name))
                return None

        def get(receiver: object, name: str) -> object:
            if receiver is None:
                return None
            try:
                return uberspect.get(receiver, name)
            except NoSuchMethod:
                self.tell("method", f"{_class_name(receiver)} has no property {name}", self.here())
                return None

        def loop_items(value: object) -> object:
            if value is None:
                self.tell("loop", "#foreach walks over nothing: its list has no value", self.here())
            elif isinstance(value, str | int | float | bool):
                self.tell("loop", f"#foreach can't walk over a {_class_name(value)}", self.here(), "give it a list")
            return usual_items(value)

        def printed(value: object, source: str) -> None:
            if value is None and source:
                self.tell(
                    "undefined", f"{source} has no value and prints its own text", self.here(), self.meant(source)
                )
            elif isinstance(value, list | dict | range | JavaCollection):
                kind = "map" if isinstance(value, dict) else "list"
                self.tell("collection", f"{source or 'a reference'} prints a whole {kind}", self.here(), _ONE[kind])

        def insert(write: Write, value: object, source: str) -> None:
            printed(value, source)
            usual["insert"](write, value, source)

        def insert_escaped(write: Write, value: object, source: str) -> None:
            if not isinstance(value, Block):
                printed(value, source)
            usual["insert_escaped"](write, value, source)

        def shown(value: object, source: str) -> str:
            printed(value, source)
            text: str = usual["shown"](value, source)
            return text

        def escaped_or(value: object, source: str) -> str:
            printed(value, source)
            text: str = usual["escaped_or"](value, source)
            return text

        helpers: dict[str, Any] = {
            "call": call,
            "get": get,
            "loop_items": loop_items,
            "insert": insert,
            "insert_escaped": insert_escaped,
            "shown": shown,
            "escaped_or": escaped_or,
        }
        for sign, name in _MATH.items():
            helpers[name] = self.arithmetic(sign, name, usual[name])
        for sign, name in _ORDER.items():
            helpers[name] = self.comparison(sign, usual[name])
        return helpers

    def arithmetic(self, sign: str, name: str, usual: Callable[..., object]) -> Callable[..., object]:
        def operation(left: object, right: object, *sources: str | None) -> object:
            result = usual(left, right, *sources)
            if result is None:
                zero = sign in "/%" and operators.as_number(left) is not None and operators.as_number(right) == 0
                why = "the right side is zero" if zero else _sides(left, right)
                self.tell("arithmetic", f"{sign} gives no value: {why}", self.here())
            elif left is None or right is None:
                self.tell("arithmetic", "+ joins a text with null, which prints the reference's own text", self.here())
            return result

        operation.__name__ = name  # what `strict_math` goes by
        return operation

    def comparison(self, sign: str, usual: Callable[..., bool]) -> Callable[..., bool]:
        def operation(left: object, right: object) -> bool:
            if isinstance(left, str) and isinstance(right, str):
                hint = "make numbers of them first: $convert.toNumber($text), or $text.compareTo($other) for texts"
                self.tell("compared", f"{sign} between two texts is always false", self.here(), hint)
            elif operators.as_number(left) is None or operators.as_number(right) is None:
                self.tell("compared", f"{sign} is always false here: {_sides(left, right)}", self.here())
            return usual(left, right)

        return operation

    def meant(self, source: str) -> str | None:
        """A hint at a name, or a key of a map, that is near to the one without a value."""
        found = _ROOT.match(source)
        if found is None or len(self.events) >= MOST:
            return None
        name, key = found[1], found[2]
        if name not in self.context:
            near = _close(name, self.context)
            return f"did you mean ${near[0]}?" if near else "write $!{...} where nothing is to be printed then"
        holder = self.context[name]
        if key and isinstance(holder, dict):
            near = _close(key, holder)
            if near:
                return f"did you mean ${name}.{near[0]}?"
        return "write $!{...} where nothing is to be printed then"

    # ---- what can be told without rendering

    def read(self, template: Template) -> None:
        """Tell of texts that look like directives."""
        macros = {node.name for node in nodes.walk(template.body) if isinstance(node, nodes.Macro)}
        text = template.source.text

        def tell(at: int, message: str, hint: str) -> None:
            self.tell("directive", message, Place(template.name, text, *template.source.place(at)), hint)

        for node in nodes.walk(template.body):
            if isinstance(node, nodes.MacroCall) and node.name not in macros:
                near = near_directive(node.name) or (node.name if node.name == "set" else None)
                if near is not None:
                    hint = "write #set($name = value)" if near == "set" else f"is #{near} meant?"
                    tell(node.start, f"#{node.name} is no directive and prints as text", hint)
            elif isinstance(node, nodes.If) and node.otherwise:
                first = node.otherwise[0]
                if (
                    isinstance(first, nodes.Text)
                    and _IF(first.text)
                    and _ELSE(text[max(0, first.start - 20) : first.start])
                ):
                    tell(first.start, "the `if` behind #else prints as text", "is #elseif meant?")
            elif isinstance(node, nodes.Foreach):
                found = _FOREACH(text, node.start)
                if found and found[1] != "in":
                    tell(found.start(1), f"Velocity reads {found[1]!r} for the `in` of #foreach", "write in")


_ONE = {
    "map": "print one of its values: $map.key",
    "list": "walk over it with #foreach, or print one item: $list.get(0)",
}


class WatchedState(State):
    """A rendering whose other templates are watched too."""

    def __init__(self, watch: Watch, name: str) -> None:
        super().__init__(watch.environment, name)
        self.watch = watch

    def root_of(self, template: Template) -> Root:
        self.watch.read(template)
        return template.watched_root(self.watch.helpers)

    def compile(self, text: str) -> Root:
        from velobind.language.template import Template

        name = f"{self.templates[-1]}#evaluate"
        try:
            template = Template(text, name=name, environment=self.environment, macros=set(self.macros), shared=True)
        except TemplateSyntaxError as error:
            raise RenderFailure(f"the text of #evaluate is no template: {error.message}", error.hint) from error
        return self.root_of(template)


def check(template: Template, context: Mapping[str, Any], tools: Mapping[str, object]) -> list[Event]:
    """The events of one rendering, in the order in which they came up, the same at the same place once."""
    watch = Watch(template, {**tools, **context})
    state = WatchedState(watch, template.name)
    variables = {**tools, **{k: v for k, v in context.items() if v is not None or k not in tools}}
    try:
        with suppress(BreakSignal):
            state.root_of(template)(variables, [], state)
    except StopSignal as signal:
        places = places_of(signal.__traceback__)
        watch.tell("stopped", "#stop leaves out whatever comes after it", places[-1] if places else None)
    except Exception as error:
        fault = placed(error, template.name)
        if not isinstance(fault, VelobindError) or fault.template is None:
            raise
        place = Place(fault.template, "", fault.line or 1, fault.column or 1)
        watch.tell("failed", fault.message, place, fault.hint)
    finally:
        WORK.pace = None
    return list(watch.events.values())


_WORDS = {"String": "text", "ArrayList": "list", "ListN": "list", "IntegerRange": "list", "LinkedHashMap": "map"}


def _class_name(value: object) -> str:
    """What a value is, in a word: text, list and map, else its Java class, or the caller's own."""
    if value is None:
        return "null"
    name = java_class(value)
    return type(value).__name__ if name == "Object" else _WORDS.get(name, name)


def _sides(left: object, right: object) -> str:
    """Which side of an operation is no number."""
    if left is None or right is None:
        return f"the {'left' if left is None else 'right'} side has no value"
    side, value = ("left", left) if operators.as_number(left) is None else ("right", right)
    return f"the {side} side is no number but a {_class_name(value)}"


def _close(name: str, known: Iterable[object]) -> list[str]:
    """The known name most like `name`, or none; of very many names only the first are looked at."""
    return difflib.get_close_matches(name, [key for key in islice(known, _LOOKED_AT) if isinstance(key, str)], 1)


def _near(receiver: object, name: str) -> str | None:
    near = difflib.get_close_matches(name, METHODS.get(type(receiver), {}), 1, 0.7)
    return f"did you mean {near[0]}?" if near and near[0] != name else None
