"""What a method table tells the renderer: there is no such method, or the method threw.

These never leave the language package: compiled code turns the first into the reference's own source text (or
nothing, for a quiet reference) and the second into a `TemplateRuntimeError` with the place of the call.
"""

from __future__ import annotations


class NoSuchMethod(Exception):
    """No method or property of that name fits the receiver and the arguments: Velocity's introspector found null."""


class MethodFailed(Exception):
    """The Java method would have thrown: `java_class` is the exception's class name, `message` its text or None."""

    def __init__(self, java_class: str, message: str | None = None) -> None:
        super().__init__(f"{java_class}: {message}" if message else java_class)
        self.java_class = java_class
        self.message = message
