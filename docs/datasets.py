"""Writes docs/reference/datasets.md out of the datasets as the program knows them: `python docs/datasets.py`."""

from __future__ import annotations

from pathlib import Path

from velobind.export.datasets import KNOWN_VALUES, Dataset, datasets
from velobind.export.ddl import view_name

PAGE = Path(__file__).parent / "reference" / "datasets.md"
INTRODUCTION = """\
# Export datasets

Nine datasets, each a table of its name in the schema of the export. Names are exact, so SQL quotes them:
`SELECT "contactId" FROM campaigns."contactActivities"`. Types are PostgreSQL's.

- The **key** is what an upsert matches on, held by a unique index in which null equals null. A row without any value
  in its key is rejected.
- An **obsolete** column holds the same value as its successor. A row may name either.
- **Timestamps** are to the second, without a zone: what has one is turned into UTC. ISO-8601 is read, with `T` or a
  space.
- **Text** past its length is cut, with a counted warning, or with `--strict` rejected. NUL and halves of surrogate
  pairs, which PostgreSQL cannot store, are treated alike.
- **Numbers** may come as text of digits. A number where text belongs is rejected, and so are unknown fields.
- `events.paramsJson` holds the first 50 parameters, each value cut to 300 characters, as an object or as a list of
  `{name, value}`, whichever was given.
- **Known values** of a column are those that the platform documents; another value is kept, with a counted warning.
- Items of an order (`orderItems`) are replaced together.

Besides, a schema has the table `velobind_exports`, one row a spool and dataset: the last batch that was written with
it.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *map(_section, datasets().values())])


def _section(each: Dataset) -> str:
    key = ", ".join(f"`{name}`" for name in each.key)
    rows = "".join(
        f"| `{column.name}` | `{column.type}` | {_remark(each, column.name, column.successor)} |\n"
        for column in each.columns
    )
    return f"## {each.name}\n\nKey: {key}. View: `{view_name(each)}`.\n\n| column | type | |\n|---|---|---|\n{rows}"


def _remark(each: Dataset, name: str, successor: str | None) -> str:
    if successor is not None:
        return f"obsolete: `{successor}`"
    known = KNOWN_VALUES.get((each.name, name))
    return "" if known is None else ", ".join(f"`{value}`" for value in sorted(known))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
