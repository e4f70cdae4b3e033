"""Errors that velobind raises, each with the place that a person can go to.

Every error is a `VelobindError`. Those about a template carry `template`, `line` and `column` (both counted from 1)
and `source`, the text of that line; those about configuration carry `key`, the dotted key of the file `path`.
`hint` is one sentence that says what to do.
"""

from __future__ import annotations


class VelobindError(Exception):
    """Any fault that velobind reports: `message`, an optional place, and an optional `hint`."""

    def __init__(
        self,
        message: str,
        *,
        template: str | None = None,
        line: int | None = None,
        column: int | None = None,
        source: str | None = None,
        path: str | None = None,
        key: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.template = template
        self.line = line
        self.column = column
        self.source = source
        self.path = path
        self.key = key
        self.hint = hint

    @property
    def place(self) -> str | None:
        """`promo.html.vm:12:3`, `velobind.toml: sources.promo_codes.id`, or None where no place is known."""
        if self.template is not None:
            parts = [self.template, self.line, self.column]
            return ":".join(str(part) for part in parts if part is not None)
        if self.path is not None:
            return f"{self.path}: {self.key}" if self.key else self.path
        return self.key

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.message}" if self.place else self.message]
        if self.source is not None and self.line is not None:
            number = str(self.line)
            lines.append(f"  {number} | {self.source}")
            if self.column is not None:
                pad = "".join("\t" if c == "\t" else " " for c in self.source[: self.column - 1])
                lines.append(f"  {' ' * len(number)} | {pad}^")
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)


class TemplateError(VelobindError):
    """A fault of a template: of its text, or of its rendering."""


class TemplateSyntaxError(TemplateError):
    """The text is not a template: raised when it is compiled."""


class TemplateRuntimeError(TemplateError):
    """Rendering stopped where Velocity stops: a method that threw, an index out of range, a failed `#parse`."""


class TemplateNotFound(TemplateError):
    """No loader knows the template's name."""


class LimitExceeded(TemplateRuntimeError):
    """A limit of the environment was reached: output size, loop turns, range length, depth, or time."""


class ConfigError(VelobindError):
    """`velobind.toml` is missing, is not TOML, or says something that can't be: `path` and `key` name the place."""


class DatabaseError(VelobindError):
    """PostgreSQL could not be reached, refused, or lacks what the configuration names."""


class DataError(VelobindError):
    """Data from outside (an event, a data file, a row) is not of the form that it must have."""
