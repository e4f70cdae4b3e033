"""What every Java object has, for the tools and the values that they give."""

from __future__ import annotations

from typing import Any

from velobind.language.methods.objects import monitor
from velobind.language.tools.base import class_name
from velobind.language.tools.signatures import method
from velobind.language.values import JavaClass, java_hash

OBJECT_METHODS: dict[str, Any] = {
    "getClass": method(("", lambda value: JavaClass(class_name(value), type(value)))),
    "equals": method(("Object", lambda value, other: value.same(other))),
    "hashCode": method(("", java_hash)),
    "toString": method(("", lambda value: value.text())),
    "notify": method(("", monitor)),
    "notifyAll": method(("", monitor)),
    "wait": method(("", monitor), ("long", monitor), ("long,int", monitor)),
}
