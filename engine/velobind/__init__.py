"""Velocity templates bound to PostgreSQL rows.

    from velobind import Environment, FileSystemLoader, Project

Names are looked up when they are first used, so that `import velobind` stays cheap.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # for type checkers, which know the name; `typing` itself takes a while to import
if TYPE_CHECKING:
    from typing import Any

    from velobind.errors import (
        ConfigError as ConfigError,
    )
    from velobind.errors import (
        DatabaseError as DatabaseError,
    )
    from velobind.errors import (
        DataError as DataError,
    )
    from velobind.errors import (
        LimitExceeded as LimitExceeded,
    )
    from velobind.errors import (
        TemplateError as TemplateError,
    )
    from velobind.errors import (
        TemplateNotFound as TemplateNotFound,
    )
    from velobind.errors import (
        TemplateRuntimeError as TemplateRuntimeError,
    )
    from velobind.errors import (
        TemplateSyntaxError as TemplateSyntaxError,
    )
    from velobind.errors import (
        VelobindError as VelobindError,
    )
    from velobind.language.analysis import Reads as Reads
    from velobind.language.analysis import RowsRead as RowsRead
    from velobind.language.environment import Environment as Environment
    from velobind.language.events import Event as Event
    from velobind.language.limits import Limits as Limits
    from velobind.language.loaders import (
        ChoiceLoader as ChoiceLoader,
    )
    from velobind.language.loaders import (
        DictLoader as DictLoader,
    )
    from velobind.language.loaders import (
        FileSystemLoader as FileSystemLoader,
    )
    from velobind.language.template import Template as Template
    from velobind.language.tools import generic_tools as generic_tools
    from velobind.project import Project as Project

_HOMES = {
    "ConfigError": "velobind.errors",
    "DataError": "velobind.errors",
    "DatabaseError": "velobind.errors",
    "LimitExceeded": "velobind.errors",
    "TemplateError": "velobind.errors",
    "TemplateNotFound": "velobind.errors",
    "TemplateRuntimeError": "velobind.errors",
    "TemplateSyntaxError": "velobind.errors",
    "VelobindError": "velobind.errors",
    "Reads": "velobind.language.analysis",
    "RowsRead": "velobind.language.analysis",
    "Environment": "velobind.language.environment",
    "Event": "velobind.language.events",
    "Limits": "velobind.language.limits",
    "ChoiceLoader": "velobind.language.loaders",
    "DictLoader": "velobind.language.loaders",
    "FileSystemLoader": "velobind.language.loaders",
    "Template": "velobind.language.template",
    "generic_tools": "velobind.language.tools",
    "Project": "velobind.project",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'velobind' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
