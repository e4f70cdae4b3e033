"""What templates share while one of them parses or evaluates others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from velobind.errors import TemplateSyntaxError
from velobind.language.faults import MethodFailed
from velobind.language.limits import HEAVY, check_template, pace_of
from velobind.language.runtime import RenderFailure
from velobind.language.scopes import Write
from velobind.language.signals import BreakSignal
from velobind.language.values import string_of, to_text

if TYPE_CHECKING:
    from velobind.language.environment import Environment
    from velobind.language.template import Root, Template


# Evaluated texts that an environment keeps compiled.
MOST_KEPT = 500


class State:
    """One rendering: the macros defined so far, the first of a name wins, and the templates that are being rendered."""

    def __init__(self, environment: Environment, name: str) -> None:
        self.environment = environment
        self.macros: dict[str, Callable[..., None]] = {}
        self.templates = [name]
        self.depth = 0
        self.pace = pace_of(environment.limits)

    def parse(self, argument: object, context: dict[str, Any], write: Write) -> None:
        """`#parse`: render another template into this one. Nothing for null, and where it goes too deep."""
        if argument is None:
            return
        if len(self.templates) >= self.environment.limits.parse_depth:
            return
        self.pace.walked += 1
        self.pace.check(0, _pieces(write))
        name = to_text(argument)
        template = self.environment.get_template(name).knowing(self.macros)
        self.templates.append(name)
        try:
            self.root_of(template)(context, _pieces(write), self)
        except BreakSignal as signal:
            signal.land(None)
        finally:
            self.templates.pop()

    def root_of(self, template: Template) -> Root:
        """The function of a template that is parsed."""
        return template.open_root()

    def evaluate(self, argument: object, context: dict[str, Any], write: Write) -> None:
        """`#evaluate`: render a text as a template."""
        self.pace.walked += 1
        self.pace.check(0, _pieces(write))
        text = "" if argument is None else string_of(argument)
        if text is None:
            raise MethodFailed("java.lang.NullPointerException")
        root = self.compile(text)
        if self.depth_of_evaluate >= 100:
            raise RenderFailure("#evaluate goes more than 100 deep into itself")
        self.depth_of_evaluate += 1
        self.templates.append(self.templates[-1])  # an evaluated text counts as a template, for the depth of #parse
        try:
            root(context, _pieces(write), self)
        except BreakSignal as signal:
            signal.land(None)
        finally:
            self.templates.pop()
            self.depth_of_evaluate -= 1

    depth_of_evaluate = 0

    def compile(self, text: str) -> Callable[..., None]:
        """The function of an evaluated text, kept for the next rendering."""
        from velobind.language.template import Template

        kept = self.environment.evaluated
        # The names of macros decide what a backslash before a # means.
        key = (text, self.templates[-1], frozenset(self.macros))
        root = kept.get(key)
        if root is None:
            check_template(text)
            name = f"{self.templates[-1]}#evaluate"
            try:
                root = Template(
                    text, name=name, environment=self.environment, macros=set(self.macros), shared=True
                ).open_root()
            except TemplateSyntaxError as error:
                where = f" at {error.line}:{error.column} of it" if error.line is not None else ""
                message = f"the text of #evaluate is no template: {error.message}{where}"
                raise RenderFailure(message, error.hint) from error
            if len(kept) < MOST_KEPT and len(text) < HEAVY:
                kept[key] = root
        return root


def _pieces(write: Write) -> list[str]:
    pieces: list[str] = write.__self__  # type: ignore[attr-defined]
    return pieces
