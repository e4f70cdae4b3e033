"""A compiled template."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from velobind.errors import TemplateNotFound, TemplateSyntaxError
from velobind.language.analysis import Reads, reads_of
from velobind.language.compiler import compile_body
from velobind.language.limits import WORK
from velobind.language.nodes import Body
from velobind.language.signals import BreakSignal, StopSignal
from velobind.language.source import Source
from velobind.language.state import State
from velobind.language.syntax import parse
from velobind.language.tools.base import Tool
from velobind.language.traces import TextOf, deepest, placed
from velobind.language.values import printable

if TYPE_CHECKING:
    from velobind.language.environment import Environment
    from velobind.language.events import Event

_ESCAPED = re.compile(r"\\#@?\{?([\w-]+)").findall

Root = Callable[[Mapping[str, Any], list[str], State | None], None]


class Template:
    """A text that was compiled; `render` fills it.

    Made by an Environment, or alone with defaults: `Template("Hi $name")`.
    Raises TemplateSyntaxError.
    """

    def __init__(
        self,
        source: str,
        *,
        name: str = "<string>",
        environment: Environment | None = None,
        macros: set[str] | None = None,
        shared: bool = False,
    ) -> None:
        if environment is None:
            environment = _default_environment()
        self.environment = environment
        self._limits = environment.limits
        self.source = Source(name, source)
        self.body = parse(self.source, environment.gobble, macros)
        self._escaped = frozenset(_ESCAPED(source)) if "\\#" in source else frozenset[str]()
        self._variants: dict[frozenset[str], Template] = {}
        if not shared:
            self._root = self._make_root()

    @property
    def name(self) -> str:
        """The name under which errors speak of the template."""
        return self.source.name

    @property
    def reads(self) -> Reads:
        """What the template reads: names, and of `$data` the sources and their columns.

        What a template reads that it parses by a constant name counts; it is looked up anew each time.
        """
        return reads_of(self.body, self.environment.dialect == "platform", self._body_of)

    def _body_of(self, name: str) -> Body | None:
        try:
            return self.environment.get_template(name).body
        except (TemplateNotFound, TemplateSyntaxError):
            return None

    def render(self, context: Mapping[str, Any] | None = None, /, **variables: Any) -> str:
        """The text for these variables; the mapping itself stays as it is.

        Raises TemplateRuntimeError where Velocity stops, LimitExceeded, and TemplateNotFound for a `#parse` that finds
        nothing.
        """
        out: list[str] = []
        WORK.pace = self._limits
        if variables:
            context = {**context, **variables} if context else variables
        elif context is None:
            context = {}
        try:
            self._root(context, out, None)
        except (StopSignal, BreakSignal):
            pass
        except Exception as error:
            WORK.pace = None
            made = placed(error, self.name)
            if made is error:
                raise
            raise made from error
        text = "".join(out)
        return printable(text) if self._splits else text

    def generate(self, context: Mapping[str, Any] | None = None, /, **variables: Any) -> Iterator[str]:
        """The text in pieces. Raises what `render` raises, before the first piece."""
        yield self.render(context, **variables)

    def check(self, context: Mapping[str, Any] | None = None, /, **variables: Any) -> list[Event]:
        """What went wrong in a rendering for these variables without stopping it, in order, once for each place.

        A fault that stops the rendering is the last event, with the code `failed`; nothing is raised for it.
        """
        from velobind.language.events import check

        WORK.pace = self._limits
        return check(self, {**(context or {}), **variables}, for_render(self.environment.tools))

    # ---- making the function

    def _make_root(self) -> Root:
        code, facts = self._compile(None)
        root = self._function(code)
        tools = self.environment.tools
        self._splits = facts.splits or facts.dynamic
        if facts.dynamic:
            return self._with_state(root)
        used = {n: tools[n] for n in facts.read | facts.assigned if n in tools}
        if used:
            return _with_tools(root, used)
        return root

    def open_root(self) -> Root:
        """The function for a rendering that other templates share."""
        if self._open is None:
            self._open = self._function(self._compile(False)[0])
        return self._open

    _open: Root | None = None

    def knowing(self, macros: Collection[str]) -> Template:
        """This template as it is where those macros are defined before it, as in one that parses it.

        Their names decide only what a backslash before a # means, so it is nearly always the template itself.
        """
        known = frozenset(name for name in self._escaped if name in macros)
        if not known:
            return self
        if known not in self._variants:
            self._variants[known] = Template(
                self.source.text, name=self.name, environment=self.environment, macros=set(known), shared=True
            )
        return self._variants[known]

    def _compile(self, closed: bool | None) -> tuple[CodeType, Any]:
        environment = self.environment
        try:
            return compile_body(
                self.body,
                self.source,
                closed=closed,
                escape=environment.autoescape,
                platform=environment.dialect == "platform",
            )
        except RecursionError:
            line, column = self.source.place(deepest(self.body))
            raise TemplateSyntaxError(
                "the template is nested too deeply",
                template=self.name,
                line=line,
                column=column,
                source=self.source.line(line),
                hint="take the inner part into a macro, or into a #set before it",
            ) from None

    def watched_root(self, helpers: Mapping[str, Any]) -> Root:
        """The function for a rendering with other helpers, which `check` watches; it is not kept."""
        return self._function(self._compile(False)[0], helpers)

    def _function(self, code: CodeType, helpers: Mapping[str, Any] | None = None) -> Root:
        names = {
            **self.environment.globals,
            **(helpers or {}),
            "TEMPLATE_NAME": self.name,
            "__name__": "velobind template",
            "__loader__": TextOf(self.source.text),
        }
        exec(code, names)
        root: FunctionType = names["root"]
        return root

    def _with_state(self, root: Root) -> Root:
        environment = self.environment
        tools = environment.tools

        def run(context: Mapping[str, Any], out: list[str], state: State | None) -> None:
            variables = {**for_render(tools), **{k: v for k, v in context.items() if v is not None or k not in tools}}
            root(variables, out, State(environment, self.name))

        return run


def _with_tools(root: Root, tools: dict[str, object]) -> Root:
    """`root` for a template that uses tools, which stand behind the context's own variables."""

    def run(context: Mapping[str, Any], out: list[str], state: State | None) -> None:
        variables = for_render(tools) | {k: v for k, v in context.items() if v is not None or k not in tools}
        root(variables, out, state)

    return run


def for_render(tools: dict[str, object]) -> dict[str, object]:
    """The tools of one rendering: new ones, each the same under all its names, of those that remember."""
    made = {id(tool): tool.for_render() for tool in tools.values() if isinstance(tool, Tool)}
    return {name: made.get(id(tool), tool) for name, tool in tools.items()}


_DEFAULT: list[Environment] = []


def _default_environment() -> Environment:
    if not _DEFAULT:
        from velobind.language.environment import Environment

        _DEFAULT.append(Environment())
    return _DEFAULT[0]
