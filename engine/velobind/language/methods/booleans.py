"""Methods."""

from __future__ import annotations

from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method

BOOLEAN: dict[str, Method | None] = {**OBJECT}
