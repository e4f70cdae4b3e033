"""The environment: what templates share, and the place where they are compiled, kept and rendered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from threading import RLock
from typing import Any

from velobind.errors import TemplateNotFound
from velobind.language.limits import WORK, Limits
from velobind.language.loaders import Loader
from velobind.language.runtime import helpers
from velobind.language.spaces import MODES
from velobind.language.template import Template
from velobind.language.tools.base import Tool
from velobind.language.uberspect import Uberspect


class Environment:
    """Settings, tools and limits of templates; thread-safe, and a cache of what it compiled.

    `loader` finds templates by name. `dialect` is `velocity`, exactly the engine, or `platform`, which adds
    `$velocityCount`, every tool under `...Tool` too, and `%FIRSTNAME%` merge tags. `tools` are objects that templates
    see under their names, below the context: `generic_tools()` gives Velocity's. `autoescape` writes references as
    HTML text. `gobble` is Velocity's `parser.space_gobbling`: `none`, `bc`, `lines` or `structured`. `allowed` names,
    for classes of the caller's own, the methods and attributes that templates may reach.

    Raises ValueError for an unknown `dialect` or `gobble`, and for names in `allowed` that begin with an underscore:
    those are Python's own. `__iter__` alone may be allowed, which lets `#foreach` walk the object.
    """

    def __init__(
        self,
        loader: Loader | None = None,
        *,
        dialect: str = "velocity",
        tools: Mapping[str, Tool] | None = None,
        autoescape: bool = False,
        limits: Limits | None = None,
        gobble: str = "lines",
        allowed: Mapping[type, Collection[str]] | None = None,
    ) -> None:
        if dialect not in ("velocity", "platform"):
            raise ValueError(f"dialect is 'velocity' or 'platform', not {dialect!r}")
        if gobble not in MODES:
            raise ValueError(f"gobble is one of {', '.join(MODES)}, not {gobble!r}")
        _check_allowed(allowed or {})
        self.loader = loader
        self.dialect = dialect
        self.tools: dict[str, object] = dict(tools or {})
        if dialect == "platform":
            self.tools |= {f"{name}Tool": tool for name, tool in (tools or {}).items()}
        self.autoescape = autoescape
        self.limits = limits or Limits()
        self.gobble = gobble
        self.uberspect = Uberspect(allowed)
        self.globals: dict[str, Any] = helpers(self)
        self.evaluated: dict[tuple[str, str, frozenset[str]], Any] = {}
        self._templates: dict[str, tuple[object, Template]] = {}
        self._lock = RLock()

    def from_string(self, source: str, name: str = "<string>") -> Template:
        """A template of this text. Raises TemplateSyntaxError."""
        WORK.pace = None  # a rendering that is over has no say
        return Template(source, name=name, environment=self)

    def get_template(self, name: str) -> Template:
        """The loader's template of that name, compiled once as long as its text stays the same.

        Raises TemplateNotFound, TemplateSyntaxError.
        """
        if self.loader is None:
            raise TemplateNotFound(f"there is no template {name!r}: the environment has no loader")
        version = self.loader.version(name)
        kept = self._templates.get(name)
        if kept is None or kept[0] != version:
            with self._lock:
                kept = version, Template(self.loader.source(name), name=name, environment=self)
                self._templates[name] = kept
        return kept[1]

    def get_source(self, name: str) -> str:
        """The text of that name, as it is. Raises TemplateNotFound."""
        if self.loader is None:
            raise TemplateNotFound(f"there is no template {name!r}: the environment has no loader")
        return self.loader.source(name)


def _check_allowed(allowed: Mapping[type, Collection[str]]) -> None:
    for kind, names in allowed.items():
        if not isinstance(kind, type):
            raise ValueError(f"allowed maps classes to names: {kind!r} is no class")
        if isinstance(names, str):
            raise ValueError(f"allowed[{kind.__name__}] is a collection of names, not the text {names!r}")
        for name in names:
            if name.startswith("_") and name != "__iter__":
                raise ValueError(
                    f"allowed[{kind.__name__}] can't hold {name!r}: names with an underscore are Python's own"
                )
