"""Methods."""

from __future__ import annotations

from velobind.language.methods.objects import OBJECT
from velobind.language.methods.overloads import Method

DATE: dict[str, Method | None] = {**OBJECT}
SQL_DATE: dict[str, Method | None] = {**OBJECT}
