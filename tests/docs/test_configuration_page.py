"""docs/reference/configuration.md has every key that `velobind.toml` knows, and no other."""

import re
from pathlib import Path

import msgspec
import pytest

from velobind.binding import settings as binding
from velobind.config import settings as config

PAGE = (Path(__file__).parents[2] / "docs/reference/configuration.md").read_text()
SECTIONS = {
    "[project]": config.ProjectSettings,
    "[connectors.NAME]": binding.ConnectorSettings,
    "[sources.NAME]": binding.SourceSettings,
    "[contacts]": binding.ContactsSettings,
    "[segments.NAME]": binding.SegmentSettings,
    "[messages.NAME]": config.MessageSettings,
    "[exports.NAME]": config.ExportSettings,
}


def keys_of(struct: type) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def documented(text: str) -> set[str]:
    """The names in the first cells of the tables of a text."""
    cells = re.findall(r"^\|([^|]*)\|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title}"
    return found[1]


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_names_each_key_of_its_table(title: str) -> None:
    text = section(title).partition("### Conditions")[0]
    assert documented(text) - {"libpq"} == keys_of(SECTIONS[title]) - {"libpq"}


def test_conditions_are_all_there() -> None:
    assert documented(PAGE.partition("### Conditions")[2].partition("\n## ")[0]) == keys_of(binding.Condition)


def test_every_table_of_the_file_has_a_section() -> None:
    assert {title.strip("[]").partition(".")[0] for title in SECTIONS} == keys_of(config.Config)
